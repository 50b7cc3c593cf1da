"""Nobody is given, or decides, a case of somebody they said they stand too near to."""

from datetime import date, timedelta

import pytest

from cbpone.audit import conflicts
from cbpone.audit.conflicts import InConflict
from cbpone.audit.models import Event
from parole import arrival, nearness, review, travel
from parole.models import Airport, Arrival, Beneficiary, CoSupporter, SupportRequest
from parole.queue import pending
from tests.breaking import change
from tests.factories import (
    make_airport_officer,
    make_arrival,
    make_authorization,
    make_beneficiary,
    make_cap,
    make_parole_supervisor,
    make_request,
    make_reviewer,
    make_travel_officer,
)
from tests.facts import told
from tests.parole.reviewing import decide, make_flag
from tests.parole.waiting import make_taken

pytestmark = pytest.mark.django_db
BORN = date(1971, 5, 4)
NAME = {"given_names": "Ána María", "surnames": "O'Núñez-Roy"}
DECLARED = "nunez-roy ana"  # any order, without accents; not every name she has


def declare_case(number, by) -> None:
    conflicts.declare(by=by, case=number, relation="friend")


def declare_relative(by, name=f"o'{DECLARED}", born=BORN) -> None:
    conflicts.declare(by=by, name=name, birth_date=born, relation="family")


def named(row) -> None:
    change(row, **NAME, birth_date=BORN)


def other_names(row) -> None:
    change(row, given_names="Rosa", surnames="Diaz", other_names="Ana O'Nuñez-Roy")
    change(row, birth_date=BORN)


def co_supporter(request) -> None:
    CoSupporter.objects.create(request=request, **NAME, birth_date=BORN)


def guardian_of(case) -> None:
    guardian = make_beneficiary(status="ata_approved")
    named(guardian.traveler)
    change(case, guardian=guardian, guardian_relation="parent")


# How an officer stands near: what they declare, and what makes the case one of those.
NEAR = {
    "request": (lambda case, by: declare_case(case.request.reference, by)),
    "case": (lambda case, by: declare_case(case.reference, by)),
    "supporter": (lambda case, by: (named(case.request.supporter), declare_relative(by))),
    "supporters_other_name": (
        lambda case, by: (other_names(case.request.supporter), declare_relative(by))
    ),
    "co_supporter": (lambda case, by: (co_supporter(case.request), declare_relative(by))),
    "written": (lambda case, by: (named(case.written), declare_relative(by))),
}
CLAIMED = {
    "traveler": (lambda case, by: (named(case.traveler), declare_relative(by))),
    "guardian": (lambda case, by: (guardian_of(case), declare_relative(by))),
}


@pytest.fixture
def reviewer():
    return make_reviewer()


@pytest.fixture
def officer():
    return make_travel_officer()


@pytest.mark.parametrize("how", NEAR)
def test_reviewer_is_not_given_a_request_they_stand_near_to(reviewer, how):
    near, far = (make_request(status="selected", picked_rank=n) for n in (1, 2))
    NEAR[how](near.beneficiary, reviewer)

    assert review.take_next(by=reviewer) == far
    assert review.take_next(by=make_reviewer()) == near


@pytest.mark.parametrize("how", NEAR | CLAIMED)
def test_travel_officer_is_not_given_a_case_they_stand_near_to(officer, how):
    near, far = (make_beneficiary(status="ata_pending") for _ in range(2))
    change(near, submitted_at=near.submitted_at - timedelta(hours=1))
    (NEAR | CLAIMED)[how](near, officer)

    assert travel.take_next(by=officer) == far
    assert travel.take_next(by=make_travel_officer()) == near


@pytest.mark.parametrize(
    ("name", "born"),
    [(DECLARED, BORN + timedelta(days=1)), ("ana maria lopez", BORN)],
)
def test_namesakes_and_people_born_that_day_are_no_relatives(reviewer, name, born):
    request = make_request(status="selected")
    named(request.supporter)
    named(request.beneficiary.written)
    declare_relative(reviewer, name, born)

    assert review.take_next(by=reviewer) == request


def test_what_was_ended_or_declared_by_another_does_not_count(reviewer):
    request = make_request(status="selected")
    declare_case(request.reference, reviewer)
    declare_case(request.reference, make_reviewer())
    assert review.take_next(by=reviewer) is None

    mine = conflicts.Conflict.objects.of(reviewer).get()
    conflicts.end(conflict=mine, by=make_parole_supervisor())

    assert review.take_next(by=reviewer) == request


def as_it_was(case) -> tuple:
    case = Beneficiary.objects.select_related("request").get(pk=case.pk)
    events = Event.objects.of_case(case.reference) | Event.objects.of_case(case.request.reference)
    return case.status, case.request.status, case.taken_by_id, events.count(), told(case.user)


REVIEWS = {
    "judge": lambda row, by: review.judge(
        flag=row.flags.get(), verdict="explained", note="x", by=by
    ),
    "confirm": lambda row, by: decide(row, "confirm", by),
    "not_confirm": lambda row, by: decide(row, "not_confirm", by),
    "more_info": lambda row, by: decide(row, "more_info", by),
}


@pytest.mark.parametrize("name", REVIEWS)
@pytest.mark.parametrize("how", NEAR)
def test_reviewer_decides_nothing_they_stand_near_to(reviewer, name, how):
    row = make_request(status="selected", taken_by=reviewer)
    make_flag(row, verdict="fraud" if name == "not_confirm" else "", by=reviewer)
    NEAR[how](row.beneficiary, reviewer)
    row = SupportRequest.objects.get(pk=row.pk)
    if name == "confirm":
        row.flags.update(verdict="explained", note="x", judged_by=reviewer, judged_at=row.filed_at)

    with pytest.raises(InConflict):
        REVIEWS[name](row, reviewer)

    row = SupportRequest.objects.get(pk=row.pk)
    assert (row.status, row.decisions.count(), told(row.owner)) == ("selected", 0, [])
    assert isinstance(nearness.why_near(reviewer, row), InConflict)


def test_reviewer_does_not_go_on_with_a_request_they_stand_near_to(reviewer):
    row = make_request(status="more_info", taken_by=reviewer)
    declare_case(row.reference, reviewer)

    with pytest.raises(InConflict):
        review.resume(request=row, note="x", by=reviewer)


@pytest.mark.parametrize(
    "answer", [review.agree, lambda **values: review.decline(note="x", **values)]
)
def test_second_person_stands_near_to_nobody(reviewer, answer):
    row = make_request(status="selected", taken_by=reviewer)
    proposal = decide(row, "not_confirm", reviewer)
    second = make_reviewer()
    declare_case(row.beneficiary.reference, second)

    with pytest.raises(InConflict):
        answer(decision=proposal, by=second)

    proposal.refresh_from_db()
    assert proposal.status == "proposed"


LETTER = "It ends."
DECISIONS = {
    "approve": lambda case, by: travel.approve(beneficiary=case, by=by),
    "deny": lambda case, by: travel.deny(beneficiary=case, reason="vetting", letter=LETTER, by=by),
    "send_back": lambda case, by: travel.send_back(
        beneficiary=case, reason="photo", letter=LETTER, by=by
    ),
}


@pytest.mark.parametrize("name", DECISIONS)
@pytest.mark.parametrize("how", NEAR | CLAIMED)
def test_travel_officer_decides_nothing_they_stand_near_to(officer, name, how):
    make_cap(cap=5)
    case = make_taken(officer)
    (NEAR | CLAIMED)[how](case, officer)
    case = Beneficiary.objects.get(pk=case.pk)
    before = as_it_was(case)

    with pytest.raises(InConflict):
        DECISIONS[name](case, officer)

    assert as_it_was(case) == before


def test_travel_officer_judges_no_correction_they_stand_near_to(officer):
    case = make_taken(officer)
    row = case.corrections.create(field="sex", before="a", after="b")
    declare_case(case.reference, officer)

    with pytest.raises(InConflict):
        travel.judge_correction(correction=row, verdict="accepted", by=officer)


def test_travel_officer_cancels_nothing_they_stand_near_to(officer):
    row = make_authorization()
    declare_case(row.beneficiary.reference, officer)

    with pytest.raises(InConflict):
        travel.cancel(authorization=row, reason="error", letter=LETTER, by=officer)


@pytest.mark.parametrize("how", ["case", "traveler"])
def test_airport_officer_decides_nothing_they_stand_near_to(how):
    officer, miami = make_airport_officer(), Airport.objects.get(code="MIA")
    ticket, made = make_authorization(), make_arrival()
    for row in (ticket, made):
        if how == "case":
            declare_case(row.beneficiary.reference, officer)
        else:
            named(row.beneficiary.traveler)
    if how == "traveler":
        declare_relative(officer)
    ticket, made = type(ticket).objects.get(pk=ticket.pk), Arrival.objects.get(pk=made.pk)

    for press in (
        lambda: arrival.arrive(authorization=ticket, airport=miami, by=officer),
        lambda: arrival.parole_in(arrival=made, until=made.day + timedelta(days=9), by=officer),
        lambda: arrival.deny_parole(arrival=made, denial="nta", note="x", by=officer),
    ):
        with pytest.raises(InConflict):
            press()

    assert Arrival.objects.get().decided_at is None


def test_what_is_held_when_it_is_declared_is_put_back_and_not_given_again(reviewer, officer):
    request, case = make_request(status="selected"), make_beneficiary(status="ata_pending")
    assert review.take_next(by=reviewer) == request
    assert travel.take_next(by=officer) == case
    declare_case(request.reference, reviewer)
    declare_case(case.request.reference, officer)

    # They are shown what they hold, and can only put it back.
    assert review.take_next(by=reviewer) == request
    assert travel.take_next(by=officer) == case
    review.put_back(request=request, reason="My cousin", by=reviewer)
    travel.put_back(beneficiary=case, reason="My cousin", by=officer)

    assert review.take_next(by=reviewer) is None
    assert travel.take_next(by=officer) is None
    assert pending().get().taken_by is None
