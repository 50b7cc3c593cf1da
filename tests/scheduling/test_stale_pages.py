"""Two tabs, two devices, two people: what was read earlier never undoes what is saved now."""

import logging

import pytest
from django.test import Client

from cbpone.lib.errors import NotAllowed
from scheduling import booking, registering
from scheduling.models import Appointment, PlaceReturn, Registration, Slot
from scheduling.registering import add_person, remove_person, save_page, sign
from tests.factories import (
    make_appointment,
    make_auditor,
    make_member,
    make_officer,
    make_port,
    make_registration,
    make_slot,
)
from tests.facts import taken, waiting_returns
from tests.race import at_once, kinds

CONTACT = {"phone": "+526641112233"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
@pytest.mark.parametrize("start", ["draft", "registered"])
def test_page_saved_beside_a_signature_or_a_correction_undoes_neither(start):
    mine = make_registration(people=2, signed=start == "registered")
    person = mine.members.get(position=2).traveler

    def page():
        tab = Client()
        tab.force_login(mine.owner)
        return tab.post("/registration/contact/", CONTACT).status_code

    def other():
        if start == "draft":
            return sign(registration=Registration.objects.get(pk=mine.pk), name="A", by=mine.owner)
        tab = Client()
        tab.force_login(mine.owner)
        url = f"/registration/people/{person.reference}/name/"
        return tab.post(url, {"given_names": "Corrected"}).status_code

    outcomes = at_once([page, other])

    mine.refresh_from_db()
    assert kinds(outcomes) == ["ok", "ok"]
    assert mine.phone == "+526641112233"
    assert mine.status == ("registered" if start == "draft" else "changing")


def test_page_read_before_a_correction_does_not_sign_again(client, applicant, monkeypatch):
    """The view reads the family, another tab corrects a name, then the view saves."""
    mine = make_registration(applicant)
    client.force_login(applicant)
    held = registering.hold

    def meanwhile(registration):
        monkeypatch.setattr(registering, "hold", held)
        save_page(registration=Registration.objects.get(pk=mine.pk), key="name", by=applicant)
        held(registration)

    monkeypatch.setattr(registering, "hold", meanwhile)
    client.post("/registration/contact/", CONTACT)

    mine.refresh_from_db()
    assert (mine.status, mine.phone) == ("changing", "+526641112233")


def test_two_tabs_correct_different_pages_of_one_person(client, applicant):
    mine = make_registration(applicant, signed=False)
    person = mine.members.get(position=1).traveler
    client.force_login(applicant)
    url = f"/registration/people/{person.reference}/"

    client.post(url + "name/", {"given_names": "Nueva"})
    client.post(url + "nationality/", {"nationality": "CU"})

    person.refresh_from_db()
    assert (person.given_names, person.nationality.code) == ("Nueva", "CU")


def test_cancel_counts_the_places_as_they_are_now(db):
    mine = make_registration(people=5)
    appointment = make_appointment(mine, make_slot(capacity=9))
    read_earlier = Appointment.objects.get(pk=appointment.pk)
    remove_person(member=mine.members.get(position=5), by=mine.owner)

    booking.cancel(appointment=read_earlier, by=mine.owner)

    assert waiting_returns(appointment.slot) == [("public", 1), ("public", 4)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_cancel_beside_a_person_leaving_returns_each_place_once():
    mine = make_registration(people=5)
    appointment = make_appointment(mine, make_slot(capacity=9))
    leaver = mine.members.get(position=5)

    at_once(
        [
            lambda: booking.cancel(
                appointment=Appointment.objects.get(pk=appointment.pk), by=mine.owner
            ),
            lambda: remove_person(member=leaver, by=mine.owner),
        ]
    )

    assert sum(places for _pool, places in waiting_returns(appointment.slot)) == 5


@pytest.mark.parametrize("role", ["officer", "other", "auditor"])
def test_cancel_by_anyone_else_is_refused(db, role):
    appointment = make_appointment()
    port = appointment.slot.port
    by = {
        "officer": lambda: make_officer(port),
        "other": lambda: make_officer(make_port("laredo")),
        "auditor": make_auditor,
    }[role]()

    with pytest.raises(NotAllowed):
        booking.cancel(appointment=appointment, by=by)

    appointment.refresh_from_db()
    assert appointment.status == "booked"


def test_one_return_the_database_refuses_does_not_hold_up_the_others(db, clock, caplog):
    broken, sound = make_slot(), make_slot()
    Slot.objects.filter(pk=sound.pk).update(booked=2)
    for slot in (broken, sound):  # the first was never taken: 0 - 2 is refused
        PlaceReturn.objects.create(slot=slot, pool="public", places=2, due_at=clock.at)

    with caplog.at_level(logging.ERROR):
        returned = booking.return_places(now=clock.at)

    assert returned == 2
    assert taken(sound) == (0, 0)
    assert "stay away" in caplog.text


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_book_again_beside_a_late_check_in_is_a_refusal_not_an_error(clock):
    from scheduling.attendance import check_in

    slot = make_slot(days_ahead=0, at="08:00")
    clock.at = slot.starts_at
    missed = make_appointment(slot=slot, status="no_show")
    later = make_slot(days_ahead=4)
    officer = make_officer(slot.port)

    outcomes = at_once(
        [
            lambda: booking.book(slot_id=later.pk, by=missed.registration.owner),
            lambda: check_in(appointment=missed, by=officer),
        ]
    )

    assert kinds(outcomes) == ["HasOther", "ok"]
    assert missed.registration.appointments.live().count() == 1


@pytest.mark.django_db(transaction=True)
def test_number_that_was_taken_is_drawn_again(monkeypatch):
    first = make_appointment()
    mine = make_registration()
    drawn = iter([first.reference, "A-2222-2222"])
    monkeypatch.setattr(booking, "new_reference", lambda _kind: next(drawn))

    assert booking.book(slot_id=make_slot().pk, by=mine.owner) == "A-2222-2222"


def test_papers_mixed_up_between_two_children_can_be_put_right(db):
    mine = make_registration(people=3)
    one, two = (mine.members.get(position=place).traveler for place in (2, 3))
    one.document_number, two.document_number = two.document_number, one.document_number
    one.save()
    two.save()
    save_page(registration=mine, key="document", by=mine.owner)

    sign(registration=mine, name="Ana", by=mine.owner)

    held = mine.members.filter(holds_identity=True)
    assert {row.identity for row in held} == {row.traveler.identity for row in held}
    assert held.count() == 3


def test_booking_page_when_every_port_is_closed_is_calm(client, applicant):
    from scheduling.models import Port

    client.force_login(applicant)
    make_registration(applicant)
    Port.objects.update(is_open=False)
    try:
        page = client.get("/appointments/book/")
    finally:
        Port.objects.update(is_open=True)

    assert page.status_code == 200
    assert "No port takes bookings right now" in page.content.decode()


def test_nul_in_what_is_typed_is_told_not_an_error(client, applicant):
    client.force_login(applicant)
    mine = make_registration(applicant, signed=False)
    person = mine.members.get(position=1).traveler

    for path in (f"people/{person.reference}/name", "whereabouts", "contact"):
        typed = {"given_names": "a\0b", "mexico_city": "a\0b", "phone": "a\0b"}
        assert client.post(f"/registration/{path}/", typed).status_code in (200, 302)


def test_person_left_without_a_place_is_told_on_every_page_that_matters(client, applicant):
    client.force_login(applicant)
    mine = make_registration(applicant, people=3)
    make_appointment(mine, make_slot(capacity=3))
    add_person(registration=mine, relation="child", given_names="Ines", by=applicant)
    member = mine.members.get(traveler__given_names="Ines")
    whole = make_member(make_registration()).traveler
    facts = ["birth_city", "birth_country", "nationality", "sex"]
    values = {name: getattr(whole, name) for name in facts} | {"birth_date": "2010-01-02"}
    type(whole).objects.filter(pk=member.traveler_id).update(**values)
    type(member).objects.filter(pk=member.pk).update(photo_at_port=True)
    client.post("/registration/check/", {"name": "Ana", "true": "on"})

    for url in ("/registration/signed/", "/case/"):
        page = client.get(url).content.decode()
        assert "Not everyone has a place yet" in page
        assert "Ines" in page
