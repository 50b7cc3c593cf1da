"""The board that looks after itself: 304 while nothing has changed, for two cheap queries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cbpone.audit.models import Event
from scheduling import attendance, walk_ins
from scheduling.booking import book, cancel
from scheduling.models import Appointment, WalkIn
from scheduling.registering import remove_person
from tests.factories import make_appointment, make_registration, make_slot
from tests.factories.office_ports import make_walk_in

ROWS = "/officers/board/san-ysidro/rows/"


@pytest.fixture
def screen(client, officer, family, clock):
    """A browser that has the rows of today; `look()` asks again as board.js does."""
    clock.at = family.slot.starts_at
    client.force_login(officer)

    def look(url=ROWS):
        response = client.get(url, headers={"If-None-Match": look.etag})
        look.etag = response.headers.get("ETag", look.etag)
        return response

    look.etag = ""
    look()
    return look


def test_rows_are_not_sent_again_while_nothing_changes(screen):
    answer = screen()

    assert (answer.status_code, answer.content) == (304, b"")


def test_board_page_carries_the_version_of_its_rows(client, officer, family):
    client.force_login(officer)
    page = client.get("/officers/board/san-ysidro/").content.decode()
    version = page.split('data-version="')[1].split('"')[0].replace("&quot;", '"')

    answer = client.get(f"{ROWS}?day={family.slot.day}", headers={"If-None-Match": version})

    assert answer.status_code == 304


def test_weak_version_that_compression_makes_is_known(client, screen):
    answer = client.get(ROWS, headers={"If-None-Match": f"W/{screen.etag}"})

    assert answer.status_code == 304


def come_in(row, officer):
    attendance.check_in(appointment=row, by=officer)


def call_in(row, officer):
    come_in(row, officer)
    attendance.call(appointment=row, by=officer)


def decide_one(row, officer):
    call_in(row, officer)
    attendance.dispose(row=row.attendances.first(), disposition="paroled", by=officer)


def come_late(row, officer):
    attendance.check_in(appointment=row, by=officer, present=[row.attendances.first()])
    attendance.arrive(row=row.attendances.last(), by=officer)


def lose_one(row, officer):
    remove_person(member=row.registration.people().last(), by=row.registration.owner)


CHANGES = {
    "booked": lambda row, officer: make_appointment(slot=row.slot),
    "cancelled": lambda row, officer: cancel(appointment=row, by=row.registration.owner),
    "moved": lambda row, officer: book(
        slot_id=make_slot(row.slot.port, days_ahead=5).pk, by=row.registration.owner, change=True
    ),
    "smaller": lose_one,
    "checked in": come_in,
    "came late": come_late,
    "called": call_in,
    "decided": decide_one,
    "walked in": lambda row, officer: make_walk_in(row.slot.port),
}


@pytest.mark.parametrize("change", CHANGES)
def test_rows_are_sent_when_something_changed(screen, family, officer, change):
    CHANGES[change](family, officer)

    assert screen().status_code == 200
    assert screen().status_code == 304


@pytest.mark.parametrize("step", ["call", "dispose", "leave"])
def test_rows_are_sent_when_a_walk_in_moved(screen, port, officer, step):
    row = make_walk_in(port, status="called" if step == "dispose" else "waiting")
    screen()

    if step == "dispose":
        walk_ins.dispose(row=row.people.first(), disposition="ercf", by=officer)
    else:
        getattr(walk_ins, step)(walk_in=WalkIn.objects.get(), by=officer)

    assert screen().status_code == 200


def test_rows_are_sent_when_two_changes_end_at_the_same_count(screen, family, today, officer):
    other = make_appointment(slot=today, status="checked_in", checked_in_by=officer)
    screen()

    cancel(appointment=family, by=family.registration.owner)
    make_appointment(slot=today)

    assert other.reference in screen().content.decode()


def test_rows_are_sent_when_a_family_becomes_late(screen, family, clock):
    clock.forward(minutes=1)

    assert "late" in screen().content.decode()
    assert screen().status_code == 304


def test_rows_are_sent_when_check_in_begins(client, officer, port, clock):
    client.force_login(officer)
    slot = make_slot(port, starts_at=clock.at + timedelta(hours=attendance.EARLY_HOURS, minutes=1))
    make_appointment(slot=slot)
    url = f"{ROWS}?day={slot.day}"
    etag = client.get(url).headers["ETag"]

    clock.forward(minutes=2)
    answer = client.get(url, headers={"If-None-Match": etag})

    assert "Check in 3" in answer.content.decode()


def test_rows_stay_when_another_day_or_port_changes(screen, port):
    make_appointment(slot=make_slot(port, days_ahead=1))
    make_walk_in(port, days_ago=1, status="completed")
    make_registration()

    assert screen().status_code == 304


def test_rows_of_another_filter_or_reader_are_other_rows(client, screen, supervisor):
    assert screen(f"{ROWS}?state=late").status_code == 200

    client.force_login(supervisor)

    assert screen(f"{ROWS}?state=late").status_code == 200


def test_rows_are_a_piece_of_the_page_with_the_time(client, screen, family, officer):
    come_in(family, officer)

    page = screen().content.decode()

    assert "<html" not in page
    assert 'data-as-of="As of 12:00:00.' in page
    assert "The line broke. This is the board as of 12:00:00." in page
    assert f'id="call-{family.reference}"' in page


def test_rows_of_another_port_are_not_found(client, other_officer, family):
    client.force_login(other_officer)

    assert client.get(ROWS).status_code == 404


def test_not_changed_costs_two_queries_more_than_knowing_who_asks(
    client, screen, officer, family, today
):
    for _ in range(3):
        make_appointment(slot=today)
        make_walk_in(today.port)
    screen()

    with CaptureQueriesContext(connection) as queries:
        assert screen().status_code == 304

    asked = [one["sql"] for one in queries]
    assert sum("COUNT" in sql for sql in asked) == 2
    assert len(asked) == 6  # the user, what they and their role may, the port


def test_looking_by_itself_is_one_look_in_a_quarter_of_an_hour(screen, family, officer, clock):
    def looks():
        return Event.objects.filter(verb="viewed", by=officer).count()

    come_in(family, officer)
    screen()
    assert looks() == 1

    clock.forward(minutes=16)
    attendance.call(appointment=Appointment.objects.get(), by=officer)
    screen()

    assert looks() == 2


def test_looking_by_itself_keeps_no_session_alive(client, screen, monkeypatch):
    later = 1e10
    monkeypatch.setattr("cbpone.accounts.staying.time.time", lambda: later)

    screen()
    assert client.session.get("touched") != later

    client.get("/officers/board/san-ysidro/")
    assert client.session["touched"] == later
