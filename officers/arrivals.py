"""Arrivals as an airport sees them: its list of today, and one person in full."""

from dataclasses import dataclass
from datetime import time, timedelta

from django.db.models import Prefetch, Q
from django.urls import reverse

from cbpone.lib import clock
from cbpone.photos.models import Photo
from parole.arrival import INSPECT
from parole.choices import PaperKind
from parole.models import Airport, Arrival, Authorization, Beneficiary, Paper

CHIPS = {"valid": "chip-now", "used": "chip-done", "expired": "chip-late", "cancelled": "chip-gone"}
PEOPLE_CHIPS = {"travelled": "chip-now", "paroled": "chip-done", "parole_denied": "chip-gone"}


def waiting(user) -> dict | None:
    """For the first page of the back office; None for whom arrivals are no work."""
    if not user.has_perm(INSPECT):
        return None
    return {
        "undecided": Arrival.objects.filter(decided_at=None).count(),
        "url": reverse("officers:airport"),
    }


def _current_photos(path: str) -> Prefetch:
    return Prefetch(path, Photo.objects.filter(replaced_at=None), to_attr="current")


@dataclass
class Line:
    """One arrival in the list of an airport."""

    arrival: Arrival
    is_from_before: bool

    @property
    def case(self) -> Beneficiary:
        return self.arrival.beneficiary

    @property
    def at(self):
        return clock.wall_time(self.arrival.arrived_at, self.arrival.airport.zone)

    @property
    def chip(self) -> str:
        return PEOPLE_CHIPS[self.case.status]

    @property
    def until(self):
        i94 = getattr(self.arrival, "i94", None)
        return i94.admitted_until if i94 else None


def arrivals_at(airport: Airport) -> list[Line]:
    """Of today on the airport's calendar, and whoever still waits from the days before."""
    today = clock.today_in(airport.zone)
    start = clock.wall_clock(today, time(0), airport.zone)
    end = clock.wall_clock(today + timedelta(days=1), time(0), airport.zone)
    rows = (
        Arrival.objects.filter(airport=airport, arrived_at__lt=end)
        .filter(Q(arrived_at__gte=start) | Q(decided_at=None))
        .select_related("airport", "i94", "authorization__beneficiary__traveler")
        .prefetch_related(_current_photos("authorization__beneficiary__traveler__photos"))
        .order_by("arrived_at", "pk")
    )
    return [Line(row, row.arrived_at < start) for row in rows]


def people(user):
    """Authorizations this officer may open, each with all that its page shows.

    Not of people the officer supports: a supporter never sees what a beneficiary says.
    """
    papers = Paper.objects.current().filter(kind__in=["passport", "relationship"]).order_by("id")
    wards = Beneficiary.objects.exclude(traveler=None).select_related("traveler").order_by("id")
    return (
        Authorization.objects.filter(
            beneficiary__in=Beneficiary.objects.visible_to(user).values("pk")
        )
        .exclude(beneficiary__request__owner=user)
        .select_related(
            "beneficiary__traveler",
            "beneficiary__request",
            "beneficiary__guardian__traveler",
            "arrival__airport",
            "arrival__decided_by",
            "arrival__i94",
        )
        .prefetch_related(
            _current_photos("beneficiary__traveler__photos"),
            Prefetch("beneficiary__papers", papers, to_attr="shown"),
            Prefetch("beneficiary__wards", wards.prefetch_related("authorizations")),
            "beneficiary__guardian__authorizations",
        )
    )


def passport_pictures(case: Beneficiary) -> list[Paper]:
    """Of what people() read: pages that can stand beside the photo. A PDF is opened by its link."""
    papers: list[Paper] = getattr(case, "shown", [])
    return [one for one in papers if one.kind == PaperKind.PASSPORT and one.format == "JPEG"]


@dataclass
class Relative:
    """Somebody of the family, with the authorization that counts, if there is one."""

    case: Beneficiary
    authorization: Authorization | None
    is_guardian: bool

    @property
    def chip(self) -> str:
        return PEOPLE_CHIPS.get(self.case.status, "chip-todo")


def family_of(case: Beneficiary) -> list[Relative]:
    """The parent or guardian of a child, the children of a grown-up."""
    others = [(case.guardian, True)] if case.guardian else []
    others += [(child, False) for child in case.wards.all()]
    return [
        Relative(one, next(iter(one.authorizations.all()), None), is_guardian)
        for one, is_guardian in others
    ]


def with_photos(found):
    """People who were found by name, for a list."""
    return found.select_related("beneficiary__traveler").prefetch_related(
        _current_photos("beneficiary__traveler__photos")
    )
