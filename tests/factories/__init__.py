"""Rows for tests. Plain functions; an argument names the situation a test is about."""

from tests.factories.appointments import make_appointment
from tests.factories.families import make_member, make_photo, make_registration, make_traveler
from tests.factories.parole import (
    make_airport_officer,
    make_arrival,
    make_authorization,
    make_beneficiary,
    make_cap,
    make_parole_supervisor,
    make_process,
    make_request,
    make_reviewer,
    make_selection,
    make_supporter,
    make_travel_officer,
    make_written,
)
from tests.factories.people import make_auditor, make_officer, make_supervisor, make_user
from tests.factories.places import make_plan, make_port, make_release, make_slot

__all__ = [
    "make_airport_officer",
    "make_arrival",
    "make_authorization",
    "make_beneficiary",
    "make_cap",
    "make_parole_supervisor",
    "make_process",
    "make_request",
    "make_reviewer",
    "make_selection",
    "make_supporter",
    "make_travel_officer",
    "make_written",
    "make_appointment",
    "make_auditor",
    "make_member",
    "make_officer",
    "make_photo",
    "make_plan",
    "make_port",
    "make_registration",
    "make_release",
    "make_slot",
    "make_supervisor",
    "make_traveler",
    "make_user",
]
