"""Review of support requests: take a case, judge its leads, decide, agree to a refusal."""

from django.db import transaction
from django.db.models import Q

from cbpone.audit import holding
from cbpone.audit.log import move, record
from cbpone.audit.verbs import Verb
from cbpone.lib import clock
from cbpone.lib.errors import MovedOn, NotAllowed
from cbpone.notifications.outbox import notify
from cbpone.notifications.statuses import Template
from parole import inviting
from parole.choices import REASONS, Outcome, Verdict
from parole.letters import answer_by, language_of
from parole.models import Decision, Flag, SupportRequest
from parole.nearness import near
from parole.pages import hold
from parole.reviewers import (
    REVIEW,
    SUPERVISE,
    LetterMissing,
    NoteMissing,
    WrongReason,
    WrongVerdict,
    check_can_agree,
    check_can_judge,
    check_can_judge_late,
    check_can_propose,
    check_can_put_back,
    check_can_resume,
    check_leads,
)
from parole.statuses import DecisionStatus, RequestStatus

LEADS_TO = {
    "confirm": ("confirmed", Verb.CONFIRMED),
    "not_confirm": ("not_confirmed", Verb.NOT_CONFIRMED),
    "more_info": ("more_info", Verb.INFO_ASKED),
    "fingerprints": ("fingerprints", Verb.FINGERPRINTS_ASKED),
    "fraud_hold": ("fraud_hold", Verb.HELD),
}
FINAL = (Outcome.CONFIRM, Outcome.NOT_CONFIRM)


def _said(note: str) -> str:
    if not note.strip():
        raise NoteMissing
    return note.strip()


def waits_for(user):
    """Cases the officer holds and has to go on with, the one held longest first."""
    own = SupportRequest.objects.filter(taken_by=user, status=RequestStatus.SELECTED)
    proposed = Decision.objects.filter(status=DecisionStatus.PROPOSED).values("request")
    return own.exclude(pk__in=proposed).order_by("taken_at", "pk")


def open_to(user):
    """Cases that wait for a reviewer and that this one may take, in turn, held or not.

    In order of the selection day and the rank in it. Not one's own, none a second person reads,
    none the officer stands too near to, but for one they hold already and have to put back.
    """
    proposed = Decision.objects.filter(status=DecisionStatus.PROPOSED).values("request")
    rows = SupportRequest.objects.filter(status=RequestStatus.SELECTED).exclude(owner=user)
    far = Q(taken_by=user) | ~near(user, request="", beneficiary="beneficiary__")
    rows = rows.filter(far).exclude(pk__in=proposed)
    return rows.order_by("selection__day", "picked_rank", "pk")


def take_next(*, by) -> SupportRequest | None:
    """The officer's own case that waits, else the next one nobody holds; None when none waits.

    Never a case two officers press for at once. Refuses with NotAllowed.
    """
    if not by.has_perm(REVIEW):
        raise NotAllowed
    return holding.take(open_to(by), by=by, own=waits_for(by))


@transaction.atomic
def put_back(*, request: SupportRequest, reason: str, by) -> SupportRequest:
    """Nobody holds the case then. Verdicts stay. Refuses with NotYours, NotWaiting and others."""
    hold(request)
    check_can_put_back(by, request)
    return holding.put_back(request, reason=_said(reason), by=by)


@transaction.atomic
def judge(*, flag: Flag, verdict: str, note: str, by) -> Flag:
    """What a lead means, with the reason. It can be judged anew until something is decided.

    What is found after the support was confirmed is judged by a supervisor, once.
    """
    request = flag.request
    hold(request)
    is_late = request.status == RequestStatus.CONFIRMED and by.has_perm(SUPERVISE)
    (check_can_judge_late if is_late else check_can_judge)(by, request)
    if verdict not in Verdict.values:
        raise WrongVerdict
    note = _said(note)
    flag.refresh_from_db(fields=["verdict"])
    values = {"verdict": verdict, "note": note, "judged_by": by, "judged_at": clock.now()}
    if is_late and flag.verdict:
        raise MovedOn
    if not Flag.objects.standing().filter(pk=flag.pk, verdict=flag.verdict).update(**values):
        raise MovedOn
    record(
        Verb.JUDGED,
        on=flag,
        case=request.reference,
        by=by,
        before=flag.verdict,
        after=verdict,
        note=f"{flag.signal}: {note}",
    )
    for name, value in values.items():
        setattr(flag, name, value)
    return flag


@transaction.atomic
def propose(*, request: SupportRequest, outcome, reason, letter: str, note: str, by) -> Decision:
    """Decide with a reason and a letter. A refusal waits for a second person, the rest is made.

    The letter goes out word for word. Refuses with NotYours, NotWaiting, SecondPersonWaits,
    FlagsWaiting, EvidenceNeeded, FraudNamed, WrongReason and LetterMissing.
    """
    hold(request)
    check_can_propose(by, request)
    if reason not in REASONS.get(outcome, ()):
        raise WrongReason
    if not letter.strip():
        raise LetterMissing
    check_leads(request, outcome)
    now = clock.now()
    decision = Decision(
        request=request,
        outcome=outcome,
        reason=reason,
        letter=letter,
        language=language_of(request.owner),
        note=note.strip(),
        proposed_by=by,
        proposed_at=now,
    )
    if outcome == Outcome.NOT_CONFIRM:
        decision.save()
        record(Verb.PROPOSED, on=decision, by=by, after=decision.status, note=reason)
        return decision
    decision.status, decision.closed_by, decision.closed_at = DecisionStatus.MADE, by, now
    decision.asked_until = answer_by() if outcome == Outcome.MORE_INFO else None
    decision.save()
    _carry_out(decision, request, by)
    return decision


def _carry_out(decision: Decision, request: SupportRequest, by) -> None:
    status, verb = LEADS_TO[decision.outcome]
    final = decision.outcome in FINAL
    signed = {"decided_by": by, "decided_at": decision.closed_at} if final else {}
    move(request, to=status, verb=verb, by=by, note=decision.reason, **signed)
    notify(user=request.owner, template=Template.REQUEST_DECISION, about=decision, sms_to=decision)
    if decision.outcome == Outcome.CONFIRM:
        inviting.invite(beneficiary=request.beneficiary, by=by)


def _hold_proposal(decision: Decision, by) -> SupportRequest:
    """The request and the proposal as they are now, held for the second person."""
    request = decision.request
    hold(request)
    decision.refresh_from_db()
    decision.request = request
    check_can_agree(by, decision)
    return request


@transaction.atomic
def agree(*, decision: Decision, by) -> Decision:
    """A second person makes the refusal; its letter goes out.

    Refuses with SamePerson, OwnRequest, NotWaiting, MovedOn, and FlagsWaiting when a lead was
    found since it was proposed.
    """
    request = _hold_proposal(decision, by)
    check_leads(request, decision.outcome)
    closed = {"closed_by": by, "closed_at": clock.now()}
    move(decision, to="made", verb=Verb.AGREED, by=by, note=decision.reason, **closed)
    _carry_out(decision, request, by)
    return decision


@transaction.atomic
def decline(*, decision: Decision, note: str, by) -> Decision:
    """A second person does not agree: the case is back with its reviewer. Refuses as agree does."""
    _hold_proposal(decision, by)
    closed = {"closed_by": by, "closed_at": clock.now()}
    return move(decision, to="declined", verb=Verb.DECLINED, by=by, note=_said(note), **closed)


@transaction.atomic
def resume(*, request: SupportRequest, by, note: str) -> SupportRequest:
    """Go on with a request that waited for an answer, for fingerprints or for a question."""
    hold(request)
    check_can_resume(by, request)
    return move(request, to="selected", verb=Verb.RESUMED, by=by, note=_said(note))
