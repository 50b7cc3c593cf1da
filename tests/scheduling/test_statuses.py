"""What the database lets move: along the status tables, and never a value that stands."""

from datetime import UTC, date, datetime
from itertools import product

import pytest

from cbpone.lib import clock
from scheduling.models import Closure, PlaceReturn
from scheduling.statuses import (
    APPOINTMENT_MOVES,
    LIVE,
    REGISTRATION_MOVES,
    WALKIN_MOVES,
    AppointmentStatus,
    RegistrationStatus,
    WalkInStatus,
)
from tests.audit.tripping import check_trips
from tests.breaking import change, is_refused
from tests.factories import (
    make_appointment,
    make_officer,
    make_port,
    make_registration,
    make_release,
    make_slot,
    make_traveler,
    make_user,
)
from tests.factories.office_ports import make_closure, make_walk_in

pytestmark = pytest.mark.django_db
DAY, NOW = date(2026, 6, 4), datetime(2026, 6, 4, 12, tzinfo=UTC)


def pairs(statuses):
    return [(a, b) for a, b in product(statuses.values, repeat=2) if a != b]


def facts_of_registration(status: str) -> dict:
    now = clock.now()
    signed = {} if status == "draft" else {"seniority_at": now, "signed_at": now}
    return signed | ({"withdrawn_at": now} if status == "withdrawn" else {})


def facts_of_appointment(status: str) -> dict:
    now = clock.now()
    return {
        "ended_at": None if status in LIVE else now,
        "checked_in_at": now if status in ("checked_in", "completed") else None,
    }


@pytest.mark.parametrize(("before", "after"), pairs(RegistrationStatus))
def test_registration_moves_only_along_the_table(before, after):
    row = make_registration(signed=False, status=before, **facts_of_registration(before))
    kept = {"seniority_at": row.seniority_at} if row.seniority_at else {}
    facts = facts_of_registration(after) | {"withdrawn_at": None} | kept
    facts |= {"withdrawn_at": clock.now()} if after == "withdrawn" else {}

    refused = is_refused(lambda: change(row, status=after, **facts))

    row.refresh_from_db()
    assert refused == (after not in REGISTRATION_MOVES[before])
    assert row.status == (before if refused else after)


@pytest.mark.parametrize(("before", "after"), pairs(AppointmentStatus))
def test_appointment_moves_only_along_the_table(before, after):
    row = make_appointment(status=before)

    refused = is_refused(lambda: change(row, status=after, **facts_of_appointment(after)))

    row.refresh_from_db()
    assert refused == (after not in APPOINTMENT_MOVES[before])
    assert row.status == (before if refused else after)


def facts_of_walk_in(status: str, by) -> dict:
    now = clock.now()
    called = {"called_at": None, "called_by": None}
    if status in ("called", "completed"):
        called = {"called_at": now, "called_by": by}
    return called | {"ended_at": now if status in ("completed", "left") else None}


@pytest.mark.parametrize(("before", "after"), pairs(WalkInStatus))
def test_walk_in_moves_only_along_the_table(before, after):
    row = make_walk_in(status=before)

    refused = is_refused(
        lambda: change(row, status=after, **facts_of_walk_in(after, row.written_by))
    )

    row.refresh_from_db()
    assert refused == (after not in WALKIN_MOVES[before])
    assert row.status == (before if refused else after)


def test_tables_name_every_status():
    assert set(WALKIN_MOVES) == set(WalkInStatus.values)
    assert set(REGISTRATION_MOVES) == set(RegistrationStatus.values)
    assert set(APPOINTMENT_MOVES) == set(AppointmentStatus.values)


def given_up(**values):
    values = {"due_at": clock.now()} | values
    return PlaceReturn.objects.create(slot=make_slot(), pool="public", places=1, **values)


def closure(**values):
    values = {"day": clock.now().date(), "reason": "Flood"} | values
    return Closure.objects.create(port=make_port(), **values)


def attendance(status="booked"):
    row = make_appointment(status=status, checked_in_by=make_officer())
    return row.attendances.first()


def decided():
    return attendance("completed")


REGISTRATION = "scheduling_registration.seniority_at_set_once"
APPOINTMENT = "scheduling_appointment.reference_set_once"
ATTENDANCE = "scheduling_attendance.appointment_id_set_once"
DECIDED = "scheduling_attendance.disposition_final"
RETURN = "scheduling_placereturn.slot_id_set_once"
SLOT = "scheduling_slot.port_id_set_once"
CLOSURE = "scheduling_closure.port_id_set_once"
REOPENED = "scheduling_closure.reopened_final"
WALK_IN = "scheduling_walkin.reference_set_once"
WALKED_IN = "scheduling_walkinperson.walk_in_id_set_once"
WALKED_OUT = "scheduling_walkinperson.disposition_final"


def came_and_was_decided_about():
    return make_walk_in(status="completed").people.first()


TRIPS = [
    (
        "scheduling_registration.status_moves",
        lambda: change(make_registration(complete=False), status="changing", seniority_at=NOW),
    ),
    (
        "scheduling_appointment.status_moves",
        lambda: change(make_appointment(status="cancelled"), status="booked", ended_at=None),
    ),
    (REGISTRATION, lambda: change(make_registration(), reference="R-2222-2222")),
    (REGISTRATION, lambda: change(make_registration(), seniority_at=None)),
    (REGISTRATION, lambda: change(make_registration(), owner=make_user())),
    (APPOINTMENT, lambda: change(make_appointment(), reference="A-2222-2222")),
    (APPOINTMENT, lambda: change(make_appointment(), pool="reserve")),
    (APPOINTMENT, lambda: change(make_appointment(), slot=make_slot())),
    (APPOINTMENT, lambda: change(make_appointment(), registration=make_registration())),
    (ATTENDANCE, lambda: change(attendance(), appointment=make_appointment())),
    (ATTENDANCE, lambda: change(attendance(), traveler=make_traveler())),
    (DECIDED, lambda: change(decided(), disposition="ercf")),
    (DECIDED, lambda: change(decided(), disposition="", disposed_at=None, disposed_by=None)),
    (DECIDED, lambda: change(decided(), disposed_at=NOW)),
    (DECIDED, lambda: change(decided(), disposed_by=make_officer())),
    (DECIDED, lambda: change(decided(), note="rewritten")),
    (DECIDED, lambda: change(decided(), checked_in_at=None, checked_in_by=None)),
    (DECIDED, lambda: change(decided(), checked_in_at=NOW)),
    (DECIDED, lambda: change(decided(), checked_in_by=make_officer())),
    (RETURN, lambda: change(given_up(), slot=make_slot())),
    (RETURN, lambda: change(given_up(), pool="reserve")),
    (RETURN, lambda: change(given_up(), places=2)),
    (RETURN, lambda: change(given_up(), given_up_at=NOW)),
    (RETURN, lambda: change(given_up(), due_at=NOW)),
    (RETURN, lambda: change(given_up(returned_at=NOW), returned_at=None)),
    (SLOT, lambda: change(make_slot(), port=make_port("laredo"))),
    (SLOT, lambda: change(make_slot(), day=DAY)),
    (SLOT, lambda: change(make_slot(), starts_at=NOW)),
    (SLOT, lambda: change(make_slot(), release=make_release(make_port(), DAY))),
    (CLOSURE, lambda: change(closure(), port=make_port("laredo"))),
    (CLOSURE, lambda: change(closure(), day=DAY)),
    (CLOSURE, lambda: change(closure(), reason="Storm")),
    (CLOSURE, lambda: change(closure(closed_by=make_officer()), closed_by=None)),
    (REOPENED, lambda: change(make_closure(day=DAY, reopened=True), reopened_by=make_officer())),
    (
        REOPENED,
        lambda: change(make_closure(day=DAY, reopened=True), reopened_at=None, reopened_by=None),
    ),
    (
        "scheduling_walkin.status_moves",
        lambda: change(make_walk_in(status="left"), status="waiting", ended_at=None),
    ),
    (WALK_IN, lambda: change(make_walk_in(), reference="W-2222-2222")),
    (WALK_IN, lambda: change(make_walk_in(), port=make_port("laredo"))),
    (WALK_IN, lambda: change(make_walk_in(), day=DAY)),
    (WALK_IN, lambda: change(make_walk_in(), why="danger")),
    (WALK_IN, lambda: change(make_walk_in(), written_by=make_officer())),
    (
        WALK_IN,
        lambda: change(make_walk_in(registration=make_registration()), registration=None),
    ),
    (WALKED_IN, lambda: change(make_walk_in().people.first(), walk_in=make_walk_in())),
    (WALKED_IN, lambda: change(make_walk_in().people.first(), traveler=make_traveler())),
    (WALKED_OUT, lambda: change(came_and_was_decided_about(), disposition="ercf")),
    (WALKED_OUT, lambda: change(came_and_was_decided_about(), disposed_at=NOW)),
    (WALKED_OUT, lambda: change(came_and_was_decided_about(), disposed_by=make_officer())),
    (WALKED_OUT, lambda: change(came_and_was_decided_about(), note="rewritten")),
]


@pytest.mark.parametrize(("trigger", "attempt"), TRIPS)
def test_value_that_stands_is_refused_a_change(trigger, attempt):
    check_trips(trigger, attempt)


def test_slot_that_is_changed_by_the_rules_is_let_be():
    row = make_slot()

    change(row, capacity=30, booked=2, reserve_capacity=3, is_open=False)

    row.refresh_from_db()
    assert (row.capacity, row.booked, row.reserve_capacity, row.is_open) == (30, 2, 3, False)


def test_person_without_a_disposition_can_be_decided_about():
    row = attendance("checked_in")

    change(row, disposition="paroled", disposed_at=NOW, disposed_by=make_officer(), note="x")

    row.refresh_from_db()
    assert (row.disposition, row.note) == ("paroled", "x")
