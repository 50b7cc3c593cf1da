"""The auditor's page of the log, and the digest of its last seal to keep elsewhere."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from cbpone.accounts.models import User
from cbpone.audit.log import record
from cbpone.audit.models import Event, Seal
from cbpone.audit.verbs import Verb
from cbpone.lib.forms import AskingForm
from officers.log import PORTAL, ROWS, Chosen, kinds, may_read, read_case

DAY = {"type": "date"}


def _choices(pairs) -> list:
    return [("", _("Any")), *pairs]


class LogForm(AskingForm, forms.Form):
    """What to show. By POST: an e-mail address must not stand in addresses, which servers log."""

    who = forms.EmailField(
        label=_("Who: e-mail address"), widget=forms.EmailInput({"autocomplete": "off"})
    )
    by_portal = forms.BooleanField(label=_("Only what the portal did by itself"))
    verb = forms.ChoiceField(label=_("What"))
    case = forms.CharField(
        label=_("Case number"), max_length=20, widget=forms.TextInput({"autocomplete": "off"})
    )
    kind = forms.ChoiceField(label=_("Kind of row"))
    first = forms.DateField(label=_("From day"), widget=forms.DateInput(DAY, format="%Y-%m-%d"))
    last = forms.DateField(label=_("Until day"), widget=forms.DateInput(DAY, format="%Y-%m-%d"))

    one_of = ("who", "by_portal", "verb", "case", "kind", "first", "last")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        verbs = sorted(Verb.choices, key=lambda pair: str(pair[1]))
        self.fields["verb"].choices = _choices(verbs)
        self.fields["kind"].choices = _choices(kinds().items())

    def clean_who(self):
        email = self.cleaned_data["who"]
        found = User.objects.filter(email__iexact=email).first() if email else None
        if email and not found:
            raise forms.ValidationError(_("Nobody has an account with this address."))
        return found

    def clean_case(self):
        typed = self.cleaned_data["case"].strip()
        number = read_case(typed)
        if typed and not number:
            raise forms.ValidationError(_("Enter a whole number, as in R-7K4M-92QX."))
        return number

    def clean(self):
        data = super().clean()
        if data.get("who") and data.get("by_portal"):
            self.add_error("by_portal", _("Choose a person or the portal, not both."))
        if data.get("first") and data.get("last") and data["last"] < data["first"]:
            self.add_error("last", _("The last day must not be before the first."))
        return data


@require_http_methods(["GET", "HEAD", "POST"])
def log(request):
    """What was done, by whom, when; fifty a page. Reading it is on record too."""
    if not may_read(request.user):
        raise PermissionDenied
    form = LogForm(request.POST) if request.method == "POST" else None
    if form and form.is_valid():
        address = Chosen(**form.cleaned_data).asked()
        return redirect(f"{reverse('officers:log')}?{urlencode(address)}")
    chosen = Chosen.read(request.GET)
    found = list(chosen.rows()[: ROWS + 1])
    _note_reading(request.user, chosen)
    return render(request, "officers/log/log.html", _context(chosen, found, form))


def _note_reading(user, chosen: Chosen) -> None:
    asked = {**chosen.asked(), "before": chosen.before} if chosen.before else chosen.asked()
    note = ", ".join(f"{name} {value}" for name, value in asked.items() if name != "case")
    record(Verb.VIEWED, on=user, by=user, case=chosen.case, note=f"log: {note}" if note else "log")


def _context(chosen: Chosen, found: list[Event], form: LogForm | None) -> dict:
    head = Seal.objects.order_by("last_event").last()
    sealed, names, asked = head.last_event if head else 0, kinds(), chosen.asked()
    rows = [_shown(row, names, sealed) for row in found[:ROWS]]
    has_more = len(found) > ROWS
    return {
        "form": form or LogForm(initial=_typed(chosen)),
        "rows": rows,
        "head": head,
        "waiting": Event.objects.filter(pk__gt=sealed).count() if head else 0,
        "older": urlencode({**asked, "before": str(rows[-1].pk)}) if has_more else None,
        "newest": urlencode(asked) if chosen.before else None,
        "is_chosen": bool(asked),
        "portal": PORTAL,
    }


def _shown(row: Any, names: dict[str, str], sealed: int):
    row.kind = names.get(row.model, row.model)
    row.is_sealed = row.pk <= sealed
    return row


def _typed(chosen: Chosen) -> dict:
    return {
        "who": chosen.who and chosen.who.email,
        "by_portal": chosen.by_portal,
        "verb": chosen.verb,
        "case": chosen.case,
        "kind": chosen.kind,
        "first": chosen.first,
        "last": chosen.last,
    }


HEAD = """The log of CBP One Portal, as it was sealed last.

Digest:   {digest}
Events:   1 to {last}
Sealed:   {at} UTC

Keep this where nobody of the portal can change it. Later,
    python manage.py verify_log --expect {digest}
says whether everything up to that event is still as it was.
"""


@require_safe
def head(request):
    """The digest of the last seal as a text file."""
    if not may_read(request.user):
        raise PermissionDenied
    seal = Seal.objects.order_by("last_event").last()
    words = _("Nothing is sealed yet.") if seal is None else HEAD.format(
        digest=seal.digest, last=seal.last_event, at=f"{seal.sealed_at:%Y-%m-%d %H:%M:%S}"
    )  # fmt: skip
    response = HttpResponse(words, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="log-seal.txt"'
    return response
