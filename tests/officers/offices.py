"""A back office with something of everything in it, and one person of every role."""

from datetime import timedelta

from cbpone.accounts.roles import HELP_DESK, PHOTO_REVIEWER, STATISTICS
from cbpone.lib import clock
from tests.factories import (
    make_airport_officer,
    make_appointment,
    make_auditor,
    make_officer,
    make_parole_supervisor,
    make_port,
    make_registration,
    make_request,
    make_reviewer,
    make_slot,
    make_supervisor,
    make_travel_officer,
    make_user,
)
from tests.factories.office_drift import make_drift
from tests.factories.office_duties import make_access, make_conflict, make_delivery
from tests.factories.office_likenesses import make_likeness
from tests.factories.office_mass import make_mass
from tests.factories.office_photos import make_family_photo
from tests.factories.office_ports import make_closure, make_walk_in
from tests.factories.office_runs import make_export, make_run
from tests.factories.office_urgent import make_urgent

APPLICANTS = ["owner", "stranger"]
STAFF = [
    "officer", "other_officer", "supervisor", "auditor", "reviewer", "travel_officer",
    "airport_officer", "parole_supervisor", "photo_reviewer", "statistics", "help_desk",
]  # fmt: skip
ROLES = ["nobody", *APPLICANTS, *STAFF]


def make_people(port) -> dict:
    return {
        "nobody": None,
        "owner": make_user(),
        "stranger": make_user(),
        "officer": make_officer(port),
        "other_officer": make_officer(make_port("laredo")),
        "supervisor": make_supervisor(port),
        "auditor": make_auditor(),
        "reviewer": make_reviewer(),
        "travel_officer": make_travel_officer(),
        "airport_officer": make_airport_officer(),
        "parole_supervisor": make_parole_supervisor(),
        "photo_reviewer": make_officer(role=PHOTO_REVIEWER),
        "statistics": make_officer(role=STATISTICS),
        "help_desk": make_officer(role=HELP_DESK),
    }


def make_office() -> dict:
    port = make_port()
    people = make_people(port)
    family = make_registration(people["owner"], people=2)
    slot = make_slot(port, days_ahead=0, at="12:00", reserve=10, capacity=40)
    reviewed = make_request(status="selected")
    now = clock.now()
    return {
        "port": port,
        "people": people,
        "family": family,
        "appointment": make_appointment(family, slot),
        "slot": slot,
        "later": make_slot(port, days_ahead=3, reserve=10),
        "waiting": make_registration(people=1),
        "urgent": make_urgent(port=port, taken_by=people["officer"]),
        "likeness": make_likeness(taken_by=people["reviewer"]),
        "photo": make_family_photo(taken_by=people["photo_reviewer"], taken_at=now),
        "walk_in": make_walk_in(port, by=people["officer"]),
        "called": make_walk_in(port, by=people["officer"], status="called"),
        "draft": make_mass(port, by=people["supervisor"]),
        "proposed": make_mass(port, status="proposed"),
        "released": make_mass(port, status="released"),
        "run": make_run([reviewed], by=people["parole_supervisor"]),
        "export": make_export(by=people["supervisor"]),
        "access": make_access(people["officer"]),
        "conflict": make_conflict(people["officer"]),
        "drift": make_drift(),
        "failed": make_delivery(family),
        "closure": make_closure(port, day=slot.day + timedelta(days=8)),
    }
