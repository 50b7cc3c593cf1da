import io
from pathlib import Path

import pytest
from cryptography.fernet import InvalidToken
from django.core.files.base import ContentFile
from PIL import Image, UnidentifiedImageError

from cbpone.lib.sealed_files import seal_files, sealed_storage
from cbpone.photos.models import Photo
from parole.models import Paper
from tests.photos.pictures import quarters, saved

JPEG = saved(quarters())


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def kept(name="photos/ab/one.jpg", data=JPEG) -> Path:
    return Path(sealed_storage().path(sealed_storage().save(name, ContentFile(data))))


def plain(name="photos/ab/old.jpg", data=JPEG) -> Path:
    path = Path(sealed_storage().path(name))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def read(path: Path) -> bytes:
    with sealed_storage().open(path.name if path.parent.name == "" else str(path)) as file:
        return file.read()


def test_file_on_the_disk_is_no_picture():
    path = kept()

    lying = path.read_bytes()
    assert b"\xff\xd8" not in lying
    assert b"JFIF" not in lying
    with pytest.raises(UnidentifiedImageError):
        Image.open(io.BytesIO(lying))
    assert path.stat().st_mode & 0o777 == 0o600


def test_file_is_read_as_it_was():
    assert read(kept()) == JPEG


def test_new_key_in_front_opens_what_the_old_one_sealed(settings):
    settings.FIELD_KEYS = ["old"]
    path = kept()

    settings.FIELD_KEYS = ["new", "old"]

    assert read(path) == JPEG


def test_dropped_key_is_an_error_and_no_picture(settings):
    path = kept()

    settings.FIELD_KEYS = ["another"]

    with pytest.raises(InvalidToken):
        read(path)


def test_plain_file_from_before_is_still_read():
    assert read(plain()) == JPEG


def test_sealing_files_takes_the_plain_ones_once():
    old, new = plain(), kept()
    before = new.read_bytes()
    names = [str(old), str(new), "photos/ab/gone.jpg", ""]

    counts = [seal_files(names), seal_files(names)]

    assert counts == [1, 0]
    assert b"JFIF" not in old.read_bytes()
    assert new.read_bytes() == before
    assert read(old) == JPEG
    assert old.stat().st_mode & 0o777 == 0o600
    assert len(list(old.parent.iterdir())) == 2


def test_sealing_that_is_cut_short_leaves_the_plain_file(monkeypatch):
    old = plain()
    monkeypatch.setattr("cbpone.lib.sealed_files.os.fsync", lambda _file: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        seal_files([str(old)])

    assert old.read_bytes() == JPEG


def test_sealed_file_is_not_opened_for_writing():
    with pytest.raises(ValueError, match="whole"):
        sealed_storage().open(str(kept()), "wb")


@pytest.mark.parametrize("model", [Photo, Paper])
def test_photos_and_papers_are_kept_sealed(model):
    assert isinstance(model._meta.get_field("file").storage, type(sealed_storage()))
