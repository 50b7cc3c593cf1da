from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cbpone.audit.log import record
from cbpone.audit.verbs import Verb
from officers.finding import MOST, MOST_NAMED, find_people, may_find, read_number


@require_http_methods(["GET", "HEAD", "POST"])
def find(request):
    """One field for a number, a scanned QR text or a name. Every search is on record.

    By POST: names must not stand in addresses, which servers log.
    """
    if not may_find(request.user):
        raise PermissionDenied
    text = readable(request.POST.get("q", ""))[:300]
    if not text:
        return render(request, "officers/find.html", {"text": "", "found": None})
    record(Verb.SEARCHED, on=request.user, by=request.user, note=text[:200])
    number = read_number(text, request.user)
    if number:
        return redirect(number)
    context = {
        "text": text,
        "found": find_people(text, request.user),
        "most": MOST,
        "most_named": MOST_NAMED,
    }
    return render(request, "officers/find.html", context)


def readable(typed: str) -> str:
    """One line of what can be printed: scanners add control characters, databases refuse NUL."""
    return " ".join("".join(char if char.isprintable() else " " for char in typed).split())
