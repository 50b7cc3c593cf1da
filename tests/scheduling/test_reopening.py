from datetime import date, timedelta

import pytest

from cbpone.audit.models import Event
from cbpone.lib.errors import NotAllowed
from cbpone.notifications.outbox import send_messages
from scheduling.booking import book, cancel
from scheduling.models import Closure, Slot
from scheduling.moving import move_families
from scheduling.release import (
    DayIsClosed,
    OpenAgain,
    change_slot,
    close_day,
    open_day,
    reopen_day,
)
from tests.factories import (
    make_appointment,
    make_plan,
    make_port,
    make_registration,
    make_slot,
    make_supervisor,
)
from tests.factories.office_ports import make_closure
from tests.facts import told

pytestmark = pytest.mark.django_db


def test_reopen_lets_people_book_again(port, supervisor, clock):
    slot = make_slot(port)
    closure = close_day(port=port, day=slot.day, reason="Flood", by=supervisor)

    reopen_day(closure=closure, by=supervisor)

    closure.refresh_from_db()
    assert (closure.reopened_at, closure.reopened_by) == (clock.at, supervisor)
    assert book(slot_id=slot.pk, by=make_registration().owner)
    event = Event.objects.get(verb="day_reopened")
    assert (event.by, event.note) == (supervisor, f"2504 {slot.day}: 1")


def test_reopen_opens_every_time_of_that_day_and_no_other(port, supervisor):
    closed = make_slot(port, is_open=False)
    make_slot(port)
    later = make_slot(port, days_ahead=4, is_open=False)
    elsewhere = make_slot(make_port("laredo"), is_open=False)

    reopen_day(closure=make_closure(port, day=closed.day), by=supervisor)

    assert set(Slot.objects.filter(is_open=False)) == {later, elsewhere}


def test_reopen_of_a_day_that_was_due_while_closed_brings_its_times(port, supervisor, clock):
    make_plan(port, at=("08:00", "13:00"), places=5)
    day = clock.at.date() + timedelta(days=7)
    closure = make_closure(port, day=day)
    open_day(port=port, day=day)

    reopen_day(closure=closure, by=supervisor)

    assert list(Slot.objects.values_list("day", "capacity", "is_open")) == [(day, 5, True)] * 2


def test_reopen_before_the_day_is_due_leaves_it_to_the_release(port, supervisor):
    make_plan(port)
    closure = make_closure(port, day=date(2030, 1, 7))

    reopen_day(closure=closure, by=supervisor)

    assert not Slot.objects.exists()
    assert open_day(port=port, day=date(2030, 1, 7)).batches == 1


def test_reopen_twice_is_refused(port, supervisor):
    closure = make_closure(port, day=make_slot(port).day)
    reopen_day(closure=closure, by=supervisor)

    with pytest.raises(OpenAgain):
        reopen_day(closure=closure, by=supervisor)

    assert Event.objects.filter(verb="day_reopened").count() == 1


def test_day_can_be_closed_again_after_it_was_opened(port, supervisor):
    day = make_slot(port).day
    reopen_day(closure=make_closure(port, day=day), by=supervisor)

    close_day(port=port, day=day, reason="Flood again", by=supervisor)

    assert Closure.objects.standing().get().reason == "Flood again"
    assert not Slot.objects.filter(is_open=True).exists()


def test_reopen_tells_who_was_told_that_the_port_is_closed(port, supervisor, mailoutbox, clock):
    row = make_appointment(slot=make_slot(port))
    other = make_appointment(slot=row.slot)
    closure = close_day(port=port, day=row.slot.day, reason="Flood", by=supervisor)
    move_families(closure=closure, by=supervisor)
    send_messages(now=clock.at)
    cancel(appointment=other, by=other.registration.owner)

    reopen_day(closure=closure, by=supervisor)

    assert told(row.registration.owner) == [("day_closed", ["email"])] * 2
    assert told(other.registration.owner)[-1] == ("cancelled", ["email"])
    send_messages(now=clock.at)
    (mail,) = [one for one in mailoutbox if "is open on" in one.body]
    assert mail.to == [row.registration.owner.email]
    assert f"Your appointment {row.reference} stands" in mail.body


def test_reopen_tells_nobody_who_kept_the_appointment_all_along(port, supervisor):
    row = make_appointment(slot=make_slot(port))
    closure = close_day(port=port, day=row.slot.day, reason="Flood", by=supervisor)

    reopen_day(closure=closure, by=supervisor)

    assert told(row.registration.owner) == []


@pytest.mark.parametrize("who", ["officer", "auditor", "applicant"])
def test_reopen_by_others_is_refused(request, port, who):
    closure = make_closure(port, day=make_slot(port).day)

    with pytest.raises(NotAllowed):
        reopen_day(closure=closure, by=request.getfixturevalue(who))


def test_reopen_at_another_port_is_refused(port):
    closure = make_closure(port, day=make_slot(port).day)

    with pytest.raises(NotAllowed):
        reopen_day(closure=closure, by=make_supervisor(make_port("laredo")))

    assert Closure.objects.standing().get() == closure


def test_change_slot_can_not_open_a_time_of_a_closed_day(port, supervisor):
    slot = make_slot(port)
    make_closure(port, day=slot.day)
    numbers = {"public_places": 5, "reserve_places": 0, "by": supervisor}

    with pytest.raises(DayIsClosed):
        change_slot(slot=slot, is_open=True, **numbers)

    assert change_slot(slot=slot, is_open=False, **numbers).capacity == 5
