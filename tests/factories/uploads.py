"""Pictures on their way and links for phones, written past the rules."""

import hashlib
from datetime import timedelta
from uuid import uuid4

from cbpone.lib import clock
from cbpone.lib.vault import seal_bytes
from cbpone.photos.links import digest_of
from cbpone.photos.models import PhoneLink, Upload, UploadPiece
from tests.browser.steps import portrait
from tests.factories.families import make_photo, make_traveler
from tests.factories.people import make_user


def make_upload(traveler=None, user=None, *, status="receiving", have=None, **values) -> Upload:
    """Of a picture of 100 bytes, as it is in this status."""
    traveler = traveler or make_traveler()
    size = values.pop("size", 100)
    if have is None:
        have = 0 if status in ("receiving", "abandoned") else size
    facts = {"reference": uuid4(), "user": user or make_user(), "sha256": "0" * 64}
    if status == "kept" and "photo" not in values:
        facts["photo"] = make_photo(traveler)
    if status == "refused":
        facts["refusal"] = "damaged"
    if status in ("kept", "refused", "abandoned"):
        facts["ended_at"] = clock.now()
    facts |= {"traveler": traveler, "size": size, "have": have, "status": status} | values
    return Upload.objects.create(**facts)


def make_arrived(traveler, user, *, data: bytes | None = None, **values) -> Upload:
    """Every byte is here, in two pieces, and nobody has opened it."""
    data = portrait() if data is None else data
    digest = hashlib.sha256(data).hexdigest()
    facts = {"status": "arrived", "size": len(data), "sha256": digest} | values
    upload = make_upload(traveler, user, **facts)
    half = len(data) // 2
    for offset, part in ((0, data[:half]), (half, data[half:])):
        if part:
            make_piece(upload, offset, part)
    return upload


def make_piece(upload: Upload, offset=0, data=b"x") -> UploadPiece:
    return UploadPiece.objects.create(
        upload=upload, offset=offset, size=len(data), sealed=seal_bytes(data)
    )


def make_link(traveler=None, user=None, *, minutes=60, **values) -> PhoneLink:
    now = clock.now()
    link = PhoneLink(
        traveler=traveler or make_traveler(),
        made_by=user or make_user(),
        made_at=now,
        ends_at=now + timedelta(minutes=minutes),
    )
    for name, value in values.items():
        setattr(link, name, value)
    link.digest = values.get("digest") or digest_of(link.code)
    link.save()
    return link
