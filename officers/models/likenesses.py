from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from cbpone.audit.triggers import frozen, set_once, undeletable
from cbpone.travelers.models import Traveler
from officers.statuses import Band, LikenessVerdict

LIKELY_FROM = 80  # points of 100
POSSIBLE_FROM = 55
OFFICER: dict[str, Any] = {
    "null": True,
    "blank": True,
    "on_delete": models.PROTECT,
    "related_name": "+",
}


class LikenessQuerySet(models.QuerySet):
    def open(self):
        return self.filter(verdict="")


class Likeness(models.Model):
    """Two records that may be one person, at whatever ports. A person says whether they are.

    `score` is 0 to 100; `signals` name what is alike, as in officers.duplicates.
    """

    first = models.ForeignKey(Traveler, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Traveler, on_delete=models.PROTECT, related_name="+")
    score = models.PositiveSmallIntegerField(_("points"))
    band = models.CharField(_("how alike"), max_length=8, choices=Band.choices)
    signals = ArrayField(models.CharField(max_length=12), default=list)
    found_at = models.DateTimeField(_("found"), db_default=Now())
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, **OFFICER)
    taken_at = models.DateTimeField(null=True, blank=True)
    verdict = models.CharField(
        _("verdict"), max_length=10, choices=LikenessVerdict.choices, blank=True
    )
    note = models.CharField(_("why"), max_length=300, blank=True)
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, **OFFICER)
    judged_at = models.DateTimeField(null=True, blank=True)

    objects = LikenessQuerySet.as_manager()

    class Meta:
        verbose_name = _("likely duplicate")
        verbose_name_plural = _("likely duplicates")
        ordering = ["-id"]
        permissions = [("judge_likeness", "Can judge likely duplicates")]
        indexes = [
            models.Index(
                fields=["band", "found_at"], name="likeness_to_judge", condition=Q(verdict="")
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="likeness_once_a_pair"),
            models.CheckConstraint(
                name="likeness_pair_ordered", condition=Q(first__lt=F("second"))
            ),
            models.CheckConstraint(
                name="likeness_band_follows_score",
                condition=Q(band="likely", score__range=(LIKELY_FROM, 100))
                | Q(band="possible", score__range=(POSSIBLE_FROM, LIKELY_FROM - 1)),
            ),
            models.CheckConstraint(
                name="likeness_taken_has_who_and_when",
                condition=Q(taken_by=None, taken_at=None)
                | Q(taken_by__isnull=False, taken_at__isnull=False),
            ),
            models.CheckConstraint(
                name="likeness_verdict_known",
                condition=Q(verdict__in=["", *LikenessVerdict.values]),
            ),
            models.CheckConstraint(
                name="likeness_judged_has_who_when_and_why",
                condition=Q(verdict="", judged_by=None, judged_at=None)
                | (
                    ~Q(verdict="")
                    & ~Q(note="")
                    & Q(judged_by__isnull=False, judged_at__isnull=False)
                ),
            ),
        ]
        triggers = [
            *undeletable(),
            set_once("first_id", "second_id", "found_at"),
            frozen("verdict_final", when="OLD.verdict <> ''"),
        ]

    def __str__(self):
        return f"{self.first_id}, {self.second_id}"
