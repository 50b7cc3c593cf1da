"""Pieces of pictures from phones. The header Photo-Ticket is the authority, no session and no
cookie; all answers are JSON, in the language of the ticket."""

import re
from contextlib import suppress

from django.contrib.auth.decorators import login_not_required
from django.http import JsonResponse, UnreadablePostError
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from cbpone.lib.errors import Refused
from cbpone.lib.limits import TooMany
from cbpone.photos import opening, receiving
from cbpone.photos.browsers import browser_of
from cbpone.photos.hints import hints_of
from cbpone.photos.models import Upload
from cbpone.photos.pipeline import TooLargeFile
from cbpone.photos.receiving import Closed, Gap, OtherUpload, Sender
from cbpone.photos.refusals import words_of
from cbpone.photos.statuses import UploadStatus
from cbpone.photos.tickets import Ticket, TicketOver, read_ticket
from cbpone.photos.views.ways import ways_of

MOST_PIECE = 1_048_576  # bytes
CHUNK = 65_536
DIGEST = re.compile(r"[0-9a-f]{64}")


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "PUT", "PATCH"])
def photo_upload(request, reference):
    """PUT begins or goes on, PATCH brings the next bytes, GET asks how it stands."""
    try:
        ticket = read_ticket(request.headers.get("Photo-Ticket", ""), signed_in=request.user)
    except TicketOver as refusal:
        return _json({"state": "ended", "words": str(refusal)}, 403)
    with translation.override(ticket.language):
        try:
            if request.method == "PUT":
                return _begin(request, ticket, reference)
            return _go_on(request, ticket, reference)
        except Refused as refusal:
            return _refused(refusal)


def _begin(request, ticket: Ticket, reference):
    size, digest = request.GET.get("size", ""), request.GET.get("sha256", "")
    if not (size.isascii() and size.isdigit() and 0 < len(size) < 10 and int(size)):
        return _json({"state": "other"}, 400)
    if not DIGEST.fullmatch(digest):
        return _json({"state": "other"}, 400)
    sender = Sender(ticket, browser_of(request.headers.get("User-Agent", "")))
    upload = receiving.begin(sender=sender, reference=reference, size=int(size), sha256=digest)
    return _answer(opening.finish(upload), ticket)


def _go_on(request, ticket: Ticket, reference):
    mine = Upload.objects.filter(user=ticket.user, traveler=ticket.traveler)
    upload = mine.select_related("photo").filter(reference=reference).first()
    if upload is None:
        return _json({"state": "unknown"}, 404)
    if request.method == "PATCH":
        offset = request.headers.get("Upload-Offset", "")
        if not (offset.isascii() and offset.isdigit() and len(offset) < 10):
            return _json(_receiving(upload), 409)
        data = _body(request)
        if data is None:
            return _json({"state": "too_large"}, 413)
        try:
            upload = receiving.add_piece(upload=upload, offset=int(offset), data=data)
        except Gap:
            return _json(_receiving(upload), 409)
    return _answer(opening.finish(upload), ticket)


def _body(request) -> bytes | None:
    """The bytes of one piece, or None when they are more than a piece may have.

    When the line breaks in the middle, what came until then counts.
    """
    data = b""
    with suppress(UnreadablePostError):
        while chunk := request.read(CHUNK):
            data += chunk
            if len(data) > MOST_PIECE:
                return None
    return data


def _answer(upload: Upload, ticket: Ticket):
    if upload.status in (UploadStatus.RECEIVING, UploadStatus.ABANDONED):
        return _json(_receiving(upload))
    if upload.status == UploadStatus.ARRIVED:
        return _json({"state": "arrived", "have": upload.have}, 202)
    if upload.photo is not None:
        ways = ways_of(ticket)
        hints = [{"code": hint.code, "words": str(hint.words)} for hint in hints_of(upload.photo)]
        told = {"have": upload.have, "page": ways.sent, "after": ways.after(), "hints": hints}
        return _json({"state": "kept"} | told)
    words = str(words_of(upload.refusal))
    if upload.refusal == Closed.code:
        return _json({"state": "closed", "words": words}, 403)
    return _json({"state": "refused", "code": upload.refusal, "words": words})


def _receiving(upload: Upload) -> dict:
    if upload.status == UploadStatus.ABANDONED:
        return {"state": "other"}
    return {"state": "receiving", "have": upload.have}


def _refused(refusal: Refused):
    if isinstance(refusal, OtherUpload):
        return _json({"state": "other"}, 409)
    if isinstance(refusal, TooMany):  # the phone keeps the photo and tries again
        return _json({"state": "later", "words": str(refusal)}, 429)
    if isinstance(refusal, Closed):
        return _json({"state": "closed", "words": str(refusal)}, 403)
    status = 413 if isinstance(refusal, TooLargeFile) else 200
    return _json({"state": "refused", "code": refusal.code, "words": str(refusal)}, status)


def _json(told: dict, status: int = 200):
    return JsonResponse(told, status=status, headers={"Cache-Control": "private, no-store"})
