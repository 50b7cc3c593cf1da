"""The queue of families who ask for a place from the reserve, at the ports of the officer."""

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cbpone.audit.conflicts import cases_of, relatives_of
from officers.queues.base import Queue
from scheduling.models import Member, UrgentRequest
from scheduling.statuses import RegistrationStatus

DECIDE = "scheduling.decide_urgent"


def _too_near(user) -> Q:
    """The officer's own family, and what they declared."""
    kin = Member.objects.present().order_by().filter(relatives_of(user, "traveler__"))
    return (
        Q(registration__owner=user)
        | Q(registration__reference__in=cases_of(user))
        | Q(Exists(kin.filter(registration=OuterRef("registration"))))
    )


def waits(user):
    """The oldest first. A family that has withdrawn everything waits for nothing.

    What the officer held before they declared a conflict is among it: they put it back.
    """
    rows = UrgentRequest.objects.open().visible_to(user)
    rows = rows.exclude(registration__status=RegistrationStatus.WITHDRAWN)
    rows = rows.exclude(_too_near(user) & (Q(taken_by=None) | ~Q(taken_by=user)))
    return rows.select_related("registration", "port").order_by("asked_at", "pk")


def photo_filter(user) -> Q:
    """For officers who answer: photos of families who ask at a port of theirs."""
    if not user.has_perm(DECIDE):
        return Q(pk__in=[])
    asked = UrgentRequest.objects.visible_to(user).exclude(_too_near(user)).order_by()
    family = Member.objects.present().order_by().filter(traveler=OuterRef("traveler"))
    seen = family.filter(registration__in=asked.values("registration"))
    return Q(Exists(seen), replaced_at=None)


QUEUE = Queue(
    key="urgent",
    title=_("Urgent requests"),
    permission=DECIDE,
    waits=waits,
    since="asked_at",
    page=lambda row: reverse("officers:urgent", args=[row.registration.reference]),
    label=lambda row: f"{row.registration.reference}: {row.get_urgency_display()}",
    home="officers:queue",
)
