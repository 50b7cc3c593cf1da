"""Caps: changed by two people, never below what is used, carried on, counted again."""

from datetime import date

import pytest

from cbpone.audit.models import Event
from cbpone.lib.errors import MovedOn, NotAllowed, Refused
from parole import caps, travel
from parole.models import CapChange, MonthlyCap
from tests.breaking import change as put
from tests.factories import (
    make_authorization,
    make_beneficiary,
    make_cap,
    make_parole_supervisor,
    make_process,
    make_reviewer,
    make_selection,
    make_travel_officer,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def cap():
    return make_cap(cap=50, used=0, quota=60)


@pytest.fixture
def first():
    return make_parole_supervisor()


@pytest.fixture
def second():
    return make_parole_supervisor()


def propose(by, process=None, month=None, **values) -> CapChange:
    values = {"cap": 20, "quota": None if process else 25, "reason": " Fewer flights. "} | values
    month = month or caps.month_of()
    return caps.propose_cap(month=month, process=process, by=by, **values)


def rows(month=None) -> list[tuple]:
    found = MonthlyCap.objects.of_month(month or caps.month_of()).order_by("pk")
    return list(found.values_list("process__country", "cap", "used", "quota", "selected"))


def happened() -> list[tuple]:
    rows = Event.objects.filter(verb__startswith="cap_").order_by("pk")
    return list(rows.values_list("verb", "before", "after", "by", "note"))


def refusal_of(rule) -> Refused:
    before = Event.objects.count(), list(CapChange.objects.values()), rows()

    with pytest.raises(Refused) as refusal:
        rule()

    assert (Event.objects.count(), list(CapChange.objects.values()), rows()) == before
    return refusal.value


def test_propose_cap_changes_nothing_yet(cap, first):
    change = propose(first)

    assert rows() == [(None, 50, 0, 60, 0)]
    row = CapChange.objects.get()
    assert (row, row.status, row.reason) == (change, "proposed", "Fewer flights.")
    note = f"{change}; Fewer flights."
    assert happened() == [("cap_proposed", "", "proposed", first.pk, note)]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"reason": "  "}, "reason_missing"),
        ({"quota": None}, "quota_missing"),
        ({"cap": -1}, "wrong_number"),
        ({"cap": 1_000_001}, "wrong_number"),
        ({"quota": -1}, "wrong_number"),
        ({"month": date(2020, 1, 1)}, "wrong_month"),
        ({"month": date(2090, 1, 1)}, "wrong_month"),
    ],
)
def test_propose_cap_is_refused(cap, first, values, code):
    assert refusal_of(lambda: propose(first, **values)).code == code


def test_propose_cap_below_what_is_used_says_how_many(first):
    make_cap(cap=50, used=21, quota=60, selected=26)

    low_cap = refusal_of(lambda: propose(first, cap=20))
    low_quota = refusal_of(lambda: propose(first, cap=21, quota=25))

    assert (low_cap.code, low_quota.code) == ("below_used", "below_selected")
    assert "21 people" in str(low_cap)
    assert "26 requests" in str(low_quota)


def test_propose_cap_twice_is_refused_until_the_first_is_answered(cap, first, second):
    change = propose(first)

    assert refusal_of(lambda: propose(second)).code == "already_proposed"

    caps.decline_cap(change=change, by=second)
    assert propose(second).status == "proposed"


@pytest.mark.parametrize("make", [make_user, make_reviewer, make_travel_officer])
def test_caps_are_changed_by_supervisors_only(cap, first, make):
    change, by = propose(first), make()

    for rule in (
        lambda: propose(by),
        lambda: caps.agree_cap(change=change, by=by),
        lambda: caps.decline_cap(change=change, by=by),
    ):
        with pytest.raises(NotAllowed):
            rule()


def test_agree_cap_by_a_second_person_sets_it(cap, first, second):
    change = propose(first)

    made = caps.agree_cap(change=change, by=second)

    assert (made, rows()) == (cap, [(None, 20, 0, 25, 0)])
    row = CapChange.objects.get()
    assert (row.status, row.closed_by) == ("agreed", second)
    assert happened()[1:] == [("cap_changed", "proposed", "agreed", second.pk, str(change))]


def test_agree_cap_by_who_proposed_it_is_refused(cap, first):
    change = propose(first)

    assert refusal_of(lambda: caps.agree_cap(change=change, by=first)).code == "same_person"


def test_agree_cap_after_more_were_used_is_refused(cap, first, second):
    change = propose(first)
    put(cap, used=21)

    assert refusal_of(lambda: caps.agree_cap(change=change, by=second)).code == "below_used"


def test_agree_cap_down_to_exactly_what_is_used(cap, first, second):
    change = propose(first)
    put(cap, used=20, selected=25)

    caps.agree_cap(change=change, by=second)

    assert rows() == [(None, 20, 20, 25, 25)]


def test_agree_cap_twice_is_refused(cap, first, second):
    change = propose(first)
    again = CapChange.objects.get()
    caps.agree_cap(change=change, by=second)

    with pytest.raises(MovedOn):
        caps.agree_cap(change=again, by=second)


def test_agree_cap_in_a_month_that_is_over_is_refused(cap, first, second, clock):
    change = propose(first)
    clock.forward(days=32)

    assert refusal_of(lambda: caps.agree_cap(change=change, by=second)).code == "month_over"


def test_agree_cap_of_a_nationality_counts_what_it_has_used_so_far(cap, first, second):
    haiti = make_process("HT")
    put(cap, used=4, selected=9)
    counts = {"": {"order": 5, "draw": 4}, haiti.letter: {"order": 2, "draw": 1}}
    make_selection(counts=counts)
    for _ in range(2):
        make_authorization()
    make_authorization(status="cancelled", given_back=True)
    make_authorization(make_beneficiary(status="ata_approved", country="CU"))
    change = propose(first, haiti, cap=10, quota=8)

    caps.agree_cap(change=change, by=second)

    assert rows() == [(None, 50, 4, 60, 9), ("HT", 10, 2, 8, 3)]


def test_agree_cap_of_a_nationality_below_what_it_has_used_is_refused(cap, first, second):
    for _ in range(3):
        make_authorization()
    change = propose(first, make_process("HT"), cap=2)

    refusal = refusal_of(lambda: caps.agree_cap(change=change, by=second))

    assert (refusal.code, refusal.values) == ("below_used", {"used": 3})


def test_agree_cap_carries_on_to_the_months_after(cap, first, second):
    caps.agree_cap(change=propose(first, make_process("HT"), cap=7), by=second)
    later = caps.month_after(caps.month_of())

    caps.open_month(later)

    assert rows(later) == [(None, 50, 0, 60, 0), ("HT", 7, 0, None, 0)]


def test_agree_cap_for_the_next_month_leaves_this_one(cap, first, second):
    later = caps.month_after(caps.month_of())

    caps.agree_cap(change=propose(first, month=later), by=second)

    assert rows() == [(None, 50, 0, 60, 0)]
    assert rows(later) == [(None, 20, 0, 25, 0)]


def test_agree_cap_of_this_month_reaches_an_open_later_month(cap, first, second):
    later = caps.month_after(caps.month_of())
    caps.open_month(later)

    caps.agree_cap(change=propose(first), by=second)

    assert rows(later) == [(None, 20, 0, 25, 0)]


def test_agree_cap_of_this_month_leaves_a_later_month_with_a_change_of_its_own(cap, first, second):
    later = caps.month_after(caps.month_of())
    caps.agree_cap(change=propose(first, month=later, cap=33, quota=44), by=second)

    caps.agree_cap(change=propose(first), by=second)

    assert rows() == [(None, 20, 0, 25, 0)]
    assert rows(later) == [(None, 33, 0, 44, 0)]


def test_agree_cap_lets_nobody_of_the_nationality_pass_it(cap, first, second):
    caps.agree_cap(change=propose(first, make_process("HT"), cap=0), by=second)
    officer = make_travel_officer()
    case = make_beneficiary(status="ata_pending")
    travel.take_next(by=officer)
    case.refresh_from_db()

    with pytest.raises(Refused) as refusal:
        travel.approve(beneficiary=case, by=officer)

    assert refusal.value.code == "own_cap_full"


def test_decline_cap_leaves_everything_as_it_was(cap, first, second):
    change = propose(first)

    caps.decline_cap(change=change, by=second)

    assert rows() == [(None, 50, 0, 60, 0)]
    assert happened()[1:] == [("cap_declined", "proposed", "declined", second.pk, str(change))]


def test_decline_cap_takes_the_own_proposal_back(cap, first):
    change = propose(first)

    caps.decline_cap(change=change, by=first)

    assert CapChange.objects.get().closed_by == first


def test_recount_caps_finds_nothing_where_the_numbers_are_right():
    make_cap(cap=9, used=2)
    make_cap(make_process("HT"), cap=9, used=1)
    make_authorization(status="used")
    make_authorization(make_beneficiary(status="ata_approved", country="CU"))
    make_authorization(status="expired", given_back=True)

    assert caps.recount_caps() == []
    assert not Event.objects.filter(verb="recounted").exists()


def test_recount_caps_notes_every_difference_of_an_open_month():
    whole = make_cap(cap=9, used=1)
    own = make_cap(make_process("HT"), cap=9, used=3)
    past = make_cap(cap=9, used=5, month=date(2026, 1, 1))
    put(past, reported_at=past.opened_at)
    for _ in range(2):
        make_authorization()

    found = caps.recount_caps()

    assert found == [f"{whole}: 1 counted, 2 found", f"{own}: 3 counted, 2 found"]
    noted = Event.objects.filter(verb="recounted").order_by("pk").values_list("note", flat=True)
    assert list(noted) == found
