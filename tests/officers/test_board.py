"""The port board: states, counts, filters, one action a row, walk-ins beside appointments."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cbpone.audit.models import Event
from officers.today import State, ports_today, read_day
from scheduling.models import Appointment
from tests.factories import make_appointment, make_registration, make_slot
from tests.factories.office_ports import make_walk_in

BOARD = "/officers/board/san-ysidro/"


@pytest.fixture
def noon(today, clock):
    """The clock stands at the time of the family."""
    clock.at = today.starts_at
    return clock.at


def text(client, url=BOARD) -> str:
    return " ".join(client.get(url).content.decode().split())


def shown(page: str) -> dict[str, str]:
    """{number: (state, action)} of each row."""
    rows = re.findall(r'<tr class="family" id="([^"]+)" role="row">(.*?)</tr>', page)
    return {number: (_chip(row), _act(row)) for number, row in rows}


def _chip(row):
    return re.search(r'class="chip [\w-]+">([^<]+)<', row)[1]


def _act(row):
    return re.search(r"(Check in \d+|Call in|Decide|Open)<span", row)[1]


def counts(page: str) -> dict[str, int]:
    found = re.findall(r'class="chip [\w-]+">([^<]+)</span></a></dt><dd>(\d+)</dd>', page)
    return {state: int(n) for state, n in found}


def of_each_state(port, officer, clock):
    """A family in each state, by its word."""
    now = make_slot(port, starts_at=clock.at + timedelta(minutes=30))
    before = make_slot(port, starts_at=clock.at - timedelta(minutes=30))
    here = {"status": "checked_in", "checked_in_by": officer}
    rows = {
        "expected": make_appointment(slot=now),
        "late": make_appointment(slot=before),
        "arrived": make_appointment(slot=before, **here),
        "in process": make_appointment(slot=before, called_at=clock.at, called_by=officer, **here),
        "done": make_appointment(slot=before, status="completed", checked_in_by=officer),
        "no-show": make_appointment(slot=before, status="no_show"),
    }
    return {state: row.reference for state, row in rows.items()}


def test_board_shows_the_state_and_one_action_of_each_family(client, port, officer, noon, clock):
    numbers = of_each_state(port, officer, clock)
    client.force_login(officer)

    page = text(client)

    actions = ["Check in 3", "Check in 3", "Call in", "Decide", "Open", "Check in 3"]
    assert shown(page) == {
        number: (state, action)
        for (state, number), action in zip(numbers.items(), actions, strict=True)
    }
    assert counts(page) == dict.fromkeys(numbers, 1)
    assert "18 people in all, 9 of them at the port." in page


def test_board_counts_walk_ins_beside_appointments(client, port, officer, noon):
    waits, called = make_walk_in(port), make_walk_in(port, status="called", people=3)
    done, gone = make_walk_in(port, status="completed"), make_walk_in(port, status="left")
    old = make_walk_in(port, days_ago=1)
    make_walk_in(port, days_ago=1, status="completed")
    client.force_login(officer)

    page = text(client)

    assert shown(page) == {
        old.reference: ("arrived", "Call in"),
        waits.reference: ("arrived", "Call in"),
        called.reference: ("in process", "Decide"),
        done.reference: ("done", "Open"),
        gone.reference: ("left", "Open"),
    }
    assert "Without an appointment <span>11 people, 5 families, 9 here" in page
    assert counts(page)["arrived"] == 2
    assert f"came {noon.astimezone(port.tz):%H:%M}" in page


def test_board_of_another_day_has_the_walk_ins_of_that_day(client, port, officer, noon):
    waits = make_walk_in(port)
    old = make_walk_in(port, days_ago=1, status="completed")
    client.force_login(officer)

    page = text(client, f"{BOARD}?day={old.day}")

    assert set(shown(page)) == {old.reference}
    assert waits.reference not in page


@pytest.mark.parametrize("state", [state for state in State if state != State.LEFT])
def test_board_filtered_by_state_shows_only_these(client, port, officer, noon, clock, state):
    numbers = of_each_state(port, officer, clock)
    client.force_login(officer)

    page = text(client, f"{BOARD}?state={state}")

    if state == State.GIVEN_UP:  # none of the board's
        assert len(shown(page)) == 6
    else:
        assert list(shown(page)) == [numbers[state.label]]
        assert f"Only families in this state are shown: {state.label}." in page
    assert sum(counts(page).values()) == 6


def test_board_filtered_to_nobody_says_so(client, officer, family):
    client.force_login(officer)

    page = text(client, f"{BOARD}?state=done")

    assert "No family is in this state." in page
    assert shown(page) == {}


@pytest.mark.parametrize("state", ["", "nonsense", "given_up"])
def test_board_of_no_such_state_shows_all(client, officer, family, state):
    client.force_login(officer)

    assert family.reference in text(client, f"{BOARD}?state={state}")


def test_family_whose_dispositions_have_begun_is_in_process(port, officer, today, noon):
    row = make_appointment(slot=today, status="checked_in", checked_in_by=officer)
    who = row.attendances.first()
    type(who).objects.filter(pk=who.pk).update(
        disposition="paroled", disposed_at=noon, disposed_by=officer
    )

    (batch,) = read_day(port, today.day, officer).batches

    assert batch.families[0].state == State.IN_PROCESS


def test_board_says_who_of_a_family_did_not_come(client, officer, today, noon):
    row = make_appointment(slot=today, status="checked_in", checked_in_by=officer)
    row.attendances.filter(pk=row.attendances.first().pk).update(
        checked_in_at=None, checked_in_by=None
    )
    client.force_login(officer)

    page = text(client)

    assert page.count("not here") == 1
    assert "3 people, 1 family, 2 here" in page


def test_board_for_who_may_not_act_has_no_buttons(client, auditor, family, noon):
    client.force_login(auditor)

    page = text(client)

    assert shown(page) == {family.reference: ("expected", "Open")}
    assert "Write down a walk-in" not in page


def test_check_in_from_a_filtered_board_goes_back_to_it(client, officer, family, clock):
    clock.at = family.slot.starts_at
    client.force_login(officer)
    url = f"/officers/appointments/{family.reference}/check-in/"

    response = client.post(url, {"board": "1", "state": "expected"})

    back = f"{BOARD}?day={family.slot.day}&state=expected#{family.reference}"
    assert response.url == back


def test_call_from_the_board(client, officer, today, clock):
    row = make_appointment(slot=today, status="checked_in", checked_in_by=officer)
    client.force_login(officer)
    url = f"/officers/appointments/{row.reference}/call/"

    response = client.post(url, {"board": "1", "state": "nonsense"})

    row.refresh_from_db()
    assert response.url == f"{BOARD}?day={today.day}#{row.reference}"
    assert (row.called_by, row.called_at) == (officer, clock.at)
    assert Event.objects.get(verb="called").by == officer


def test_call_from_the_page_of_the_family_twice_is_told(client, officer, today):
    row = make_appointment(slot=today, status="checked_in", checked_in_by=officer)
    client.force_login(officer)
    page = f"/officers/appointments/{row.reference}/"
    assert "Call the family in" in text(client, page)

    client.post(page + "call/")
    answer = client.post(page + "call/", follow=True)

    assert answer.redirect_chain[-1][0] == page
    assert "This family was called in already." in answer.content.decode()
    assert "Call the family in" not in answer.content.decode()


def test_call_by_get_or_by_a_stranger_changes_nothing(client, officer, other_officer, today):
    row = make_appointment(slot=today, status="checked_in", checked_in_by=officer)
    url = f"/officers/appointments/{row.reference}/call/"
    client.force_login(officer)
    assert client.get(url).status_code == 405

    client.force_login(other_officer)

    assert client.post(url).status_code == 404
    assert Appointment.objects.get().called_at is None


def test_scanned_ticket_opens_the_family(client, officer, family):
    from scheduling.tickets import qr_text

    client.force_login(officer)

    response = client.post("/officers/find/", {"q": qr_text(family) + "\r"})

    assert response.url == f"/officers/appointments/{family.reference}/"


def test_manifest_lists_walk_ins_too(client, port, officer, family):
    row = make_walk_in(port)
    client.force_login(officer)

    page = text(client, BOARD + "print/")

    assert family.reference in page
    assert row.reference in page
    assert str(row.people.first().traveler) in page
    assert "5 people, 2 families" in page


def test_numbers_of_today_count_walk_ins(port, officer, family, clock):
    make_walk_in(port, people=2)
    make_walk_in(port, people=3, days_ago=1, status="called")
    make_walk_in(port, people=1, status="left")
    make_walk_in(port, people=4, days_ago=1, status="completed")

    (today,) = ports_today(officer)

    assert (today.families, today.people, today.here) == (4, 9, 5)


def add_rows(port, officer, hour):
    slot = make_slot(port, days_ahead=0, at=f"{hour}:00")
    here = {"status": "checked_in", "checked_in_by": officer}
    make_appointment(make_registration(people=2, photos=True), slot, **here)
    make_walk_in(port, registration=make_registration(photos=True))


@pytest.mark.parametrize("url", [BOARD, BOARD + "print/", BOARD + "?state=arrived"])
def test_board_has_a_constant_number_of_queries(client, port, officer, url):
    client.force_login(officer)
    numbers = []
    for hours in ([10], [11, 12]):
        for hour in hours:
            add_rows(port, officer, hour)
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        numbers.append(len(queries))

    assert numbers[0] == numbers[1]
