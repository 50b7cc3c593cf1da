"""The desk of a port with real connections at once."""

from datetime import date

import pytest

from cbpone.audit.models import Event
from cbpone.lib import clock as the_clock
from cbpone.notifications.models import Message
from scheduling import attendance, booking, moving, release, walk_ins
from scheduling.models import Appointment, Slot, WalkIn, WalkInPerson
from tests.factories import (
    make_appointment,
    make_officer,
    make_port,
    make_registration,
    make_slot,
    make_user,
)
from tests.factories.office_ports import make_closure, make_walk_in
from tests.facts import taken
from tests.race import at_once, kinds

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
STALE = ("AlreadyCalled", "AlreadyDecided", "MovedOn", "NotCalled", "NotWaiting")


def one_wins(outcomes) -> None:
    names = kinds(outcomes)
    assert names.count("ok") == 1
    assert set(names) - {"ok"} <= set(STALE)


def make_boss():
    return make_user("boss@example.gov", is_staff=True, is_superuser=True)


def test_call_by_two_officers_is_one():
    port = make_port()
    officers = [make_officer(port) for _ in range(2)]
    slot = make_slot(port, starts_at=the_clock.now())
    make_appointment(slot=slot, status="checked_in", checked_in_by=officers[0])

    outcomes = at_once(
        lambda officer=officer: attendance.call(appointment=Appointment.objects.get(), by=officer)
        for officer in officers
    )

    one_wins(outcomes)
    assert Event.objects.filter(verb="called").get().by == Appointment.objects.get().called_by


def test_call_a_walk_in_twice_at_once_is_one():
    port = make_port()
    officers = [make_officer(port) for _ in range(3)]
    make_walk_in(port)

    outcomes = at_once(
        lambda officer=officer: walk_ins.call(walk_in=WalkIn.objects.get(), by=officer)
        for officer in officers
    )

    one_wins(outcomes)
    assert Event.objects.filter(verb="called").get().by == WalkIn.objects.get().called_by


def test_dispose_one_walk_in_person_twice_at_once_is_one_disposition():
    port = make_port()
    officer = make_officer(port)
    make_walk_in(port, status="called")

    def decide(disposition):
        row = WalkInPerson.objects.order_by("id").first()
        return walk_ins.dispose(row=row, disposition=disposition, by=officer)

    outcomes = at_once([lambda: decide("paroled"), lambda: decide("ercf")])

    one_wins(outcomes)
    assert Event.objects.filter(verb="disposed").count() == 1


def test_dispose_the_last_two_at_once_completes_the_walk_in_once():
    port = make_port()
    officer = make_officer(port)
    row = make_walk_in(port, status="called")

    outcomes = at_once(
        lambda who=who: walk_ins.dispose(row=who, disposition="ercf", by=officer)
        for who in row.people.all()
    )

    assert kinds(outcomes) == ["ok", "ok"]
    assert WalkIn.objects.get().status == "completed"
    assert Event.objects.filter(verb="completed").count() == 1


def test_dispose_the_last_and_leave_at_once_end_in_one_way():
    port = make_port()
    officer = make_officer(port)
    row = make_walk_in(port, people=1, status="called")

    outcomes = at_once(
        [
            lambda: walk_ins.dispose(row=row.people.get(), disposition="ercf", by=officer),
            lambda: walk_ins.leave(walk_in=WalkIn.objects.get(), by=officer),
        ]
    )

    one_wins(outcomes)
    done = WalkInPerson.objects.get().disposition
    assert (WalkIn.objects.get().status, done) in [("completed", "ercf"), ("left", "")]


def test_register_one_registration_twice_at_once_is_one_walk_in():
    port = make_port()
    officers = [make_officer(port) for _ in range(3)]
    family = make_registration()

    outcomes = at_once(
        lambda officer=officer: walk_ins.register(
            port=port,
            why="danger",
            registration=type(family).objects.get(pk=family.pk),
            by=officer,
        )
        for officer in officers
    )

    assert kinds(outcomes) == ["OnBoard", "OnBoard", "ok"]
    assert WalkIn.objects.get().people.count() == 3


def test_register_one_registration_at_two_ports_at_once_is_one_walk_in():
    ports = [make_port(), make_port("laredo")]
    officers = [make_officer(port) for port in ports]
    family = make_registration()

    outcomes = at_once(
        lambda port=port, officer=officer: walk_ins.register(
            port=port,
            why="danger",
            registration=type(family).objects.get(pk=family.pk),
            by=officer,
        )
        for port, officer in zip(ports, officers, strict=True)
    )

    assert kinds(outcomes) == ["FamilyOnBoard", "ok"]
    assert WalkIn.objects.count() == 1


def test_register_one_person_twice_at_once_is_one_walk_in():
    port = make_port()
    officer = make_officer(port)
    ana = {"given_names": "Ana", "surnames": "Lopez", "birth_date": date(1990, 5, 4)}

    outcomes = at_once(
        [lambda: walk_ins.register(port=port, why="medical", people=[ana], by=officer)] * 3
    )

    assert kinds(outcomes) == ["OnBoard", "OnBoard", "ok"]
    assert WalkInPerson.objects.count() == 1


@pytest.mark.parametrize("seed", range(3))
def test_move_beside_bookings_takes_no_place_twice(seed):
    port, boss = make_port(), make_boss()
    day = make_slot(port, days_ahead=3, capacity=9)
    moved = [make_appointment(make_registration(people=3), day) for _ in range(3)]
    later = make_slot(port, days_ahead=4, capacity=9)
    others = [make_registration(people=3) for _ in range(3)]
    closure = make_closure(port, day=day.day)

    outcomes = at_once(
        [
            lambda: moving.move_families(closure=closure, by=boss),
            *(lambda one=one: booking.book(slot_id=later.pk, by=one.owner) for one in others),
        ]
    )

    assert set(kinds(outcomes)) <= {"ok", "SlotFull"}
    assert taken(later) == (9, 0)
    assert Appointment.objects.filter(slot=later, status="booked").count() == 3
    booked = Appointment.objects.filter(status="booked", registration__in=[
        row.registration for row in moved
    ])  # fmt: skip
    assert booked.count() == 3
    left = booked.filter(slot=day).count()
    assert Message.objects.filter(template="day_closed").count() == left


@pytest.mark.parametrize("seed", range(3))
def test_move_beside_a_family_that_books_elsewhere_leaves_its_own_choice(seed):
    port, boss = make_port(), make_boss()
    day = make_slot(port, days_ahead=3, capacity=9)
    row = make_appointment(make_registration(people=3), day)
    make_slot(port, days_ahead=4)
    elsewhere = make_slot(make_port("laredo"), days_ahead=5)
    closure = make_closure(port, day=day.day)
    owner = row.registration.owner

    at_once(
        [
            lambda: moving.move_families(closure=closure, by=boss),
            lambda: booking.book(slot_id=elsewhere.pk, by=owner, change=True),
        ]
    )

    assert Appointment.objects.get(status="booked").slot == elsewhere


def test_move_twice_at_once_moves_each_family_once():
    port, boss = make_port(), make_boss()
    day = make_slot(port, days_ahead=3, capacity=20)
    for _ in range(4):
        make_appointment(make_registration(people=2), day)
    later = make_slot(port, days_ahead=4)
    closure = make_closure(port, day=day.day)

    outcomes = at_once([lambda: moving.move_families(closure=closure, by=boss)] * 2)

    assert sum(len(outcome.new) for outcome in outcomes) == 4
    assert taken(later) == (8, 0)


def test_reopen_twice_at_once_is_one():
    port, boss = make_port(), make_boss()
    closure = make_closure(port, day=make_slot(port).day)

    outcomes = at_once([lambda: release.reopen_day(closure=closure, by=boss)] * 3)

    assert kinds(outcomes) == ["OpenAgain", "OpenAgain", "ok"]


def test_change_slot_and_close_at_once_leave_the_time_closed():
    port, boss = make_port(), make_boss()
    slot = make_slot(port)

    def open_slot():
        return release.change_slot(
            slot=slot, public_places=9, reserve_places=0, is_open=True, by=boss
        )

    def close():
        return release.close_day(port=port, day=slot.day, reason="Storm", by=boss)

    outcomes = at_once([open_slot, close])

    assert set(kinds(outcomes)) <= {"ok", "DayIsClosed"}
    assert not Slot.objects.get().is_open
