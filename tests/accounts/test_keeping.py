"""What is sent after the sign-in has ended: kept, shown, and done by another press alone."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from cbpone.accounts import keeping, tasks
from cbpone.accounts.models import KeptForm
from cbpone.audit.models import Event
from cbpone.audit.verbs import Verb
from scheduling.models import Appointment, Registration
from scheduling.registering import withdraw
from tests.accounts.sessions import (
    come_back,
    end_sign_in,
    press_too_late,
    sign_in_again,
    signed_in,
)
from tests.factories import make_appointment, make_registration, make_slot, make_user
from tests.factories.kept import make_kept, make_kept_file

pytestmark = pytest.mark.django_db
CONTACT = "/registration/contact/"
PHONE = {"phone": "+52 664 765 4321"}


@pytest.fixture
def mine(client, applicant):
    signed_in(client, applicant)
    return make_registration(applicant, people=2)


def test_what_was_typed_is_on_the_page_after_signing_in(client, mine, applicant, mailoutbox):
    end_sign_in(client)
    asked = client.post(CONTACT, PHONE)

    landed = sign_in_again(client, applicant, mailoutbox, asked.url)
    page = client.get(landed, follow=True)

    kept = KeptForm.objects.get()
    assert landed == f"/kept/{kept.reference}/"
    assert page.redirect_chain == [(f"{CONTACT}?kept={kept.reference}", 303)]
    assert "+52 664 765 4321" in page.content.decode()
    assert "You were signed out before this was sent." in page.content.decode()
    mine.refresh_from_db()
    assert mine.phone != "+526647654321"


def test_kept_page_is_saved_by_the_next_press(client, mine):
    kept = press_too_late(client, CONTACT, PHONE)
    come_back(client, kept)

    response = client.post(keeping.Kept(kept).refilled, PHONE)

    mine.refresh_from_db()
    kept.refresh_from_db()
    assert response.status_code == 302
    assert mine.phone == "+526647654321"
    assert kept.used_at


def test_valid_text_comes_back_without_a_complaint(client, mine):
    page = come_back(client, press_too_late(client, CONTACT, PHONE))

    assert "Something needs a second look" not in page
    assert "<title>Error:" not in page


def test_text_with_a_mistake_comes_back_with_its_sentence(client, mine):
    page = come_back(client, press_too_late(client, CONTACT, {"phone": "no idea"}))

    assert 'value="no idea"' in page
    assert "Something needs a second look" in page


def test_address_keeps_where_continue_leads(client, mine):
    kept = press_too_late(client, f"{CONTACT}?return=check", PHONE)
    come_back(client, kept)

    response = client.post(keeping.Kept(kept).refilled, PHONE | {"return": "check"})

    assert kept.path == f"{CONTACT}?return=check"
    assert response.url == "/registration/check/"


def test_person_typed_too_late_is_added_once(client, mine):
    typed = {"given_names": "Luis", "surnames": "Paz", "relation": "child"}
    kept = press_too_late(client, "/registration/people/add/", typed)
    page = come_back(client, kept)
    again = keeping.Kept(kept).refilled

    first, second = client.post(again, typed), client.post(again, typed)

    assert 'value="Luis"' in page
    assert (first.status_code, second.status_code) == (302, 303)
    assert mine.people().filter(traveler__given_names="Luis").count() == 1
    assert "You sent this already" in client.get(second.url).content.decode()


def test_signature_typed_too_late_is_not_given_by_itself(client, mine):
    Registration.objects.update(status="changing")
    kept = press_too_late(client, "/registration/check/", {"name": "Ana Lopez", "true": "on"})

    page = come_back(client, kept)

    mine.refresh_from_db()
    assert 'value="Ana Lopez"' in page
    assert mine.status == "changing"


def test_press_without_a_page_of_its_own_is_asked_once_more(client, mine, port):
    row = make_appointment(mine, make_slot(port))
    url = f"/appointments/{row.reference}/cancel/"
    kept = press_too_late(client, url, {})

    page = come_back(client, kept)

    row.refresh_from_db()
    assert "Your appointment was not cancelled." in page
    assert row.ended_at is None
    client.post(keeping.Kept(kept).refilled)
    assert Appointment.objects.get().status == "cancelled"


def test_kept_press_can_be_left(client, mine):
    kept = press_too_late(client, "/registration/withdraw/", {})
    come_back(client, kept)

    response = client.post(f"/kept/{kept.reference}/leave/", follow=True)

    assert "Nothing was sent." in response.content.decode()
    assert not KeptForm.objects.exists()
    assert Registration.objects.get().status != "withdrawn"


def test_text_is_shown_when_the_case_moved_on(client, applicant):
    """The family withdrew on another device: the page is there no more, the words are."""
    signed_in(client, applicant)
    mine = make_registration(applicant)
    typed = {"urgency": "medical", "said": "A fever for a week."}
    kept = press_too_late(client, "/urgent/", typed)
    withdraw(registration=mine, by=applicant)

    page = come_back(client, kept)

    assert "A fever for a week." in page
    assert "Your urgent request was not sent." in page


def test_refusal_and_text_are_shown_together(client, mine, port):
    """A rule says no to the press: its sentence comes with what was typed."""
    make_appointment(mine, make_slot(port))
    kept = press_too_late(client, "/appointments/book/", {"slot": "", "note": "two words"})
    come_back(client, kept)

    response = client.post(keeping.Kept(kept).refilled, {"slot": ""}, follow=True)

    page = response.content.decode()
    kept.refresh_from_db()
    assert "Choose a time first" in page
    assert "two words" in page
    assert kept.used_at is None


def test_another_person_in_this_browser_finds_nothing(client, mine):
    kept = press_too_late(client, CONTACT, PHONE)
    client.force_login(make_user())

    response = client.get(f"/kept/{kept.reference}/")
    page = client.get(f"{CONTACT}?kept={kept.reference}")

    assert response.status_code == page.status_code == 404
    assert "664" not in response.content.decode()
    assert KeptForm.objects.filter(pk=kept.pk, used_at=None).exists()


def test_press_on_the_form_of_another_person_uses_nothing_up(client, mine):
    kept = press_too_late(client, CONTACT, PHONE)
    other = make_registration()
    client.force_login(other.owner)

    client.post(keeping.Kept(kept).refilled, PHONE)

    kept.refresh_from_db()
    assert kept.used_at is None


def test_nothing_is_kept_of_who_was_never_signed_in_here(client, db):
    response = client.post(CONTACT, PHONE)

    assert (response.status_code, response.url) == (302, f"/accounts/login/?next={CONTACT}")
    assert not KeptForm.objects.exists()


ELSEWHERE = [
    {"origin": "https://elsewhere.example"},
    {"origin": "null"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
]


@pytest.mark.parametrize("headers", ELSEWHERE)
def test_nothing_is_kept_from_another_site(client, mine, headers):
    end_sign_in(client)

    response = client.post(CONTACT, PHONE, headers=headers)

    assert response.status_code == 302
    assert not KeptForm.objects.exists()


@pytest.mark.parametrize("method", ["put", "patch", "delete", "get"])
def test_nothing_is_kept_of_other_methods(client, mine, method):
    end_sign_in(client)

    getattr(client, method)(CONTACT)

    assert not KeptForm.objects.exists()


def test_nothing_is_kept_of_json(client, mine):
    end_sign_in(client)

    client.post(CONTACT, '{"phone": "1"}', content_type="application/json")

    assert not KeptForm.objects.exists()


def test_sign_out_of_who_is_out_is_not_kept(client, mine):
    end_sign_in(client)

    client.post("/accounts/logout/")

    assert not KeptForm.objects.exists()


def test_codes_and_tokens_are_not_kept(client, mine):
    typed = {"code": "123456", "csrfmiddlewaretoken": "x", "ssn": "123-45-6789", "name": "Ana"}

    kept = press_too_late(client, CONTACT, typed)

    assert kept.contents == {"typed": {"name": ["Ana"]}, "left_out": ["code", "ssn"]}
    assert "Some numbers and codes are never kept." in come_back(client, kept)


def test_kept_text_is_sealed_in_the_database(client, mine):
    press_too_late(client, CONTACT, PHONE)

    with connection.cursor() as cursor:
        cursor.execute("SELECT encode(sealed, 'escape') FROM accounts_keptform")
        assert "664" not in cursor.fetchone()[0]


def test_keeping_is_on_record_without_a_word_of_it(client, mine):
    kept = press_too_late(client, CONTACT, PHONE)

    event = Event.objects.get(verb=Verb.FORM_KEPT)
    assert (event.model, event.row_id, event.case) == ("accounts.keptform", str(kept.pk), "")
    assert (event.by, event.note) == (None, "signed_out")


def test_same_press_twice_is_kept_once(client, mine):
    first = press_too_late(client, CONTACT, PHONE)

    assert press_too_late(client, CONTACT, PHONE) == first
    assert KeptForm.objects.count() == 1


def test_oldest_gives_way(client, mine):
    for n in range(keeping.MOST + 2):
        press_too_late(client, CONTACT, {"phone": str(n)})

    kept = {row.contents["typed"]["phone"][0] for row in KeptForm.objects.all()}
    assert kept == {str(n) for n in range(2, keeping.MOST + 2)}


def test_oldest_with_a_file_gives_way(client, mine):
    for n in range(keeping.MOST_WITH_FILES + 1):
        file = SimpleUploadedFile("a.pdf", b"%PDF", "application/pdf")
        press_too_late(client, f"{CONTACT}?n={n}", {"file": file})

    paths = [row.path for row in KeptForm.objects.order_by("pk")]
    assert paths == [f"{CONTACT}?n={n}" for n in range(1, keeping.MOST_WITH_FILES + 1)]


def test_old_ones_are_purged(clock, applicant):
    old = make_kept(applicant, made_at=clock.at - timedelta(days=7, minutes=1))
    make_kept_file(old)
    young = make_kept(applicant, made_at=clock.at - timedelta(days=6, hours=23))

    tasks.purge_kept()
    tasks.purge_kept()

    assert list(KeptForm.objects.all()) == [young]


def test_press_that_died_can_be_made_again(clock, applicant):
    kept = make_kept(applicant)

    assert keeping.take(kept)
    assert not keeping.take(kept)
    clock.forward(seconds=61)
    assert keeping.take(kept)


def test_press_with_a_mistake_can_be_made_again(client, mine):
    typed = {"given_names": "", "surnames": "", "relation": ""}
    kept = press_too_late(client, "/registration/people/add/", typed)
    come_back(client, kept)

    page = client.post(keeping.Kept(kept).refilled, typed)
    kept.refresh_from_db()

    assert page.status_code == 200
    assert (kept.used_at, kept.sending_at) == (None, None)


def test_sign_in_that_ends_again_keeps_one_form(client, mine):
    first = press_too_late(client, CONTACT, {"phone": "first try"})
    come_back(client, first)
    end_sign_in(client)

    client.post(keeping.Kept(first).refilled, PHONE)

    kept = KeptForm.objects.get()
    assert (kept.path, kept.contents["typed"]["phone"]) == (CONTACT, [PHONE["phone"]])
    assert kept != first


def test_page_where_the_form_stood_is_remembered(client, mine):
    came = {"referer": "http://testserver/registration/people/?a=1"}
    elsewhere = {"referer": "https://elsewhere.example/x/"}

    ours = press_too_late(client, "/registration/withdraw/", {}, headers=came)
    theirs = press_too_late(client, CONTACT, PHONE, headers=elsewhere)

    assert (ours.page, theirs.page) == ("/registration/people/", CONTACT)


@pytest.mark.parametrize("reference", ["x", "0", "00000000-0000-0000-0000-000000000000"])
def test_unknown_reference_changes_nothing(client, mine, reference):
    assert client.get(f"{CONTACT}?kept={reference}").status_code == 200
    assert client.post(f"{CONTACT}?kept={reference}", PHONE).status_code == 302


def test_case_page_points_at_what_waits(client, mine, applicant):
    kept = press_too_late(client, CONTACT, PHONE)
    client.force_login(applicant)

    page = client.get("/case/").content.decode()

    assert f'href="/kept/{kept.reference}/"' in page
    keeping.use(kept)
    assert "/kept/" not in client.get("/case/").content.decode()


def test_files_go_when_the_form_is_sent(applicant):
    kept = make_kept(applicant)
    make_kept_file(kept)

    keeping.use(kept)

    assert not kept.files.exists()
