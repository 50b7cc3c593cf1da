"""The status tables: every move they name is possible, every other one the database refuses."""

from itertools import product

import pytest
from django.db import DatabaseError, transaction

from cbpone.lib import clock
from scheduling.models import Attendance, PlaceReturn
from scheduling.statuses import (
    APPOINTMENT_MOVES,
    LIVE,
    REGISTRATION_MOVES,
    AppointmentStatus,
    RegistrationStatus,
)
from tests.breaking import change, is_refused
from tests.factories import make_appointment, make_member, make_registration, make_slot

pytestmark = pytest.mark.django_db


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


def test_refused_move_says_so():
    row = make_appointment(status="cancelled")

    with pytest.raises(DatabaseError, match="Invalid transition.*cancelled.*booked"):
        change(row, status="booked", ended_at=None)


def test_tables_name_every_status():
    assert set(REGISTRATION_MOVES) == set(RegistrationStatus.values)
    assert set(APPOINTMENT_MOVES) == set(AppointmentStatus.values)


def given_up():
    slot = make_slot()
    return PlaceReturn.objects.create(
        slot=slot, pool="public", places=1, due_at=clock.now(), returned_at=clock.now()
    )


def attendance():
    return Attendance.objects.filter(appointment=make_appointment()).first()


UNDELETABLE = {
    "registration": make_registration,
    "member": lambda: make_member(make_registration()),
    "slot": make_slot,
    "appointment": make_appointment,
    "attendance": attendance,
    "placereturn": given_up,
}


@pytest.mark.parametrize("make", UNDELETABLE.values(), ids=UNDELETABLE)
def test_row_is_refused_deletion(make):
    row = make()

    with pytest.raises(DatabaseError, match="Cannot delete rows"), transaction.atomic():
        type(row)._base_manager.filter(pk=row.pk)._raw_delete("default")

    assert type(row)._base_manager.filter(pk=row.pk).exists()


SET_ONCE = [
    (make_registration, "reference", "R-2222-2222"),
    (make_registration, "seniority_at", None),
    (make_appointment, "reference", "A-2222-2222"),
    (make_appointment, "pool", "reserve"),
    (make_appointment, "slot", make_slot),
    (make_appointment, "registration", make_registration),
    (given_up, "returned_at", None),
]


@pytest.mark.parametrize(("make", "field", "value"), SET_ONCE)
def test_value_that_stands_is_refused_a_change(make, field, value):
    row = make()
    value = value() if callable(value) else value

    with pytest.raises(DatabaseError, match="set once"), transaction.atomic():
        change(row, **{field: value})
