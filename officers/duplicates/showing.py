"""Pairs as other pages name them, and who may open which."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse

from cbpone.audit.holding import ASSIGN
from cbpone.travelers.models import Traveler
from officers.duplicates.records import case_of
from officers.duplicates.sides import Side
from officers.models import Likeness
from officers.queues.duplicates import QUEUE, too_near
from officers.statuses import Band
from parole.models import Beneficiary, SupportRequest
from scheduling.models import Member, Registration

CHIPS = {Band.LIKELY: "chip-late", Band.POSSIBLE: "chip-todo"}


@dataclass
class Resemblance:
    """Somebody of a family, and the case with somebody like them."""

    row: Likeness
    person: Traveler
    other: Traveler
    case: str
    url: str

    @property
    def chip(self) -> str:
        return "chip-gone" if self.row.verdict else CHIPS[Band(self.row.band)]


def may_open(user, row: Likeness, sides: list[Side]) -> bool:
    """Who holds or judged it, who gives out the work, and who works on one of the two cases."""
    if user.pk in (row.taken_by_id, row.judged_by_id) or user.has_perm(ASSIGN):
        return True
    return any(_is_in_scope(user, side) for side in sides)


def _is_in_scope(user, side: Side) -> bool:
    visible = (
        Registration.objects.visible_to(user).filter(reference__in=side.cases),
        Beneficiary.objects.visible_to(user).filter(reference__in=side.cases),
        SupportRequest.objects.visible_to(user).filter(reference__in=side.cases),
    )
    return any(rows.exists() for rows in visible)


def of_registration(registration: Registration, user) -> list[Resemblance]:
    """For the page of a family's case: whom its people are like."""
    return of_people(registration.people().values_list("traveler", flat=True), user)


def of_people(travelers: Iterable[int | None], user) -> list[Resemblance]:
    """Whom the travelers of a case are like, likely ones first.

    Empty for who does not compare people, and without what they stand too near to. The same
    number of queries, however many there are.
    """
    if not QUEUE.is_for(user):
        return []
    family = {key for key in travelers if key}
    rows = Likeness.objects.filter(Q(first__in=family) | Q(second__in=family))
    rows = rows.exclude(too_near(user)).select_related("first", "second", "judged_by")
    pairs = [(row, *_own_first(row, family)) for row in rows.order_by("band", "-score", "pk")]
    cases = _cases_of({other.pk for _row, _own, other in pairs})
    return [
        Resemblance(row, own, other, cases.get(other.pk, ""), _url(row))
        for row, own, other in pairs
    ]


def _own_first(row: Likeness, family: set[int]) -> tuple[Traveler, Traveler]:
    return (row.first, row.second) if row.first_id in family else (row.second, row.first)


def _cases_of(travelers: set[int]) -> dict[int | None, str]:
    members = Member.objects.filter(traveler__in=travelers).select_related("registration")
    found: dict[int | None, str] = {
        member.traveler_id: member.registration.reference for member in members
    }
    named = Q(traveler__in=travelers) | Q(written__in=travelers)
    for case in Beneficiary.objects.filter(named).select_related("request"):
        found |= {case.traveler_id: case_of(case), case.written_id: case_of(case)}
    return found


def _url(row: Likeness) -> str:
    return reverse("officers:likeness", args=[row.first.reference, row.second.reference])
