"""The same photo from two phones, two tabs and a line that repeats itself, on real connections."""

import hashlib

import pytest

from cbpone.audit.models import Event
from cbpone.photos import opening, receiving
from cbpone.photos.links import make_link
from cbpone.photos.models import PhoneLink, Photo, Upload, UploadPiece
from cbpone.photos.receiving import Sender
from cbpone.photos.tickets import Ticket
from tests.browser.steps import portrait
from tests.factories import make_registration
from tests.factories.uploads import make_arrived, make_upload
from tests.parole.casework import make_claimed
from tests.photos.senders import Phone
from tests.race import at_once, kinds

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def family():
    return make_registration(people=1)


@pytest.fixture
def traveler(family):
    return family.people().first().traveler


def one_photo_of(traveler) -> Photo:
    assert Event.objects.filter(verb="photo_added").count() == 1
    return Photo.objects.get(traveler=traveler)


def test_same_begin_ten_times_is_one_upload(family, traveler):
    phone = Phone(traveler, family.owner)

    answers = at_once([phone.begin] * 10)

    assert [answer.json() for answer in answers] == [{"state": "receiving", "have": 0}] * 10
    assert Upload.objects.get().reference == phone.uuid


def test_same_piece_ten_times_is_stored_once(family, traveler):
    data = portrait()
    upload = make_upload(traveler, family.owner, size=len(data), sha256="0" * 64)

    def send():
        return receiving.add_piece(upload=upload, offset=0, data=data[:500])

    assert kinds(at_once([send] * 10)) == ["ok"] * 10
    assert (UploadPiece.objects.get().size, Upload.objects.get().have) == (500, 500)


def test_pieces_that_overlap_at_once_make_the_picture(family, traveler):
    phone = Phone(traveler, family.owner)
    phone.begin()
    phone.send(0, 100)

    at_once([lambda end=end: phone.send(100, end) for end in (200, 300, 400, 500)])

    have = Upload.objects.get().have
    assert have == sum(UploadPiece.objects.values_list("size", flat=True))
    assert phone.send(have).json()["state"] == "kept"


def test_last_piece_at_once_is_one_photo(family, traveler):
    phone = Phone(traveler, family.owner)
    phone.begin()
    phone.send(0, 500)

    answers = at_once([lambda: phone.send(500)] * 5)

    assert {answer.json()["state"] for answer in answers} <= {"kept", "arrived"}
    assert "kept" in {answer.json()["state"] for answer in answers}
    one_photo_of(traveler)


@pytest.mark.parametrize("claims", [True, False], ids=["claimed", "unclaimed"])
def test_finish_five_times_is_one_photo(family, traveler, monkeypatch, claims):
    upload = make_arrived(traveler, family.owner)
    if not claims:  # as after a claim that ran out
        monkeypatch.setattr(opening.cache, "add", lambda *_a: True)

    outcomes = at_once([lambda: opening.finish(Upload.objects.get(pk=upload.pk))] * 5)

    assert kinds(outcomes) == ["ok"] * 5
    upload.refresh_from_db()
    assert (upload.status, upload.photo) == ("kept", one_photo_of(traveler))
    assert not UploadPiece.objects.exists()


@pytest.mark.parametrize("process", ["family", "case"])
def test_same_picture_from_two_phones_is_one_photo(process):
    if process == "family":
        registration = make_registration(people=1)
        traveler, user = registration.people().first().traveler, registration.owner
    else:
        case = make_claimed()
        traveler, user = case.traveler, case.user
    rows = [make_arrived(traveler, user) for _phone in range(2)]

    at_once([lambda row=row: opening.finish(Upload.objects.get(pk=row.pk)) for row in rows])

    photo = one_photo_of(traveler)
    assert set(Upload.objects.values_list("status", "photo")) == {("kept", photo.pk)}


def test_two_pictures_at_once_leave_one_current(family, traveler):
    rows = [make_arrived(traveler, family.owner, data=portrait(seed)) for seed in range(3)]

    at_once([lambda row=row: opening.finish(Upload.objects.get(pk=row.pk)) for row in rows])

    assert set(Upload.objects.values_list("status", flat=True)) == {"kept"}
    assert Photo.objects.current().filter(traveler=traveler).count() == 1


def test_picture_given_up_while_its_last_piece_comes_is_one_of_both(family, traveler):
    data = portrait()
    digest = hashlib.sha256(data).hexdigest()
    upload = make_upload(traveler, family.owner, size=len(data), sha256=digest)

    at_once(
        [
            lambda: receiving.give_up(upload),
            lambda: receiving.add_piece(upload=upload, offset=0, data=data),
        ]
    )

    upload.refresh_from_db()
    pieces = UploadPiece.objects.count()
    assert (upload.status, pieces) in {("abandoned", 0), ("arrived", 1)}


def test_same_form_pressed_five_times_at_once_is_one_photo(family, traveler):
    sender = Sender(Ticket(family.owner, traveler, None, "en"))

    at_once([lambda: opening.finish(receiving.take_form(sender=sender, data=portrait()))] * 5)

    photo = one_photo_of(traveler)
    assert set(Upload.objects.values_list("status", "photo")) == {("kept", photo.pk)}


def test_link_made_five_times_at_once_is_one(family, traveler):
    at_once([lambda: make_link(traveler=traveler, by=family.owner)] * 5)

    assert PhoneLink.objects.count() == 1
    assert Event.objects.filter(verb="phone_link_made").count() == 1
