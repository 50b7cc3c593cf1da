"""Pictures on their way to us: piece by piece from a phone, or whole from a form.

What is sent is stored before anybody looks into it, so no error afterwards can lose it.
"""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cbpone.accounts.models import User
from cbpone.audit.log import record
from cbpone.audit.verbs import Verb
from cbpone.lib import clock
from cbpone.lib.errors import Refused
from cbpone.lib.limits import count_try
from cbpone.lib.vault import seal_bytes, unseal_bytes
from cbpone.photos.models import Upload, UploadPiece
from cbpone.photos.pipeline import TooLargeFile
from cbpone.photos.places import Place, place_of
from cbpone.photos.statuses import Browser, UploadStatus
from cbpone.photos.storing import SamePicture, same_picture
from cbpone.photos.tickets import Ticket
from cbpone.photos.uploads import MAX_BYTES
from cbpone.travelers.models import Traveler

MOST_OPEN = 30  # unfinished pictures of one account; a family has ten people
MOST_BEGUN, BEGUN_SECONDS = 300, 3600
BATCH = 200


class Closed(Refused):
    code = "closed"
    sentence = _(
        "No photo can be sent for this person here now. Everything you saved is safe. "
        "If officers need a photo, they take it or ask you for one."
    )


class OtherUpload(Refused):
    """This id is another picture's, or was given up: the picture begins anew under a new one."""

    code = "other"


class Gap(Refused):
    """Bytes before these have not come."""

    code = "gap"


@dataclass(frozen=True)
class Sender:
    """With what a picture is sent."""

    ticket: Ticket
    browser: Browser = Browser.OTHER


def check_place(traveler: Traveler, user: User) -> Place:
    """The place a photo of this traveler has. Refuses with Closed."""
    place = place_of(traveler)
    if place is None:
        raise Closed
    check_can_send(place, user)
    return place


def check_can_send(place: Place, user: User) -> None:
    try:
        place.check_can_send(user)
    except Refused as refusal:
        raise Closed from refusal


# --- Piece by piece -----------------------------------------------------------------------


def begin(*, sender: Sender, reference: UUID, size: int, sha256: str) -> Upload:
    """The upload of this id, begun now if it is new; one that is known goes on where it was.

    Refuses with OtherUpload, Closed, TooLargeFile or TooMany. A picture that is the traveler's
    photo already is kept without a byte of it.
    """
    ticket = sender.ticket
    upload = Upload.objects.filter(reference=reference).select_related("photo").first()
    if upload is None:
        if size > MAX_BYTES:
            refuse_too_large(ticket)
        upload = _begin(sender, reference, size, sha256)
    facts = (upload.size, upload.sha256, upload.traveler_id, upload.user_id)
    if facts != (size, sha256, ticket.traveler.pk, ticket.user.pk):
        raise OtherUpload
    if upload.status == UploadStatus.ABANDONED:
        raise OtherUpload
    return upload


@transaction.atomic
def _begin(sender: Sender, reference: UUID, size: int, sha256: str) -> Upload:
    traveler, user = sender.ticket.traveler, sender.ticket.user
    place = _check_may_begin(traveler, user)
    try:
        known = same_picture(traveler, sha256)
    except SamePicture as refusal:
        return _create(sender, reference, size, sha256, **_ended("refused", size, refusal.code))
    if known is None:
        return _create(sender, reference, size, sha256)
    place.hold()
    place.sent(user)
    return _create(sender, reference, size, sha256, photo=known, **_ended("kept", size))


def refuse_too_large(ticket: Ticket) -> None:
    """Not even stored, and on record without anything of it. Refuses with Closed, TooLargeFile."""
    place = check_place(ticket.traveler, ticket.user)
    values = {"by": ticket.user, "case": place.case, "note": TooLargeFile.code}
    record(Verb.PHOTO_REFUSED, on=ticket.traveler, **values)
    raise TooLargeFile


def _check_may_begin(traveler: Traveler, user: User) -> Place:
    place = check_place(traveler, user)
    count_try("uploads", str(user.pk), most=MOST_BEGUN, seconds=BEGUN_SECONDS)
    _make_room(user)
    return place


def _create(sender: Sender, reference: UUID, size: int, sha256: str, **facts) -> Upload:
    """Two requests at once begin one upload."""
    ticket = sender.ticket
    now = clock.now()
    values = {
        "traveler": ticket.traveler,
        "user": ticket.user,
        "link": ticket.link,
        "size": size,
        "sha256": sha256,
        "language": ticket.language,
        "browser": sender.browser,
        "started_at": now,
        "heard_at": now,
    }
    return Upload.objects.get_or_create(reference=reference, defaults=values | facts)[0]


def _ended(status: str, size: int, refusal="") -> dict:
    return {"status": status, "have": size, "refusal": refusal, "ended_at": clock.now()}


def _make_room(user: User) -> None:
    """The oldest unfinished pictures of an account give way; the phone still has them."""
    waiting = Upload.objects.filter(user=user, status=UploadStatus.RECEIVING)
    for upload in waiting.order_by("-heard_at")[MOST_OPEN - 1 :]:
        give_up(upload)


@transaction.atomic
def give_up(upload: Upload) -> None:
    unfinished = Upload.objects.filter(pk=upload.pk, status=UploadStatus.RECEIVING)
    if unfinished.update(status=UploadStatus.ABANDONED, ended_at=clock.now()):
        UploadPiece.objects.filter(upload=upload).delete()


@transaction.atomic
def add_piece(*, upload: Upload, offset: int, data: bytes) -> Upload:
    """Store the next bytes. What is held already is not stored twice.

    Refuses with Gap, and with OtherUpload when there are more bytes than were announced. Once
    every byte is here but they are not those that were sent, the upload begins again at 0.
    """
    row = hold(upload)
    if row.status != UploadStatus.RECEIVING:
        return row
    if offset > row.have:
        raise Gap
    if offset + len(data) > row.size:
        raise OtherUpload
    fresh = data[row.have - offset :]
    if not fresh:
        return row
    UploadPiece.objects.create(
        upload=row, offset=row.have, size=len(fresh), sealed=seal_bytes(fresh)
    )
    row.have += len(fresh)
    row.heard_at = clock.now()
    if row.have == row.size:
        _settle(row)
    row.save(update_fields=["have", "status", "heard_at"])
    return row


def hold(upload: Upload) -> Upload:
    return Upload.objects.select_for_update(of=("self",)).get(pk=upload.pk)


def _settle(row: Upload) -> None:
    if hashlib.sha256(bytes_of(row)).hexdigest() == row.sha256:
        row.status = UploadStatus.ARRIVED
    else:  # some were changed on the way
        row.pieces.all().delete()
        row.have = 0


def bytes_of(upload: Upload) -> bytes:
    pieces = upload.pieces.order_by("offset").values_list("sealed", flat=True)
    return b"".join(unseal_bytes(bytes(sealed)) for sealed in pieces)


# --- Whole, from a form -------------------------------------------------------------------


def take_form(*, sender: Sender, data: bytes) -> Upload:
    """Store what a form brought, unseen. Refuses with Closed, TooLargeFile or TooMany."""
    if len(data) > MAX_BYTES:
        refuse_too_large(sender.ticket)
    return _take(sender, data)


@transaction.atomic
def _take(sender: Sender, data: bytes) -> Upload:
    _check_may_begin(sender.ticket.traveler, sender.ticket.user)
    digest, size = hashlib.sha256(data).hexdigest(), len(data)
    facts = {"status": UploadStatus.ARRIVED, "have": size, "by_form": True}
    upload = _create(sender, uuid4(), size, digest, **facts)
    UploadPiece.objects.create(upload=upload, offset=0, size=size, sealed=seal_bytes(data))
    return upload


# --- Given up -----------------------------------------------------------------------------


def purge_uploads() -> int:
    """Give up what no ticket can bring to its end any more; returns how many."""
    too_old = clock.now() - timedelta(days=settings.UPLOAD_TICKET_DAYS + 1)
    forgotten = Upload.objects.filter(status=UploadStatus.RECEIVING, heard_at__lt=too_old)
    rows = list(forgotten.order_by("heard_at")[:BATCH])
    for upload in rows:
        give_up(upload)
    return len(rows)
