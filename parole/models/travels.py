"""Travel authorization, arrival at an airport, and the I-94 record."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from cbpone.audit.triggers import append_only, moves_along, set_once, undeletable
from cbpone.lib import clock
from parole.choices import ArrivalDenial, DenialReason, LetterAbout
from parole.models.beneficiaries import Beneficiary
from parole.models.processes import Process
from parole.statuses import AUTHORIZATION_MOVES, AuthorizationStatus

VALID_DAYS = 90  # an authorization, from the day it is given (domain: CHNV notices)
TB_WITHIN = timedelta(days=90)  # a blood test (IGRA), after arrival (the same notices)
PAROLE_LONGEST = timedelta(days=731)  # two years, a leap day included


class Airport(models.Model):
    """An airport inside the country where people who fly in are inspected. Codes: IATA."""

    code = models.CharField(max_length=3, unique=True)
    name = models.CharField(_("name"), max_length=80)
    city = models.CharField(_("city"), max_length=60)
    state = models.CharField(_("state"), max_length=2)
    zone = models.CharField(_("time zone"), max_length=40)
    zone_name = models.CharField(_("what the time is called"), max_length=40)

    class Meta:
        verbose_name = _("airport")
        verbose_name_plural = _("airports")
        ordering = ["city", "code"]
        permissions = [
            ("inspect_arrival", "Can check people in at an airport and decide on parole")
        ]

    def __str__(self):
        return f"{self.city} ({self.code})"


class Authorization(models.Model):
    """Advance travel authorization: counts against the caps of its month, valid 90 days."""

    reference = models.CharField(_("authorization number"), max_length=11, unique=True)
    beneficiary = models.ForeignKey(
        Beneficiary, on_delete=models.PROTECT, related_name="authorizations"
    )
    process = models.ForeignKey(Process, on_delete=models.PROTECT, related_name="+")
    month = models.DateField(_("counts for the month"))
    status = models.CharField(
        max_length=9, choices=AuthorizationStatus.choices, default=AuthorizationStatus.VALID
    )
    approved_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    valid_until = models.DateField(_("valid through this day"))
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(max_length=12, blank=True)
    given_back = models.BooleanField(_("the number went back to its month"), default=False)

    class Meta:
        verbose_name = _("travel authorization")
        verbose_name_plural = _("travel authorizations")
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["valid_until"], name="authorization_due", condition=Q(status="valid")
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["beneficiary"],
                condition=Q(status__in=["valid", "used"]),
                name="authorization_one_live",
            ),
            models.CheckConstraint(
                name="authorization_status_known",
                condition=Q(status__in=AuthorizationStatus.values),
            ),
            models.CheckConstraint(
                name="authorization_reason_known",
                condition=Q(reason__in=["", *DenialReason.values]),
            ),
            models.CheckConstraint(
                name="authorization_month_is_its_first_day", condition=Q(month__day=1)
            ),
            models.CheckConstraint(
                name="authorization_ended_has_time",
                condition=Q(status="valid", ended_at=None)
                | (~Q(status="valid") & Q(ended_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="authorization_used_is_not_given_back",
                condition=Q(given_back=False) | Q(status__in=["expired", "cancelled"]),
            ),
        ]
        triggers = [
            *undeletable(),
            moves_along(AUTHORIZATION_MOVES),
            set_once(
                "reference", "beneficiary_id", "process_id", "month", "approved_at",
                "approved_by_id", "valid_until",
            ),
        ]  # fmt: skip

    def __str__(self):
        return self.reference

    @property
    def case(self) -> str:
        return self.beneficiary.reference

    @property
    def phone(self) -> str:
        return self.beneficiary.phone

    @property
    def text_messages(self) -> bool:
        return self.beneficiary.text_messages


class TravelLetter(models.Model):
    """What a travel officer wrote to the person with a decision, word for word."""

    beneficiary = models.ForeignKey(Beneficiary, on_delete=models.PROTECT, related_name="letters")
    about = models.CharField(max_length=9, choices=LetterAbout.choices)
    letter = models.TextField(_("letter"))
    language = models.CharField(max_length=10, default="en")
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("letter about travel")
        verbose_name_plural = _("letters about travel")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="travelletter_about_known", condition=Q(about__in=LetterAbout.values)
            ),
            models.CheckConstraint(name="travelletter_says_something", condition=~Q(letter="")),
        ]
        triggers = append_only()

    def __str__(self):
        return self.get_about_display()

    @property
    def case(self) -> str:
        return self.beneficiary.reference

    @property
    def status(self) -> str:
        """Where the case stands: a letter that is late for it is not sent any more."""
        return self.beneficiary.status

    @property
    def phone(self) -> str:
        return self.beneficiary.phone

    @property
    def text_messages(self) -> bool:
        return self.beneficiary.text_messages


class Arrival(models.Model):
    """The person stood at an airport and was inspected."""

    authorization = models.OneToOneField(
        Authorization, on_delete=models.PROTECT, related_name="arrival"
    )
    airport = models.ForeignKey(Airport, on_delete=models.PROTECT, related_name="arrivals")
    arrived_at = models.DateTimeField()
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    denial = models.CharField(max_length=18, choices=ArrivalDenial.choices, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    tb_reported_on = models.DateField(_("day of the tuberculosis test"), null=True, blank=True)

    class Meta:
        verbose_name = _("arrival")
        verbose_name_plural = _("arrivals")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["airport", "arrived_at"], name="arrival_day"),
            models.Index(
                fields=["arrived_at"], name="arrival_undecided", condition=Q(decided_at=None)
            ),
            models.Index(
                fields=["arrived_at"],
                name="arrival_tb_due",
                condition=Q(decided_at__isnull=False, denial="", tb_reported_on=None),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="arrival_decided_has_who_and_when",
                condition=Q(decided_at=None, decided_by=None, denial="")
                | Q(decided_at__isnull=False, decided_by__isnull=False),
            ),
            models.CheckConstraint(
                name="arrival_denial_known", condition=Q(denial__in=["", *ArrivalDenial.values])
            ),
        ]
        triggers = [
            *undeletable(),
            set_once("authorization_id", "airport_id", "arrived_at", "decided_at"),
        ]

    def __str__(self):
        return str(self.authorization)

    @property
    def day(self):
        """The calendar day at the airport, which every date of the parole counts from."""
        return clock.today_in(self.airport.zone, self.arrived_at)

    @property
    def tb_due_on(self):
        return self.day + TB_WITHIN

    @property
    def beneficiary(self) -> Beneficiary:
        return self.authorization.beneficiary

    @property
    def case(self) -> str:
        return self.beneficiary.reference

    @property
    def phone(self) -> str:
        return self.beneficiary.phone

    @property
    def text_messages(self) -> bool:
        return self.beneficiary.text_messages


class I94(models.Model):
    """The I-94 record of a parole. Eleven characters: nine digits, a letter, a digit."""

    number = models.CharField(_("I-94 number"), max_length=11, unique=True)
    arrival = models.OneToOneField(Arrival, on_delete=models.PROTECT, related_name="i94")
    class_of_admission = models.CharField(max_length=2, default="DT")
    admitted_on = models.DateField(_("paroled on"))
    admitted_until = models.DateField(_("parole ends"))
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("I-94 record")
        verbose_name_plural = _("I-94 records")
        indexes = [models.Index(fields=["admitted_until"], name="i94_ending")]
        constraints = [
            models.CheckConstraint(
                name="i94_number_is_one", condition=Q(number__regex=r"^[0-9]{9}[A-Z][0-9]$")
            ),
            models.CheckConstraint(
                name="i94_at_most_two_years",
                condition=Q(
                    admitted_until__gt=F("admitted_on"),
                    admitted_until__lte=F("admitted_on") + PAROLE_LONGEST,
                ),
            ),
        ]
        triggers = append_only()

    def __str__(self):
        return self.number

    @property
    def case(self) -> str:
        return self.arrival.case
