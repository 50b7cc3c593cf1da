import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from cbpone.audit.triggers import set_once, undeletable


def stored_name(photo, filename) -> str:
    """A random name that says nothing of the person."""
    name = uuid.uuid4().hex
    return f"photos/{name[:2]}/{name}.jpg"


class Photo(models.Model):
    """The re-encoded picture of one traveler; what was sent is not kept. Sizes in pixels."""

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    traveler = models.ForeignKey(
        "travelers.Traveler", on_delete=models.PROTECT, related_name="photos"
    )
    file = models.FileField(upload_to=stored_name)
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    source_format = models.CharField(max_length=10)
    source_sha256 = models.CharField(max_length=64)
    damaged = models.BooleanField(default=False)
    added_at = models.DateTimeField(db_default=Now())
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        constraints = [
            models.UniqueConstraint(
                fields=["traveler"], condition=Q(replaced_at=None), name="photo_one_current"
            ),
            models.CheckConstraint(
                name="photo_size_possible",
                condition=Q(width__range=(100, 1200), height__range=(100, 1200)),
            ),
        ]
        triggers = [*undeletable(), set_once("replaced_at", "traveler_id", "file")]

    def __str__(self):
        return f"{self.width} x {self.height}"
