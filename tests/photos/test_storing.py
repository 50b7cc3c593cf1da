"""What is kept of a photo: sealed, once, with what a machine noted and with what it was sent."""

import hashlib
import io
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from PIL import Image

from cbpone.audit.models import Event
from cbpone.lib.errors import Refused
from cbpone.photos import storing
from cbpone.photos.models import Photo
from cbpone.photos.pipeline import CleanPhoto
from cbpone.photos.storing import keep_photo
from tests.factories import make_photo, make_traveler
from tests.photos.pictures import quarters, saved

pytestmark = pytest.mark.django_db
JPEG = saved(quarters())
OTHER = saved(quarters(400, 300))


@pytest.fixture
def judged(monkeypatch):
    """Every picture is dark; tells which bytes were opened."""
    opened = []

    def clean(data):
        opened.append(data)
        digest = hashlib.sha256(data).hexdigest()
        return CleanPhoto(JPEG, 320, 240, "JPEG", digest, False, "yunet", ("too_dark",))

    monkeypatch.setattr(storing, "clean", clean)
    return opened


@pytest.fixture
def traveler():
    return make_traveler()


def test_keep_photo_writes_what_was_noted_and_with_what_it_was_sent(judged, traveler, applicant):
    row = keep_photo(traveler=traveler, data=OTHER, by=applicant, language="ht", browser="samsung")

    row.refresh_from_db()
    assert (row.checked_by, row.findings) == ("yunet", ["too_dark"])
    assert (row.language, row.browser) == ("ht", "samsung")
    assert row.added_by == applicant
    assert Event.objects.get(verb="photo_added").row_id == str(row.pk)


def test_keep_photo_without_a_machine_is_unchecked(traveler, applicant):
    row = keep_photo(traveler=traveler, data=JPEG, by=applicant)

    assert (row.checked_by, row.findings, row.language, row.browser) == ("", [], "", "other")


def test_keep_photo_lies_sealed_and_opens_as_the_picture(traveler, applicant):
    row = keep_photo(traveler=traveler, data=JPEG, by=applicant)

    assert b"JFIF" not in Path(row.file.path).read_bytes()
    with row.file.open("rb") as file, Image.open(io.BytesIO(file.read())) as picture:
        assert (picture.format, picture.size) == ("JPEG", (320, 240))


def test_keep_photo_same_picture_is_not_even_opened_again(judged, traveler, applicant):
    first = keep_photo(traveler=traveler, data=OTHER, by=applicant)

    again = keep_photo(traveler=traveler, data=OTHER, by=applicant)

    assert (again, judged) == (first, [OTHER])
    assert Event.objects.filter(verb="photo_added").count() == 1


def test_keep_photo_earlier_picture_comes_back_without_being_judged_again(
    judged, traveler, applicant
):
    sent = [keep_photo(traveler=traveler, data=data, by=applicant) for data in (OTHER, JPEG)]

    back = keep_photo(traveler=traveler, data=OTHER, by=applicant)

    assert judged == [OTHER, JPEG]
    assert back.replaced_at is None
    assert back.file.name not in {row.file.name for row in sent}
    assert (back.source_sha256, back.findings) == (sent[0].source_sha256, sent[0].findings)


def test_keep_photo_of_another_person_is_judged_for_itself(judged, traveler, applicant):
    for one in (traveler, make_traveler()):
        keep_photo(traveler=one, data=OTHER, by=applicant)

    assert judged == [OTHER, OTHER]


@pytest.mark.parametrize("lost", ["file", "erased", "unchecked"])
def test_keep_photo_earlier_picture_that_cannot_serve_is_opened_again(
    judged, traveler, applicant, clock, lost
):
    old = make_photo(
        traveler,
        source_sha256=hashlib.sha256(OTHER).hexdigest(),
        checked_by="" if lost == "unchecked" else "yunet",
        replaced_at=clock.at,
        erased_at=clock.at if lost == "erased" else None,
    )
    if lost == "file":
        old.file.storage.delete(old.file.name)

    keep_photo(traveler=traveler, data=OTHER, by=applicant)

    assert judged == [OTHER]


def test_keep_photo_twin_that_came_meanwhile_is_one(judged, traveler, applicant):
    def meanwhile():
        make_photo(traveler, source_sha256=hashlib.sha256(OTHER).hexdigest())

    row = keep_photo(traveler=traveler, data=OTHER, by=applicant, check=meanwhile)

    assert row == Photo.objects.get()


def test_keep_photo_refused_by_the_check_leaves_no_row_and_no_file(
    judged, traveler, applicant, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path

    def refuse():
        raise Refused

    with pytest.raises(Refused):
        keep_photo(traveler=traveler, data=OTHER, by=applicant, check=refuse)

    assert not Photo.objects.exists()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_keep_photo_that_cannot_be_written_leaves_no_file(
    judged, traveler, applicant, settings, tmp_path, monkeypatch
):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(storing, "record", lambda *_a, **_k: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        keep_photo(traveler=traveler, data=OTHER, by=applicant)

    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_keep_photo_undone_by_what_comes_then_leaves_no_file(
    judged, traveler, applicant, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path

    with pytest.raises(ZeroDivisionError):
        keep_photo(traveler=traveler, data=OTHER, by=applicant, then=lambda _photo: 1 / 0)

    assert not Photo.objects.exists()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_migration_seals_what_lay_plain(traveler):
    row = make_photo(traveler)
    with row.file.open("rb") as file:
        jpeg = file.read()
    Path(row.file.path).write_bytes(jpeg)
    migration = import_module("cbpone.photos.migrations.0005_sealed")

    for _ in range(2):
        migration.seal_files(apps, None)

    assert b"JFIF" not in Path(row.file.path).read_bytes()
    with row.file.open("rb") as file:
        assert file.read() == jpeg


def test_thumbnail_is_made_of_the_sealed_file(traveler, applicant):
    row = keep_photo(traveler=traveler, data=JPEG, by=applicant)

    with Image.open(io.BytesIO(storing.thumbnail(row.file.name))) as picture:
        assert picture.size == (60, 45)
