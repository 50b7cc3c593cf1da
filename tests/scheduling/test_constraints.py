from datetime import date, time, timedelta

import pytest

from cbpone.lib import clock
from scheduling.models import (
    Attendance,
    Closure,
    Override,
    Page,
    PlaceReturn,
    Port,
    PortPreference,
    Post,
    Regime,
    Release,
    RuleAnswer,
    SlotPlan,
    WalkInPerson,
)
from tests.breaking import change, check_refuses
from tests.factories import (
    make_appointment,
    make_member,
    make_officer,
    make_port,
    make_registration,
    make_release,
    make_slot,
    make_user,
)
from tests.factories.office_ports import make_closure, make_walk_in

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 4)
PAROLED = {"disposition": "paroled", "disposed_at": clock.now()}


def twice(make):
    for _ in range(2):
        make()


def post(**values):
    officer = make_officer()
    return lambda: Post.objects.create(officer=officer, port=make_port(), **{"since": DAY} | values)


def plan(**values):
    values = {"weekday": 0, "starts_at": time(8), "public_places": 1} | values
    return SlotPlan.objects.create(port=make_port(), **values)


def closure():
    return Closure.objects.create(port=make_port(), day=DAY, reason="Flood")


def override(**values):
    values = {"day": DAY, "starts_at": time(8), "public_places": 1, "reason": "Flood"} | values
    return Override.objects.create(port=make_port(), **values)


def release():
    return Release.objects.create(
        port=make_port(), day=DAY, due_at=clock.now(), batches=0, public_places=0, reserve_places=0
    )


def second_of_owner():
    make_registration(make_registration().owner)


def claim_of_another(**values):
    first, second = make_registration(people=1), make_registration(people=1)
    change(second.members.get(), identity=first.members.get().identity, **values)


def last_member():
    return make_registration(people=2).people().last()


def prefer(*choices):
    registration = make_registration(complete=False)
    for rank, slug in choices:
        PortPreference.objects.create(
            registration=registration, rank=rank, port=Port.objects.get(slug=slug)
        )


def answer(**values):
    RuleAnswer.objects.create(
        registration=make_registration(complete=False), regime=Regime.objects.get(), **values
    )


def second_live():
    family = make_registration()
    make_appointment(family, status="checked_in")
    make_appointment(family)


def row(**values):
    return change(Attendance.objects.filter(appointment=make_appointment()).first(), **values)


def same_person_twice():
    first = Attendance.objects.filter(appointment=make_appointment()).first()
    Attendance.objects.create(appointment=first.appointment, traveler=first.traveler)


def given_up(**values):
    values = {"pool": "public", "places": 1, "due_at": clock.now()} | values
    PlaceReturn.objects.create(slot=make_slot(), **values)


def family_page_twice():
    registration = make_registration(complete=False)
    twice(lambda: Page.objects.create(registration=registration, key="ports"))


def page(**values):
    Page.objects.create(registration=make_registration(complete=False), key="ports", **values)


def same_time_twice():
    slot = make_slot()
    make_slot(starts_at=slot.starts_at)


def unfinished(**values):
    make_registration(**{"complete": False} | values)


def desk(**values):
    """A walk-in in any status, past the factory's own facts."""
    return change(make_walk_in(), **values)


def second_walk_in_of_a_family():
    family = make_registration()
    make_walk_in(registration=family)
    make_walk_in(make_port("laredo"), registration=family, status="called")


def same_walk_in_person_twice():
    first = make_walk_in().people.first()
    WalkInPerson.objects.create(walk_in=first.walk_in, traveler=first.traveler)


def came(**values):
    return change(make_walk_in().people.first(), **values)


def called(status="checked_in", **values):
    values = {"called_at": clock.now(), "called_by": make_user()} | values
    return change(make_appointment(status=status), **values)


BREAKS = [
    ("post_once_at_a_time", lambda: twice(post())),
    ("post_ends_after_it_begins", lambda: post(until=DAY - timedelta(days=1))()),
    ("plan_once", lambda: twice(plan)),
    ("plan_weekday", lambda: plan(weekday=7)),
    ("plan_places_possible", lambda: plan(public_places=2001)),
    ("plan_places_possible", lambda: plan(reserve_places=2001)),
    ("closure_once", lambda: twice(closure)),
    ("override_once", lambda: twice(override)),
    ("override_places_possible", lambda: override(public_places=2001)),
    ("release_once", lambda: twice(release)),
    ("slot_once", same_time_twice),
    ("slot_never_oversold", lambda: change(make_slot(capacity=3), booked=4)),
    ("slot_never_oversold", lambda: change(make_appointment().slot, capacity=2)),
    ("slot_reserve_never_oversold", lambda: change(make_slot(capacity=9), reserve_booked=1)),
    (
        "regime_ends_after_it_begins",
        lambda: change(Regime.objects.get(), in_force_until=date(2023, 1, 12)),
    ),
    ("registration_one_live_an_account", second_of_owner),
    (
        "registration_status_known|registration_signed_has_seniority",
        lambda: make_registration(status="lost"),
    ),
    ("registration_signed_has_seniority", lambda: unfinished(status="registered")),
    ("registration_signed_has_seniority", lambda: unfinished(status="changing")),
    ("registration_signed_has_seniority", lambda: unfinished(seniority_at=clock.now())),
    ("registration_signed_has_seniority", lambda: unfinished(signed_at=clock.now())),
    ("registration_signed_has_seniority", lambda: make_registration(signed_at=None)),
    ("registration_withdrawn_has_time", lambda: unfinished(status="withdrawn")),
    ("registration_withdrawn_has_time", lambda: unfinished(withdrawn_at=clock.now())),
    ("registration_us_address_known", lambda: unfinished(us_address_known="?")),
    ("member_identity_live_once", claim_of_another),
    ("member_position_once", lambda: change(last_member(), position=1, relation="head")),
    ("member_family_of_ten", lambda: change(last_member(), position=11)),
    ("member_family_of_ten", lambda: change(last_member(), position=0)),
    ("member_head_is_first", lambda: change(last_member(), relation="head")),
    ("member_head_is_first", lambda: make_member(make_registration(), relation="head")),
    ("member_relation_known", lambda: change(last_member(), relation="cousin")),
    ("member_holder_is_present_and_known", lambda: change(last_member(), left_at=clock.now())),
    ("member_holder_is_present_and_known", lambda: change(last_member(), identity="")),
    ("preference_rank_once", lambda: prefer((1, "laredo"), (1, "nogales"))),
    ("preference_port_once", lambda: prefer((1, "laredo"), (2, "laredo"))),
    ("preference_three_at_most", lambda: prefer((4, "laredo"))),
    ("preference_three_at_most", lambda: prefer((0, "laredo"))),
    ("rule_answer_some_or_none", lambda: answer()),
    ("rule_answer_some_or_none", lambda: answer(none_applies=True, criteria=["illness"])),
    ("rule_answer_criteria_known", lambda: answer(criteria=["illness", "money"])),
    ("appointment_one_live_a_family", second_live),
    (
        "appointment_status_known|appointment_checked_in_has_time",
        lambda: make_appointment(status="lost"),
    ),
    ("appointment_pool_known", lambda: make_appointment(pool="private", reason="x")),
    ("appointment_places_possible", lambda: make_appointment(places=0)),
    ("appointment_places_possible", lambda: make_appointment(places=11)),
    ("appointment_ended_has_time", lambda: make_appointment(ended_at=clock.now())),
    ("appointment_ended_has_time", lambda: make_appointment(status="cancelled", ended_at=None)),
    (
        "appointment_checked_in_has_time",
        lambda: make_appointment(status="checked_in", checked_in_at=None),
    ),
    ("appointment_checked_in_has_time", lambda: make_appointment(checked_in_at=clock.now())),
    ("appointment_reserve_has_reason", lambda: make_appointment(pool="reserve", reason="")),
    ("attendance_once", same_person_twice),
    ("attendance_disposed_was_here", lambda: row(**PAROLED, disposed_by=make_user())),
    (
        "attendance_disposition_known|attendance_disposed_was_here",
        lambda: row(disposition="lost", disposed_at=clock.now(), disposed_by=make_user()),
    ),
    ("attendance_disposed_has_who_and_when", lambda: row(disposition="paroled")),
    ("attendance_disposed_has_who_and_when", lambda: row(disposed_at=clock.now())),
    ("attendance_checked_in_has_who_and_when", lambda: row(checked_in_at=clock.now())),
    ("attendance_checked_in_has_who_and_when", lambda: row(checked_in_by=make_user())),
    ("return_places_possible", lambda: given_up(places=0)),
    ("return_places_possible", lambda: given_up(places=11)),
    ("return_pool_known", lambda: given_up(pool="private")),
    ("appointment_called_was_here", lambda: called("booked")),
    ("appointment_called_was_here", lambda: called("no_show")),
    ("appointment_called_was_here", lambda: called(called_by=None)),
    ("appointment_called_was_here", lambda: called(called_at=None)),
    (
        "closure_reopened_has_who_and_when",
        lambda: change(make_closure(day=DAY), reopened_at=clock.now()),
    ),
    (
        "closure_reopened_has_who_and_when",
        lambda: change(make_closure(day=DAY), reopened_by=make_user()),
    ),
    ("walkin_status_known|walkin_ended_has_time", lambda: make_walk_in(status="lost")),
    ("walkin_why_known", lambda: make_walk_in(why="bored")),
    ("walkin_ended_has_time", lambda: make_walk_in(status="left", ended_at=None)),
    ("walkin_ended_has_time", lambda: desk(ended_at=clock.now())),
    ("walkin_called_has_who_and_when", lambda: make_walk_in(status="called", called_at=None)),
    ("walkin_called_has_who_and_when", lambda: make_walk_in(status="called", called_by=None)),
    (
        "walkin_called_has_who_and_when",
        lambda: desk(called_at=clock.now(), called_by=make_user()),
    ),
    ("walkin_one_live_a_family", second_walk_in_of_a_family),
    ("walkin_person_once", same_walk_in_person_twice),
    (
        "walkin_disposition_known",
        lambda: came(disposition="lost", disposed_at=clock.now(), disposed_by=make_user()),
    ),
    ("walkin_disposed_has_who_and_when", lambda: came(disposition="paroled")),
    ("walkin_disposed_has_who_and_when", lambda: came(disposed_at=clock.now())),
    ("page_once", family_page_twice),
    ("page_typed_has_time", lambda: page(typed={"a": ["b"]})),
    ("page_typed_has_time", lambda: page(typed_at=clock.now())),
]


@pytest.mark.parametrize(("constraint", "attempt"), BREAKS)
def test_constraint_holds(constraint, attempt):
    check_refuses(constraint, attempt)


def test_constraints_let_the_same_time_of_two_ports_be():
    slot = make_slot()

    make_slot(make_port("laredo"), starts_at=slot.starts_at)


def test_constraints_let_a_family_of_the_past_be_live_again(clock):
    old = make_registration(status="withdrawn", withdrawn_at=clock.at)

    assert make_registration(old.owner).is_live


def test_release_factory_gives_the_same_row_for_the_same_day(port):
    assert make_release(port, DAY) == make_release(port, DAY)


def test_constraints_let_somebody_who_never_came_be_decided_about(clock):
    row(disposition="did_not_come", disposed_at=clock.at, disposed_by=make_user())


def test_constraints_let_a_day_be_closed_and_opened_again_and_again(port):
    for _ in range(2):
        make_closure(port, day=DAY, reopened=True)

    assert make_closure(port, day=DAY).reopened_at is None


def test_constraints_let_a_family_walk_in_again(port):
    family = make_registration()
    make_walk_in(port, registration=family, status="left")

    assert make_walk_in(port, registration=family).status == "waiting"
