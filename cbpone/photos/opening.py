"""Pictures that are all here are opened: kept as the photo of a person, or refused."""

import logging

from django.core.cache import cache
from django.db import transaction

from cbpone.audit.log import record
from cbpone.audit.verbs import Verb
from cbpone.lib import clock
from cbpone.lib.errors import MovedOn
from cbpone.photos.models import Photo, Upload
from cbpone.photos.pipeline import Busy, PhotoRefused
from cbpone.photos.places import Place, place_of
from cbpone.photos.receiving import BATCH, Closed, bytes_of, check_can_send, check_place, hold
from cbpone.photos.statuses import UploadStatus
from cbpone.photos.storing import SamePicture, keep_photo

log = logging.getLogger(__name__)
OPENING_SECONDS = 45  # longer than a decoder may wait and work


def finish(upload: Upload) -> Upload:
    """Open a picture that is all here: kept, or refused when it is none.

    One at a time. When the decoders are busy, and when something breaks, it stays as it is and is
    opened later. Nothing happens to one that is at its end.
    """
    claim = f"opening:{upload.reference.hex}"
    if upload.status != UploadStatus.ARRIVED or not cache.add(claim, 1, OPENING_SECONDS):
        return upload
    try:
        return _open(_read(upload))
    except Exception:  # a bug of ours must not cost anybody a photo
        log.exception("upload %s could not be opened", upload.reference)
        return upload
    finally:
        cache.delete(claim)


def _read(upload: Upload) -> Upload:
    people = ("traveler__member__registration", "traveler__beneficiary")
    return Upload.objects.select_related("user", "photo", *people).get(pk=upload.pk)


def _open(upload: Upload) -> Upload:
    """The photo is stored, the case goes on and the pieces are gone, all or nothing."""
    if upload.status != UploadStatus.ARRIVED:
        return upload
    try:
        _store(upload, check_place(upload.traveler, upload.user))
    except (Busy, MovedOn):
        pass
    except (PhotoRefused, SamePicture, Closed) as refusal:
        _refuse(upload, refusal.code)
    upload.refresh_from_db()
    return upload


def _store(upload: Upload, place: Place) -> None:
    def check():
        if hold(upload).status != UploadStatus.ARRIVED:
            raise MovedOn
        place.hold()
        check_can_send(place, upload.user)

    def then(photo):
        place.sent(upload.user)
        _end(upload, UploadStatus.KEPT, photo=photo)

    keep_photo(
        traveler=upload.traveler,
        data=bytes_of(upload),
        by=upload.user,
        case=place.case,
        check=check,
        then=then,
        language=upload.language,
        browser=upload.browser,
    )


@transaction.atomic
def _refuse(upload: Upload, code: str) -> None:
    if hold(upload).status != UploadStatus.ARRIVED:
        return
    place = place_of(upload.traveler)
    case = place.case if place else ""
    record(Verb.PHOTO_REFUSED, on=upload, by=upload.user, case=case, note=code)
    _end(upload, UploadStatus.REFUSED, refusal=code)


def _end(upload: Upload, status: UploadStatus, *, photo: Photo | None = None, refusal="") -> None:
    """Of a row that is held."""
    ended = {"status": status, "photo": photo, "refusal": refusal, "ended_at": clock.now()}
    Upload.objects.filter(pk=upload.pk).update(**ended)
    upload.pieces.all().delete()


def finish_uploads() -> int:
    """Open what arrived while the decoders were busy; returns how many are at their end now."""
    waiting = Upload.objects.filter(status=UploadStatus.ARRIVED)
    done = [finish(upload) for upload in waiting.order_by("heard_at", "id")[:BATCH]]
    return sum(upload.status != UploadStatus.ARRIVED for upload in done)
