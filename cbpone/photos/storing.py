import io
import secrets
from collections.abc import Callable
from functools import lru_cache

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from PIL import Image

from cbpone.audit.log import record
from cbpone.audit.verbs import Verb
from cbpone.lib import clock
from cbpone.lib.errors import Refused
from cbpone.photos.models import Photo
from cbpone.photos.pipeline import clean
from cbpone.travelers.models import Traveler

STAMP = (60, 80)  # pixels; shown at half of it
STAMPS_KEPT = 2000  # in each process, of some 2 kB


class SamePicture(Refused):
    code = "same_picture"
    sentence = _(
        "This is the picture we have already. Everything you saved is safe. "
        "Take a new one, with the advice on this page."
    )


def current_photo(traveler: Traveler) -> Photo | None:
    return Photo.objects.filter(traveler=traveler, replaced_at=None).first()


def keep_photo(
    *, traveler: Traveler, data: bytes, by, case="", check: Callable[[], None] | None = None
) -> Photo:
    """Clean and store the picture of one traveler; an older one gives way.

    The same picture sent twice is one. Refuses with PhotoRefused when it is no usable picture, and
    with SamePicture when an officer asked for another one than this. Cleaning takes a while:
    `check` is called in the transaction that stores, and may refuse.
    """
    cleaned = clean(data)
    current = current_photo(traveler)
    if current and current.source_sha256 == cleaned.sha256:
        if current.is_asked_again:
            raise SamePicture
        return current
    return _replace(traveler, cleaned, by, case, check)


@transaction.atomic
def _replace(traveler: Traveler, cleaned, by, case: str, check) -> Photo:
    if check:
        check()
    Traveler.objects.select_for_update(of=("self",)).get(pk=traveler.pk)
    Photo.objects.filter(traveler=traveler, replaced_at=None).update(replaced_at=clock.now())
    photo = Photo(
        traveler=traveler,
        width=cleaned.width,
        height=cleaned.height,
        source_format=cleaned.source_format,
        source_sha256=cleaned.sha256,
        damaged=cleaned.damaged,
        added_by=by,
    )
    photo.file.save(secrets.token_hex(8), ContentFile(cleaned.jpeg), save=False)
    photo.save()
    record(Verb.PHOTO_ADDED, on=photo, by=by, case=case)
    return photo


@lru_cache(maxsize=STAMPS_KEPT)
def thumbnail(name: str) -> bytes:
    """A small copy of a stored picture. We encoded that one ourselves, so it is read here."""
    with default_storage.open(name) as file, Image.open(file, formats=["JPEG"]) as picture:
        picture.draft("RGB", STAMP)
        picture.thumbnail(STAMP)
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=70)
    return out.getvalue()
