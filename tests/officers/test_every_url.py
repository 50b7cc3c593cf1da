"""Every role against every address of the office: who gets a page, who finds nothing."""

from copy import deepcopy

import pytest
from django.db import transaction
from django.urls import reverse

from tests.officers.office_urls import ADDRESSES
from tests.officers.offices import APPLICANTS, ROLES, make_office
from tests.portal.roles import FORBIDDEN, METHOD, MOVED, NOTHING, PAGE, SIGN_IN, each_gets

LEADERS = ("supervisor", "parole_supervisor")


def staff(default=FORBIDDEN, **special) -> dict:
    """What each role gets: nobody has to sign in, applicants are refused."""
    applicants = {"nobody": SIGN_IN} | dict.fromkeys(APPLICANTS, FORBIDDEN)
    return {role: applicants.get(role) or special.get(role, default) for role in ROLES}


def only(*roles, default=FORBIDDEN, **special) -> dict:
    return staff(default, **dict.fromkeys(roles, PAGE), **special)


POST = staff(METHOD)
BOARD = only("officer", "supervisor", "auditor", default=NOTHING)
CLOSED_DAY = only("supervisor", default=NOTHING, officer=FORBIDDEN, auditor=FORBIDDEN)
DESK = only("officer", "supervisor", other_officer=NOTHING)
NEW_WALK_IN = only("officer", "supervisor", default=NOTHING, auditor=FORBIDDEN)
PHOTOS = only(*LEADERS, "photo_reviewer")
LIKENESS = only(*LEADERS, "reviewer", officer=NOTHING, other_officer=NOTHING)
LOOKS = only(*LEADERS, "auditor")
LOOK = only(
    "officer", "other_officer", "supervisor",
    reviewer=NOTHING, travel_officer=NOTHING, parole_supervisor=NOTHING,
)  # fmt: skip
HELP = only("help_desk")
WRITTEN = only("supervisor", "auditor")
CHOICE = staff(**dict.fromkeys(LEADERS, MOVED))
RUN = only("parole_supervisor", "auditor", default=NOTHING)
NUMBERS = only(*LEADERS, "auditor", "statistics")
EXPECTED = {
    "board_rows": BOARD,
    "day": BOARD,
    "day_move": CLOSED_DAY,
    "day_reopen": CLOSED_DAY,
    "walk_in_new": NEW_WALK_IN,
    "walk_in": DESK,
    "urgent": DESK,
    "urgent_refuse": DESK | {"supervisor": MOVED},  # another holds it
    "likeness": LIKENESS,
    "photo_review": PHOTOS,
    "queue": PHOTOS,
    "queue_put_back": PHOTOS,
    "queue_assign": only(*LEADERS),
    "access_open": LOOK,
    "accesses": LOOKS,
    "conflicts": staff(PAGE),
    "help": HELP,
    "help_person": HELP,
    "mass": WRITTEN,
    "mass_message": WRITTEN,
    "mass_write": only("supervisor"),
    "mass_edit": only("supervisor"),
    "bulk": LOOKS,
    "bulk_choice": CHOICE,
    "bulk_preview": CHOICE,
    "bulk_run": RUN,
    "exports": NUMBERS,
    "export_ask": NUMBERS,
    "export": NUMBERS | {"statistics": NOTHING},
    "export_file": staff(NOTHING, supervisor=MOVED),
    "log": only("auditor"),
    "log_head": only("auditor"),
    "numbers": NUMBERS,
    "photo_drift": LOOKS,
}


@pytest.fixture(scope="module")
def world_of_all(django_db_setup, django_db_blocker):
    """Made once, in a transaction that is undone after the last test of this module."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_office()
        transaction.set_rollback(True)


@pytest.fixture
def world(db, world_of_all):
    return deepcopy(world_of_all)


@pytest.mark.parametrize("name", ADDRESSES)
def test_each_role_gets_exactly_its_own_pages(world, name):
    got = each_gets(reverse(name, args=ADDRESSES[name](world)), world)

    assert got == EXPECTED.get(name.removeprefix("officers:"), POST)
