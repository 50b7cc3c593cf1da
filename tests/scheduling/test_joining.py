"""People who join or leave a family that is booked already."""

from datetime import UTC, datetime, timedelta

import pytest

from scheduling.booking import book
from scheduling.models import Attendance, Slot
from scheduling.registering import remove_person, save_page, sign, without_a_place
from tests.factories import make_appointment, make_member, make_registration, make_slot
from tests.facts import events, taken, waiting_returns

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _june(clock):
    """Away from 29 February, a birthday that two years before does not have."""
    clock.at = datetime(2026, 6, 4, 16, tzinfo=UTC)


@pytest.fixture
def booked():
    """Three people with an appointment where one more place is free."""
    return make_appointment(make_registration(people=3), make_slot(capacity=4, reserve=4))


def join(row, *ages, **values):
    """New family members of these ages in years on the day of the appointment, signed for."""
    family = row.registration
    for age in ages:
        born = row.slot.day.replace(year=row.slot.day.year - age)
        member = make_member(family, birth_date=born, **values)
        save_page(registration=family, key="name", by=family.owner, member=member)
    return sign(registration=family, name="Ana Lopez", by=family.owner)


def seats(row) -> list[bool]:
    rows = Attendance.objects.filter(appointment=row, left_at=None).order_by("id")
    return list(rows.values_list("takes_place", flat=True))


def test_join_infant_rides_on_the_lap(booked):
    Slot.objects.update(capacity=3)

    join(booked, 0)

    booked.refresh_from_db()
    assert (booked.places, seats(booked)) == (3, [True, True, True, False])
    assert taken(booked.slot) == (3, 0)
    assert [event[0] for event in events(booked.registration)][-2:] == ["signed", "extended"]


def test_join_child_of_two_on_the_day_takes_a_place(booked):
    join(booked, 2)

    booked.refresh_from_db()
    assert (booked.places, seats(booked)) == (4, [True] * 4)
    assert taken(booked.slot) == (4, 0)


def test_join_child_a_day_short_of_two_rides_on_the_lap(booked):
    born = booked.slot.day.replace(year=booked.slot.day.year - 2) + timedelta(days=1)
    member = make_member(booked.registration, birth_date=born)
    save_page(
        registration=booked.registration,
        key="name",
        by=booked.registration.owner,
        member=member,
    )

    join(booked)

    assert seats(booked) == [True, True, True, False]


def test_join_adult_takes_a_place_of_the_same_time(booked):
    join(booked, 30)

    assert seats(booked) == [True] * 4
    assert taken(booked.slot) == (4, 0)


def test_join_a_family_of_the_reserve_takes_from_the_reserve():
    row = make_appointment(slot=make_slot(capacity=9, reserve=4), pool="reserve")

    join(row, 30)

    assert taken(row.slot) == (0, 4)


def test_join_without_a_free_place_leaves_the_appointment_as_it_was(booked):
    join(booked, 30, 40)

    booked.refresh_from_db()
    booked.registration.refresh_from_db()
    assert (booked.status, booked.places, seats(booked)) == ("booked", 3, [True] * 3)
    assert taken(booked.slot) == (3, 0)
    assert booked.registration.status == "registered"
    assert len(without_a_place(booked.registration)) == 2


def test_join_without_a_free_place_then_change_takes_everyone(booked):
    join(booked, 30, 40)
    roomy = make_slot(capacity=5)

    book(slot_id=roomy.pk, by=booked.registration.owner, change=True)

    moved = booked.registration.appointments.get(status="booked")
    assert (moved.places, seats(moved)) == (5, [True] * 5)
    assert without_a_place(booked.registration) == []


def test_join_after_check_in_of_another_day_is_only_in_the_family():
    row = make_appointment(status="no_show")

    join(row, 30)

    assert len(seats(row)) == 3
    assert row.registration.people().count() == 4


def test_remove_person_of_a_booked_family_frees_one_place(booked, clock):
    gone = booked.registration.people().last()

    remove_person(member=gone, by=booked.registration.owner)

    booked.refresh_from_db()
    assert (booked.places, seats(booked)) == (2, [True, True])
    assert Attendance.objects.get(traveler=gone.traveler).left_at == clock.at
    assert waiting_returns(booked.slot) == [("public", 1)]
    assert taken(booked.slot) == (3, 0)


def test_remove_person_on_the_lap_frees_no_place(booked):
    join(booked, 0)

    remove_person(member=booked.registration.people().last(), by=booked.registration.owner)

    booked.refresh_from_db()
    assert (booked.places, seats(booked)) == (3, [True] * 3)
    assert waiting_returns(booked.slot) == []


def test_remove_person_and_join_another_keeps_the_count(booked):
    remove_person(member=booked.registration.people().last(), by=booked.registration.owner)

    join(booked, 30)

    booked.refresh_from_db()
    assert (booked.places, seats(booked)) == (3, [True] * 3)
    assert taken(booked.slot) == (4, 0)
    assert waiting_returns(booked.slot) == [("public", 1)]


def test_remove_person_leaves_an_ended_appointment_as_it_was():
    row = make_appointment(status="cancelled")

    remove_person(member=row.registration.people().last(), by=row.registration.owner)

    assert len(seats(row)) == 3
