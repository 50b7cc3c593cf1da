"""Looking for a time, booking in one press, and everything a ticket can do."""

import re

import pytest

from scheduling.models import Appointment, PlaceReturn, Slot
from scheduling.tickets import qr_text
from tests.factories import make_appointment, make_registration, make_slot, make_user

BOOK = "/appointments/book/"


@pytest.fixture
def mine(applicant, client):
    client.force_login(applicant)
    return make_registration(applicant, people=3)


def test_book_in_one_press_leads_to_the_ticket(client, mine):
    slot = make_slot(capacity=5)

    response = client.post(BOOK, {"slot": slot.pk})

    appointment = Appointment.objects.get(registration=mine)
    assert response.url == f"/appointments/{appointment.reference}/"
    assert Slot.objects.get(pk=slot.pk).booked == 3


def test_book_pressed_again_leads_to_the_same_ticket(client, mine):
    slot = make_slot(capacity=10)

    first = client.post(BOOK, {"slot": slot.pk})
    second = client.post(BOOK, {"slot": slot.pk})

    assert first.url == second.url
    assert Slot.objects.get(pk=slot.pk).booked == 3


def test_book_full_slot_says_so_and_shows_what_is_free(client, mine):
    slot = make_slot(capacity=2)
    make_slot(capacity=9)

    page = client.post(BOOK, {"slot": slot.pk}, follow=True).content.decode()

    assert "Those places were taken a moment ago" in page
    assert "9 places left" in page
    assert not Appointment.objects.exists()


@pytest.mark.parametrize("slot", ["", "abc", "999999999", "1e9", "-1", "9" * 30])
def test_book_nonsense_is_a_sentence_not_an_error(client, mine, slot):
    response = client.post(BOOK, {"slot": slot}, follow=True)

    assert response.status_code == 200
    assert not Appointment.objects.exists()


def test_book_before_signing_is_refused(client, applicant):
    client.force_login(applicant)
    make_registration(applicant, signed=False)
    slot = make_slot()

    page = client.post(BOOK, {"slot": slot.pk}, follow=True).content.decode()

    assert "Finish and sign your registration first" in page


def test_change_moves_the_family_and_frees_the_old_places(client, mine):
    old, new = make_slot(), make_slot()
    client.post(BOOK, {"slot": old.pk})

    client.post(BOOK, {"slot": new.pk, "change": "1"})

    assert Appointment.objects.live().get(registration=mine).slot == new
    assert PlaceReturn.objects.get().slot == old


def test_other_time_without_change_keeps_the_first(client, mine):
    old, new = make_slot(), make_slot()
    client.post(BOOK, {"slot": old.pk})

    page = client.post(BOOK, {"slot": new.pk}, follow=True).content.decode()

    assert "You already have an appointment" in page
    assert Appointment.objects.live().get(registration=mine).slot == old


def test_page_shows_the_clock_of_the_port_not_of_the_server(client, mine):
    make_slot(at="08:00")

    page = client.get(BOOK).content.decode()

    assert "<b>08:00</b>" in page
    assert "San Diego time" in page


def test_ticket_shows_port_time_people_and_number(client, mine):
    slot = make_slot(at="13:00")
    appointment = make_appointment(mine, slot)

    page = client.get(f"/appointments/{appointment.reference}/").content.decode()

    assert "San Ysidro" in page
    assert re.search(r"13:00 <small>in the afternoon", page)
    assert appointment.reference in page
    for member in mine.people():
        assert member.traveler.full_name in page


def test_ticket_of_another_family_is_not_found(client, mine):
    other = make_appointment()

    for path in ("", "calendar/", "cancel/"):
        assert client.get(f"/appointments/{other.reference}/{path}").status_code == 404
    assert client.post(f"/appointments/{other.reference}/cancel/").status_code == 404
    other.refresh_from_db()
    assert other.status == "booked"


def test_cancelled_ticket_says_it_is_no_longer_good(client, mine):
    appointment = make_appointment(mine)
    client.post(f"/appointments/{appointment.reference}/cancel/")

    page = client.get(f"/appointments/{appointment.reference}/").content.decode()

    assert "This ticket is no longer good" in page


def test_cancel_pressed_twice_is_told(client, mine):
    appointment = make_appointment(mine)
    url = f"/appointments/{appointment.reference}/cancel/"
    client.post(url)

    page = client.post(url, follow=True).content.decode()

    assert "cannot be changed any more" in page
    assert PlaceReturn.objects.count() == 1


def test_calendar_file_is_offered(client, mine):
    appointment = make_appointment(mine)

    response = client.get(f"/appointments/{appointment.reference}/calendar/")

    assert response["Content-Type"].startswith("text/calendar")
    assert f"{appointment.slot.starts_at:DTSTART:%Y%m%dT%H%M%SZ}" in response.content.decode()


def test_check_says_yes_or_no_and_nothing_else(client, db):
    appointment = make_appointment()
    person = appointment.attendances.first().traveler
    born = {
        "birth_date_day": person.birth_date.day,
        "birth_date_month": person.birth_date.month,
        "birth_date_year": person.birth_date.year,
    }

    yes = client.post("/check/", {"number": appointment.reference.lower(), **born})
    no = client.post("/check/", {"number": appointment.reference, **born, "birth_date_day": 9})

    assert "real and current" in yes.content.decode()
    assert "There is no current appointment" in no.content.decode()
    assert person.full_name not in yes.content.decode()


def test_check_scanned_code_forged_is_told(client, db):
    appointment = make_appointment()
    real = qr_text(appointment).split("/check/")[1]
    forged = real[:-3] + ("AA/" if real[-3:-1] != "AA" else "BB/")

    assert "not ours" not in client.get(f"/check/{real}").content.decode()
    assert "not ours" in client.get(f"/check/{forged}").content.decode()


def test_check_guessing_stops_after_ten_tries(client, db):
    appointment = make_appointment()
    typed = {
        "number": appointment.reference,
        "birth_date_day": 1,
        "birth_date_month": 1,
        "birth_date_year": 1950,
    }

    for _ in range(10):
        client.post("/check/", typed)

    assert "tried this many times" in client.post("/check/", typed).content.decode()


def test_history_shows_own_steps_and_when_an_officer_looked(client, mine, officer):
    slot = make_slot()
    client.post(BOOK, {"slot": slot.pk})
    appointment = Appointment.objects.get()
    client.force_login(officer)
    client.get(f"/officers/appointments/{appointment.reference}/")

    client.force_login(mine.owner)
    page = client.get("/history/").content.decode()

    assert "booked an appointment" in page
    assert "An officer looked at this" in page
    assert officer.name not in page


def test_case_page_tells_no_show_costs_nothing(client, mine):
    make_appointment(mine, make_slot(days_ahead=-2), status="no_show")

    page = client.get("/case/").content.decode()

    assert "costs you nothing" in page
    assert "Book for 3 people" in page


def test_nobody_registered_books_nothing(client, db):
    client.force_login(make_user())
    slot = make_slot()

    page = client.post(BOOK, {"slot": slot.pk})

    assert page.status_code == 302
    assert not Appointment.objects.exists()
