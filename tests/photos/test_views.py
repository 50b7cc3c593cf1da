"""Who is shown a photo, in which size, and what of it is put on record."""

import io

import pytest
from PIL import Image

from cbpone.audit.models import Event
from officers.photo_review import approve
from tests.factories import make_appointment, make_officer, make_photo, make_port, make_slot
from tests.factories.office_photos import make_family_photo, make_photo_reviewer


@pytest.fixture
def stored(port):
    row = make_appointment(slot=make_slot(port)).attendances.first()
    return make_photo(row.traveler)


def looks():
    return Event.objects.filter(verb="viewed", model="photos.photo")


@pytest.mark.parametrize("ask", ["", "?board", "?board=1"])
def test_photo_shown_to_an_officer_is_always_on_record(client, officer, stored, ask):
    client.force_login(officer)

    client.get(f"/photos/{stored.reference}/{ask}")

    assert looks().get().by == officer


def test_stamp_is_a_small_picture_without_an_event_of_its_own(client, officer, stored):
    client.force_login(officer)

    response = client.get(f"/photos/{stored.reference}/thumb/")

    with Image.open(io.BytesIO(b"".join(response.streaming_content))) as picture:
        assert (picture.format, picture.size) == ("JPEG", (60, 80))
        assert not picture.getexif()
    assert response["Cache-Control"] == "private, no-store"
    assert not looks().exists()


def test_stamp_is_not_found_at_another_port(client, stored):
    client.force_login(make_officer(make_port("laredo")))

    assert client.get(f"/photos/{stored.reference}/thumb/").status_code == 404


def test_board_shows_stamps(client, officer, port):
    row = make_appointment(slot=make_slot(port, days_ahead=0, at="12:00")).attendances.first()
    photo = make_photo(row.traveler)
    client.force_login(officer)

    page = client.get("/officers/board/san-ysidro/").content.decode()

    assert f'src="/photos/{photo.reference}/thumb/"' in page
    assert f'src="/photos/{photo.reference}/"' not in page


def test_photo_of_the_queue_is_shown_to_reviewers_until_it_is_judged(client):
    reviewer = make_photo_reviewer()
    photo = make_family_photo(by=reviewer)
    client.force_login(reviewer)

    assert client.get(f"/photos/{photo.reference}/").status_code == 200
    assert looks().get().by == reviewer

    approve(photo=photo, by=reviewer)
    assert client.get(f"/photos/{photo.reference}/").status_code == 404
    assert looks().count() == 1
