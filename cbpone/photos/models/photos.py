import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from cbpone.audit.triggers import frozen, moves_along, set_once, undeletable
from cbpone.lib.sealed_files import sealed_storage
from cbpone.photos.models.belonging import OfTraveler
from cbpone.photos.statuses import PHOTO_MOVES, Advice, Browser, Finding, PhotoStatus

MOST_FINDINGS = len(Finding.values)


def stored_name(photo, filename) -> str:
    """A random name that says nothing of the person."""
    name = uuid.uuid4().hex
    return f"photos/{name[:2]}/{name}.jpg"


class PhotoQuerySet(models.QuerySet):
    def current(self):
        return self.filter(replaced_at=None)

    def waiting(self):
        """For an officer to look at them."""
        return self.current().filter(status=PhotoStatus.WAITING)

    def asked_again(self):
        """An officer would like another picture, and none has come yet."""
        return self.current().filter(status=PhotoStatus.ANOTHER)


class Photo(OfTraveler, models.Model):
    """The re-encoded picture of one traveler; what was sent is not kept. Sizes in pixels."""

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    traveler = models.ForeignKey(
        "travelers.Traveler", on_delete=models.PROTECT, related_name="photos"
    )
    file = models.FileField(upload_to=stored_name, storage=sealed_storage)
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    source_format = models.CharField(max_length=10)
    source_sha256 = models.CharField(max_length=64)
    damaged = models.BooleanField(default=False)
    # What a machine noted. It only advises; empty `checked_by`: no machine has looked.
    checked_by = models.CharField(max_length=40, blank=True)
    findings = ArrayField(
        models.CharField(max_length=20, choices=Finding.choices),
        size=MOST_FINDINGS,
        default=list,
        blank=True,
    )
    # With what it was sent, for the public numbers: the language of the page, the kind of browser.
    language = models.CharField(max_length=10, blank=True)
    browser = models.CharField(max_length=10, choices=Browser.choices, default=Browser.OTHER)
    added_at = models.DateTimeField(db_default=Now())
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    replaced_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)  # the file is gone, the row stays
    # Looked at by an officer. Nothing waits for it: people book and travel meanwhile.
    status = models.CharField(
        max_length=8, choices=PhotoStatus.choices, default=PhotoStatus.WAITING
    )
    advice = models.CharField(
        _("what to do better"), max_length=10, choices=Advice.choices, blank=True
    )
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    taken_at = models.DateTimeField(null=True, blank=True)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    judged_at = models.DateTimeField(null=True, blank=True)

    objects = PhotoQuerySet.as_manager()

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        permissions = [("review_photo", "Can judge photos")]
        indexes = [
            models.Index(
                fields=["added_at"],
                # The queue looks at all of these: without going to the rows themselves.
                include=["id", "traveler", "taken_by"],
                name="photo_to_judge",
                condition=Q(status="waiting", replaced_at=None),
            ),
            models.Index(fields=["added_at"], name="photo_added"),
            models.Index(fields=["judged_at"], name="photo_left", condition=Q(status="at_port")),
            models.Index(
                fields=["replaced_at"],
                name="photo_to_erase",
                condition=Q(erased_at=None, replaced_at__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="photo_status_known", condition=Q(status__in=PhotoStatus.values)
            ),
            models.CheckConstraint(
                name="photo_advice_goes_with_another",
                condition=Q(status="another", advice__in=Advice.values)
                | (~Q(status="another") & Q(advice="")),
            ),
            models.CheckConstraint(
                name="photo_taken_has_who_and_when",
                condition=Q(taken_by=None, taken_at=None)
                | Q(taken_by__isnull=False, taken_at__isnull=False),
            ),
            models.CheckConstraint(
                name="photo_judged_has_who_and_when",
                condition=Q(status="waiting", judged_by=None, judged_at=None)
                | (~Q(status="waiting") & Q(judged_by__isnull=False, judged_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="photo_findings_known", condition=Q(findings__contained_by=Finding.values)
            ),
            models.CheckConstraint(
                name="photo_findings_need_a_check", condition=~Q(checked_by="") | Q(findings=[])
            ),
            models.CheckConstraint(
                name="photo_browser_known", condition=Q(browser__in=Browser.values)
            ),
            # So that nothing which asks for current photos ever meets one without a file.
            models.CheckConstraint(
                name="photo_erased_is_replaced",
                condition=Q(erased_at=None) | Q(replaced_at__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["traveler"], condition=Q(replaced_at=None), name="photo_one_current"
            ),
            models.CheckConstraint(
                name="photo_size_possible",
                condition=Q(width__range=(100, 1200), height__range=(100, 1200)),
            ),
        ]
        triggers = [
            *undeletable(),
            moves_along(PHOTO_MOVES),
            set_once("replaced_at", "traveler_id", "file", "erased_at"),
            frozen("as_sent", "source_sha256", "findings", "checked_by", when="TRUE"),
        ]

    def __str__(self):
        return f"{self.width} x {self.height}"

    @property
    def is_asked_again(self) -> bool:
        return self.replaced_at is None and self.status == PhotoStatus.ANOTHER

    @property
    def is_for_port(self) -> bool:
        return self.replaced_at is None and self.status == PhotoStatus.AT_PORT
