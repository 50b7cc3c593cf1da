from datetime import timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cbpone.lib import clock


class PortQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Officers see the ports they are posted to; auditors and superusers see all."""
        if not user.is_staff:
            return self.none()
        if user.sees_every_port:
            return self
        now = clock.now()
        # Calendar days of the ports, which are up to eight hours behind the day in UTC.
        held = Q(posts__until=None) | Q(posts__until__gte=(now - timedelta(hours=8)).date())
        return self.filter(held, posts__officer=user, posts__since__lte=now.date()).distinct()


class Port(models.Model):
    """A port of entry. Codes, offices and zones: CBP port list and IANA time zones."""

    code = models.CharField(max_length=4, unique=True)
    slug = models.SlugField(unique=True)
    name = models.CharField(_("name"), max_length=60)
    state = models.CharField(_("state"), max_length=2)
    field_office = models.CharField(_("field office"), max_length=40)
    zone = models.CharField(_("time zone"), max_length=40)
    zone_name = models.CharField(
        _("what the time is called"), max_length=40, help_text=_("As in: San Diego time.")
    )
    mexican_city = models.CharField(_("city on the Mexican side"), max_length=60)
    site = models.CharField(_("where to go"), max_length=120)
    is_open = models.BooleanField(_("takes bookings"), default=True)

    objects = PortQuerySet.as_manager()

    class Meta:
        verbose_name = _("port of entry")
        verbose_name_plural = _("ports of entry")
        ordering = ["name"]
        permissions = [
            ("check_in_appointment", "Can check people in"),
            ("dispose_attendance", "Can record a disposition"),
            ("book_reserve", "Can book the officer reserve"),
            ("find_registration", "Can find a registration by its number"),
            ("view_every_port", "Can look at every port"),
        ]

    def __str__(self):
        return self.name

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)


class Post(models.Model):
    """An officer works at a port from a day on, until a day or until further notice."""

    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="posts",
        limit_choices_to={"is_staff": True},
    )
    port = models.ForeignKey(Port, on_delete=models.PROTECT, related_name="posts")
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["port", "officer"]
        constraints = [
            models.UniqueConstraint(
                fields=["officer", "port"], condition=Q(until=None), name="post_once_at_a_time"
            ),
            models.CheckConstraint(
                name="post_ends_after_it_begins",
                condition=Q(until=None) | Q(until__gte=models.F("since")),
                violation_error_message=_("The last day must be after the first."),
            ),
        ]

    def __str__(self):
        return f"{self.officer}, {self.port}"
