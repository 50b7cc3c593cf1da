"""Forms shown as plain text to check or copy, with a button that sends them anew."""

from django.shortcuts import render
from django.utils.translation import gettext_lazy

from cbpone.accounts.keeping import NEVER_KEPT, OWN_NAMES, texts
from cbpone.accounts.undone import undone
from cbpone.lib.origins import is_from_us

AGAIN = "typed_again"  # on the form of this page
LABELS = {
    "birth_date_day": gettext_lazy("Day of birth"),
    "birth_date_month": gettext_lazy("Month of birth"),
    "birth_date_year": gettext_lazy("Year of birth"),
    "case": gettext_lazy("Number"),
    "document_number": gettext_lazy("Document number"),
    "email": gettext_lazy("E-mail address"),
    "given_names": gettext_lazy("Given names"),
    "letter": gettext_lazy("Letter"),
    "name": gettext_lazy("Name"),
    "note": gettext_lazy("Note"),
    "number": gettext_lazy("Number"),
    "phone": gettext_lazy("Phone"),
    "q": gettext_lazy("Searched for"),
    "reason": gettext_lazy("Reason"),
    "said": gettext_lazy("What you wrote"),
    "surnames": gettext_lazy("Surnames"),
    "text": gettext_lazy("Text"),
    "title": gettext_lazy("Title"),
}
# What pages carry for themselves, and nobody typed.
SILENT = {
    "action", "back", "board", "change", "confirm", "continue", "index", "language", "moves",
    "more", "next", "people", "person", "return", "select_across", "send", "slot", "stop",
    "version",
}  # fmt: skip


UNSAID = {*SILENT, *NEVER_KEPT, *OWN_NAMES}


def readable(data) -> list[tuple[str, str]]:
    """(label, text) of what was typed or chosen."""
    return [
        (str(LABELS.get(name) or name.replace("_", " ").capitalize()), text)
        for name, text in texts(data)
        if name not in UNSAID and not name.startswith(("_", "initial-"))
    ]


def as_fields(data) -> list[tuple[str, str]]:
    """(name, text) for hidden fields; what is never kept is typed again."""
    names = (*NEVER_KEPT, *OWN_NAMES)
    return [(name, one) for name, values in data.lists() if name not in names for one in values]


def typed_page(request):
    """What was typed when nobody is signed in to keep it for: nothing is stored, all is shown.

    A form from another site is not shown, or that site could have it sent by one press.
    """
    path = request.get_full_path()
    context = {"path": path}
    if is_from_us(request) and request.method == "POST":
        view = request.resolver_match and request.resolver_match.func
        context |= {
            "lines": readable(request.POST),
            "fields": as_fields(request.POST),
            "undone": undone(path),
            "must_sign_in": getattr(view, "login_required", True)
            and not request.user.is_authenticated,
            "again": AGAIN,
            "left_out": any(name in request.POST for name in NEVER_KEPT),
            "files": [file.name for file in request.FILES.values()],
        }
    return render(request, "403_csrf.html", context, status=403)


def is_sent_from_it(request) -> bool:
    return AGAIN in request.POST
