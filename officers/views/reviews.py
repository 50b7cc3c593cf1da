from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from cbpone.audit.holding import ASSIGN
from cbpone.audit.log import record
from cbpone.audit.models import Event
from cbpone.audit.verbs import Verb
from cbpone.lib.errors import Refused
from cbpone.lib.forms import AskingForm
from cbpone.lib.keys import read_key
from officers import reviews
from officers.answers import groups, means
from officers.correspondence import messages_about
from officers.duplicates.showing import of_people
from officers.evidence import read_leads
from officers.queues.lines import figures, target_words
from officers.queues.reviews import QUEUE
from officers.travel import decidable
from officers.views.moved import keeps_typed
from parole import nearness, review, reviewers
from parole.choices import Verdict
from parole.guidelines import poverty_ratio
from parole.models import Decision, SupportRequest
from parole.statuses import RequestStatus

SEE, HOME = "parole.view_supportrequest", "officers:reviews"


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


def _check_sees(request) -> None:
    if not request.user.has_perm(SEE):
        raise PermissionDenied


def seen(request, reference) -> SupportRequest:
    _check_sees(request)
    return get_object_or_404(reviews.case_rows(request.user), reference=reference)


@require_safe
def queue(request):
    """How many requests wait in each state and how long, one's own cases, what others hold."""
    _check_sees(request)
    user = request.user
    may_assign = user.has_perm(ASSIGN)
    context = {
        "numbers": reviews.numbers(user),
        "queue": QUEUE,
        "figures": figures(QUEUE, user),
        "target": target_words(QUEUE),
        "own": reviews.own_cases(user),
        "waits": review.waits_for(user).first(),
        "proposals": reviews.to_agree(user)[: reviews.MOST],
        "may_agree": user.has_perm(reviewers.AGREE),
        "may_take": user.has_perm(reviewers.REVIEW),
        "may_assign": may_assign,
        "held": reviews.held_by_others(user) if may_assign else [],
        "free": reviews.waiting_for_nobody(user) if may_assign else [],
        "unanswered": reviews.unanswered(user),
        "late_leads": reviews.late_leads(user)[: reviews.MOST],
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
        return redirect(HOME)
    if row is None:
        messages.success(request, _("Nobody waits. Every request that was chosen is with someone."))
        return redirect(HOME)
    return redirect("officers:review", row.reference)


@require_safe
def case(request, reference):
    """All that was filed, the leads with what was seen, decisions and letters so far."""
    return show(request, seen(request, reference))


def show(request, row, typed=None, judged=None, put_back=None, resumed=None, unkept=""):
    """Forms that could not be taken are shown as typed; `typed` is for the lead `judged`."""
    record(Verb.VIEWED, on=row, by=request.user)
    user = request.user
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
        "decisions": decisions,
        "proposal": proposal,
        "may_agree": proposal and reviewers.can_agree(user, _of(proposal, row)),
        "not_agreed": reviews.last_decline(decisions),
        "others": others[: reviews.MOST],
        "choice": ChoiceForm() if reviewers.can_propose(user, row) else None,
        "put_back": _note_form(put_back, "back", reviewers.can_put_back(user, row)),
        "resume": _note_form(resumed, "resume", reviewers.can_resume(user, row)),
        "unkept": unkept,
        "failed": next((form for form in (typed, put_back, resumed) if form), None),
    }
    context |= reviews.count_others(others) | _leads(user, row, typed, judged)
    context |= _around(user, row, decisions, proposal)
    return render(request, "officers/parole/review.html", context)


def _around(user, row, decisions, proposal) -> dict:
    """What happened with the request, who else may act, and where its person is."""
    person = row.beneficiary
    return {
        "too_near": nearness.why_near(user, row),
        "assign": _assign_url(user, row, proposal),
        "may_read_case": decidable(user).filter(pk=person.pk).exists(),
        "likenesses": of_people([person.written_id, person.traveler_id], user),
        "messages_sent": messages_about([row, *decisions], [row.owner]),
        "events": Event.objects.of_case(row.case).select_related("by")[:100],
    }


def _leads(user, row, typed, judged) -> dict:
    leads, openable, closed = read_leads(row, user)
    may_judge, may_late = reviewers.can_judge(user, row), reviewers.can_judge_late(user, row)
    forms_of = [
        (lead, _verdict_form(lead, typed, judged, may_judge or (may_late and lead.is_open)))
        for lead in leads
    ]
    return {
        "leads": forms_of,
        "openable": openable,
        "closed": closed,
        "unjudged": sum(lead.is_open for lead in leads),
    }


def _assign_url(user, row, proposal) -> str:
    """Where a supervisor gives the case to another officer, while it waits for one."""
    waits = row.status == RequestStatus.SELECTED and not proposal
    if not (waits and user.has_perm(ASSIGN)):
        return ""
    return reverse("officers:queue_assign", args=[QUEUE.key, row.pk])


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
@keeps_typed(reviews.outside, HOME)
def judge(request, reference):
    """The verdict on one lead, named by its number in the form."""
    row = seen(request, reference)
    known = row.flags.filter(pk=read_key(request.POST.get("flag", "")))
    flag = get_object_or_404(known.select_related("request"))
    form = VerdictForm(request.POST, auto_id=f"lead{flag.pk}_%s")
    if not form.is_valid():
        return show(request, row, typed=form, judged=flag.pk)
    try:
        review.judge(flag=flag, by=request.user, **form.cleaned_data)
    except Refused as refusal:
        messages.error(request, refusal)
        unkept = form["note"].value() if flag.cleared_at else ""
        return show(request, seen(request, reference), form, flag.pk, unkept=unkept)
    messages.success(request, _("The verdict is on record: %s.") % flag.get_verdict_display())
    return redirect("officers:review", reference)


@require_POST
@keeps_typed(reviews.outside, HOME)
def put_back(request, reference):
    row = seen(request, reference)
    form = NoteForm(request.POST, auto_id="back_%s")
    if not form.is_valid():
        return show(request, row, put_back=form)
    try:
        review.put_back(request=row, reason=form.cleaned_data["note"], by=request.user)
    except Refused as refusal:
        messages.error(request, refusal)
        return show(request, seen(request, reference), put_back=form)
    messages.success(request, _("%s is back with the others. Nobody holds it.") % reference)
    return redirect(HOME)


@require_POST
@keeps_typed(reviews.outside, HOME)
def resume(request, reference):
    row = seen(request, reference)
    form = NoteForm(request.POST, auto_id="resume_%s")
    if not form.is_valid():
        return show(request, row, resumed=form)
    try:
        review.resume(request=row, note=form.cleaned_data["note"], by=request.user)
    except Refused as refusal:
        messages.error(request, refusal)
        return show(request, seen(request, reference), resumed=form)
    messages.success(request, _("The review of %s goes on.") % reference)
    return redirect("officers:review", reference)
