"""A full month: people wait for a number, in order, are told their place, and come first."""

import pytest

from cbpone.lib.errors import Refused
from parole import travel
from parole.models import Authorization, Beneficiary, MonthlyCap
from tests.breaking import change
from tests.factories import make_beneficiary, make_cap, make_process, make_travel_officer
from tests.facts import events, told
from tests.parole.waiting import make_queued, make_taken

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return make_travel_officer()


@pytest.fixture
def cap():
    return make_cap(cap=5)


@pytest.fixture
def case(officer):
    return make_taken(officer)


def test_take_next_gives_the_queue_first_in_its_order(officer, cap):
    make_beneficiary(status="ata_pending")
    make_queued(hours=2)
    first = make_queued(hours=1)

    assert travel.take_next(by=officer) == first


def test_take_next_leaves_the_queue_while_the_month_is_full(officer):
    make_cap(cap=1, used=1)
    make_queued()
    fresh = make_beneficiary(status="ata_pending")

    assert travel.take_next(by=officer) == fresh


def test_take_next_passes_over_a_nationality_whose_own_cap_is_full(officer, cap):
    make_cap(make_process("CU"), cap=1, used=1)
    make_queued("CU")
    other = make_queued("HT", hours=3)

    assert travel.take_next(by=officer) == other


def test_approve_in_a_full_month_queues_the_person_and_tells_the_place(officer):
    make_cap(cap=1, used=1)
    make_queued(hours=-1)
    case = make_taken(officer)

    with pytest.raises(Refused) as refusal:
        travel.approve(beneficiary=case, by=officer)

    assert refusal.value.code == "cap_full"
    assert "place 2" in str(refusal.value)
    case = Beneficiary.objects.get(pk=case.pk)
    assert (case.status, case.queued_by, case.taken_by) == ("ata_pending", officer, None)
    assert travel.place_in_queue(case) == 2
    assert events(case) == [("queued", "", "", officer.pk)]
    assert told(case.user) == [("ata_waiting", ["email"])]
    assert not Authorization.objects.exists()


def test_approve_when_the_own_cap_is_full_names_the_nationality(officer, case, cap):
    make_cap(make_process("HT"), cap=1, used=1)

    with pytest.raises(Refused) as refusal:
        travel.approve(beneficiary=case, by=officer)

    assert refusal.value.code == "own_cap_full"
    assert "Haiti" in str(refusal.value)
    assert list(MonthlyCap.objects.order_by("pk").values_list("used", flat=True)) == [0, 1]


def test_approve_again_in_a_full_month_keeps_the_place_and_tells_nothing_new(officer):
    make_cap(cap=1, used=1)
    case = make_queued(taken_by=officer)
    make_queued(hours=1)
    queued_at = case.queued_at

    with pytest.raises(Refused) as refusal:
        travel.approve(beneficiary=case, by=officer)

    assert "place 1" in str(refusal.value)
    assert Beneficiary.objects.get(pk=case.pk).queued_at == queued_at
    assert (events(case), told(case.user)) == ([], [])


def test_approve_from_the_queue_ends_the_wait(officer, cap):
    case = make_queued(taken_by=officer)

    travel.approve(beneficiary=case, by=officer)

    case = Beneficiary.objects.get(pk=case.pk)
    assert (case.status, case.queued_at, case.queued_by) == ("ata_approved", None, None)
    assert travel.place_in_queue(case) is None


def test_approve_leaves_the_last_numbers_to_those_who_wait_longer(officer, case):
    make_cap(cap=2, used=1)
    waiting = make_queued()

    with pytest.raises(Refused) as refusal:
        travel.approve(beneficiary=case, by=officer)

    assert refusal.value.code == "longer_waiting"
    change(waiting, taken_by=officer, taken_at=waiting.submitted_at)
    waiting.refresh_from_db()
    assert travel.approve(beneficiary=waiting, by=officer).beneficiary == waiting


def test_approve_goes_on_when_there_are_numbers_for_everybody_who_waits(officer, case):
    make_cap(cap=3, used=1)
    make_queued()

    assert travel.approve(beneficiary=case, by=officer).status == "valid"


def test_place_in_queue_counts_the_same_process_only(officer):
    make_queued("CU")
    first, second = make_queued(hours=1), make_queued(hours=1)

    assert [travel.place_in_queue(row) for row in (first, second)] == [1, 2]
    assert travel.place_in_queue(make_taken(officer)) is None
