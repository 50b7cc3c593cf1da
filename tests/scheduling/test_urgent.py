"""A family asks for an urgent place and takes it back: the rules, and what the database keeps."""

from itertools import product

import pytest

from cbpone.lib import clock as the_clock
from cbpone.lib.errors import NotAllowed
from scheduling import registering, urgent
from scheduling.models import UrgentRequest
from scheduling.statuses import URGENT_MOVES, UrgentStatus
from tests.audit.tripping import check_trips
from tests.breaking import change, check_refuses, is_refused
from tests.factories import (
    make_appointment,
    make_officer,
    make_port,
    make_registration,
    make_user,
)
from tests.factories.office_urgent import make_urgent
from tests.facts import events, told
from tests.race import at_once, kinds

pytestmark = pytest.mark.django_db
SAID = "My daughter has a fever since Monday."


def ask(family, **values):
    values = {"port": make_port(), "urgency": "medical", "said": SAID, "by": family.owner} | values
    return urgent.ask(registration=family, **values)


def test_ask_puts_the_words_on_file_and_changes_nothing_else(clock):
    family = make_registration()
    booked = make_appointment(family)

    row = ask(family)

    row.refresh_from_db()
    assert (row.status, row.said, row.asked_at) == ("waiting", SAID, clock.at)
    assert events(family) == [("urgent_asked", "", "waiting", family.owner_id)]
    assert told(family.owner) == []
    booked.refresh_from_db()
    assert booked.status == "booked"


@pytest.mark.parametrize("status", ["draft", "changing"])
def test_ask_before_signing_is_refused(status):
    signed = {"seniority_at": the_clock.now()} if status == "changing" else {}
    family = make_registration(signed=False, status=status, **signed)

    with pytest.raises(urgent.SignFirst):
        ask(family)


def test_ask_of_a_withdrawn_family_is_refused():
    family = make_registration(status="withdrawn", withdrawn_at=the_clock.now())

    with pytest.raises(NotAllowed):
        ask(family)


def test_ask_for_another_family_is_refused():
    with pytest.raises(NotAllowed):
        ask(make_registration(), by=make_user())


def test_ask_at_the_port_is_refused():
    family = make_registration()
    make_appointment(family, status="checked_in", checked_in_by=make_officer())

    with pytest.raises(registering.AtThePort):
        ask(family)


def test_ask_a_port_that_is_closed_is_refused():
    with pytest.raises(urgent.PortClosed):
        ask(make_registration(), port=make_port("laredo", is_open=False))


def test_ask_while_one_is_open_is_refused():
    family = make_registration()
    ask(family)

    with pytest.raises(urgent.AskedAlready):
        ask(family, port=make_port("laredo"))

    assert UrgentRequest.objects.count() == 1


@pytest.mark.parametrize("status", ["refused", "withdrawn", "granted"])
def test_ask_again_after_the_answer(status):
    family = make_registration()
    make_urgent(family, status=status)

    assert ask(family).status == "waiting"


def test_withdraw_takes_it_back():
    row = make_urgent()

    urgent.withdraw(request=row, by=row.registration.owner)

    row.refresh_from_db()
    assert row.status == "withdrawn"
    owner = row.registration.owner_id
    assert events(row) == [("urgent_withdrawn", "waiting", "withdrawn", owner)]


def test_withdraw_of_another_family_is_refused():
    row = make_urgent()

    with pytest.raises(NotAllowed):
        urgent.withdraw(request=row, by=make_user())


@pytest.mark.parametrize("status", ["granted", "refused", "withdrawn"])
def test_withdraw_after_the_answer_is_refused(status):
    row = make_urgent(status=status)

    with pytest.raises(urgent.Answered):
        urgent.withdraw(request=row, by=row.registration.owner)

    row.refresh_from_db()
    assert row.status == status


def test_withdraw_of_what_an_officer_answered_meanwhile_is_refused():
    row = make_urgent()
    facts = facts_of("refused")
    UrgentRequest.objects.filter(pk=row.pk).update(status="refused", **facts)

    with pytest.raises(urgent.Answered):
        urgent.withdraw(request=row, by=row.registration.owner)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_ask_from_four_devices_at_once_is_one_request():
    family = make_registration()

    outcomes = at_once([lambda: ask(family)] * 4)

    assert kinds(outcomes) == ["AskedAlready"] * 3 + ["ok"]
    assert len(events(family)) == UrgentRequest.objects.count() == 1


# --- What the database keeps ---------------------------------------------------------------


def facts_of(status: str) -> dict:
    decided = {"decided_by": make_officer(), "decided_at": the_clock.now()}
    return {
        "waiting": {},
        "withdrawn": {},
        "granted": decided,
        "refused": decided | {"refusal": "unclear", "letter": "Not this time."},
    }[status]


def pairs():
    return [(a, b) for a, b in product(UrgentStatus.values, repeat=2) if a != b]


@pytest.mark.parametrize(("before", "after"), pairs())
def test_urgent_request_moves_only_along_the_table(before, after):
    row = make_urgent(status=before)
    facts = {"decided_by": None, "decided_at": None, "refusal": "", "letter": ""} | facts_of(after)
    booked = make_appointment(row.registration) if after == "granted" else None

    refused = is_refused(lambda: change(row, status=after, appointment=booked, **facts))

    row.refresh_from_db()
    assert refused == (after not in URGENT_MOVES[before])
    assert row.status == (before if refused else after)


def test_table_names_every_status():
    assert set(URGENT_MOVES) == set(UrgentStatus.values)


def second_open():
    make_urgent(make_urgent().registration)


DECIDED = "urgent_decided_has_who_when_and_what"
BREAKS = [
    ("urgent_one_open_a_family", second_open),
    # An unknown status meets no branch of the other condition either.
    (f"urgent_status_known|{DECIDED}", lambda: make_urgent(status="lost")),
    ("urgent_urgency_known", lambda: make_urgent(urgency="bored")),
    ("urgent_taken_has_who_and_when", lambda: change(make_urgent(), taken_at=the_clock.now())),
    ("urgent_taken_has_who_and_when", lambda: change(make_urgent(), taken_by=make_officer())),
    (DECIDED, lambda: change(make_urgent(), decided_by=make_officer())),
    (DECIDED, lambda: change(make_urgent(), decided_at=the_clock.now())),
    (DECIDED, lambda: change(make_urgent(), letter="Hello")),
    (DECIDED, lambda: change(make_urgent(), refusal="unclear")),
    (DECIDED, lambda: change(make_urgent(), appointment=make_appointment())),
    (DECIDED, lambda: change(make_urgent(), status="granted", **facts_of("granted"))),
    (DECIDED, lambda: change(make_urgent(status="refused"), letter="")),
    (DECIDED, lambda: change(make_urgent(status="refused"), refusal="")),
    (DECIDED, lambda: change(make_urgent(status="refused"), refusal="mood")),
    (DECIDED, lambda: change(make_urgent(status="refused"), decided_by=None)),
    (DECIDED, lambda: change(make_urgent(status="granted"), decided_at=None)),
    (DECIDED, lambda: change(make_urgent(status="granted"), appointment=None)),
    (DECIDED, lambda: change(make_urgent(status="withdrawn"), decided_by=make_officer())),
]


@pytest.mark.parametrize(("constraint", "attempt"), BREAKS)
def test_database_refuses(constraint, attempt):
    check_refuses(constraint, attempt)


ONCE = "scheduling_urgentrequest.registration_id_set_once"
TRIPS = [
    (
        "scheduling_urgentrequest.status_moves",
        lambda: change(make_urgent(status="withdrawn"), status="waiting"),
    ),
    (ONCE, lambda: change(make_urgent(), registration=make_registration())),
    (ONCE, lambda: change(make_urgent(), port=make_port("laredo"))),
    (ONCE, lambda: change(make_urgent(), urgency="danger")),
    (ONCE, lambda: change(make_urgent(), said="Nothing happened.")),
    (ONCE, lambda: change(make_urgent(), asked_at=the_clock.now())),
]


@pytest.mark.parametrize(("trigger", "attempt"), TRIPS)
def test_trigger_refuses(trigger, attempt):
    check_trips(trigger, attempt)


def test_one_appointment_answers_one_request():
    granted = make_urgent(status="granted")
    facts = facts_of("granted") | {"appointment": granted.appointment}

    assert is_refused(lambda: make_urgent(status="granted", **facts))
