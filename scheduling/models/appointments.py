from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from cbpone.audit.models import Access
from cbpone.audit.triggers import frozen, moves_along, set_once, undeletable
from cbpone.travelers.models import Traveler
from scheduling.models.places import Slot
from scheduling.models.ports import Port
from scheduling.models.registrations import Registration
from scheduling.statuses import (
    APPOINTMENT_MOVES,
    LIVE,
    AppointmentStatus,
    Disposition,
    Pool,
)

ENDED = ["completed", "changed", "cancelled", "no_show"]
# What stands of a person once their disposition is on file.
DECIDED = [
    "disposition",
    "disposed_at",
    "disposed_by_id",
    "note",
    "checked_in_at",
    "checked_in_by_id",
]


class AppointmentQuerySet(models.QuerySet):
    def live(self):
        return self.filter(status__in=LIVE)

    def visible_to(self, user):
        """Your own family's; for officers those at their ports, and of cases they were let see."""
        if not user.is_staff:
            return self.filter(registration__owner=user)
        if user.sees_every_port:
            return self
        opened = Access.objects.open_for(user).values("case")
        cases = Registration.objects.filter(reference__in=opened).values("pk")
        own = Q(slot__port__in=Port.objects.visible_to(user))
        return self.filter(own | Q(registration__in=cases))


class Appointment(models.Model):
    """Places for one family at one port and time. Made by the database function of `booking`."""

    reference = models.CharField(_("appointment number"), max_length=11, unique=True)
    registration = models.ForeignKey(
        Registration, on_delete=models.PROTECT, related_name="appointments"
    )
    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="appointments")
    pool = models.CharField(max_length=8, choices=Pool.choices, default=Pool.PUBLIC)
    places = models.PositiveSmallIntegerField(_("places"))
    status = models.CharField(
        max_length=12, choices=AppointmentStatus.choices, default=AppointmentStatus.BOOKED
    )
    booked_at = models.DateTimeField(_("booked"), db_default=Now())
    booked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True, db_default="")
    replaces = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    checked_in_at = models.DateTimeField(_("checked in"), null=True, blank=True)
    called_at = models.DateTimeField(_("called"), null=True, blank=True)
    called_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        ordering = ["-id"]
        indexes = [models.Index(fields=["slot", "status"], name="appointment_slot")]
        constraints = [
            models.UniqueConstraint(
                fields=["registration"],
                condition=Q(status__in=LIVE),
                name="appointment_one_live_a_family",
            ),
            models.CheckConstraint(
                name="appointment_status_known", condition=Q(status__in=AppointmentStatus.values)
            ),
            models.CheckConstraint(
                name="appointment_pool_known", condition=Q(pool__in=Pool.values)
            ),
            models.CheckConstraint(
                name="appointment_places_possible",
                condition=Q(places__range=(1, settings.FAMILY_MOST_PEOPLE)),
            ),
            models.CheckConstraint(
                name="appointment_ended_has_time",
                condition=Q(status__in=LIVE, ended_at=None)
                | Q(status__in=ENDED, ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="appointment_checked_in_has_time",
                condition=Q(status__in=["checked_in", "completed"], checked_in_at__isnull=False)
                | Q(status__in=["booked", "changed", "cancelled", "no_show"], checked_in_at=None),
            ),
            models.CheckConstraint(
                name="appointment_called_was_here",
                condition=Q(called_at=None, called_by=None)
                | Q(
                    status__in=["checked_in", "completed"],
                    called_at__isnull=False,
                    called_by__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="appointment_reserve_has_reason",
                condition=Q(pool="public") | ~Q(reason=""),
                violation_error_message=_("Say why this family needs the reserve."),
            ),
        ]
        triggers = [
            *undeletable(),
            moves_along(APPOINTMENT_MOVES),
            set_once("reference", "registration_id", "slot_id", "pool"),
        ]

    def __str__(self):
        return self.reference

    @property
    def case(self) -> str:
        return self.registration.reference

    @property
    def phone(self) -> str:
        return self.registration.phone

    @property
    def text_messages(self) -> bool:
        return self.registration.text_messages

    @property
    def moved_by_office(self) -> bool:
        return self.booked_by_id not in (None, self.registration.owner_id)

    @property
    def is_booked(self) -> bool:
        return self.status == AppointmentStatus.BOOKED


class Attendance(models.Model):
    """One person of an appointment: came or not, and what was decided about them."""

    appointment = models.ForeignKey(
        Appointment, on_delete=models.PROTECT, related_name="attendances"
    )
    traveler = models.ForeignKey(Traveler, on_delete=models.PROTECT, related_name="attendances")
    takes_place = models.BooleanField(
        default=True, help_text=_("An infant who joins later rides on the lap.")
    )
    left_at = models.DateTimeField(null=True, blank=True)
    checked_in_at = models.DateTimeField(_("checked in"), null=True, blank=True)
    checked_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    disposition = models.CharField(
        _("disposition"), max_length=20, choices=Disposition.choices, blank=True, default=""
    )
    disposed_at = models.DateTimeField(null=True, blank=True)
    disposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.CharField(_("note"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("person at an appointment")
        verbose_name_plural = _("people at appointments")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["appointment", "traveler"], name="attendance_once"),
            models.CheckConstraint(
                name="attendance_disposition_known",
                condition=Q(disposition__in=["", *Disposition.values]),
            ),
            models.CheckConstraint(
                name="attendance_disposed_has_who_and_when",
                condition=Q(disposition="", disposed_at=None, disposed_by=None)
                | (~Q(disposition="") & Q(disposed_at__isnull=False, disposed_by__isnull=False)),
            ),
            models.CheckConstraint(
                name="attendance_checked_in_has_who_and_when",
                condition=Q(checked_in_at=None, checked_in_by=None)
                | Q(checked_in_at__isnull=False, checked_in_by__isnull=False),
            ),
            models.CheckConstraint(
                name="attendance_disposed_was_here",
                condition=Q(disposition__in=["", Disposition.DID_NOT_COME.value])
                | Q(checked_in_at__isnull=False),
            ),
        ]
        triggers = [
            *undeletable(),
            set_once("appointment_id", "traveler_id"),
            frozen("disposition_final", *DECIDED, when="OLD.disposition <> ''"),
        ]

    def __str__(self):
        return str(self.traveler)

    @property
    def case(self) -> str:
        return self.appointment.case


class PlaceReturn(models.Model):
    """Places given up that come back to the counter when their delay is over."""

    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="returns")
    pool = models.CharField(max_length=8, choices=Pool.choices)
    places = models.PositiveSmallIntegerField()
    given_up_at = models.DateTimeField(db_default=Now())
    due_at = models.DateTimeField()
    returned_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("returned places")
        verbose_name_plural = _("returned places")
        indexes = [
            models.Index(fields=["due_at"], name="return_due", condition=Q(returned_at=None))
        ]
        constraints = [
            models.CheckConstraint(
                name="return_places_possible", condition=Q(places__range=(1, 10))
            ),
            models.CheckConstraint(name="return_pool_known", condition=Q(pool__in=Pool.values)),
        ]
        triggers = [
            *undeletable(),
            set_once("slot_id", "pool", "places", "given_up_at", "due_at", "returned_at"),
        ]

    def __str__(self):
        return f"{self.places}, {self.slot}"
