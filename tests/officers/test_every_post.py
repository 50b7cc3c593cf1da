"""Every role presses every button of the office: what it is answered, whose press counts."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse

from cbpone.audit.models import Access, Conflict
from cbpone.lib import clock
from cbpone.notifications.models import Delivery, Message
from cbpone.photos.models import Photo, PhotoDrift
from cbpone.travelers.models import Traveler
from parole.models import SupportRequest
from scheduling.models import (
    Appointment,
    Attendance,
    Closure,
    Slot,
    UrgentRequest,
    WalkIn,
    WalkInPerson,
)
from tests.breaking import change
from tests.factories import make_appointment, make_slot
from tests.factories.office_photos import make_family_photo
from tests.officers.office_urls import ADDRESSES
from tests.officers.offices import ROLES, make_office
from tests.officers.test_every_url import staff
from tests.portal.roles import FORBIDDEN, MOVED, NOTHING, PAGE, answer, client_of
from tests.portal.test_every_post import snapshot

LEADERS = ("supervisor", "parole_supervisor")
TABLES = [
    *apps.get_app_config("officers").get_models(),
    *(Access, Conflict, Delivery, Message, Photo, PhotoDrift, SupportRequest, Traveler),
    *(Appointment, Attendance, Closure, Slot, UrgentRequest, WalkIn, WalkInPerson),
]


def moved(*roles, default=FORBIDDEN, **special) -> dict:
    return staff(default, **dict.fromkeys(roles, MOVED), **special)


DESK = moved("officer", "supervisor", other_officer=NOTHING)
HELD = DESK | {"supervisor": PAGE}  # by the officer: what was typed stays, with the refusal
PHOTOS = moved(*LEADERS, "photo_reviewer")
MASS = moved("supervisor", auditor=MOVED)


@dataclass
class Press:
    answers: dict
    may: set
    typed: Callable = lambda world: {}
    before: Callable = lambda world: None


def here(world):
    change(world["appointment"], status="checked_in", checked_in_at=clock.now())


def booked_on_the_closed_day(world):
    closure = world["closure"]
    slot = make_slot(world["port"], days_ahead=8, is_open=False)
    assert slot.day == closure.day
    make_appointment(world["waiting"], slot)
    make_slot(world["port"], days_ahead=9, capacity=50)


WORDS = {"text_en": "Come to the usual door."}
PRESSES = {
    "call": Press(DESK, {"officer", "supervisor"}, before=here),
    "walk_in_call": Press(DESK, {"officer", "supervisor"}),
    "walk_in_leave": Press(DESK, {"officer", "supervisor"}),
    "walk_in_dispose": Press(
        DESK,
        {"officer", "supervisor"},
        lambda world: {"person": world["called"].people.first().pk, "disposition": "ercf"},
    ),
    "walk_in_new": Press(
        moved("officer", "supervisor", default=NOTHING, auditor=FORBIDDEN),
        {"officer", "supervisor"},
        lambda world: {
            "why": "danger", "registration": world["waiting"].reference, "people": "1",
        },
    ),
    "day_move": Press(
        moved("supervisor", default=NOTHING, officer=FORBIDDEN, auditor=FORBIDDEN),
        {"supervisor"},
        lambda world: {"confirm": "1"},
        booked_on_the_closed_day,
    ),
    "day_reopen": Press(
        moved("supervisor", default=NOTHING, officer=FORBIDDEN, auditor=FORBIDDEN), {"supervisor"}
    ),
    "urgent_grant": Press(
        HELD, {"officer"}, lambda world: {"slot": world["later"].pk, "moves": ""}
    ),
    "urgent_refuse": Press(
        HELD,
        {"officer"},
        lambda world: {"refusal": "unclear", "letter": "We need to know more.", "confirm": "1"},
    ),
    "likeness_judge": Press(
        moved("reviewer", officer=NOTHING, other_officer=NOTHING, **dict.fromkeys(LEADERS, PAGE)),
        {"reviewer"},
        lambda world: {"verdict": "different", "note": "Other birth dates", "stop": "1"},
    ),
    "photo_judge": Press(PHOTOS, {"photo_reviewer"}, lambda world: {"verdict": "good"}),
    "queue_take": Press(PHOTOS, set(LEADERS), before=lambda world: make_family_photo()),
    "queue_put_back": Press(
        PHOTOS, {"photo_reviewer", *LEADERS}, lambda world: {"reason": "Too dark for me"}
    ),
    "queue_assign": Press(
        moved(*LEADERS),
        set(LEADERS),
        lambda world: {
            "officer": world["people"]["parole_supervisor"].pk, "reason": "Away",
        },
    ),
    "access_open": Press(
        moved("other_officer", officer=MOVED, supervisor=MOVED, reviewer=NOTHING,
              travel_officer=NOTHING, parole_supervisor=NOTHING),
        {"officer", "other_officer", "supervisor"},
        lambda world: {"reason": "The family stands here."},
    ),
    "access_judge": Press(
        moved("supervisor", parole_supervisor=NOTHING),
        {"supervisor"},
        lambda world: {"access": world["access"].pk, "verdict": "needed", "note": ""},
    ),
    "conflicts": Press(
        staff(MOVED),
        set(ROLES) - {"nobody", "owner", "stranger"},
        lambda world: {"case": world["waiting"].reference, "relation": "friend"},
    ),
    "conflict_end": Press(
        moved("supervisor", parole_supervisor=NOTHING),
        {"supervisor"},
        lambda world: {"conflict": world["conflict"].pk},
    ),
    "photo_drift_seen": Press(
        moved(*LEADERS), set(LEADERS), lambda world: {"note": "A new camera"}
    ),
    "help": Press(
        moved("help_desk"), {"help_desk"}, lambda world: {"q": world["family"].reference}
    ),
    "help_send_again": Press(
        moved("help_desk"), {"help_desk"}, lambda world: {"delivery": world["failed"].pk}
    ),
    "mass_write": Press(moved("supervisor"), {"supervisor"}, lambda world: mass_form(world)),
    "mass_edit": Press(
        moved("supervisor"), {"supervisor"}, lambda world: mass_form(world, version=1)
    ),
    "mass_propose": Press(MASS, {"supervisor"}),
    "mass_release": Press(MASS, {"supervisor"}),
    "mass_decline": Press(MASS, {"supervisor"}, lambda world: {"note": "Which door?"}),
    "mass_recall": Press(MASS | {"auditor": PAGE}, {"supervisor"}, lambda world: WORDS),
    "bulk_begin": Press(moved("parole_supervisor"), set()),
    "bulk_choice": Press(moved(*LEADERS), set(), lambda world: {"reason": "They are ill"}),
    "bulk_start": Press(moved(*LEADERS), set()),
    "bulk_stop": Press(
        moved("parole_supervisor", default=NOTHING, auditor=MOVED), {"parole_supervisor"}
    ),
    "export_ask": Press(
        moved(*LEADERS, "auditor", "statistics"),
        {*LEADERS, "auditor", "statistics"},
        lambda world: export_form(world),
    ),
    "export_stop": Press(
        moved(*LEADERS, "auditor", statistics=NOTHING),
        {"supervisor"},
    ),
}  # fmt: skip


def dates(world, *names) -> dict:
    day = world["slot"].day
    parts = {"day": day.day, "month": day.month, "year": day.year}
    return {f"{name}_{part}": n for name in names for part, n in parts.items()}


def mass_form(world, **values) -> dict:
    words = {"title": "Doors", "audience": "booked", "port": world["port"].pk}
    return words | WORDS | dates(world, "first_day", "last_day") | values


def export_form(world) -> dict:
    words = {"format": "csv", "reason": "The weekly count"}
    return words | dates(world, "first_day", "last_day")


@pytest.fixture(scope="module")
def world_of_all(django_db_setup, django_db_blocker):
    """Made once, in a transaction that is undone after the last test of this module."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_office()
        transaction.set_rollback(True)


@pytest.fixture
def world(db, world_of_all):
    return deepcopy(world_of_all)


def press(client, name, world):
    address = f"officers:{name}"
    return client.post(reverse(address, args=ADDRESSES[address](world)), PRESSES[name].typed(world))


@pytest.mark.parametrize("name", PRESSES)
def test_each_role_changes_only_what_it_may(world, name):
    one, got, changed = PRESSES[name], {}, set()

    for role in ROLES:
        cache.clear()  # tries are counted there
        with transaction.atomic():
            one.before(world)
            before = snapshot(TABLES)
            got[role] = answer(press(client_of(world["people"][role]), name, world))
            if snapshot(TABLES) != before:
                changed.add(role)
            transaction.set_rollback(True)

    assert got == one.answers
    assert changed == one.may


@pytest.mark.parametrize("name", [name for name, one in PRESSES.items() if one.may])
def test_press_from_another_site_changes_nothing(world, name):
    one = PRESSES[name]
    one.before(world)
    client = Client(enforce_csrf_checks=True, headers={"origin": "https://elsewhere.example"})
    client.force_login(world["people"][min(one.may)])
    before = snapshot(TABLES)

    assert press(client, name, world).status_code == FORBIDDEN
    assert snapshot(TABLES) == before


def test_every_address_is_read_or_pressed():
    read = {name for name, expected in READ_ONLY.items() if expected}
    assert {f"officers:{name}" for name in [*PRESSES, *read]} == set(ADDRESSES)


READ_ONLY = dict.fromkeys(
    [
        "board_rows", "day", "walk_in", "urgent", "likeness", "photo_review", "queue", "accesses",
        "help_person", "mass", "mass_message", "bulk", "bulk_preview", "bulk_run", "exports",
        "export", "export_file", "log", "log_head", "numbers", "photo_drift",
    ],
    True,
)  # fmt: skip
