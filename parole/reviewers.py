"""Who may do what in a review, and what stands in the way. Rules ask here, and so do pages."""

from django.utils.translation import gettext_lazy as _

from cbpone.lib.errors import MovedOn, NotAllowed, Refused
from parole.choices import Outcome, Verdict
from parole.models import Decision, SupportRequest
from parole.nearness import check_not_near
from parole.statuses import IN_REVIEW, DecisionStatus, RequestStatus

REVIEW, AGREE = "parole.review_supportrequest", "parole.agree_decision"
SUPERVISE = "parole.agree_cap"  # what of all roles only parole supervisors may do
# No computer refuses, and no person decides past a lead: these wait until each has a verdict.
AFTER_ALL_LEADS = (Outcome.CONFIRM, Outcome.NOT_CONFIRM, Outcome.FRAUD_HOLD)
PAUSED = (RequestStatus.MORE_INFO, RequestStatus.FINGERPRINTS, RequestStatus.FRAUD_HOLD)


class NotYours(Refused):
    code = "not_yours"
    sentence = _("Another officer has this case, or nobody. Only the one who took it can do this.")


class OwnRequest(Refused):
    code = "own_request"
    sentence = _("This is your own request. Another officer decides about it.")


class NotWaiting(Refused):
    code = "not_waiting"
    sentence = _("This request does not wait for that now. Look at it again.")


class SecondPersonWaits(Refused):
    code = "second_person_waits"
    sentence = _("A refusal is proposed for this request. A second person answers first.")


class SamePerson(Refused):
    code = "same_person"
    sentence = _("You proposed this refusal yourself. It takes a second person.")


class FlagsWaiting(Refused):
    code = "flags_waiting"
    sentence = _("Leads without a verdict: %(n)s. Give each a verdict, then decide.")


class EvidenceNeeded(Refused):
    code = "evidence_needed"
    sentence = _(
        "The verdict on a lead is that it needs evidence. Ask for more information first, or "
        "change the verdict."
    )


class FraudNamed(Refused):
    code = "fraud_named"
    sentence = _(
        "The verdict on a lead is that it points to fraud. Change the verdict, or decide otherwise."
    )


class WrongVerdict(Refused):
    code = "wrong_verdict"
    sentence = _("Choose one of the verdicts.")


class WrongReason(Refused):
    code = "wrong_reason"
    sentence = _("Choose a decision and a reason that go together.")


class LetterMissing(Refused):
    code = "letter_missing"
    sentence = _("The letter is empty. Write what the supporter has to know.")


class NoteMissing(Refused):
    code = "note_missing"
    sentence = _("Write why. It stays on record.")


def _is_so(check, *of) -> bool:
    try:
        check(*of)
    except Refused:
        return False
    return True


def _check_reviews(user, request: SupportRequest) -> None:
    if not user.has_perm(REVIEW):
        raise NotAllowed
    if request.owner_id == user.pk:
        raise OwnRequest


def _check_no_proposal(request: SupportRequest) -> None:
    if request.decisions.filter(status=DecisionStatus.PROPOSED).exists():
        raise SecondPersonWaits


def check_can_judge(user, request: SupportRequest) -> None:
    """The officer who holds the case, as long as nothing is decided or proposed."""
    _check_reviews(user, request)
    if request.status not in IN_REVIEW:
        raise NotWaiting
    if request.taken_by_id != user.pk:
        raise NotYours
    _check_no_proposal(request)
    check_not_near(user, request)


def can_judge(user, request: SupportRequest) -> bool:
    return _is_so(check_can_judge, user, request)


def check_can_judge_late(user, request: SupportRequest) -> None:
    """A lead found after support was confirmed is for supervisors. Nothing follows by itself."""
    _check_reviews(user, request)
    if not user.has_perm(SUPERVISE):
        raise NotAllowed
    if request.status != RequestStatus.CONFIRMED:
        raise NotWaiting
    check_not_near(user, request)


def can_judge_late(user, request: SupportRequest) -> bool:
    return _is_so(check_can_judge_late, user, request)


def check_can_propose(user, request: SupportRequest) -> None:
    """As for judging, and the request waits for a reviewer and for nobody else."""
    check_can_judge(user, request)
    if request.status != RequestStatus.SELECTED:
        raise NotWaiting


def can_propose(user, request: SupportRequest) -> bool:
    return _is_so(check_can_propose, user, request)


def check_can_put_back(user, request: SupportRequest) -> None:
    """Who holds the case, however near they stand; a supervisor for an officer who is away."""
    _check_reviews(user, request)
    if request.status not in IN_REVIEW:
        raise NotWaiting
    is_held = request.taken_by_id is not None
    if request.taken_by_id != user.pk and not (is_held and user.has_perm(SUPERVISE)):
        raise NotYours
    _check_no_proposal(request)


def can_put_back(user, request: SupportRequest) -> bool:
    return _is_so(check_can_put_back, user, request)


def check_can_resume(user, request: SupportRequest) -> None:
    """Of a request that waits for something: who holds it, anybody if nobody does, a supervisor."""
    _check_reviews(user, request)
    if request.status not in PAUSED:
        raise NotWaiting
    if request.taken_by_id not in (None, user.pk) and not user.has_perm(SUPERVISE):
        raise NotYours
    check_not_near(user, request)


def can_resume(user, request: SupportRequest) -> bool:
    return _is_so(check_can_resume, user, request)


def check_can_agree(user, decision: Decision) -> None:
    """A second person: not who proposed it, nor whose request it is, nor who stands near."""
    if not user.has_perm(AGREE):
        raise NotAllowed
    if decision.request.owner_id == user.pk:
        raise OwnRequest
    if decision.status != DecisionStatus.PROPOSED:
        raise MovedOn
    if decision.request.status != RequestStatus.SELECTED:
        raise NotWaiting
    if decision.proposed_by_id == user.pk:
        raise SamePerson
    check_not_near(user, decision.request)


def can_agree(user, decision: Decision) -> bool:
    return _is_so(check_can_agree, user, decision)


def check_leads(request: SupportRequest, outcome: str) -> None:
    """Whether the verdicts allow this decision. Questions may be asked before all are judged."""
    if outcome not in AFTER_ALL_LEADS:
        return
    verdicts = list(request.flags.standing().values_list("verdict", flat=True))
    if "" in verdicts:
        raise FlagsWaiting(n=verdicts.count(""))
    if outcome == Outcome.CONFIRM and Verdict.NEEDS_EVIDENCE in verdicts:
        raise EvidenceNeeded
    if outcome == Outcome.CONFIRM and Verdict.FRAUD in verdicts:
        raise FraudNamed
