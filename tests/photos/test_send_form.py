"""The form without a script: stored before it is judged, and good after the session has ended."""

import hashlib
import io
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cbpone.audit.models import Event
from cbpone.photos import opening, receiving, storing
from cbpone.photos.models import Photo, Upload, UploadPiece
from cbpone.photos.pipeline import Busy
from cbpone.photos.statuses import MAX_BYTES
from cbpone.photos.tickets import make_ticket
from tests.breaking import change
from tests.browser.steps import portrait
from tests.factories import make_beneficiary, make_registration, make_user
from tests.factories.uploads import make_link
from tests.photos.senders import file_of, send_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def family():
    return make_registration(people=2)


@pytest.fixture
def traveler(family):
    return family.people().first().traveler


@pytest.fixture
def mine(client, family):
    client.force_login(family.owner)
    return client


def page_of(traveler) -> str:
    return f"/registration/people/{traveler.reference}/photo/"


def text_of(client, response) -> str:
    return client.get(response.url).content.decode()


@pytest.mark.parametrize("field", ["camera", "photo"])
def test_photo_is_stored_and_shown_with_a_way_on(mine, traveler, family, field):
    response = send_form(mine, traveler, family.owner, field=field)

    assert (response.status_code, response.url) == (303, page_of(traveler) + "?sent=1")
    page = text_of(mine, response)
    photo = Photo.objects.get(traveler=traveler)
    assert f'src="/photos/{photo.reference}/"' in page
    assert '<a class="button" href="/registration/">Use this photo</a>' in page
    upload = Upload.objects.get()
    assert (upload.status, upload.by_form, upload.photo) == ("kept", True, photo)
    assert upload.sha256 == hashlib.sha256(portrait()).hexdigest()
    assert not UploadPiece.objects.exists()


def test_form_asks_for_a_file_and_one_press(mine, traveler):
    page = mine.get(page_of(traveler)).content.decode()

    form = page.partition('<form method="post" action="/photos/send/"')[2].partition("</form>")[0]
    assert 'enctype="multipart/form-data"' in form
    assert 'type="file" name="camera" accept="image/*" capture="user"' in form
    assert 'type="file" name="photo" accept="image/*"' in form
    assert form.count("<button") == 1
    assert "required" not in form


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<html>not a picture</html>", "This file is not a picture we can open."),
        (portrait()[:300], "Part of this picture file is missing or broken."),
    ],
)
@pytest.mark.parametrize("field", ["camera", "photo"])
def test_file_that_is_none_is_told_beside_the_field_that_was_used(
    mine, traveler, family, data, said, field
):
    response = send_form(mine, traveler, family.owner, data=data, field=field)

    shown = mine.get(response.url)
    assert list(shown.context["form"].errors) == [field]
    assert said in shown.content.decode()
    assert Event.objects.get(verb="photo_refused").case == family.reference
    assert not UploadPiece.objects.exists()


def test_nothing_chosen_asks_for_a_photo(mine, traveler, family):
    ticket = make_ticket(user=family.owner, traveler=traveler)

    response = mine.post("/photos/send/", {"ticket": ticket})

    assert mine.get(response.url).context["form"].errors == {"photo": ["Choose a photo."]}
    assert not Upload.objects.exists()


def test_empty_file_is_told_so(mine, traveler, family):
    response = send_form(mine, traveler, family.owner, data=b"")

    assert "This file is empty." in text_of(mine, response)


def test_file_that_is_too_large_is_told_so_and_not_stored(mine, traveler, family):
    ticket = make_ticket(user=family.owner, traveler=traveler)
    file = io.BytesIO(bytes(MAX_BYTES + 200_000))
    file.name = "large.jpg"

    response = mine.post("/photos/send/", {"ticket": ticket, "camera": file})

    shown = mine.get(response.url)
    assert list(shown.context["form"].errors) == ["camera"]
    assert "larger than 25 MB" in shown.content.decode()
    assert not Upload.objects.exists()
    assert Event.objects.get(verb="photo_refused").note == "too_large_file"


def test_sent_while_signed_out_is_kept_and_in_place_after_signing_in(client, traveler, family):
    response = send_form(client, traveler, family.owner)

    assert Photo.objects.filter(traveler=traveler).count() == 1
    asked = client.get(response.url)
    assert asked.url.startswith("/accounts/login/?next=/registration/people/")
    client.force_login(family.owner)
    assert "We have the photo" in text_of(client, response)


def test_sent_from_another_account_is_kept_for_its_own(client, traveler, family):
    other = make_user()
    client.force_login(other)

    response = send_form(client, traveler, family.owner)

    assert response.url == "/case/"
    assert "It belongs to another account than this one." in text_of(client, response)
    assert Photo.objects.get().added_by == family.owner


def test_needs_no_session_and_no_csrf_token(traveler, family):
    client = Client(enforce_csrf_checks=True, headers={"origin": "https://elsewhere.example"})

    assert send_form(client, traveler, family.owner).status_code == 303
    assert Photo.objects.count() == 1


@pytest.mark.parametrize("ticket", ["", "nonsense"])
def test_without_a_ticket_nothing_is_stored(mine, ticket):
    response = mine.post("/photos/send/", {"ticket": ticket, "photo": file_of()})

    assert response.status_code == 403
    assert "Everything you saved is safe." in response.content.decode()
    assert not Upload.objects.exists()


def test_page_that_was_open_for_long_still_sends_for_who_is_signed_in(
    mine, traveler, family, settings, monkeypatch
):
    ticket = make_ticket(user=family.owner, traveler=traveler)
    later = time.time() + (settings.UPLOAD_TICKET_DAYS + 1) * 86_400
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)

    nobody = Client().post("/photos/send/", {"ticket": ticket, "photo": file_of()})
    owner = mine.post("/photos/send/", {"ticket": ticket, "photo": file_of()})

    assert (nobody.status_code, owner.status_code) == (403, 303)
    assert Photo.objects.count() == 1


def test_case_that_takes_no_photo_says_so(client):
    case = make_beneficiary(status="ata_pending")
    client.force_login(case.user)

    response = send_form(client, case.traveler, case.user)

    assert client.get(response.url).url == f"/cases/{case.reference}/"
    assert not Upload.objects.exists()


def test_bytes_are_safe_before_anybody_looks_into_them(mine, traveler, family, monkeypatch):
    """Whatever breaks afterwards, the task that opens pictures brings the photo."""
    with monkeypatch.context() as patch:
        patch.setattr(storing, "clean", lambda data: 1 / 0)
        response = send_form(mine, traveler, family.owner)
    assert receiving.bytes_of(Upload.objects.get(status="arrived")) == portrait()
    assert not Photo.objects.exists()
    page = text_of(mine, response)
    assert "The photo is here" in page
    assert f'href="{page_of(traveler)}?sent=1">Look again</a>' in page

    assert opening.finish_uploads() == 1

    assert Photo.objects.get().traveler == traveler
    assert "We have the photo" in text_of(mine, response)


def test_bytes_are_safe_when_the_process_ends_in_between(mine, traveler, family, monkeypatch):
    def stop(upload):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(opening, "finish", stop)
        with pytest.raises(SystemExit):
            send_form(mine, traveler, family.owner)

    assert opening.finish_uploads() == 1
    assert Photo.objects.get().traveler == traveler


def test_busy_says_that_the_photo_is_here_and_stops_nobody(mine, traveler, family, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(storing, "clean", lambda data: (_ for _ in ()).throw(Busy()))
        response = send_form(mine, traveler, family.owner)

    page = text_of(mine, response)
    assert "We open it within a minute or two" in page
    assert '<a class="button" href="/registration/">Continue</a>' in page
    assert "A photo is here already." in mine.get(page_of(traveler)).content.decode()


def test_picture_that_turns_out_to_be_none_later_is_told_on_the_page(
    mine, traveler, family, monkeypatch
):
    with monkeypatch.context() as patch:
        patch.setattr(storing, "clean", lambda data: (_ for _ in ()).throw(Busy()))
        response = send_form(mine, traveler, family.owner, data=b"<html>")
    opening.finish_uploads()

    page = text_of(mine, response)
    assert "This file is not a picture we can open." in page
    assert "<h2>We have the photo</h2>" not in page


def test_same_photo_twice_is_one(mine, traveler, family):
    for _twice in range(2):
        send_form(mine, traveler, family.owner)

    assert Photo.objects.count() == 1
    assert Event.objects.filter(verb="photo_added").count() == 1


def test_guest_is_led_to_the_page_of_the_link(client, traveler, family):
    link = make_link(traveler, family.owner)

    sent = send_form(client, traveler, family.owner, link=link)
    refused = send_form(client, traveler, family.owner, link=link, data=b"<html>")

    assert sent.url == f"/p/{link.code}/?sent=1"
    assert refused.url == f"/p/{link.code}/?refused=not_an_image&by=photo"
    assert "not a picture we can open" in text_of(client, refused)


def test_too_many_in_an_hour_are_asked_to_wait(mine, traveler, family, monkeypatch):
    monkeypatch.setattr(receiving, "MOST_BEGUN", 0)

    response = send_form(mine, traveler, family.owner)

    assert "Wait an hour" in text_of(mine, response)


def test_leaving_it_to_the_port_needs_its_own_button(mine, traveler):
    change(traveler.member, photo_at_port=False)

    stale = mine.post(page_of(traveler), {"photo": SimpleUploadedFile("a.jpg", portrait())})
    assert "Choose a photo." in text_of(mine, stale)
    traveler.member.refresh_from_db()
    assert not traveler.member.photo_at_port

    chosen = mine.post(page_of(traveler), {"at_port": "on"})
    assert "Noted" in text_of(mine, chosen)
    traveler.member.refresh_from_db()
    assert traveler.member.photo_at_port
