"""A link for a phone: made, opened, ended, closed, and what a guest is shown."""

import json
import logging

import pytest
from django.test import Client

from cbpone.audit.models import Event
from cbpone.notifications.models import Message
from cbpone.notifications.outbox import send_messages
from cbpone.notifications.sms import MemoryBackend
from cbpone.photos import links
from cbpone.photos.models import PhoneLink, Photo
from tests.breaking import change
from tests.browser.steps import portrait
from tests.factories import make_beneficiary, make_officer, make_photo, make_registration, make_user
from tests.factories.uploads import make_link
from tests.facts import told
from tests.parole.casework import make_claimed
from tests.photos.senders import Phone, send_form

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


@pytest.fixture
def link(traveler, family):
    return make_link(traveler, family.owner)


def at(link, tail="") -> str:
    return f"/photos/links/{link.reference}/{tail}"


def state(client, link) -> str:
    return client.get(at(link)).json()["state"]


def send(link):
    return Phone(link.traveler, link.made_by, link=link).send_all()


# --- Made, shown, sent --------------------------------------------------------------------


def test_link_is_made_and_shown_with_code_and_address(mine, traveler, family, settings):
    response = mine.post("/photos/links/", {"traveler": str(traveler.reference)})

    link = PhoneLink.objects.get()
    page = mine.get(response.url).content.decode()
    assert response.url == at(link, "page/")
    assert (link.made_by, link.traveler) == (family.owner, traveler)
    assert (link.ends_at - link.made_at).total_seconds() == settings.PHONE_LINK_MINUTES * 60
    assert f"/p/{link.code}/" in page
    assert "<svg" in page
    assert "Look again" in page
    assert Event.objects.get(verb="phone_link_made").case == family.reference


def test_link_of_a_case_is_made_too(client):
    case = make_claimed()
    client.force_login(case.user)

    client.post("/photos/links/", {"traveler": str(case.traveler.reference)})

    assert Event.objects.get(verb="phone_link_made").case == case.reference


def test_stored_is_only_the_digest_of_the_code(link):
    row = PhoneLink.objects.filter(pk=link.pk).values().get()

    assert len(link.code) == 10
    assert link.code not in json.dumps(row, default=str)
    assert PhoneLink.objects.get(pk=link.pk).code == link.code


def test_unused_link_is_taken_again_and_a_used_or_late_one_is_not(traveler, family, clock):
    first = links.make_link(traveler=traveler, by=family.owner)
    assert links.make_link(traveler=traveler, by=family.owner) == first

    send(first)
    second = links.make_link(traveler=traveler, by=family.owner)
    clock.forward(minutes=40)
    third = links.make_link(traveler=traveler, by=family.owner)

    assert len({first.pk, second.pk, third.pk}) == 3


@pytest.mark.parametrize("named", ["", "nonsense", "00000000-0000-4000-8000-000000000000"])
def test_link_for_nobody_is_not_found(mine, named):
    assert mine.post("/photos/links/", {"traveler": named}).status_code == 404


def test_link_for_a_case_that_takes_no_photo_is_refused(client):
    case = make_beneficiary(status="ata_pending")
    client.force_login(case.user)

    response = client.post("/photos/links/", {"traveler": str(case.traveler.reference)})

    assert response.url == f"/cases/{case.reference}/photo/"
    assert not PhoneLink.objects.exists()


@pytest.mark.parametrize("who", ["stranger", "officer"])
def test_link_of_others_is_not_found(client, traveler, link, who):
    client.force_login(make_user() if who == "stranger" else make_officer())

    assert client.post("/photos/links/", {"traveler": str(traveler.reference)}).status_code == 404
    for tail in ("", "page/"):
        assert client.get(at(link, tail)).status_code == 404
    for tail in ("message/", "close/"):
        assert client.post(at(link, tail)).status_code == 404
    assert not Message.objects.exists()
    assert PhoneLink.objects.get().closed_at is None


def test_link_is_sent_to_oneself_once(mine, link, family, mailoutbox):
    for _twice in range(2):
        mine.post(at(link, "message/"))

    send_messages()

    assert told(family.owner) == [("phone_link", ["email"])]
    mail = mailoutbox[0]
    assert (mail.subject, mail.to) == ("Your link to send a photo", [family.owner.email])
    assert f"/p/{link.code}/" in mail.body
    assert link.traveler.given_names not in mail.body
    assert "We have sent the link to you." in mine.get(at(link, "page/")).content.decode()


def test_link_goes_as_a_text_where_texts_are_wanted(mine, link, family):
    change(family, phone="+526641234567", text_messages=True)

    mine.post(at(link, "message/"))
    send_messages()

    (to, text) = MemoryBackend.sent[0]
    assert to == "+526641234567"
    assert f"/p/{link.code}/" in text


def test_message_about_a_link_that_has_ended_is_not_sent(mine, link, mailoutbox, clock):
    mine.post(at(link, "message/"))
    clock.forward(minutes=61)

    send_messages()

    assert mailoutbox == []


def test_link_that_has_ended_is_not_sent_and_a_new_one_offered(mine, link, clock):
    clock.forward(minutes=61)

    page = mine.post(at(link, "message/"), follow=True).content.decode()

    assert not Message.objects.exists()
    assert "This link has ended. Make a new one." in page
    assert "Make a new link" in page


def test_state_follows_what_happens_on_the_phone(mine, link):
    assert state(mine, link) == "waiting"

    Client().get(f"/p/{link.code}/")
    assert state(mine, link) == "opened"
    assert "The link is open on a phone." in mine.get(at(link, "page/")).content.decode()

    send(link)
    assert state(mine, link) == "sent"
    page = mine.get(at(link, "page/")).content.decode()
    assert f"/registration/people/{link.traveler.reference}/photo/?sent=1" in page


def test_state_of_a_link_that_ended_or_was_closed(mine, link, family, traveler, clock):
    other = make_link(traveler, family.owner)
    mine.post(at(other, "close/"))
    assert state(mine, other) == "closed"

    clock.forward(minutes=61)
    assert state(mine, link) == "closed"


def test_state_is_few_queries(mine, link, django_assert_max_num_queries):
    state(mine, link)  # the session is touched now and then

    with django_assert_max_num_queries(4):
        mine.get(at(link))


# --- On the phone -------------------------------------------------------------------------


def test_guest_sends_a_photo_and_sees_it_and_nothing_else(client, link, family):
    make_photo(link.traveler)  # of before, which is not the guest's to see
    change(link.traveler, surnames="Quetzalcoatl")
    page = client.get(f"/p/{link.code}/").content.decode()
    assert "<img" not in page

    response = send_form(client, link.traveler, link.made_by, link=link)
    sent = client.get(response.url).content.decode()

    photo = Photo.objects.current().get()
    assert f'<img src="/p/{link.code}/photo/"' in sent
    assert f'href="/p/{link.code}/?done=1">Use this photo</a>' in sent
    picture = client.get(f"/p/{link.code}/photo/")
    assert picture["Content-Type"] == "image/jpeg"
    assert picture["Cache-Control"] == "private, no-store"
    done = client.get(f"/p/{link.code}/?done=1").content.decode()
    assert "You can close this page." in done
    for text in (page, sent, done):
        assert link.traveler.given_names in text
        for hidden in (
            "Quetzalcoatl", family.reference, family.owner.email, str(photo.reference),
            "/registration/", "Take the photo at the port", "Use a phone for the photo",
        ):  # fmt: skip
            assert hidden not in text


def test_guest_sees_no_photo_that_came_another_way(client, link, family):
    send_form(client, link.traveler, link.made_by, link=link)
    send_form(client, link.traveler, link.made_by, data=portrait(1))

    assert client.get(f"/p/{link.code}/photo/").status_code == 404
    assert "<img" not in client.get(f"/p/{link.code}/").content.decode()


def test_guest_page_is_private_and_tells_nobody_its_address(client, link):
    response = client.get(f"/p/{link.code}/")

    assert response["Cache-Control"] == "private, no-store"
    assert response["Referrer-Policy"] == "strict-origin"


@pytest.mark.parametrize("change_of", ["lower", "dashes", "slips"])
def test_code_is_read_as_it_was_meant(client, link, change_of):
    code = {
        "lower": link.code.lower(),
        "dashes": f"{link.code[:5]}-{link.code[5:]}",
        "slips": link.code.replace("5", "S").replace("2", "z").replace("J", "1"),
    }[change_of]

    assert client.get(f"/p/{code}/").status_code == 200


@pytest.mark.parametrize("code", ["AAAAAAAAAA", "2", "-"])
def test_unknown_code_is_told_kindly(client, code):
    response = client.get(f"/p/{code}/")

    assert response.status_code == 404
    assert "This link has ended, or it was typed with a mistake in it." in response.content.decode()


@pytest.mark.parametrize("how", ["ended", "closed", "inactive", "withdrawn"])
def test_link_that_is_over_shows_nothing(client, link, family, how, clock):
    if how == "ended":
        clock.forward(minutes=61)
    elif how == "closed":
        links.close_link(link)
    elif how == "inactive":
        change(family.owner, is_active=False)
    else:
        change(family, status="withdrawn", withdrawn_at=clock.at)

    response = client.get(f"/p/{link.code}/")

    assert response.status_code in (404, 410)
    assert link.traveler.given_names not in response.content.decode()
    assert client.get(f"/p/{link.code}/photo/").status_code == 404
    assert not Event.objects.filter(verb="phone_link_opened").exists()


def test_closed_link_ends_the_tickets_of_its_page(link):
    phone = Phone(link.traveler, link.made_by, link=link)
    phone.begin()

    links.close_link(link)

    assert phone.send().json()["state"] == "ended"
    assert not Photo.objects.exists()


def test_photo_begun_in_time_arrives_after_the_link_has_ended(client, link, clock):
    phone = Phone(link.traveler, link.made_by, link=link)
    phone.begin()
    clock.forward(minutes=61)

    answer = phone.send().json()

    assert answer["state"] == "kept"
    assert "We have the photo" in client.get(answer["page"]).content.decode()
    clock.forward(minutes=60)
    assert client.get(answer["page"]).status_code == 410


def test_opening_is_on_record_once_and_by_nobody(client, link, family):
    for _twice in range(2):
        client.get(f"/p/{link.code}/")
    client.head(f"/p/{link.code}/")

    event = Event.objects.get(verb="phone_link_opened")
    assert (event.case, event.by) == (family.reference, None)


def test_page_of_the_link_speaks_the_language_of_its_maker(client, link, family, settings):
    settings.LANGUAGES = [("en", "English"), ("es", "Español")]
    change(family.owner, language="es")

    assert '<html lang="es"' in client.get(f"/p/{link.code}/").content.decode()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert '<html lang="en"' in client.get(f"/p/{link.code}/").content.decode()


def test_code_is_in_no_log_line(mine, link, caplog):
    caplog.set_level(logging.DEBUG)

    mine.post(at(link, "message/"))
    send_messages()
    Client().get(f"/p/{link.code}/")
    response = send(link)
    mine.get(at(link, "page/"))
    mine.get(at(link))

    assert response.status_code == 200
    assert link.code not in caplog.text


def test_links_are_closed_once_nothing_can_come_by_them(link, clock, settings):
    clock.forward(days=settings.UPLOAD_TICKET_DAYS - 1)
    assert links.close_links() == 0

    clock.forward(days=2)
    assert links.close_links() == 1
    assert links.close_links() == 0


def test_many_links_in_an_hour_are_asked_to_wait(mine, traveler, monkeypatch):
    monkeypatch.setattr(links, "MOST_LINKS", 0)

    page = mine.post("/photos/links/", {"traveler": str(traveler.reference)}, follow=True)

    assert "Wait an hour" in page.content.decode()
    assert not PhoneLink.objects.exists()
