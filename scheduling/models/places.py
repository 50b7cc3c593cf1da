from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from cbpone.audit.triggers import append_only, frozen, set_once, undeletable
from cbpone.lib import clock
from scheduling.models.ports import Port

MOST_PLACES = 2000  # no port of entry took more than 400 people a day through the app


class Weekday(models.IntegerChoices):
    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


def _places(label, **kwargs):
    return models.PositiveSmallIntegerField(label, **kwargs)


def _places_possible(name):
    return models.CheckConstraint(
        name=name,
        condition=Q(public_places__lte=MOST_PLACES, reserve_places__lte=MOST_PLACES),
        violation_error_message=_("That is more places than a port can take."),
    )


class SlotPlan(models.Model):
    """One time batch of a port's week: how many people at which hour of which weekday."""

    port = models.ForeignKey(Port, on_delete=models.PROTECT, related_name="plan")
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday.choices)
    starts_at = models.TimeField(_("time on the port's clock"))
    public_places = _places(_("places for everyone"))
    reserve_places = _places(_("officer reserve"), default=0)

    class Meta:
        verbose_name = _("time batch of the week")
        verbose_name_plural = _("weekly plan")
        ordering = ["port", "weekday", "starts_at"]
        constraints = [
            models.UniqueConstraint(fields=["port", "weekday", "starts_at"], name="plan_once"),
            models.CheckConstraint(name="plan_weekday", condition=Q(weekday__lte=6)),
            _places_possible("plan_places_possible"),
        ]

    def __str__(self):
        return f"{self.port} {self.get_weekday_display()} {self.starts_at:%H:%M}"


class ClosureQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(reopened_at=None)


class Closure(models.Model):
    """A port takes nobody on this day, until it is opened again.

    Released places of the day stop being bookable.
    """

    port = models.ForeignKey(Port, on_delete=models.PROTECT, related_name="closures")
    day = models.DateField(_("day"))
    reason = models.CharField(_("reason"), max_length=200)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_at = models.DateTimeField(db_default=Now())
    reopened_at = models.DateTimeField(_("open again"), null=True, blank=True)
    reopened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ClosureQuerySet.as_manager()

    class Meta:
        verbose_name = _("closure")
        verbose_name_plural = _("closures")
        ordering = ["-day"]
        constraints = [
            models.UniqueConstraint(
                fields=["port", "day"], condition=Q(reopened_at=None), name="closure_once"
            ),
            models.CheckConstraint(
                name="closure_reopened_has_who_and_when",
                condition=Q(reopened_at=None, reopened_by=None)
                | Q(reopened_at__isnull=False, reopened_by__isnull=False),
            ),
        ]
        triggers = [
            *undeletable(),
            set_once("port_id", "day", "reason", "closed_by_id"),
            frozen("reopened_final", when="OLD.reopened_at IS NOT NULL"),
        ]

    def __str__(self):
        return f"{self.port} {self.day}"


class Override(models.Model):
    """Other numbers than the weekly plan for one time of one day, before it is released."""

    port = models.ForeignKey(Port, on_delete=models.PROTECT, related_name="overrides")
    day = models.DateField(_("day"))
    starts_at = models.TimeField(_("time on the port's clock"))
    public_places = _places(_("places for everyone"))
    reserve_places = _places(_("officer reserve"), default=0)
    reason = models.CharField(_("reason"), max_length=200)

    class Meta:
        verbose_name = _("override")
        verbose_name_plural = _("overrides")
        ordering = ["-day", "starts_at"]
        constraints = [
            models.UniqueConstraint(fields=["port", "day", "starts_at"], name="override_once"),
            _places_possible("override_places_possible"),
        ]

    def __str__(self):
        return f"{self.port} {self.day} {self.starts_at:%H:%M}"


class Release(models.Model):
    """What one release opened: one row a port and day, for ever."""

    port = models.ForeignKey(Port, on_delete=models.PROTECT, related_name="releases")
    day = models.DateField(_("day of the appointments"))
    due_at = models.DateTimeField(_("due"))
    released_at = models.DateTimeField(_("opened"), db_default=Now())
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    batches = models.PositiveSmallIntegerField(_("times"))
    public_places = models.PositiveIntegerField(_("places for everyone"))
    reserve_places = models.PositiveIntegerField(_("officer reserve"))
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        ordering = ["-day", "port"]
        constraints = [models.UniqueConstraint(fields=["port", "day"], name="release_once")]
        triggers = append_only()

    def __str__(self):
        return f"{self.port} {self.day}"


class SlotQuerySet(models.QuerySet):
    def bookable(self, at=None):
        """Released, open, and late enough for people to get there."""
        soonest = (at or clock.now()) + timedelta(hours=settings.BOOKING_CLOSES_HOURS)
        return self.filter(is_open=True, port__is_open=True, starts_at__gt=soonest)

    def visible_to(self, user):
        return self.filter(port__in=Port.objects.visible_to(user))


class Slot(models.Model):
    """One time at one port on one day: the counter that booking takes from."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="slots")
    port = models.ForeignKey(Port, on_delete=models.PROTECT, related_name="slots")
    day = models.DateField(_("day"))
    starts_at = models.DateTimeField(_("starts"))
    capacity = _places(_("places for everyone"))
    booked = _places(_("taken"), default=0)
    reserve_capacity = _places(_("officer reserve"), default=0)
    reserve_booked = _places(_("reserve taken"), default=0)
    is_open = models.BooleanField(_("takes bookings"), default=True)

    objects = SlotQuerySet.as_manager()

    class Meta:
        verbose_name = _("slot")
        verbose_name_plural = _("slots")
        ordering = ["starts_at", "port"]
        indexes = [models.Index(fields=["port", "day"], name="slot_port_day")]
        constraints = [
            models.UniqueConstraint(fields=["port", "starts_at"], name="slot_once"),
            models.CheckConstraint(
                name="slot_never_oversold",
                condition=Q(booked__gte=0, booked__lte=F("capacity")),
                violation_error_message=_("More places are taken than that."),
            ),
            models.CheckConstraint(
                name="slot_reserve_never_oversold",
                condition=Q(reserve_booked__gte=0, reserve_booked__lte=F("reserve_capacity")),
                violation_error_message=_("More of the reserve is taken than that."),
            ),
        ]
        triggers = [*undeletable(), set_once("port_id", "day", "starts_at", "release_id")]

    def __str__(self):
        return f"{self.port} {self.local_start:%Y-%m-%d %H:%M}"

    @property
    def local_start(self):
        """The time on the port's clock, to show. Compare `starts_at` instead."""
        return clock.wall_time(self.starts_at, self.port.zone)

    @property
    def free(self) -> int:
        return self.capacity - self.booked
