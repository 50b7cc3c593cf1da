from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cbpone.audit.log import record
from cbpone.audit.models import Event
from cbpone.audit.verbs import Verb
from cbpone.lib.errors import Refused
from cbpone.lib.forms import AskingForm
from cbpone.lib.keys import read_key
from officers import reviews
from officers.answers import groups, means
from officers.evidence import read_leads
from parole import review, reviewers
from parole.choices import REASONS, Outcome, Reason, Verdict
from parole.guidelines import poverty_ratio
from parole.letters import draft_letter
from parole.models import Decision, SupportRequest
from parole.statuses import DecisionStatus

SEE = "parole.view_supportrequest"


def why_field(label, longest=300, **values):
    return forms.CharField(
        label=label,
        max_length=longest,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": gettext_lazy("Write why. It stays on record.")},
        **values,
    )


class NoteForm(AskingForm, forms.Form):
    note = why_field(gettext_lazy("Why"))
    needed = ("note",)


class VerdictForm(AskingForm, forms.Form):
    verdict = forms.ChoiceField(
        label=gettext_lazy("Verdict"),
        choices=Verdict.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the verdicts.")},
    )
    note = why_field(gettext_lazy("Why"))
    needed = ("verdict", "note")


class ChoiceForm(AskingForm, forms.Form):
    choice = forms.ChoiceField(
        label=gettext_lazy("Decision and reason"),
        error_messages={"required": gettext_lazy("Choose a decision and a reason.")},
    )
    needed = ("choice",)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["choice"].choices = reviews.choices()


class LetterForm(AskingForm, forms.Form):
    letter = forms.CharField(
        label=gettext_lazy("Letter to the supporter"),
        max_length=6000,
        strip=False,
        widget=forms.Textarea({"rows": 22}),
        help_text=gettext_lazy("It goes out exactly as it stands here."),
        error_messages={
            "required": gettext_lazy("The letter is empty. Write what the supporter has to know.")
        },
    )
    note = forms.CharField(
        label=gettext_lazy("Note for colleagues"),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("The supporter does not see it."),
    )
    needed = ("letter",)

    def clean_letter(self):
        """Browsers send line ends in two signs; mail has one."""
        return self.cleaned_data["letter"].replace("\r\n", "\n")


def _check_sees(request) -> None:
    if not request.user.has_perm(SEE):
        raise PermissionDenied


def _seen(request, reference) -> SupportRequest:
    _check_sees(request)
    return get_object_or_404(reviews.case_rows(request.user), reference=reference)


@require_safe
def queue(request):
    """How many requests wait in each state, one's own cases, refusals for a second person."""
    _check_sees(request)
    user = request.user
    own = reviews.own_cases(user)
    context = {
        "numbers": reviews.numbers(user),
        "own": own,
        "waits": review.waits_for(user).first(),
        "proposals": reviews.to_agree(user)[: reviews.MOST],
        "may_agree": user.has_perm(reviewers.AGREE),
        "may_take": user.has_perm(reviewers.REVIEW),
        "unanswered": reviews.unanswered(user),
        "most": reviews.MOST,
    }
    return render(request, "officers/parole/reviews.html", context)


@require_POST
def take(request):
    if not request.user.has_perm(reviewers.REVIEW):
        raise PermissionDenied
    try:
        row = review.take_next(by=request.user)
    except Refused as refusal:
        messages.error(request, refusal)
        return redirect("officers:reviews")
    if row is None:
        messages.success(request, _("Nobody waits. Every request that was chosen is with someone."))
        return redirect("officers:reviews")
    return redirect("officers:review", row.reference)


@require_safe
def case(request, reference):
    """All that was filed, the leads with what was seen, decisions and letters so far."""
    return _show(request, _seen(request, reference))


def _show(request, row, typed=None, judged=None, put_back=None, resumed=None, declined=None):
    """Forms that could not be taken are shown as typed; `typed` is for the lead `judged`."""
    record(Verb.VIEWED, on=row, by=request.user)
    user = request.user
    leads, openable = read_leads(row, user)
    may_judge = reviewers.can_judge(user, row)
    decisions = list(reviews.decisions_of(row))
    others = reviews.other_requests(row, user)
    ratio = poverty_ratio(row)
    proposal = reviews.open_proposal(row, decisions)
    context = {
        "row": row,
        "chip": reviews.CHIPS[row.status],
        "groups": groups(row),
        "ratio": ratio,
        "means": means(ratio),
        "leads": [(lead, _verdict_form(lead, typed, judged, may_judge)) for lead in leads],
        "openable": openable,
        "unjudged": sum(lead.is_open for lead in leads),
        "decisions": decisions,
        "proposal": proposal,
        "may_agree": proposal and reviewers.can_agree(user, _of(proposal, row)),
        "not_agreed": reviews.last_decline(decisions),
        "others": others[: reviews.MOST],
        "other_count": others.count(),
        "choice": ChoiceForm() if reviewers.can_propose(user, row) else None,
        "put_back": _note_form(put_back, "back", reviewers.can_put_back(user, row)),
        "resume": _note_form(resumed, "resume", reviewers.can_resume(user, row)),
        "unkept": declined["note"].value() if declined else "",
        "failed": next((form for form in (typed, put_back, resumed) if form), None),
        "events": Event.objects.of_case(row.case).select_related("by")[:100],
    }
    return render(request, "officers/parole/review.html", context)


def _of(decision: Decision, row: SupportRequest) -> Decision:
    decision.request = row
    return decision


def _note_form(typed, prefix: str, may: bool):
    return typed or (NoteForm(auto_id=f"{prefix}_%s") if may else None)


def _verdict_form(lead, typed, judged, may_judge: bool):
    flag = lead.flag
    if typed and judged == flag.pk:
        return typed
    if not may_judge:
        return None
    initial = {"verdict": flag.verdict, "note": flag.note}
    return VerdictForm(initial=initial, auto_id=f"lead{flag.pk}_%s")


@require_POST
def judge(request, reference):
    """The verdict on one lead, named by its number in the form."""
    row = _seen(request, reference)
    known = row.flags.standing().filter(pk=read_key(request.POST.get("flag", "")))
    flag = get_object_or_404(known.select_related("request"))
    form = VerdictForm(request.POST, auto_id=f"lead{flag.pk}_%s")
    if not form.is_valid():
        return _show(request, row, typed=form, judged=flag.pk)
    try:
        review.judge(flag=flag, by=request.user, **form.cleaned_data)
    except Refused as refusal:
        messages.error(request, refusal)
        return _show(request, _seen(request, reference), typed=form, judged=flag.pk)
    messages.success(request, _("The verdict is on record: %s.") % flag.get_verdict_display())
    return redirect("officers:review", reference)


@require_POST
def put_back(request, reference):
    row = _seen(request, reference)
    form = NoteForm(request.POST, auto_id="back_%s")
    if not form.is_valid():
        return _show(request, row, put_back=form)
    try:
        review.put_back(request=row, reason=form.cleaned_data["note"], by=request.user)
    except Refused as refusal:
        messages.error(request, refusal)
        return _show(request, _seen(request, reference), put_back=form)
    messages.success(request, _("%s is back with the others. Nobody holds it.") % reference)
    return redirect("officers:reviews")


@require_POST
def resume(request, reference):
    row = _seen(request, reference)
    form = NoteForm(request.POST, auto_id="resume_%s")
    if not form.is_valid():
        return _show(request, row, resumed=form)
    try:
        review.resume(request=row, note=form.cleaned_data["note"], by=request.user)
    except Refused as refusal:
        messages.error(request, refusal)
        return _show(request, _seen(request, reference), resumed=form)
    messages.success(request, _("The review of %s goes on.") % reference)
    return redirect("officers:review", reference)


def _chosen(text: str) -> tuple[str, str]:
    """Outcome and reason of '<outcome>:<reason>'. Refuses with WrongReason."""
    outcome, _colon, reason = text.partition(":")
    if reason not in REASONS.get(outcome, ()):
        raise reviewers.WrongReason
    return outcome, reason


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request, reference):
    """The letter as a first draft to edit, a note for colleagues, then the decision."""
    row = _seen(request, reference)
    user = request.user
    choice = (request.POST if request.method == "POST" else request.GET).get("choice", "")
    try:
        outcome, reason = _chosen(choice)
        if request.method != "POST":
            reviewers.check_can_propose(user, row)
            reviewers.check_leads(row, outcome)
    except Refused as refusal:
        messages.error(request, refusal)
        return redirect("officers:review", reference)
    if request.method != "POST":
        record(Verb.VIEWED, on=row, by=user, note="letter")
        form = LetterForm(initial={"letter": draft_letter(row, outcome, reason)})
        return _show_letter(request, row, form, outcome, reason)
    form = LetterForm(request.POST)
    if not form.is_valid():
        return _show_letter(request, row, form, outcome, reason)
    try:
        made = review.propose(
            request=row, outcome=outcome, reason=reason, by=user, **form.cleaned_data
        )
    except Refused as refusal:
        messages.error(request, refusal)
        return _show_letter(request, row, form, outcome, reason)
    if made.status == DecisionStatus.PROPOSED:
        messages.success(request, _("Proposed. A second person reads it before the letter goes."))
    else:
        messages.success(request, _("Decided. The letter is on its way to the supporter."))
    return redirect("officers:review", reference)


def _show_letter(request, row, form, outcome, reason):
    context = {
        "row": row,
        "form": form,
        "outcome": Outcome(outcome).label,
        "reason": Reason(reason).label,
        "choice": f"{outcome}:{reason}",
        "is_proposal": outcome == Outcome.NOT_CONFIRM,
    }
    return render(request, "officers/parole/review_decide.html", context)


def _proposal(row: SupportRequest) -> Decision | None:
    waiting = reviews.decisions_of(row).filter(status=DecisionStatus.PROPOSED).first()
    return _of(waiting, row) if waiting else None


@require_http_methods(["GET", "HEAD", "POST"])
def agree(request, reference):
    """A second person reads the refusal, its letter and every lead, then agrees or does not."""
    row = _seen(request, reference)
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
        return redirect("officers:reviews")
    return _show_proposal(request, row, decision, NoteForm(auto_id="decline_%s"))


def _read_proposal(request, row) -> Decision:
    """The proposal that waits; on POST the one that was read. Refuses like the rule."""
    decision = _proposal(row)
    read = request.POST.get("decision") if request.method == "POST" else None
    if decision is None or read not in (None, str(decision.pk)):
        raise review.MovedOn
    reviewers.check_can_agree(request.user, decision)
    return decision


@require_POST
def decline(request, reference):
    row = _seen(request, reference)
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
        return _show(request, _seen(request, reference), declined=form)
    messages.success(request, _("Not agreed. The case is back with the officer who proposed it."))
    return redirect("officers:reviews")


def _show_proposal(request, row, decision, form):
    record(Verb.VIEWED, on=row, by=request.user, note="proposal")
    leads, openable = read_leads(row, request.user)
    context = {
        "row": row,
        "decision": decision,
        "leads": [(lead, None) for lead in leads],
        "openable": openable,
        "form": form,
    }
    return render(request, "officers/parole/review_agree.html", context)
