"""Every role presses every button of parole: what it is answered, whose press changes anything."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from cbpone.accounts.models import User
from cbpone.lib import clock as the_clock
from cbpone.notifications.models import Message
from cbpone.photos.models import Photo
from cbpone.travelers.models import Traveler
from parole.models import Carried, Correction
from parole.urls import urlpatterns as parole_urls
from tests.breaking import change
from tests.factories import make_arrival
from tests.factories.parole import this_month
from tests.parole import pdfs, rows
from tests.parole.casework import ANSWERS, SIGNATURE, day, picture
from tests.parole.drafts import save_all
from tests.parole.reviewing import LETTER, make_flag
from tests.parole.test_every_url import EXPECTED, ROLES, address, expect, staff
from tests.portal.roles import FORBIDDEN, MOVED, NOTHING, PAGE, answer, client_of
from tests.snapshot import snapshot

EVERYBODY = set(ROLES)
SIGNED_IN = EVERYBODY - {"nobody"}
OF_SUPPORTER = expect(NOTHING, supporter=MOVED)
OF_PERSON = expect(NOTHING, beneficiary=MOVED)
REVIEWERS = {"reviewer", "parole_supervisor"}
TRAVEL = {"travel_officer", "parole_supervisor"}
AIRPORT = {"airport_officer", "parole_supervisor"}
BORN = date(1994, 3, 21)  # of everybody the factories write about


def nothing(world) -> None:
    pass


@dataclass
class Press:
    """`before` sets the stage and may put another row into the world; `first` is pressed before."""

    answers: list
    may: set
    typed: Callable | dict = field(default_factory=dict)
    before: Callable = nothing
    first: tuple = ()


def begun(world):
    save_all(world["draft"])


def with_somebody(world):
    world["carried"] = Carried.objects.create(request=world["draft"], name="Luc", form="I-134")


def paper_of_draft(world):
    world["paper"] = rows.paper(request=world["draft"])
    world["paper"].file.storage.save(world["paper"].file.name, ContentFile(b"%PDF-1.7"))


def unsigned(world):
    change(world["editing"], status="details_confirmed", attested_at=None, attested_name="")


def ready(world):
    change(world["editing"], status="photo_submitted")


def ran_out(world):
    now = the_clock.now()
    change(world["authorization"], status="expired", ended_at=now)
    change(world["allowed"], status="ata_expired")
    world["editing"] = world["allowed"]


def nobody_holds_it(world):
    change(world["selected"], taken_by=None, taken_at=None)


def of_selected(world):
    world["filed"] = world["selected"]


def with_lead(world):
    of_selected(world)
    world["lead"] = make_flag(world["selected"])


def of_asked(world):
    world["filed"] = world["asked"]


def held(world):
    officer = world["people"]["travel_officer"]
    change(world["waiting"], taken_by=officer, taken_at=the_clock.now())


def corrected(world):
    held(world)
    Correction.objects.create(
        beneficiary=world["waiting"], field="sex", before="male", after="female"
    )


def whole_change(world):
    change(world["change"], quota=100)


def stands_here(world):
    world["arrival"] = make_arrival()
    world["authorization"] = world["arrival"].authorization


def number_of_change(world) -> dict:
    return {"change": world["change"].pk}


def number_of_proposal(world) -> dict:
    return {"decision": world["proposal"].pk, "note": "Look at the lease again."}


def birth(name="birth_date", on=BORN) -> dict:
    return day(name, on.day, on.month, on.year)


def case_and_birth(world) -> dict:
    return {"number": world["invited"].reference} | birth()


def i94(world) -> dict:
    person = world["arrived"].traveler
    number = world["arrival"].i94.number
    return {"number": number, "document_number": person.document_number} | birth()


def in_a_year(world) -> dict:
    until = the_clock.now().date() + timedelta(days=365)
    return birth("until", until)


PROVED = ("parole:invitation_start", case_and_birth)
CHOSEN = ("officers:airport_choose", {"airport": "MIA"})

PRESSES = {
    "parole:eligibility": Press(expect(PAGE, nobody=PAGE), set(), {"in_us": "yes"}),
    "parole:request_start": Press(expect(MOVED), SIGNED_IN, before=begun),
    "parole:request_page": Press(OF_SUPPORTER, {"supporter"}, {"given_names": "Rosa"}),
    "parole:request_people": Press(OF_SUPPORTER, {"supporter"}),
    "parole:request_people_add": Press(
        OF_SUPPORTER, {"supporter"}, {"name": "Luc", "form": "I-134"}
    ),
    "parole:request_people_remove": Press(
        OF_SUPPORTER,
        {"supporter"},
        lambda world: {"number": world["carried"].pk},
        with_somebody,
    ),
    "parole:request_check": Press(
        OF_SUPPORTER,
        {"supporter"},
        SIGNATURE | {"undertakes": "on", "name": "Paul Benoit"},
        begun,
    ),
    "parole:request_discard": Press(OF_SUPPORTER, {"supporter"}),
    "parole:papers": Press(
        OF_SUPPORTER,
        {"supporter"},
        lambda world: {"kind": "lease", "file": SimpleUploadedFile("lease.pdf", pdfs.pdf())},
    ),
    "parole:paper_remove": Press(OF_SUPPORTER, {"supporter"}, before=paper_of_draft),
    "parole:request_answer": Press(OF_SUPPORTER, {"supporter"}, {"text": "Here it is."}),
    "parole:request_withdraw": Press(OF_SUPPORTER, {"supporter"}),
    "parole:request_address": Press(OF_SUPPORTER, {"supporter"}, {"email": "right@example.org"}),
    "parole:invitation": Press(expect(MOVED, nobody=MOVED), set()),
    "parole:invitation_birth": Press(expect(MOVED, nobody=MOVED), set(), birth()),
    "parole:invitation_start": Press(expect(MOVED, nobody=MOVED), set(), case_and_birth),
    "parole:invitation_accept": Press(expect(MOVED), SIGNED_IN, case_and_birth, first=PROVED),
    "parole:case_page": Press(OF_PERSON, {"beneficiary"}, ANSWERS["details"]),
    "parole:case_passport": Press(OF_PERSON, {"beneficiary"}, lambda world: {"file": picture()}),
    "parole:case_relationship": Press(
        expect(NOTHING),  # of a grown-up
        set(),
        lambda world: {"file": picture()},
    ),
    "parole:case_check": Press(OF_PERSON, {"beneficiary"}, SIGNATURE, unsigned),
    "parole:case_send": Press(OF_PERSON, {"beneficiary"}, before=ready),
    "parole:case_ask_again": Press(OF_PERSON, {"beneficiary"}, before=ran_out),
    "parole:tb_report": Press(
        OF_PERSON, {"beneficiary"}, lambda world: birth("day", world["arrival"].day)
    ),
    "parole:travel_check": Press(
        expect(PAGE, nobody=PAGE),
        EVERYBODY,  # every check is on record
        lambda world: {"number": world["authorization"].reference} | birth(),
    ),
    "parole:i94_retrieve": Press(expect(PAGE, nobody=PAGE), EVERYBODY, i94),
    "officers:review_take": Press(
        staff(reviewer=MOVED, parole_supervisor=MOVED), REVIEWERS, before=nobody_holds_it
    ),
    "officers:review_flag": Press(
        staff(reviewer=MOVED, parole_supervisor=PAGE),
        {"reviewer"},
        lambda world: {"flag": world["lead"].pk, "verdict": "explained", "note": "A family."},
        with_lead,
    ),
    "officers:review_decide": Press(
        staff(reviewer=MOVED, parole_supervisor=PAGE),
        {"reviewer"},
        {"choice": "more_info:plan", "letter": LETTER, "confirm": "1"},
    ),
    "officers:review_put_back": Press(
        staff(reviewer=MOVED, parole_supervisor=MOVED), REVIEWERS, {"note": "Ill"}, of_selected
    ),
    "officers:review_resume": Press(
        staff(reviewer=MOVED, parole_supervisor=MOVED), REVIEWERS, {"note": "Late"}, of_asked
    ),
    "officers:review_agree": Press(
        staff(reviewer=MOVED, parole_supervisor=MOVED), {"parole_supervisor"}, number_of_proposal
    ),
    "officers:review_decline": Press(
        staff(reviewer=PAGE, parole_supervisor=MOVED), {"parole_supervisor"}, number_of_proposal
    ),
    "officers:travel_take": Press(staff(travel_officer=MOVED, parole_supervisor=MOVED), TRAVEL),
    "officers:travel_judge": Press(
        staff(travel_officer=MOVED, airport_officer=MOVED, parole_supervisor=MOVED),
        {"travel_officer"},
        {"field": "sex", "verdict": "accepted"},
        corrected,
    ),
    "officers:travel_approve": Press(
        staff(travel_officer=MOVED, airport_officer=MOVED, parole_supervisor=MOVED),
        {"travel_officer"},
        before=held,
    ),
    "officers:travel_deny": Press(
        staff(travel_officer=MOVED, parole_supervisor=PAGE),
        {"travel_officer"},
        {"reason": "vetting", "letter": LETTER, "confirm": "1"},
        held,
    ),
    "officers:travel_send_back": Press(
        staff(travel_officer=MOVED, parole_supervisor=PAGE),
        {"travel_officer"},
        {"reason": "photo", "letter": LETTER, "confirm": "1"},
        held,
    ),
    "officers:travel_put_back": Press(
        staff(travel_officer=MOVED, airport_officer=PAGE, parole_supervisor=MOVED),
        TRAVEL,
        {"note": "Ill"},
        held,
    ),
    "officers:travel_cancel": Press(
        staff(travel_officer=MOVED, parole_supervisor=MOVED),
        TRAVEL,
        {"reason": "vetting", "letter": LETTER, "confirm": "1"},
    ),
    "officers:cap_propose": Press(
        staff(parole_supervisor=MOVED),
        {"parole_supervisor"},
        lambda world: {"month": this_month(), "process": "ht", "cap": 90, "reason": "Storm"},
    ),
    "officers:cap_agree": Press(
        staff(parole_supervisor=MOVED), {"parole_supervisor"}, number_of_change, whole_change
    ),
    "officers:cap_decline": Press(
        staff(parole_supervisor=MOVED), {"parole_supervisor"}, number_of_change
    ),
    "officers:airport": Press(
        staff(airport_officer=PAGE, parole_supervisor=PAGE),
        AIRPORT,  # every search is on record
        {"q": "Joseph"},
    ),
    "officers:airport_choose": Press(
        staff(airport_officer=MOVED, parole_supervisor=MOVED), set(), {"airport": "MIA"}
    ),
    "officers:arrival_check_in": Press(
        staff(airport_officer=MOVED, parole_supervisor=MOVED), AIRPORT, first=CHOSEN
    ),
    "officers:arrival_parole": Press(
        staff(airport_officer=MOVED, parole_supervisor=MOVED), AIRPORT, in_a_year, stands_here
    ),
    "officers:arrival_deny": Press(
        staff(airport_officer=MOVED, parole_supervisor=MOVED),
        AIRPORT,
        {"denial": "nta", "note": "Another person."},
        stands_here,
    ),
}
TABLES = [*apps.get_app_config("parole").get_models(), Traveler, Photo, User, Message]
# Pages that are only read.
READ = {
    "parole:support", "parole:requests", "parole:request", "parole:request_print",
    "parole:request_history", "parole:paper", "parole:cases", "parole:case",
    "parole:case_history", "parole:case_photo", "parole:authorization", "parole:i94",
    "parole:travel_check_signed",
    "parole:selections", "parole:selection", "parole:selection_pool", "parole:selection_result",
    "parole:selection_script", "officers:reviews", "officers:review", "officers:travel",
    "officers:travel_case", "officers:caps", "officers:arrival",
}  # fmt: skip


def everything() -> list:
    return snapshot(TABLES)


def press(client, name, typed, world):
    return client.post(address(name, world), typed(world) if callable(typed) else typed)


@pytest.fixture
def world(db, world_of_all):
    return deepcopy(world_of_all)


@pytest.mark.parametrize("name", PRESSES)
def test_each_role_changes_only_what_it_may(world, name):
    one, got, changed = PRESSES[name], [], set()

    for role in ROLES:
        cache.clear()  # tries are counted there
        with transaction.atomic():
            one.before(world)
            client = client_of(world["people"][role])
            if one.first:
                press(client, *one.first, world)
            before = everything()
            got.append(answer(press(client, name, one.typed, world)))
            if everything() != before:
                changed.add(role)
            transaction.set_rollback(True)

    assert dict(zip(ROLES, got, strict=True)) == dict(zip(ROLES, one.answers, strict=True))
    assert changed == set(one.may)


@pytest.mark.parametrize("name", [name for name, one in PRESSES.items() if one.may])
def test_press_from_another_site_changes_nothing(world, name):
    one = PRESSES[name]
    one.before(world)
    client = Client(enforce_csrf_checks=True, headers={"origin": "https://elsewhere.example"})
    client.force_login(world["people"][min(one.may - {"nobody"})])
    before = everything()

    assert press(client, name, one.typed, world).status_code == FORBIDDEN
    assert everything() == before


def test_every_address_is_read_or_pressed():
    named = {f"parole:{pattern.name}" for pattern in parole_urls}

    assert set(PRESSES) | READ == set(EXPECTED)
    assert named <= set(EXPECTED)
