"""What comes to a port's desk without an appointment: walk-ins and urgent requests."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from cbpone.audit.triggers import frozen, moves_along, set_once, undeletable
from cbpone.travelers.models import Traveler
from scheduling.models.appointments import DECIDED, Appointment
from scheduling.models.ports import Port
from scheduling.models.registrations import Registration
from scheduling.statuses import (
    URGENT_MOVES,
    WALKIN_MOVES,
    Disposition,
    Refusal,
    Urgency,
    UrgentStatus,
    WalkInStatus,
    WhyWalkIn,
)

OFFICER: dict[str, Any] = {
    "null": True,
    "blank": True,
    "on_delete": models.PROTECT,
    "related_name": "+",
}


class WalkInQuerySet(models.QuerySet):
    def visible_to(self, user):
        """For officers those at their ports; nobody else."""
        if not user.is_staff:
            return self.none()
        if user.sees_every_port:
            return self
        return self.filter(port__in=Port.objects.visible_to(user))


class WalkIn(models.Model):
    """A family at the port without an appointment, and why. An appointment is never required."""

    reference = models.CharField(_("walk-in number"), max_length=11, unique=True)
    port = models.ForeignKey(Port, on_delete=models.PROTECT, related_name="walk_ins")
    day = models.DateField(_("day on the port's calendar"))
    status = models.CharField(
        max_length=12, choices=WalkInStatus.choices, default=WalkInStatus.WAITING
    )
    why = models.CharField(_("why no appointment"), max_length=12, choices=WhyWalkIn.choices)
    note = models.CharField(_("note"), max_length=300, blank=True)
    registration = models.ForeignKey(
        Registration, null=True, blank=True, on_delete=models.PROTECT, related_name="walk_ins"
    )
    arrived_at = models.DateTimeField(_("arrived"), db_default=Now())
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    called_at = models.DateTimeField(_("called"), null=True, blank=True)
    called_by = models.ForeignKey(settings.AUTH_USER_MODEL, **OFFICER)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = WalkInQuerySet.as_manager()

    class Meta:
        verbose_name = _("walk-in")
        verbose_name_plural = _("walk-ins")
        ordering = ["-id"]
        permissions = [("write_walkin", "Can put a walk-in on the board")]
        indexes = [models.Index(fields=["port", "day"], name="walkin_day")]
        constraints = [
            models.CheckConstraint(
                name="walkin_status_known", condition=Q(status__in=WalkInStatus.values)
            ),
            models.CheckConstraint(name="walkin_why_known", condition=Q(why__in=WhyWalkIn.values)),
            models.CheckConstraint(
                name="walkin_ended_has_time",
                condition=Q(status__in=["waiting", "called"], ended_at=None)
                | Q(status__in=["completed", "left"], ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="walkin_called_has_who_and_when",
                condition=Q(called_at=None, called_by=None) & ~Q(status="called")
                | Q(called_at__isnull=False, called_by__isnull=False) & ~Q(status="waiting"),
            ),
            models.UniqueConstraint(
                fields=["registration"],
                condition=Q(status__in=["waiting", "called"]),
                name="walkin_one_live_a_family",
                violation_error_message=_("This family is on the board already."),
            ),
        ]
        triggers = [
            *undeletable(),
            moves_along(WALKIN_MOVES),
            set_once("reference", "port_id", "day", "why", "registration_id", "written_by_id"),
        ]

    def __str__(self):
        return self.reference

    @property
    def case(self) -> str:
        return self.registration.reference if self.registration else self.reference


class WalkInPerson(models.Model):
    """One person of a walk-in family, and what was decided about them."""

    walk_in = models.ForeignKey(WalkIn, on_delete=models.PROTECT, related_name="people")
    traveler = models.ForeignKey(Traveler, on_delete=models.PROTECT, related_name="walk_ins")
    disposition = models.CharField(
        _("disposition"), max_length=20, choices=Disposition.choices, blank=True
    )
    disposed_at = models.DateTimeField(null=True, blank=True)
    disposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, **OFFICER)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("person without an appointment")
        verbose_name_plural = _("people without an appointment")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["walk_in", "traveler"], name="walkin_person_once"),
            models.CheckConstraint(
                name="walkin_disposition_known",
                condition=Q(disposition__in=["", *Disposition.values]),
            ),
            models.CheckConstraint(
                name="walkin_disposed_has_who_and_when",
                condition=Q(disposition="", disposed_at=None, disposed_by=None)
                | (~Q(disposition="") & Q(disposed_at__isnull=False, disposed_by__isnull=False)),
            ),
        ]
        triggers = [
            *undeletable(),
            set_once("walk_in_id", "traveler_id"),
            frozen("disposition_final", *DECIDED[:4], when="OLD.disposition <> ''"),
        ]

    def __str__(self):
        return str(self.traveler)

    @property
    def case(self) -> str:
        return self.walk_in.case


class UrgentQuerySet(models.QuerySet):
    def open(self):
        return self.filter(status=UrgentStatus.WAITING)

    def visible_to(self, user):
        """Your own family's; for officers those that ask for a port of theirs."""
        if not user.is_staff:
            return self.filter(registration__owner=user)
        if user.sees_every_port:
            return self
        return self.filter(port__in=Port.objects.visible_to(user))


class UrgentRequest(models.Model):
    """A family asks for a place from the reserve, with what makes it urgent in its own words."""

    registration = models.ForeignKey(
        Registration, on_delete=models.PROTECT, related_name="urgent_requests"
    )
    port = models.ForeignKey(Port, on_delete=models.PROTECT, related_name="urgent_requests")
    urgency = models.CharField(_("what is urgent"), max_length=12, choices=Urgency.choices)
    said = models.TextField(_("what happened"), max_length=1000)
    status = models.CharField(
        max_length=10, choices=UrgentStatus.choices, default=UrgentStatus.WAITING
    )
    asked_at = models.DateTimeField(_("asked"), db_default=Now())
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, **OFFICER)
    taken_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, **OFFICER)
    decided_at = models.DateTimeField(null=True, blank=True)
    refusal = models.CharField(_("reason"), max_length=12, choices=Refusal.choices, blank=True)
    letter = models.TextField(_("letter"), blank=True)
    appointment = models.OneToOneField(
        Appointment,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="urgent_request",
    )

    objects = UrgentQuerySet.as_manager()

    class Meta:
        verbose_name = _("urgent request")
        verbose_name_plural = _("urgent requests")
        ordering = ["-id"]
        permissions = [("decide_urgent", "Can decide urgent requests")]
        indexes = [
            models.Index(fields=["asked_at"], name="urgent_waits", condition=Q(status="waiting"))
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["registration"],
                condition=Q(status="waiting"),
                name="urgent_one_open_a_family",
                violation_error_message=_("Your family has asked already. An officer reads it."),
            ),
            models.CheckConstraint(
                name="urgent_status_known", condition=Q(status__in=UrgentStatus.values)
            ),
            models.CheckConstraint(
                name="urgent_urgency_known", condition=Q(urgency__in=Urgency.values)
            ),
            models.CheckConstraint(
                name="urgent_taken_has_who_and_when",
                condition=Q(taken_by=None, taken_at=None)
                | Q(taken_by__isnull=False, taken_at__isnull=False),
            ),
            models.CheckConstraint(
                name="urgent_decided_has_who_when_and_what",
                condition=Q(status__in=["waiting", "withdrawn"], decided_by=None, decided_at=None)
                & Q(refusal="", letter="", appointment=None)
                | Q(
                    status="granted",
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                    appointment__isnull=False,
                    refusal="",
                )
                | Q(
                    status="refused",
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                    appointment=None,
                    refusal__in=Refusal.values,
                )
                & ~Q(letter=""),
            ),
        ]
        triggers = [
            *undeletable(),
            moves_along(URGENT_MOVES),
            set_once("registration_id", "port_id", "urgency", "said", "asked_at"),
        ]

    def __str__(self):
        return self.registration.reference

    @property
    def case(self) -> str:
        return self.registration.reference

    @property
    def phone(self) -> str:
        return self.registration.phone

    @property
    def text_messages(self) -> bool:
        return self.registration.text_messages
