from datetime import timedelta

import pytest
from django.template.loader import render_to_string

from cbpone.audit.models import Event
from cbpone.lib.errors import NotAllowed
from cbpone.notifications.models import Message
from cbpone.notifications.outbox import send_messages
from scheduling import moving, tasks
from scheduling.booking import SlotFull, cancel
from scheduling.models import Appointment, Slot
from scheduling.moving import move_families, plan_moves
from scheduling.release import close_day, reopen_day
from tests.breaking import change
from tests.factories import (
    make_appointment,
    make_officer,
    make_port,
    make_registration,
    make_slot,
    make_supervisor,
)
from tests.factories.office_ports import make_closure
from tests.facts import events, taken, told

pytestmark = pytest.mark.django_db


def family(slot, people):
    return make_appointment(make_registration(people=people), slot)


@pytest.fixture
def day(port):
    """Ten places on a day at San Ysidro."""
    return make_slot(port, days_ahead=3, capacity=10)


def planned(port, day):
    return [(move.appointment, move.slot) for move in plan_moves(port, day.day)]


def test_plan_gives_each_family_whole_the_next_time_with_room(port, day):
    two, three = family(day, 2), family(day, 3)
    first = make_slot(port, days_ahead=4, capacity=2)
    second = make_slot(port, days_ahead=5, capacity=9)

    assert planned(port, day) == [(two, first), (three, second)]
    assert Slot.objects.filter(booked__gt=0).get() == day
    assert not Event.objects.exists()


def test_plan_goes_by_seniority(port, day, clock):
    late = make_appointment(make_registration(people=2), day)
    early = make_appointment(
        make_registration(people=2, seniority_at=clock.at - timedelta(days=90)), day
    )
    only = make_slot(port, days_ahead=4, capacity=3)

    assert planned(port, day) == [(early, only), (late, None)]
    assert "No later time at this port has room" in plan_moves(port, day.day)[1].why


def test_plan_counts_the_family_as_it_is_now(port, day):
    row = make_appointment(make_registration(people=3), day)
    gone = row.registration.people().last()
    type(gone).objects.filter(pk=gone.pk).update(left_at=row.booked_at, holds_identity=False)
    smaller = make_slot(port, days_ahead=4, capacity=2)

    assert planned(port, day) == [(row, smaller)]


@pytest.mark.parametrize(
    "where",
    [
        {"days_ahead": 2},  # earlier
        {"days_ahead": 3},  # the same day, which is closed
        {"days_ahead": 4, "is_open": False},
        {"days_ahead": 4, "capacity": 2},
        {"days_ahead": 4, "capacity": 0, "reserve": 9},
    ],
)
def test_plan_takes_no_such_time(port, day, where):
    row = family(day, 3)
    make_slot(port, **where)
    make_slot(make_port("laredo"), days_ahead=4)

    assert planned(port, day) == [(row, None)]


@pytest.mark.parametrize("status", ["checked_in", "completed", "cancelled", "changed", "no_show"])
def test_plan_leaves_who_is_not_waiting(port, day, officer, status):
    make_appointment(slot=day, status=status, checked_in_by=officer)

    assert plan_moves(port, day.day) == []


def test_plan_says_who_has_to_sign_first(port, day):
    row = make_appointment(make_registration(status="changing"), day)
    make_slot(port, days_ahead=4)

    (move,) = plan_moves(port, day.day)

    assert (move.appointment, move.slot) == (row, None)
    assert "have not signed it again" in move.why


def test_move_books_the_next_time_and_tells(port, day, supervisor):
    row = family(day, 3)
    later = make_slot(port, days_ahead=4)
    closure = close_day(port=port, day=day.day, reason="Flood", by=supervisor)

    moved = move_families(closure=closure, by=supervisor)

    new = Appointment.objects.get(status="booked")
    assert (moved.new, moved.left) == ([new.reference], [])
    assert (new.slot, new.replaces, new.booked_by) == (later, row, supervisor)
    assert (taken(later), taken(day)) == ((3, 0), (3, 0))
    assert told(row.registration.owner) == [("changed", ["email"])]
    assert events(row) == [("changed", "", "booked", supervisor.pk)]


def test_move_tells_who_finds_no_room_once_and_leaves_the_appointment(
    port, day, supervisor, mailoutbox, clock
):
    row = family(day, 3)
    closure = close_day(port=port, day=day.day, reason="Flood", by=supervisor)

    for _run in range(2):
        moved = move_families(closure=closure, by=supervisor)

    row.refresh_from_db()
    assert (moved.new, row.status) == ([], "booked")
    assert moved.left == [(row.reference, "No later time at this port has room for all of them.")]
    assert told(row.registration.owner) == [("day_closed", ["email"])]
    send_messages(now=clock.at)
    assert "San Ysidro is closed on" in mailoutbox[0].body
    assert "Do not travel" in mailoutbox[0].body
    assert mailoutbox[0].subject == "News about your appointment"


def test_move_again_finds_new_room(port, day, supervisor):
    row = family(day, 3)
    closure = close_day(port=port, day=day.day, reason="Flood", by=supervisor)
    move_families(closure=closure, by=supervisor)
    make_slot(port, days_ahead=4)

    tasks.move_families(closure.pk, supervisor.pk)
    tasks.move_families(closure.pk, supervisor.pk)

    assert told(row.registration.owner) == [("day_closed", ["email"]), ("changed", ["email"])]
    assert Appointment.objects.count() == 2


def test_move_tells_who_has_to_sign_first(port, day, supervisor):
    row = make_appointment(make_registration(status="changing"), day)
    make_slot(port, days_ahead=4)

    moved = move_families(closure=make_closure(port, day=day.day), by=supervisor)

    assert [number for number, _why in moved.left] == [row.reference]
    assert told(row.registration.owner) == [("day_closed", ["email"])]


def test_move_leaves_who_changed_by_themselves_meanwhile(port, day, supervisor, monkeypatch):
    row = family(day, 3)
    make_slot(port, days_ahead=4)
    elsewhere = make_slot(make_port("laredo"), days_ahead=6)
    closure = make_closure(port, day=day.day)
    seen = list(moving.booked_on(port, day.day))
    cancel(appointment=row, by=row.registration.owner)
    own = make_appointment(row.registration, elsewhere)
    monkeypatch.setattr(moving, "booked_on", lambda port, day: seen)

    moved = move_families(closure=closure, by=supervisor)

    assert (moved.new, moved.left) == ([], [])
    own.refresh_from_db()
    assert own.status == "booked"


def test_move_looks_again_when_the_places_go(port, day, supervisor, monkeypatch):
    family(day, 3)
    make_slot(port, days_ahead=4)
    real, tries = moving.book, []

    def book(**values):
        tries.append(values)
        if len(tries) == 1:
            raise SlotFull
        return real(**values)

    monkeypatch.setattr(moving, "book", book)

    moved = move_families(closure=make_closure(port, day=day.day), by=supervisor)

    assert len(moved.new) == 1
    assert len(tries) == 2


def test_move_gives_up_when_places_go_again_and_again(port, day, supervisor, monkeypatch):
    row = family(day, 3)
    make_slot(port, days_ahead=4)

    def book(**values):
        raise SlotFull

    monkeypatch.setattr(moving, "book", book)

    moved = move_families(closure=make_closure(port, day=day.day), by=supervisor)

    assert [number for number, _why in moved.left] == [row.reference]


def test_move_goes_on_past_a_family_that_can_not_be_moved(
    port, day, supervisor, monkeypatch, caplog
):
    bad, good = family(day, 1), family(day, 1)
    make_slot(port, days_ahead=4)
    real = moving.book

    def book(*, registration, **values):
        if registration == bad.registration:
            raise KeyError("a bug")
        return real(registration=registration, **values)

    monkeypatch.setattr(moving, "book", book)

    moved = move_families(closure=make_closure(port, day=day.day), by=supervisor)

    assert len(moved.new) == 1
    assert f"appointment {bad.reference} was not moved" in caplog.text
    assert not Message.objects.filter(user=bad.registration.owner).exists()
    assert told(good.registration.owner) == [("changed", ["email"])]


def test_move_of_a_day_that_is_open_again_moves_nobody(port, day, supervisor):
    row = family(day, 3)
    make_slot(port, days_ahead=4)
    closure = make_closure(port, day=day.day)
    reopen_day(closure=closure, by=supervisor)

    moved = move_families(closure=closure, by=supervisor)

    assert (moved.new, moved.left) == ([], [])
    assert told(row.registration.owner) == []


@pytest.mark.parametrize("who", ["officer", "auditor", "applicant"])
def test_move_by_others_is_refused(request, port, day, who):
    with pytest.raises(NotAllowed):
        move_families(closure=make_closure(port, day=day.day), by=request.getfixturevalue(who))


@pytest.mark.parametrize("make", [make_officer, make_supervisor])
def test_move_at_another_port_is_refused(port, day, make):
    with pytest.raises(NotAllowed):
        move_families(closure=make_closure(port, day=day.day), by=make(make_port("laredo")))


def test_message_says_that_an_officer_moved_the_family(port):
    row = make_appointment(slot=make_slot(port))
    told = message_about(row, "changed")
    change(row, booked_by=make_supervisor(port))

    assert "An officer of the port moved it" not in told
    assert "An officer of the port moved it" in message_about(row, "changed")


def message_about(row, template: str) -> str:
    fresh = Appointment.objects.select_related("slot__port", "registration").get(pk=row.pk)
    return render_to_string(f"messages/{template}.txt", {"row": fresh, "site": "https://portal"})
