"""The queue of pairs of records that may be one person, across all ports and both processes."""

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cbpone.audit.conflicts import cases_of, relatives_of
from officers.models import Likeness
from officers.queues.base import Queue
from parole.models import Beneficiary
from scheduling.models import Member

JUDGE = "officers.judge_likeness"
SIDES = ("first", "second")


def too_near(user) -> Q:
    """Pairs with somebody of the officer's own case, of one they support, or declared."""
    cases, is_relative = cases_of(user), relatives_of(user, "traveler__")
    kin = Member.objects.present().order_by().filter(is_relative).values("registration")
    families = Member.objects.order_by().filter(
        Q(registration__owner=user) | Q(registration__reference__in=cases) | Q(registration__in=kin)
    )
    people = Beneficiary.objects.order_by().filter(
        Q(user=user)
        | Q(request__owner=user)
        | Q(guardian__user=user)
        | Q(reference__in=cases)
        | Q(request__reference__in=cases)
        | is_relative
        | relatives_of(user, "written__")
    )
    found = relatives_of(user, "first__") | relatives_of(user, "second__")
    for side in SIDES:
        who = OuterRef(side)
        found |= Q(Exists(families.filter(traveler=who)))
        found |= Q(Exists(people.filter(Q(traveler=who) | Q(written=who))))
    return found


def waits(user):
    """Likely ones first, then those found first.

    What the officer held before they declared a conflict is among it: they put it back.
    """
    rows = Likeness.objects.open()
    rows = rows.exclude(too_near(user) & (Q(taken_by=None) | ~Q(taken_by=user)))
    # "likely" stands before "possible" in the alphabet as well.
    return rows.select_related("first", "second").order_by("band", "found_at", "pk")


def photo_filter(user) -> Q:
    """For who compares: current photos of both sides of the pairs they hold."""
    if not user.has_perm(JUDGE):
        return Q(pk__in=[])
    held = Likeness.objects.open().filter(taken_by=user).exclude(too_near(user))
    sides = held.filter(Q(first=OuterRef("traveler")) | Q(second=OuterRef("traveler")))
    return Q(Exists(sides), replaced_at=None)


QUEUE = Queue(
    key="duplicates",
    title=_("Likely duplicates"),
    permission=JUDGE,
    waits=waits,
    since="found_at",
    page=lambda row: reverse("officers:likeness", args=[row.first.reference, row.second.reference]),
    label=lambda row: f"{row.first} / {row.second}",
    home="officers:queue",
)
