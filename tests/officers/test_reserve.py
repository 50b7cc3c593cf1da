"""The officer reserve, and families who hold an appointment already."""

import pytest

from scheduling.booking import HasOther
from scheduling.models import Slot
from tests.factories import make_appointment, make_port, make_registration, make_slot


def test_reserve_books_an_urgent_family_with_a_reason(client, officer, today):
    client.force_login(officer)
    slot = make_slot(today.port, days_ahead=2, capacity=0, reserve=5)
    urgent = make_registration()

    client.post(
        f"/officers/registrations/{urgent.reference}/reserve/",
        {"slot": slot.pk, "reason": "Late pregnancy"},
    )

    appointment = urgent.appointments.get()
    assert (appointment.pool, appointment.reason) == ("reserve", "Late pregnancy")
    assert Slot.objects.get(pk=slot.pk).reserve_booked == 3


def test_reserve_without_a_reason_is_refused(client, officer, today):
    client.force_login(officer)
    slot = make_slot(today.port, days_ahead=2, reserve=5)
    urgent = make_registration()

    page = client.post(
        f"/officers/registrations/{urgent.reference}/reserve/", {"slot": slot.pk, "reason": ""}
    )

    assert "It stays on record" in page.content.decode()
    assert not urgent.appointments.exists()


def test_reserve_of_another_port_can_not_be_chosen(client, other_officer, today):
    client.force_login(other_officer)
    slot = make_slot(today.port, days_ahead=2, reserve=5)
    urgent = make_registration()

    client.post(
        f"/officers/registrations/{urgent.reference}/reserve/", {"slot": slot.pk, "reason": "x"}
    )

    assert not urgent.appointments.exists()


@pytest.fixture
def elsewhere(db):
    """A family that is booked at another port."""
    return make_appointment(slot=make_slot(make_port("laredo"), days_ahead=4, at="09:00"))


def press(client, appointment, slot, **more):
    url = f"/officers/registrations/{appointment.registration.reference}/reserve/"
    return client.post(url, {"slot": slot.pk, "reason": "Late pregnancy", **more})


def test_reserve_page_shows_the_appointment_at_another_port(client, officer, port, elsewhere):
    client.force_login(officer)
    make_slot(port, days_ahead=2, reserve=5)

    url = f"/officers/registrations/{elsewhere.registration.reference}/reserve/"
    page = client.get(url).content.decode()

    assert f"Laredo, {elsewhere.slot.local_start:%A} " in page
    assert f"number {elsewhere.reference}" in page
    assert "Move the family from Laredo" in page


@pytest.mark.parametrize("moves", [None, "", "A-2222-2222", "on"])
def test_reserve_leaves_another_appointment_alone_unless_it_is_ticked(
    client, officer, port, elsewhere, moves
):
    client.force_login(officer)
    slot = make_slot(port, days_ahead=2, reserve=5)

    page = press(client, elsewhere, slot, **({} if moves is None else {"moves": moves}))

    elsewhere.refresh_from_db()
    assert str(HasOther()) in page.content.decode()
    assert elsewhere.status == "booked"
    assert elsewhere.registration.appointments.count() == 1


def test_reserve_moves_the_appointment_that_is_ticked(client, officer, port, elsewhere):
    client.force_login(officer)
    slot = make_slot(port, days_ahead=2, reserve=5)

    press(client, elsewhere, slot, moves=elsewhere.reference)

    elsewhere.refresh_from_db()
    assert elsewhere.status == "changed"
    assert elsewhere.registration.appointments.live().get().slot == slot


def test_reserve_offers_no_move_of_a_family_that_is_checked_in(client, officer, port):
    client.force_login(officer)
    slot = make_slot(port, days_ahead=2, reserve=5)
    here = make_appointment(status="checked_in", checked_in_by=officer)

    page = press(client, here, slot, moves=here.reference).content.decode()

    here.refresh_from_db()
    assert "Move the family" not in page
    assert here.status == "checked_in"
