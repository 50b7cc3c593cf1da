"""A review is decided: the letter, and the second person of a refusal."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from cbpone.audit.log import record
from cbpone.audit.verbs import Verb
from cbpone.lib.errors import MovedOn, Refused
from cbpone.lib.typed import sent
from cbpone.notifications.statuses import Template
from officers import reviews
from officers.evidence import read_leads
from officers.queues.reviews import QUEUE
from officers.views import parole_letters
from officers.views.moved import keeps_typed
from officers.views.parole_letters import LetterForm, Sheet, is_confirmed
from officers.views.reviews import HOME, NoteForm, seen, show
from parole import review, reviewers
from parole.choices import REASONS, Outcome, Reason
from parole.letters import draft_letter
from parole.models import Decision, SupportRequest
from parole.statuses import DecisionStatus


class ReviewLetterForm(LetterForm):
    note = forms.CharField(
        label=gettext_lazy("Note for colleagues"),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("The supporter does not see it."),
    )


def _chosen(text: str) -> tuple[str, str]:
    """Outcome and reason of '<outcome>:<reason>'. Refuses with WrongReason."""
    outcome, _colon, reason = text.partition(":")
    if reason not in REASONS.get(outcome, ()):
        raise reviewers.WrongReason
    return outcome, reason


def _sheet(row: SupportRequest, outcome: str, reason: str) -> Sheet:
    is_proposal = outcome == Outcome.NOT_CONFIRM
    about = {"n": row.reference, "supporter": row.supporter, "person": row.beneficiary.written}
    lead = _("Request %(n)s of %(supporter)s for %(person)s.") % about
    if is_proposal:
        hint = _("A second person reads this before it counts. Until then nothing is sent.")
        send = _("Propose the refusal")
    else:
        hint = _("This counts at once. The letter goes to the supporter right away.")
        send = _("Decide and send the letter")
    return Sheet(
        title=str(Outcome(outcome).label),
        lead=f"{lead} {Reason(reason).label}.",
        hint=hint,
        send=send,
        chosen=("choice", f"{outcome}:{reason}"),
        user=row.owner,
        template=Template.REQUEST_DECISION,
        row_of=lambda letter: Decision(request=row, outcome=outcome, letter=letter),
        texts=bool(row.text_messages and row.phone),
        home=HOME,
        home_title=QUEUE.title,
        back=reverse("officers:review", args=[row.reference]),
        number=row.reference,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_typed(reviews.outside, HOME)
def decide(request, reference):
    """The letter as a first draft to edit, the message as it will be sent, then the decision."""
    row, user = seen(request, reference), request.user
    typed = sent(request)
    sheet = form = None
    try:
        outcome, reason = _chosen((request.GET if typed is None else typed).get("choice", ""))
        sheet = _sheet(row, outcome, reason)
        form = ReviewLetterForm(typed)
        reviewers.check_can_propose(user, row)
        reviewers.check_leads(row, outcome)
        if is_confirmed(request, form):
            made = review.propose(
                request=row, outcome=outcome, reason=reason, by=user, **form.cleaned_data
            )
            return _decided(request, made)
    except Refused as refusal:
        messages.error(request, refusal)
        if sheet is None or typed is None:
            return redirect("officers:review", reference)
        return parole_letters.show(request, sheet, form, is_refused=True)
    if typed is None:
        record(Verb.VIEWED, on=row, by=user, note="letter")
        form = ReviewLetterForm(initial={"letter": draft_letter(row, outcome, reason)})
    return parole_letters.show(request, sheet, form)


def _decided(request, made: Decision):
    if made.status == DecisionStatus.PROPOSED:
        messages.success(request, _("Proposed. A second person reads it before the letter goes."))
    else:
        messages.success(request, _("Decided. The letter is on its way to the supporter."))
    return redirect("officers:review", made.request.reference)


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_typed(reviews.outside, HOME)
def agree(request, reference):
    """A second person reads the refusal, its letter and every lead, then agrees or does not."""
    row = seen(request, reference)
    if not request.user.has_perm(reviewers.AGREE):
        raise PermissionDenied
    try:
        decision = _read_proposal(request, row)
        if request.method == "POST":
            review.agree(decision=decision, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal)
        return redirect("officers:review", reference)
    if request.method == "POST":
        messages.success(request, _("Decided by two people. The letter is on its way."))
        return redirect(HOME)
    return _show_proposal(request, row, decision, NoteForm(auto_id="decline_%s"))


def _read_proposal(request, row: SupportRequest) -> Decision:
    """The proposal that waits; on POST the one that was read. Refuses like the rule."""
    decision = reviews.decisions_of(row).filter(status=DecisionStatus.PROPOSED).first()
    read = request.POST.get("decision") if request.method == "POST" else None
    if decision is None or read not in (None, str(decision.pk)):
        raise MovedOn
    decision.request = row
    reviewers.check_can_agree(request.user, decision)
    return decision


@require_POST
@keeps_typed(reviews.outside, HOME)
def decline(request, reference):
    row = seen(request, reference)
    if not request.user.has_perm(reviewers.AGREE):
        raise PermissionDenied
    form = NoteForm(request.POST, auto_id="decline_%s")
    try:
        decision = _read_proposal(request, row)
        if not form.is_valid():
            return _show_proposal(request, row, decision, form)
        review.decline(decision=decision, note=form.cleaned_data["note"], by=request.user)
    except Refused as refusal:
        messages.error(request, refusal)
        return show(request, seen(request, reference), unkept=form["note"].value())
    messages.success(request, _("Not agreed. The case is back with the officer who proposed it."))
    return redirect(HOME)


def _show_proposal(request, row, decision, form):
    record(Verb.VIEWED, on=row, by=request.user, note="proposal")
    leads, openable, closed = read_leads(row, request.user)
    sheet = _sheet(row, decision.outcome, decision.reason)
    subject, body = sheet.message(decision.letter)
    context = {
        "row": row,
        "decision": decision,
        "subject": subject,
        "body": body,
        "leads": [(lead, None) for lead in leads],
        "openable": openable,
        "closed": closed,
        "form": form,
    }
    return render(request, "officers/parole/review_agree.html", context)
