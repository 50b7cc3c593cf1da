"""The four processes, and the months in which travel is authorized under their caps."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from cbpone.audit.triggers import frozen, moves_along, set_once, undeletable
from parole.statuses import CAP_CHANGE_MOVES, CapChangeStatus


class ProcessQuerySet(models.QuerySet):
    def open_on(self, day):
        return self.filter(opens_on__lte=day).filter(Q(closed_on=None) | Q(closed_on__gt=day))


class Process(models.Model):
    """The parole process of one nationality, with the dates of its Federal Register notice."""

    country = CountryField(_("nationality"), unique=True)
    letter = models.CharField(
        max_length=1, unique=True, help_text=_("Stands for the nationality in published draws.")
    )
    opens_on = models.DateField(_("open since"))
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    irregular_entry_after = models.DateField(
        _("bars who entered irregularly after"),
        help_text=_("Into the United States, Mexico or Panama, between ports of entry."),
    )
    interdicted_after = models.DateField(
        _("bars who was stopped at sea after"), null=True, blank=True
    )
    source = models.CharField(_("where it is written"), max_length=120)

    objects = ProcessQuerySet.as_manager()

    class Meta:
        verbose_name = _("parole process")
        verbose_name_plural = _("parole processes")
        ordering = ["id"]
        permissions = [
            ("propose_cap", "Can propose another cap"),
            ("agree_cap", "Can agree to a cap somebody else proposed"),
        ]
        constraints = [
            models.CheckConstraint(
                name="process_closes_after_it_opens",
                condition=Q(closed_on=None) | Q(closed_on__gt=F("opens_on")),
            ),
            models.CheckConstraint(
                name="process_letter_is_one", condition=Q(letter__regex=r"^[A-Z]$")
            ),
        ]

    def __str__(self):
        return str(self.country.name)

    @property
    def slug(self) -> str:
        return str(self.country).lower()


class MonthlyCapQuerySet(models.QuerySet):
    def of_month(self, month):
        return self.filter(month=month)

    def that_bind(self, month, process):
        """The row for all nationalities, and the own row where a supervisor set one."""
        return self.filter(Q(process=None) | Q(process=process), month=month)


class MonthlyCap(models.Model):
    """How many people may be authorized to travel in one month; `process` None = all together.

    Authorizations count, filings do not. `quota` is how many requests are chosen for review in
    the month (None: no own quota), `selected` how many were. Months are those of Washington.
    """

    month = models.DateField(_("month"), help_text=_("Its first day."))
    process = models.ForeignKey(
        Process, null=True, blank=True, on_delete=models.PROTECT, related_name="caps"
    )
    cap = models.PositiveIntegerField(_("cap"))
    used = models.PositiveIntegerField(_("authorized"), db_default=0)
    quota = models.PositiveIntegerField(_("requests to review"), null=True, blank=True)
    selected = models.PositiveIntegerField(_("chosen for review"), db_default=0)
    opened_at = models.DateTimeField(db_default=Now())
    reported_at = models.DateTimeField(
        null=True, blank=True, help_text=_("The month is over; its numbers stay as they are.")
    )

    objects = MonthlyCapQuerySet.as_manager()

    class Meta:
        verbose_name = _("monthly cap")
        verbose_name_plural = _("monthly caps")
        ordering = ["-month", F("process_id").asc(nulls_first=True)]
        constraints = [
            models.UniqueConstraint(
                fields=["month", "process"], name="cap_once_a_month", nulls_distinct=False
            ),
            models.CheckConstraint(name="cap_never_passed", condition=Q(used__lte=F("cap"))),
            models.CheckConstraint(
                name="quota_never_passed", condition=Q(quota=None) | Q(selected__lte=F("quota"))
            ),
            models.CheckConstraint(name="cap_month_is_its_first_day", condition=Q(month__day=1)),
            models.CheckConstraint(
                name="quota_of_all_is_set", condition=~Q(process=None) | Q(quota__isnull=False)
            ),
        ]
        triggers = [
            *undeletable(),
            set_once("month", "process_id", "reported_at"),
            frozen(
                "reported", "cap", "used", "quota", "selected", when="OLD.reported_at IS NOT NULL"
            ),
        ]

    def __str__(self):
        return f"{self.month:%Y-%m} {self.process or _('all nationalities')}"

    @property
    def left(self) -> int:
        return self.cap - self.used


class CapChange(models.Model):
    """One person proposes another cap with a reason; a second one agrees, or does not."""

    month = models.DateField(_("from this month on"))
    process = models.ForeignKey(
        Process,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("nationality"),
    )
    cap = models.PositiveIntegerField(_("new cap"))
    quota = models.PositiveIntegerField(_("requests to review"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300)
    status = models.CharField(
        max_length=10, choices=CapChangeStatus.choices, default=CapChangeStatus.PROPOSED
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField(db_default=Now())
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("change of a cap")
        verbose_name_plural = _("changes of caps")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="cap_change_status_known", condition=Q(status__in=CapChangeStatus.values)
            ),
            models.CheckConstraint(
                name="cap_change_by_two_people",
                condition=~Q(status="agreed") | ~Q(closed_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="cap_change_closed_has_who_and_when",
                condition=Q(status="proposed", closed_by=None, closed_at=None)
                | (~Q(status="proposed") & Q(closed_by__isnull=False, closed_at__isnull=False)),
            ),
            models.CheckConstraint(name="cap_change_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="cap_change_month_is_its_first_day", condition=Q(month__day=1)
            ),
            models.UniqueConstraint(
                fields=["month", "process"],
                condition=Q(status="proposed"),
                name="cap_change_one_proposed",
                nulls_distinct=False,
            ),
        ]
        triggers = [
            *undeletable(),
            moves_along(CAP_CHANGE_MOVES),
            set_once("month", "process_id", "cap", "quota", "reason", "proposed_by_id"),
        ]

    def __str__(self):
        return f"{self.month:%Y-%m} {self.process or _('all nationalities')}: {self.cap}"
