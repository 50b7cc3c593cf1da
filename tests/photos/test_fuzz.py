"""Hundreds of broken and hostile files: each becomes a plain picture or a sentence, no more."""

import io
from collections import Counter
from pathlib import Path
from random import Random

import psutil
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from cbpone.photos import pipeline, workshop
from cbpone.photos.models import Photo, Upload
from cbpone.photos.tickets import make_ticket
from tests.factories import make_registration
from tests.photos.hostile import FAMILIES, SEED, files, sound
from tests.photos.pictures import opened, quarters, saved

pytestmark = pytest.mark.slow
MODEL = (
    Path(__file__).resolve().parents[3] / "shared/faces/models/face_detection_yunet_2023mar.onnx"
)
CODES = {"not_an_image", "too_large_file", "too_many_pixels", "too_small", "damaged"}
LEAKS = (b"<script", b"<html", b"<svg", b"<?php", b"%PDF", b"PK\x03\x04", b"passwd")


@pytest.fixture
def shop():
    """The server that works for these tests: it must be the same one afterwards, and free."""
    pipeline.clean(saved(quarters()))
    before = workshop._at_work("")

    yield before

    assert pipeline.clean(saved(quarters())).width == 320
    assert workshop._at_work("") is before
    assert psutil.Process(before.process.pid).children() == []


def outcome(data: bytes) -> str:
    try:
        photo = pipeline.clean(data)
    except pipeline.PhotoRefused as refusal:
        return refusal.code if "Everything you saved is safe" in str(refusal) else "no sentence"
    opened(photo)
    with Image.open(io.BytesIO(photo.jpeg)) as picture:
        picture.load()
        assert not picture.getexif()
    assert not any(word in photo.jpeg for word in LEAKS)
    return "taken"


@pytest.mark.parametrize("family", FAMILIES)
def test_hostile_file_becomes_a_plain_picture_or_a_sentence(shop, family):
    tried = {}
    for name, data in files(family):
        tried[name, len(tried)] = outcome(data)

    counts = Counter(tried.values())
    print(f"{family}: {sum(counts.values())} files, {dict(counts)}")
    assert set(counts) <= CODES | {"taken"}


def test_sound_pictures_are_all_taken(shop):
    assert {name: outcome(data) for name, data in sound().items()} == dict.fromkeys(
        sound(), "taken"
    )


def test_they_are_hundreds():
    assert sum(len(files(family)) for family in FAMILIES) > 400


@pytest.mark.skipif(not MODEL.exists(), reason="the measured detector is not here")
def test_hostile_file_that_a_machine_looks_at_too(settings):
    settings.PHOTO_FACE_MODEL = str(MODEL)
    every = [one for family in FAMILIES for one in files(family)]

    outcomes = {outcome(data) for _name, data in Random(SEED).sample(every, 40)}

    assert outcomes <= CODES | {"taken"}
    workshop._shut(workshop._at_work(settings.PHOTO_FACE_MODEL))


# --- By the form that people send ---------------------------------------------------------

NAMES = ["me.jpg", "me.php", "me.jpg.html", "../../me.jpg", "me.svg", "CON", "m\N{SNOWMAN}.heic"]
TYPES = ["image/jpeg", "text/html", "image/svg+xml", "application/x-php", "nonsense"]


@pytest.mark.django_db
def test_hostile_file_sent_by_the_form_is_kept_as_a_picture_or_refused(client, shop):
    rng = Random(SEED)
    every = [one for family in FAMILIES for one in files(family) if len(one[1]) < 5_000_000]
    registration = make_registration(people=1)
    traveler, user = registration.people().first().traveler, registration.owner
    client.force_login(user)

    statuses = set()
    for _name, data in rng.sample(every, 40):
        file = SimpleUploadedFile(rng.choice(NAMES), data, rng.choice(TYPES))
        ticket = make_ticket(user=user, traveler=traveler)
        sent = client.post("/photos/send/", {"ticket": ticket, "photo": file})
        assert sent.status_code == 303
        statuses |= {shown(client, sent.url)}

    assert statuses == {200}
    assert set(Upload.objects.values_list("status", flat=True)) == {"kept", "refused"}
    for photo in Photo.objects.all():
        check_is_plain(client, photo)


def shown(client, url) -> int:
    return client.get(url).status_code


def check_is_plain(client, photo) -> None:
    with photo.file.open("rb") as file, Image.open(io.BytesIO(file.read())) as picture:
        assert picture.format == "JPEG"
        assert not picture.getexif()
    answer = client.get(f"/photos/{photo.reference}/")
    if photo.replaced_at is None:
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert b"".join(answer.streaming_content).startswith(b"\xff\xd8\xff")
    else:
        assert answer.status_code == 404
