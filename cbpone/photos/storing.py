import hashlib
import io
import secrets
from functools import lru_cache

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from PIL import Image

from cbpone.audit.log import record
from cbpone.audit.verbs import Verb
from cbpone.lib import clock
from cbpone.lib.errors import Refused
from cbpone.lib.sealed_files import sealed_storage
from cbpone.photos.models import Photo
from cbpone.photos.pipeline import CleanPhoto, clean
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
    *, traveler: Traveler, data: bytes, by, case="", check=None, then=None, **sent_with
) -> Photo:
    """Clean and store the picture of one traveler; an older one gives way.

    `sent_with` is the language and the kind of browser. The same picture sent twice is one, and
    no picture is judged twice. Refuses with PhotoRefused when it is no usable picture, and with
    SamePicture when an officer asked for another one than this. Cleaning takes a while: `check`
    is called first in the transaction that stores, and may refuse; `then` last, with the photo.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    while True:
        same = same_picture(traveler, sha256)
        cleaned = None if same else _judged_before(traveler, sha256) or clean(data)
        photo = _store(traveler, sha256, cleaned, check, then, case, {"added_by": by} | sent_with)
        if photo:
            return photo


def same_picture(traveler: Traveler, sha256: str) -> Photo | None:
    """The current photo, if it was made of these bytes. Refuses when another one is asked for."""
    current = current_photo(traveler)
    if not current or current.source_sha256 != sha256:
        return None
    if current.is_asked_again:
        raise SamePicture
    return current


def _judged_before(traveler: Traveler, sha256: str) -> CleanPhoto | None:
    """An earlier picture of the person that was made of these bytes, if it is still there."""
    earlier = Photo.objects.filter(traveler=traveler, source_sha256=sha256, erased_at=None)
    row = earlier.exclude(checked_by="").order_by("-pk").first()
    if row is None:
        return None
    try:
        with row.file.open("rb") as file:
            jpeg = file.read()
    except FileNotFoundError:
        return None
    size = (row.width, row.height)
    judged = (row.checked_by, tuple(row.findings))
    return CleanPhoto(jpeg, *size, row.source_format, sha256, row.damaged, *judged)


@transaction.atomic
def _store(traveler, sha256, cleaned: CleanPhoto | None, check, then, case, sent_with):
    """None when the picture we had already has been replaced in this very moment."""
    if check:
        check()
    Traveler.objects.select_for_update(of=("self",)).get(pk=traveler.pk)
    photo = same_picture(traveler, sha256)  # a twin may have come in meanwhile
    if photo is None:
        return _write(traveler, cleaned, then, case, sent_with) if cleaned else None
    if then:
        then(photo)
    return photo


def _write(traveler: Traveler, cleaned: CleanPhoto, then, case: str, sent_with: dict) -> Photo:
    Photo.objects.filter(traveler=traveler, replaced_at=None).update(replaced_at=clock.now())
    photo = Photo(
        traveler=traveler,
        width=cleaned.width,
        height=cleaned.height,
        source_format=cleaned.source_format,
        source_sha256=cleaned.sha256,
        damaged=cleaned.damaged,
        checked_by=cleaned.checked_by,
        findings=list(cleaned.findings),
        **sent_with,
    )
    photo.file.save(secrets.token_hex(8), ContentFile(cleaned.jpeg), save=False)
    try:
        photo.save()
        record(Verb.PHOTO_ADDED, on=photo, by=sent_with["added_by"], case=case)
        if then:
            then(photo)
    except Exception:
        photo.file.storage.delete(str(photo.file.name))  # a file without a row is nobody's
        raise
    return photo


@lru_cache(maxsize=STAMPS_KEPT)
def thumbnail(name: str) -> bytes:
    """A small copy of a stored picture. We encoded that one ourselves, so it is read here."""
    with sealed_storage().open(name) as file, Image.open(file, formats=["JPEG"]) as picture:
        picture.draft("RGB", STAMP)
        picture.thumbnail(STAMP)
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=70)
    return out.getvalue()
