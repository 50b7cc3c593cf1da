"""What the review pages read: who waits, one's own cases, refusals for a second person."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Count, Exists, Min, OuterRef, Prefetch, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cbpone.audit.models import Event
from cbpone.audit.verbs import Verb
from cbpone.lib import clock
from officers.queues.lines import span
from officers.queues.reviews import QUEUE
from parole.choices import REASONS, Outcome, Reason
from parole.models import Beneficiary, Decision, Flag, Paper, SupportRequest
from parole.nearness import near
from parole.reviewers import AGREE, REVIEW, SUPERVISE
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
    return _of_others(SupportRequest.objects.visible_to(user), user)


def _of_others(requests, user):
    invited = Beneficiary.objects.of_user(user).values("request")
    return requests.exclude(owner=user).exclude(pk__in=invited)


def known(user):
    """Every filed request of others; `in_scope` says which of them this officer may look at."""
    in_scope = Exists(reviewable(user).filter(pk=OuterRef("pk")))
    return _of_others(SupportRequest.objects.filed(), user).annotate(in_scope=in_scope)


def outside(user):
    """Those the officer sees only after a look with a reason."""
    if not user.has_perm("parole.view_supportrequest"):
        return SupportRequest.objects.none()
    return known(user).filter(in_scope=False)


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
    is_late: bool  # the day to answer has passed
    waits_for_second: bool
    age: str  # since it was chosen
    is_old: bool  # longer than the target

    @property
    def can_be_given(self) -> bool:
        return self.request.status == RequestStatus.SELECTED and not self.waits_for_second


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
        waited = clock.now() - request.selection.ran_at
        second, is_old = bool(request.proposed), waited > QUEUE.target
        rows.append(Row(request, chip, due, late, second, span(waited), is_old))
    return rows


def own_cases(user) -> list[Row]:
    held = with_due(reviewable(user).filter(taken_by=user, status__in=IN_REVIEW))
    return _rows(held.order_by("taken_at", "pk")[:MOST])


def held_by_others(user) -> list[Row]:
    """Cases that other officers hold and go on with, the one chosen first at the top."""
    held = reviewable(user).filter(status=RequestStatus.SELECTED).exclude(taken_by=None)
    held = held.exclude(taken_by=user).order_by("selection__day", "picked_rank", "pk")
    return _rows(with_due(held)[:MOST])


def waiting_for_nobody(user) -> list[Row]:
    """Cases nobody holds yet, in their turn, for who gives out the work."""
    return _rows(with_due(QUEUE.waits(user).filter(taken_by=None))[:10])


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
    too_near = near(user, request="request__", beneficiary="request__beneficiary__")
    return proposals(user).exclude(proposed_by=user).exclude(too_near)


def late_leads(user):
    """Confirmed requests with leads that were found afterwards, for supervisors; `leads` of them.

    A lead that stood when the support was confirmed has its verdict, so what has none is later.
    """
    if not user.has_perm(SUPERVISE):
        return SupportRequest.objects.none()
    found = Flag.objects.unjudged().filter(request__status=RequestStatus.CONFIRMED)
    of_each = found.order_by().values("request").annotate(n=Count("pk"), first=Min("found_at"))
    return (
        reviewable(user)
        .filter(pk__in=found.values("request"))
        .annotate(
            leads=Subquery(of_each.filter(request=OuterRef("pk")).values("n")),
            found_at=Subquery(of_each.filter(request=OuterRef("pk")).values("first")),
        )
        .select_related("beneficiary__written", "process")
        .order_by("found_at", "pk")
    )


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
    """What else the same account has filed, the newest first; see `known`."""
    others = known(user).filter(owner=request.owner_id).exclude(pk=request.pk)
    return others.select_related("beneficiary__written", "process").order_by("-pk")


def count_others(others) -> dict:
    """How many there are, and how many of them are outside the officer's scope."""
    closed = Count("pk", filter=Q(in_scope=False))
    return others.order_by().aggregate(other_count=Count("pk"), outside_count=closed)


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
