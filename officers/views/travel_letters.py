"""Decisions on travel that carry a letter: not authorized, sent back, cancelled."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from cbpone.audit.log import record
from cbpone.audit.verbs import Verb
from cbpone.lib.errors import Refused
from cbpone.lib.forms import AskingForm
from cbpone.lib.typed import sent
from cbpone.notifications.statuses import Template
from officers import travel as reads
from officers.queues.travel import QUEUE
from officers.views import parole_letters
from officers.views.moved import keeps_typed
from officers.views.parole_letters import LetterForm, Sheet, is_confirmed
from officers.views.travel import HOME, DenyForm, SendBackForm, check, reasons, seen, show
from parole import travel, travel_letters, travel_officers
from parole.choices import DenialReason, LetterAbout, SendBack
from parole.models import Authorization, Beneficiary, TravelLetter

TEMPLATES = {
    LetterAbout.DENIED: Template.ATA_DENIED,
    LetterAbout.CANCELLED: Template.ATA_CANCELLED,
    LetterAbout.SENT_BACK: Template.CASE_SENT_BACK,
}
SENDS = {
    LetterAbout.DENIED: gettext_lazy("Do not authorize travel, and send the letter"),
    LetterAbout.CANCELLED: gettext_lazy("Cancel the authorization, and send the letter"),
    LetterAbout.SENT_BACK: gettext_lazy("Send back to the person, with the letter"),
}
HINTS = {
    LetterAbout.DENIED: gettext_lazy("This counts at once. A denied case does not open again."),
    LetterAbout.CANCELLED: gettext_lazy(
        "The authorization ends at once, for good. The person may have a ticket already."
    ),
    LetterAbout.SENT_BACK: gettext_lazy(
        "The case is in the person's hands then. They send it again, and it waits anew."
    ),
}


class CancelForm(AskingForm, forms.Form):
    reason = reasons(
        LetterAbout.CANCELLED,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("The person is told it."),
    )
    needed = ("reason",)


@dataclass
class Task:
    """One decision about one case: when it may be made, what makes it, what is said then."""

    about: LetterAbout
    row: Beneficiary
    may: Callable  # the rule's own check
    rule: Callable
    done: str
    number: str = ""  # of the authorization that ends
    is_read_after: bool = False  # the page of the case comes next, not the list

    def sheet(self, reason: str) -> Sheet:
        row, about = self.row, self.about
        words = SendBack if about == LetterAbout.SENT_BACK else DenialReason
        where = _("Case %(number)s of %(person)s.") % {
            "number": row.reference,
            "person": row.person,
        }
        return Sheet(
            title=str(about.label),
            lead=f"{where} {words(reason).label}.",
            hint=str(HINTS[about]),
            send=str(SENDS[about]),
            chosen=("reason", reason),
            user=row.user,
            template=TEMPLATES[about],
            row_of=lambda letter: TravelLetter(beneficiary=row, about=about, letter=letter),
            texts=bool(row.text_messages and row.phone),
            home=HOME,
            home_title=QUEUE.title,
            back=reverse("officers:travel_case", args=[row.reference]),
            number=row.reference,
            is_final=about != LetterAbout.SENT_BACK,
        )


def _write(request, task: Task, chosen, ask: Callable):
    """The letter for the `chosen` reason, a last look at the message, then the decision.

    `ask(form)` shows the question for the reason again.
    """
    typed = sent(request)
    if typed is None:
        return _draft(request, task, chosen, ask)
    if not chosen.is_valid():
        return ask(chosen)
    reason, form = chosen.cleaned_data["reason"], LetterForm(typed)
    try:
        task.may()
        if is_confirmed(request, form):
            task.rule(reason=reason, letter=form.cleaned_data["letter"], by=request.user)
            messages.success(request, task.done)
            return redirect(task.sheet(reason).back if task.is_read_after else HOME)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return parole_letters.show(request, task.sheet(reason), form, is_refused=True)
    return parole_letters.show(request, task.sheet(reason), form)


def _draft(request, task: Task, chosen, ask: Callable):
    try:
        task.may()
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("officers:travel_case", task.row.reference)
    if not chosen.is_valid():
        return ask(chosen)
    reason = chosen.cleaned_data["reason"]
    record(Verb.VIEWED, on=task.row, by=request.user, note="letter")
    letter = travel_letters.draft(task.row, task.about, reason, task.number)
    return parole_letters.show(request, task.sheet(reason), LetterForm(initial={"letter": letter}))


def _typed(request):
    typed = sent(request)
    return request.GET if typed is None else typed


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_typed(reads.outside, HOME)
def deny(request, reference):
    check(request, travel_officers.DECIDE)
    row = seen(request, reference)
    task = Task(
        LetterAbout.DENIED,
        row,
        may=partial(travel_officers.check_can_decide, request.user, row),
        rule=partial(travel.deny, beneficiary=row),
        done=_("Travel is not authorized for %s. The person is told.") % reference,
    )
    form = DenyForm(_typed(request), auto_id="deny_%s")
    return _write(request, task, form, lambda form: show(request, row, denied=form))


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_typed(reads.outside, HOME)
def send_back(request, reference):
    check(request, travel_officers.DECIDE)
    row = seen(request, reference)
    task = Task(
        LetterAbout.SENT_BACK,
        row,
        may=partial(travel_officers.check_can_decide, request.user, row),
        rule=partial(travel.send_back, beneficiary=row),
        done=_("%s is with the person again, who is told why.") % reference,
    )
    form = SendBackForm(_typed(request), auto_id="send_%s")
    return _write(request, task, form, lambda form: show(request, row, sent_back=form))


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request, reference):
    """End a valid authorization: a reason, after reading what that means, then the letter."""
    check(request, travel_officers.DECIDE)
    cases = reads.decidable(request.user)
    rows = Authorization.objects.filter(beneficiary__in=cases.values("pk"))
    row = get_object_or_404(
        rows.select_related("beneficiary__traveler", "beneficiary__request", "beneficiary__user"),
        reference=reference,
    )
    person = row.beneficiary
    task = Task(
        LetterAbout.CANCELLED,
        person,
        may=partial(travel_officers.check_can_cancel, request.user, row),
        rule=partial(travel.cancel, authorization=row),
        done=_("%s is cancelled. The person is told.") % row,
        number=row.reference,
        is_read_after=True,
    )
    form = CancelForm(_typed(request) or None)

    def ask(form):
        record(Verb.VIEWED, on=row, by=request.user)
        context = {"row": row, "person": person.person, "case": person, "form": form}
        return render(request, "officers/parole/travel_cancel.html", context)

    return _write(request, task, form, ask)
