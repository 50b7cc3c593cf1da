"""The queue of photos that wait for an officer to look at them. Nothing waits for the officer:
people book and travel meanwhile.
"""

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cbpone.audit.conflicts import cases_of, relatives_of
from cbpone.audit.models import Conflict
from cbpone.lib import clock
from cbpone.photos.models import Photo
from officers.queues.base import Queue
from parole.models import Beneficiary
from parole.nearness import near
from parole.statuses import WITH_PHOTO
from scheduling.models import Attendance, Member, WalkInPerson
from scheduling.statuses import AppointmentStatus, Disposition, RegistrationStatus

REVIEW = "photos.review_photo"
SIGNED = (RegistrationStatus.REGISTERED, RegistrationStatus.CHANGING)
NOT_SEEN = ("", Disposition.DID_NOT_COME, Disposition.TURNED_BACK)
OF_SAME = {"traveler": OuterRef("traveler")}


def waiting():
    """Current photos nobody has judged, of people who signed or sent everything and are not
    through yet. `due_at` is when their appointment begins, if one is booked.
    """
    family = Member.objects.filter(
        **OF_SAME,
        left_at=None,
        registration__status__in=SIGNED,
        registration__seniority_at__isnull=False,
    )
    case = Beneficiary.objects.filter(**OF_SAME, status__in=WITH_PHOTO)
    at_desk = Attendance.objects.filter(**OF_SAME).exclude(disposition__in=NOT_SEEN)
    as_walk_in = WalkInPerson.objects.filter(**OF_SAME).exclude(disposition__in=NOT_SEEN)
    return (
        Photo.objects.waiting()
        .filter(Exists(family) | Exists(case))
        .exclude(Exists(at_desk) | Exists(as_walk_in))
        .annotate(due_at=Subquery(_coming().values("slot_start")[:1]))
    )


def _coming():
    booked = Attendance.objects.filter(
        **OF_SAME,
        left_at=None,
        appointment__status=AppointmentStatus.BOOKED,
        appointment__slot__starts_at__gt=clock.now(),
    )
    return booked.annotate(slot_start=F("appointment__slot__starts_at")).order_by("slot_start")


def _too_near(user) -> Q:
    """Photos of their own family, of people they support, and of declared conflicts."""
    own = Q(traveler__in=_own_people(user))
    if not Conflict.objects.of(user).exists():
        return own
    members, cases = Member.objects.filter(**OF_SAME), Beneficiary.objects.filter(**OF_SAME)
    kin = Member.objects.present().order_by().filter(relatives_of(user, "traveler__"))
    return (
        own
        | Q(Exists(members.filter(registration__reference__in=cases_of(user))))
        | Q(Exists(members.filter(registration__in=kin.values("registration"))))
        | Q(Exists(cases.filter(near(user, request="request__", beneficiary=""))))
    )


def _own_people(user) -> list[int]:
    """Travelers of the officer's own registration and cases, mostly none. Read once, or the
    database would look for them at every photo.
    """
    members, cases = Member.objects.order_by(), Beneficiary.objects.order_by()
    family = members.filter(registration__owner=user)
    own = [cases.filter(user=user), cases.filter(request__owner=user)]
    own += [cases.filter(guardian__user=user)]
    found = family.values_list("traveler").union(*[rows.values_list("traveler") for rows in own])
    return [traveler for (traveler,) in found if traveler]


def waits(user):
    """People with an appointment first, the soonest first; then who has waited longest.

    What the officer held before they declared a conflict is among it: they put it back.
    """
    rows = waiting().exclude(_too_near(user) & (Q(taken_by=None) | ~Q(taken_by=user)))
    return rows.select_related("traveler").order_by(
        F("due_at").asc(nulls_last=True), "added_at", "pk"
    )


def photo_filter(user) -> Q:
    """For reviewers: every photo, old ones too, of people whose photo they may judge now."""
    if not user.has_perm(REVIEW):
        return Q(pk__in=[])
    judged = waiting().exclude(_too_near(user)).order_by().filter(**OF_SAME)
    return Q(Exists(judged))


QUEUE = Queue(
    key="photos",
    title=_("Photos"),
    permission=REVIEW,
    waits=waits,
    since="added_at",
    page=lambda row: reverse("officers:photo_review", args=[row.reference]),
    label=lambda row: str(row.traveler),
    home="officers:queue",
)
