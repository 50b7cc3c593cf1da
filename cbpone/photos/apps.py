import hashlib
from importlib.util import find_spec
from pathlib import Path

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import Error, Warning, register

# YuNet 2023mar, the fairest of those measured: docs/photo-fairness.md.
FACE_MODEL_SHA256 = "8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4"


@register()
def safe_libheif(app_configs, **kwargs):
    """Refuses to start with a libheif that runs code hidden in pictures (CVE-2026-84383)."""
    from cbpone.photos.pipeline import check_libheif

    try:
        check_libheif()
    except RuntimeError as problem:
        return [Error(str(problem), id="photos.E001")]
    return []


@register()
def known_face_model(app_configs, **kwargs):
    """The detector is the one that was measured, or none: another might see some faces worse."""
    if not settings.PHOTO_FACE_MODEL:
        return []
    try:
        found = hashlib.sha256(Path(settings.PHOTO_FACE_MODEL).read_bytes()).hexdigest()
    except OSError as problem:
        return [Error(f"PHOTO_FACE_MODEL cannot be read: {problem}", id="photos.E002")]
    if found != FACE_MODEL_SHA256:
        return [
            Error(
                f"PHOTO_FACE_MODEL is another file than the detector that was measured: {found}",
                hint=f"Its SHA-256 is {FACE_MODEL_SHA256}.",
                id="photos.E003",
            )
        ]
    if not (find_spec("cv2") and find_spec("numpy")):
        words = "PHOTO_FACE_MODEL is set, but OpenCV is not installed: photos are not checked."
        return [Warning(words, hint="pip install -r requirements-faces.txt", id="photos.W001")]
    return []


class PhotosConfig(AppConfig):
    name = "cbpone.photos"
    label = "photos"

    def ready(self):
        from cbpone.notifications.outbox import ROWS
        from cbpone.photos.models import PhoneLink, Photo

        people = ("traveler__member__registration", "traveler__beneficiary")
        ROWS["photos.phonelink"] = lambda: PhoneLink.objects.select_related(*people)
        ROWS["photos.photo"] = lambda: Photo.objects.select_related(
            "traveler__member__registration", "traveler__beneficiary"
        )
