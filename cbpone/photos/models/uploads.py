import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from cbpone.audit.triggers import moves_along, set_once
from cbpone.lib import clock, vault
from cbpone.lib.references import code_from
from cbpone.photos.models.belonging import OfTraveler
from cbpone.photos.statuses import MAX_BYTES, UPLOAD_MOVES, Browser, UploadStatus

CODE_LENGTH = 10  # letters and digits of 29: 4.2e14 codes, each good for an hour


class PhoneLink(OfTraveler, models.Model):
    """A way to send one traveler's photo from a phone that is not signed in.

    Whoever has it can send a picture of this traveler and see what they sent, nothing else. The
    words of the link are made from `reference` with a key; stored is only their digest.
    """

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    digest = models.CharField(max_length=64, unique=True)
    traveler = models.ForeignKey("travelers.Traveler", on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(db_default=Now())
    ends_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("link for a phone")
        verbose_name_plural = _("links for a phone")
        constraints = [
            models.CheckConstraint(
                name="phone_link_ends_after_it_is_made", condition=Q(ends_at__gt=F("made_at"))
            ),
        ]
        triggers = [set_once("closed_at", "opened_at", "traveler_id", "made_by_id", "digest")]

    def __str__(self):
        return str(self.reference)

    @property
    def code(self) -> str:
        return code_from(vault.digest(f"phone link {self.reference.hex}"), CODE_LENGTH)

    @property
    def is_over(self) -> bool:
        return self.closed_at is not None or self.ends_at <= clock.now()

    @property
    def status(self) -> str:
        """What a message about it is true of; see cbpone.notifications."""
        return "over" if self.is_over else "open"


class UploadQuerySet(models.QuerySet):
    def open(self):
        """Not at their end: pieces are still awaited, or nobody has opened the picture yet."""
        return self.filter(status__in=(UploadStatus.RECEIVING, UploadStatus.ARRIVED))


class Upload(models.Model):
    """One picture on its way to us, under an id that the phone made. Sizes in bytes.

    `user` is whose ticket it came with. Its pieces are stored before anybody looks into them.
    """

    reference = models.UUIDField(unique=True)
    traveler = models.ForeignKey(
        "travelers.Traveler", on_delete=models.PROTECT, related_name="uploads"
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    link = models.ForeignKey(
        PhoneLink, null=True, blank=True, on_delete=models.PROTECT, related_name="uploads"
    )
    by_form = models.BooleanField(default=False)  # a form without a script, in one piece
    size = models.PositiveIntegerField()
    have = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64)
    status = models.CharField(
        max_length=9, choices=UploadStatus.choices, default=UploadStatus.RECEIVING
    )
    refusal = models.CharField(max_length=20, blank=True)  # the code of a PhotoRefused
    photo = models.ForeignKey(
        "photos.Photo", null=True, blank=True, on_delete=models.PROTECT, related_name="uploads"
    )
    language = models.CharField(max_length=10, blank=True)
    browser = models.CharField(max_length=10, choices=Browser.choices, default=Browser.OTHER)
    started_at = models.DateTimeField(db_default=Now())
    heard_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        indexes = [
            models.Index(
                fields=["heard_at"],
                name="upload_open",
                condition=Q(status__in=["receiving", "arrived"]),
            ),
            models.Index(fields=["started_at"], name="upload_started"),
            models.Index(fields=["ended_at"], name="upload_refused", condition=Q(status="refused")),
        ]
        constraints = [
            models.CheckConstraint(
                name="upload_status_known", condition=Q(status__in=UploadStatus.values)
            ),
            models.CheckConstraint(
                name="upload_browser_known", condition=Q(browser__in=Browser.values)
            ),
            models.CheckConstraint(
                name="upload_size_possible",
                condition=Q(size__range=(1, MAX_BYTES), have__lte=F("size")),
            ),
            models.CheckConstraint(
                name="upload_arrived_is_whole",
                condition=Q(status__in=("arrived", "kept", "refused"), have=F("size"))
                | Q(status__in=("receiving", "abandoned"), have__lt=F("size")),
            ),
            models.CheckConstraint(
                name="upload_kept_has_photo",
                condition=Q(status="kept", photo__isnull=False)
                | (~Q(status="kept") & Q(photo=None)),
            ),
            models.CheckConstraint(
                name="upload_refused_has_reason",
                condition=(Q(status="refused") & ~Q(refusal=""))
                | (~Q(status="refused") & Q(refusal="")),
            ),
            models.CheckConstraint(
                name="upload_ended_has_time",
                condition=Q(status__in=("receiving", "arrived"), ended_at=None)
                | Q(status__in=("kept", "refused", "abandoned"), ended_at__isnull=False),
            ),
        ]
        triggers = [
            moves_along(UPLOAD_MOVES),
            set_once("ended_at", "photo_id", "size", "sha256", "traveler_id", "user_id"),
        ]

    def __str__(self):
        return str(self.reference)


class UploadPiece(models.Model):
    """Some bytes of an upload, sealed. Removed as soon as the picture is kept or given up."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="pieces")
    offset = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    sealed = models.BinaryField()

    class Meta:
        verbose_name = _("piece of an upload")
        verbose_name_plural = _("pieces of an upload")
        constraints = [
            models.UniqueConstraint(fields=["upload", "offset"], name="upload_piece_once"),
            models.CheckConstraint(name="upload_piece_has_bytes", condition=Q(size__gte=1)),
        ]

    def __str__(self):
        return f"{self.offset}+{self.size}"
