from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from cbpone.audit.triggers import set_once, undeletable
from cbpone.photos.statuses import GroupKind, Measure


class PhotoFigure(models.Model):
    """What happened to the photos of one group on one day (UTC). Counts; nobody is named.

    `attempts` are pictures that came, kept or refused; `checked` those a machine looked at,
    `hinted` those it had any advice for; `at_port` are people whose photo an officer takes.
    """

    day = models.DateField()
    kind = models.CharField(max_length=11, choices=GroupKind.choices)
    group = models.CharField(max_length=40)
    attempts = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    checked = models.PositiveIntegerField(default=0)
    hinted = models.PositiveIntegerField(default=0)
    face_not_found = models.PositiveIntegerField(default=0)
    at_port = models.PositiveIntegerField(default=0)
    by_finding = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("figures of photos")
        verbose_name_plural = _("figures of photos")
        constraints = [
            models.UniqueConstraint(
                fields=["day", "kind", "group"], name="photo_figure_once_a_day"
            ),
            models.CheckConstraint(
                name="photo_figure_kind_known", condition=Q(kind__in=GroupKind.values)
            ),
            models.CheckConstraint(
                name="photo_figure_adds_up",
                condition=Q(
                    refused__lte=F("attempts"),
                    checked__lte=F("attempts") - F("refused"),
                    hinted__lte=F("checked"),
                    face_not_found__lte=F("hinted"),
                ),
            ),
        ]

    def __str__(self):
        return f"{self.day} {self.kind} {self.group}"


class PhotoDrift(models.Model):
    """One group whose photos fare otherwise than those of all others. Shares in per mille."""

    kind = models.CharField(_("kind of group"), max_length=11, choices=GroupKind.choices)
    group = models.CharField(_("group"), max_length=40)
    measure = models.CharField(_("what differs"), max_length=14, choices=Measure.choices)
    share = models.PositiveSmallIntegerField()
    others = models.PositiveSmallIntegerField()
    counted = models.PositiveIntegerField()
    found_at = models.DateTimeField(db_default=Now())
    renewed_at = models.DateTimeField(db_default=Now())
    seen_at = models.DateTimeField(null=True, blank=True)
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.CharField(max_length=1000, blank=True)

    class Meta:
        verbose_name = _("difference between groups")
        verbose_name_plural = _("differences between groups")
        permissions = [("judge_photodrift", "Can look into differences between groups")]
        constraints = [
            models.CheckConstraint(
                name="photo_drift_kind_known", condition=Q(kind__in=GroupKind.values)
            ),
            models.CheckConstraint(
                name="photo_drift_measure_known", condition=Q(measure__in=Measure.values)
            ),
            models.CheckConstraint(
                name="photo_drift_shares_possible",
                condition=Q(share__range=(0, 1000), others__range=(0, 1000)),
            ),
            models.CheckConstraint(
                name="photo_drift_seen_has_who_and_why",
                condition=Q(seen_at=None, seen_by=None, note="")
                | (Q(seen_at__isnull=False, seen_by__isnull=False) & ~Q(note="")),
            ),
            models.UniqueConstraint(
                fields=["kind", "group", "measure"],
                condition=Q(seen_at=None),
                name="photo_drift_open_once",
            ),
        ]
        triggers = [*undeletable(), set_once("seen_at", "seen_by_id")]

    def __str__(self):
        return f"{self.kind} {self.group}: {self.measure}"

    @property
    def gap(self) -> int:
        return self.share - self.others
