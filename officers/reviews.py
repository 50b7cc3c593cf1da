"""What the review pages read: who waits, one's own cases, refusals for a second person."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Count, Min, OuterRef, Prefetch, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cbpone.audit.models import Event
from cbpone.audit.verbs import Verb
from cbpone.lib import clock
from parole.choices import REASONS, Outcome, Reason
from parole.models import Beneficiary, Decision, Paper, SupportRequest
from parole.reviewers import AGREE, REVIEW
from parole.statuses import IN_REVIEW, DecisionStatus, RequestStatus

MOST = 50  # rows of a list that is looked through, not searched
CHIPS = {
    "received": "chip-todo",
    "pending": "chip-todo",
    "selected": "chip-now",
    "more_info": "chip-todo",
    "fingerprints": "chip-todo",
    "fraud_hold": "chip-late",
    "confirmed": "chip-done",
    "not_confirmed": "chip-gone",
    "withdrawn": "chip-gone",
}


def reviewable(user):
    """Filed requests this officer may look at: never their own, where the leads stand too, nor
    one they were invited by, as nobody sees the money of their supporter."""
    invited = Beneficiary.objects.of_user(user).values("request")
    return SupportRequest.objects.visible_to(user).exclude(owner=user).exclude(pk__in=invited)


@dataclass
class Waiting:
    """How many requests are in one state; `free` of them are with nobody."""

    label: str
    requests: int = 0
    free: int = 0
    oldest: date | None = None  # the day it was chosen
    days: int = 0


def numbers(user) -> list[Waiting]:
    """A line for each state in review, also where nobody is."""
    counted = (
        reviewable(user)
        .filter(status__in=IN_REVIEW)
        .values("status")
        .annotate(
            requests=Count("pk"),
            free=Count("pk", filter=Q(taken_by=None)),
            oldest=Min("selection__day"),
        )
        .order_by()
    )
    found = {row.pop("status"): row for row in counted}
    today = clock.today_in(settings.PAROLE_ZONE)
    lines = []
    for status in IN_REVIEW:
        line = Waiting(str(RequestStatus(status).label), **found.get(status, {}))
        line.days = (today - line.oldest).days if line.oldest else 0
        lines.append(line)
    return lines


def with_due(requests):
    """`asked_until`: the day by which the last question has to be answered."""
    questions = Decision.objects.filter(outcome=Outcome.MORE_INFO).order_by("-pk")
    asked = questions.filter(request=OuterRef("pk"))
    return requests.annotate(asked_until=Subquery(asked.values("asked_until")[:1]))


@dataclass
class Row:
    request: SupportRequest
    chip: str
    due: date | None
    is_late: bool
    waits_for_second: bool


def _rows(requests) -> list[Row]:
    """Requests as lines of a list: three queries, however many."""
    proposed = Decision.objects.filter(status=DecisionStatus.PROPOSED)
    listed = requests.select_related("beneficiary__written", "process", "selection", "taken_by")
    listed = listed.prefetch_related(Prefetch("decisions", proposed, to_attr="proposed"))
    today = clock.today_in(settings.PAROLE_ZONE)
    rows = []
    for request in listed:
        asked = request.status == RequestStatus.MORE_INFO
        due = request.asked_until if asked else None
        late = due is not None and due < today
        chip = "chip-late" if late else CHIPS[request.status]
        rows.append(Row(request, chip, due, late, bool(request.proposed)))
    return rows


def own_cases(user) -> list[Row]:
    held = with_due(reviewable(user).filter(taken_by=user, status__in=IN_REVIEW))
    return _rows(held.order_by("taken_at", "pk")[:MOST])


def unanswered(user) -> list[Row]:
    """Questions whose day has passed without an answer, held by others or by nobody."""
    today = clock.today_in(settings.PAROLE_ZONE)
    asked = with_due(reviewable(user).filter(status=RequestStatus.MORE_INFO))
    late = asked.filter(asked_until__lt=today).exclude(taken_by=user)
    return _rows(late.order_by("asked_until", "pk")[:MOST])


def proposals(user):
    """Refusals that wait for a second person, the oldest first."""
    waiting = Decision.objects.filter(
        status=DecisionStatus.PROPOSED, request__status=RequestStatus.SELECTED
    ).exclude(request__owner=user)
    return waiting.select_related(
        "request__beneficiary__written", "request__process", "proposed_by"
    ).order_by("proposed_at", "pk")


def to_agree(user):
    """Of those, the ones this officer may answer."""
    if not user.has_perm(AGREE):
        return Decision.objects.none()
    return proposals(user).exclude(proposed_by=user)


def waiting(user) -> dict | None:
    """Numbers for the first page of the back office; None for roles that do not review."""
    if not user.has_perm(REVIEW):
        return None
    counted = (
        reviewable(user)
        .filter(status__in=IN_REVIEW)
        .aggregate(
            free=Count("pk", filter=Q(status=RequestStatus.SELECTED, taken_by=None)),
            own=Count("pk", filter=Q(taken_by=user)),
        )
    )
    return {**counted, "proposals": to_agree(user).count(), "url": reverse("officers:reviews")}


def case_rows(user):
    """One request with all that its review page shows of it."""
    return (
        reviewable(user)
        .select_related(
            "supporter", "beneficiary__written", "process", "selection", "owner", "taken_by",
            "decided_by", "principal__beneficiary__written",
        )
        .prefetch_related(
            "co_supporters",
            "carried",
            Prefetch("papers", Paper.objects.current(), to_attr="current_papers"),
        )
    )  # fmt: skip


def other_requests(request: SupportRequest, user):
    """What else the same account has filed, the newest first."""
    others = reviewable(user).filter(owner=request.owner_id).exclude(pk=request.pk)
    return others.select_related("beneficiary__written", "process").order_by("-pk")


def decisions_of(request: SupportRequest):
    return request.decisions.select_related("proposed_by", "closed_by")


def open_proposal(request: SupportRequest, decisions) -> Decision | None:
    """What waits for a second person; nothing does once the supporter has withdrawn."""
    waits = request.status == RequestStatus.SELECTED
    proposed = (one for one in decisions if one.status == DecisionStatus.PROPOSED)
    return next(proposed, None) if waits else None


def last_decline(decisions) -> Event | None:
    """Why a second person did not agree, while the reviewer has to think again."""
    last = decisions[0] if decisions else None
    if last is None or last.status != DecisionStatus.DECLINED:
        return None
    if last.request.status not in IN_REVIEW:  # it fell because the supporter withdrew
        return None
    return Event.objects.about(last).filter(verb=Verb.DECLINED).select_related("by").first()


def choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every decision with its reasons, as groups of one list: '<outcome>:<reason>'."""
    groups = []
    for outcome in Outcome:
        reasons = [(f"{outcome}:{code}", str(Reason(code).label)) for code in REASONS[outcome]]
        groups.append((str(outcome.label), reasons))
    return [("", [("", str(_("Choose")))]), *groups]
