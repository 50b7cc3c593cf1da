"""When an officer asks for another picture: what the person is told, and how they send it."""

import pytest

from cbpone.notifications.models import Delivery, Message
from cbpone.notifications.outbox import send_messages, words
from cbpone.notifications.sms import MemoryBackend
from cbpone.photos.models import Photo
from cbpone.photos.statuses import Advice
from officers.photo_review import ask_another, mark_at_port
from officers.queues.photos import QUEUE
from tests.breaking import change
from tests.factories import (
    make_airport_officer,
    make_appointment,
    make_authorization,
    make_beneficiary,
    make_officer,
    make_registration,
    make_slot,
)
from tests.factories.office_photos import make_case_photo, make_family_photo, make_photo_reviewer
from tests.facts import told
from tests.photos.senders import send_form

pytestmark = pytest.mark.django_db
KEPT = "Your place is kept."
ADVICE = str(Advice.DARK.label)
MAKE = pytest.mark.parametrize("make", [make_family_photo, make_case_photo])


def asked(make, *of, judge=ask_another, **values) -> Photo:
    reviewer = make_photo_reviewer()
    photo = make(*of, by=reviewer, **values)
    if photo.registration:
        change(photo.traveler.member, photo_at_port=False)
    values = {"advice": "dark"} if judge is ask_another else {}
    photo = judge(photo=photo, by=reviewer, **values)
    return Photo.objects.get(pk=photo.pk)


def page_of(photo) -> str:
    if photo.registration:
        return f"/registration/people/{photo.traveler.reference}/photo/"
    return f"/cases/{photo.beneficiary.reference}/photo/"


def open_page(client, photo, url="", **typed):
    client.force_login(photo.account)
    return client.get(url or page_of(photo), typed).content.decode()


def send(client, photo):
    client.force_login(photo.account)
    return send_form(client, photo.traveler, photo.account)


def current(photo) -> Photo:
    return Photo.objects.current().get(traveler=photo.traveler)


# --- Messages -----------------------------------------------------------------------------


@MAKE
def test_message_gives_the_advice_and_where_to_send_another(make, mailoutbox, settings):
    photo = asked(make)

    send_messages()

    mail = mailoutbox[0]
    assert (mail.to, mail.subject) == ([photo.account.email], "News about a photo")
    assert ADVICE in mail.body
    assert settings.SITE_URL + page_of(photo) in mail.body
    assert KEPT in mail.body
    assert ("at the port" in mail.body) == (photo.registration is not None)


@MAKE
def test_message_of_a_photo_that_an_officer_takes_asks_for_nothing(make, mailoutbox):
    photo = asked(make, judge=mark_at_port)

    send_messages()

    mail = mailoutbox[0]
    place = "port" if photo.registration else "airport"
    assert f"at the {place}. You need to do nothing." in mail.body
    assert KEPT in mail.body


@pytest.mark.parametrize("judge", [ask_another, mark_at_port])
def test_message_is_a_text_too_where_texts_are_wanted(judge):
    wanted = {"text_messages": True, "phone": "+526641234567"}
    family = asked(make_family_photo, make_registration(**wanted), judge=judge)
    case = make_beneficiary(status="ata_pending", photo=False, **wanted)
    person = asked(make_case_photo, case, judge=judge)

    send_messages()

    for photo in (family, person):
        assert told(photo.account)[0][1] == ["email", "sms"]
    assert [to for to, _text in MemoryBackend.sent] == ["+526641234567"] * 2
    assert not any(str(photo.traveler) in text for _to, text in MemoryBackend.sent)


def test_text_is_not_sent_once_the_consent_is_taken_back():
    wanted = {"text_messages": True, "phone": "+526641234567"}
    photo = asked(make_family_photo, make_registration(**wanted))
    change(photo.registration, text_messages=False)

    send_messages()

    assert MemoryBackend.sent == []
    assert Delivery.objects.get(channel="sms").status == "outdated"


@MAKE
def test_message_read_after_another_picture_came_asks_for_nothing(client, make):
    photo = asked(make)
    send(client, photo)

    message, row = Message.objects.get(template="photo_another"), Photo.objects.get(pk=photo.pk)
    _subject, body = words(message, row, "email")

    assert "A newer one has come since. Nothing is needed from you now." in body
    assert page_of(photo) not in body


def test_message_is_asked_once_for_each_photo(client):
    photo = asked(make_family_photo)
    send(client, photo)
    reviewer = make_photo_reviewer()
    again = QUEUE.take_next(by=reviewer)

    ask_another(photo=again, advice="blurred", by=reviewer)

    assert [name for name, _channels in told(photo.account)] == ["photo_another"] * 2


# --- Pages of the person ------------------------------------------------------------------


@MAKE
def test_photo_page_says_what_helps_and_that_the_place_is_kept(client, make):
    photo = asked(make)

    page = open_page(client, photo)

    assert f"Another picture of {photo.traveler}, if you can" in page
    assert ADVICE in page
    assert KEPT in page


@MAKE
def test_photo_page_of_a_photo_an_officer_takes_asks_for_nothing(client, make):
    photo = asked(make, judge=mark_at_port)
    if photo.beneficiary:
        change(photo.beneficiary, status="photo_submitted")

    page = open_page(client, photo)

    assert "You need to do nothing." in page
    assert "if you can" not in page


@MAKE
def test_photo_page_of_a_waiting_photo_says_nothing_of_it(client, make):
    photo = make()
    if photo.beneficiary:
        change(photo.beneficiary, status="photo_submitted")
    else:
        change(photo.traveler.member, photo_at_port=False)

    page = open_page(client, photo)

    assert KEPT not in page
    assert "You need to do nothing." not in page


@MAKE
def test_another_picture_waits_in_the_queue_again(client, make):
    photo = asked(make)
    assert not QUEUE.waits(make_photo_reviewer()).exists()

    response = send(client, photo)

    assert response.status_code == 303
    new = current(photo)
    assert (new.status, new.taken_by) == ("waiting", None)
    assert QUEUE.take_next(by=make_photo_reviewer()) == new
    assert "We have the photo" in client.get(response.url).content.decode()


@MAKE
def test_same_picture_once_more_is_not_taken_for_another(client, make):
    photo = asked(make)
    send(client, photo)
    second = current(photo)
    reviewer = make_photo_reviewer()
    ask_another(photo=QUEUE.take_next(by=reviewer), advice="dark", by=reviewer)

    page = client.get(send(client, photo).url).content.decode()

    assert "This is the picture we have already." in page
    assert ADVICE in page
    assert current(photo) == second


def test_family_may_have_the_picture_taken_at_the_port_instead(client):
    photo = asked(make_family_photo)
    assert "Take the photo at the port" in open_page(client, photo)

    response = client.post(page_of(photo), {"at_port": "on"})

    page = client.get(response.url).content.decode()
    assert "Noted" in page
    assert "if you can" not in page
    assert photo.registration.people().get(traveler=photo.traveler).photo_at_port


@pytest.mark.parametrize("status", ["photo_submitted", "ata_pending", "ata_approved"])
def test_case_stays_as_it_is_while_another_picture_comes(client, status):
    photo = asked(make_case_photo, make_beneficiary(status=status, photo=False))

    send(client, photo)

    case = photo.beneficiary
    before = case.submitted_at
    case.refresh_from_db()
    assert (case.status, case.submitted_at) == (status, before)


@pytest.mark.parametrize("status", ["ata_pending", "ata_denied", "paroled"])
def test_photo_page_of_a_case_is_closed_when_nobody_asks(client, status):
    photo = make_case_photo(make_beneficiary(status=status, photo=False))

    response = client.get(send(client, photo).url)

    assert response.url == f"/cases/{photo.beneficiary.reference}/"
    assert current(photo) == photo


def test_photo_page_is_closed_once_the_case_has_ended(client):
    photo = asked(make_case_photo)
    change(photo.beneficiary, status="ata_denied")

    response = client.get(send(client, photo).url)

    assert response.url == f"/cases/{photo.beneficiary.reference}/"
    assert current(photo) == photo


def test_stranger_sends_no_other_picture(client, applicant):
    photo = asked(make_case_photo)
    client.force_login(applicant)

    assert client.get(page_of(photo)).status_code == 404


@pytest.mark.parametrize("url", ["/registration/", "/case/"])
def test_pages_of_the_family_ask_for_it_and_never_say_nothing_is_needed(client, url):
    photo = asked(make_family_photo)
    make_appointment(photo.registration)

    page = open_page(client, photo, url)

    assert ADVICE in page
    assert f'href="{page_of(photo)}"' in page
    assert "Nothing is needed from you" not in page


def test_pages_of_the_family_ask_no_more_once_it_is_settled(client):
    photo = asked(make_family_photo)
    send(client, photo)

    assert "if you can" not in open_page(client, photo, "/registration/")


def test_pages_of_the_case_ask_for_it_and_never_say_nothing_is_needed(client):
    photo = asked(make_case_photo)
    make_beneficiary(photo.account, status="invited")

    page = open_page(client, photo, f"/cases/{photo.beneficiary.reference}/")
    listed = open_page(client, photo, "/cases/")

    assert ADVICE in page
    assert f'href="{page_of(photo)}"' in page
    assert "An officer asks for another picture." in listed
    for text in (page, listed):
        assert "Nothing is needed from you" not in text


def test_history_tells_what_an_officer_said_in_words(client):
    photo, case = asked(make_family_photo), asked(make_case_photo)

    page = open_page(client, photo, "/history/")
    assert f"An officer judged a photo: {ADVICE}" in page
    page = open_page(client, case, f"/cases/{case.beneficiary.reference}/history/")
    assert "An officer judged a photo" in page


def test_officers_at_port_and_airport_are_told_to_take_the_photo(client, port):
    photo = asked(make_family_photo, judge=mark_at_port)
    booked = make_appointment(photo.registration, make_slot(port))
    case = asked(make_case_photo, judge=mark_at_port)
    change(case.beneficiary, status="ata_approved")
    ticket = make_authorization(case.beneficiary)

    client.force_login(make_officer(port))
    page = client.get(f"/officers/appointments/{booked.reference}/").content.decode()
    assert page.count("Take the photo here") == 2  # the other person has sent none
    assert "Photo: to be taken by an officer" in page
    client.force_login(make_airport_officer())
    client.post("/officers/airport/choose/", {"airport": "MIA"})
    page = client.get(f"/officers/arrivals/{ticket.reference}/").content.decode()
    assert page.count("Take the photo here") == 1
