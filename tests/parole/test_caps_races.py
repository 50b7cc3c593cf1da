"""Caps hold whatever runs at once: real connections, all let go at one moment."""

from datetime import timedelta

import pytest

from cbpone.audit.models import Event
from parole import caps, travel
from parole.models import Authorization, Beneficiary, CapChange, MonthlyCap
from tests.factories import (
    make_authorization,
    make_beneficiary,
    make_cap,
    make_parole_supervisor,
    make_process,
    make_travel_officer,
)
from tests.facts import told
from tests.parole.waiting import make_taken
from tests.race import at_once, kinds

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


def make_cases(n, country="HT") -> list[Beneficiary]:
    return [make_taken(make_travel_officer(), country=country) for _ in range(n)]


def approve(case):
    """As a page does it: with the row and the officer read anew."""
    row = Beneficiary.objects.select_related("request", "taken_by").get(pk=case.pk)
    return travel.approve(beneficiary=row, by=row.taken_by)


def approve_all(cases) -> list[str]:
    return kinds(at_once([lambda case=case: approve(case) for case in cases]))


def used() -> list[int]:
    return list(MonthlyCap.objects.order_by("pk").values_list("used", flat=True))


def count(status) -> int:
    return Beneficiary.objects.filter(status=status).count()


@pytest.mark.parametrize("n", [1, 3, 5])
def test_approve_ten_times_the_cap_at_once_gives_exactly_the_cap(n):
    make_cap(cap=n)
    cases = make_cases(10 * n)

    outcomes = approve_all(cases)

    assert outcomes == ["CapFull"] * (9 * n) + ["ok"] * n
    assert Authorization.objects.filter(status="valid").count() == n
    assert used() == [n]
    assert count("ata_approved") == n
    assert Beneficiary.objects.exclude(queued_at=None).count() == 9 * n
    assert Event.objects.filter(verb="authorized").count() == n
    assert Event.objects.filter(verb="queued").count() == 9 * n
    assert sorted(told(case.user) for case in cases) == [[("ata_approved", ["email"])]] * n + [
        [("ata_waiting", ["email"])]
    ] * (9 * n)
    assert caps.recount_caps() == []


def test_approve_two_nationalities_at_once_passes_neither_cap():
    make_cap(cap=8)
    make_cap(make_process("CU"), cap=3)
    make_cap(make_process("HT"), cap=6)

    outcomes = approve_all([*make_cases(12, "CU"), *make_cases(12, "HT")])

    given = {
        country: Authorization.objects.filter(process__country=country).count()
        for country in ("CU", "HT")
    }
    assert outcomes.count("ok") == 8
    assert set(outcomes) <= {"ok", "CapFull", "OwnCapFull"}
    assert sum(given.values()) == 8
    assert given["CU"] <= 3
    assert given["HT"] <= 6
    assert used() == [8, given["CU"], given["HT"]]
    assert caps.recount_caps() == []


def test_approve_with_the_own_cap_binding_leaves_the_others_numbers():
    make_cap(cap=20)
    make_cap(make_process("CU"), cap=2)

    outcomes = approve_all([*make_cases(10, "CU"), *make_cases(6, "HT")])

    assert outcomes == ["OwnCapFull"] * 8 + ["ok"] * 8
    assert used() == [8, 2]


def test_approve_in_a_month_nobody_opened_opens_it_once():
    outcomes = approve_all(make_cases(8))

    assert outcomes == ["ok"] * 8
    assert used() == [8]
    assert Event.objects.filter(verb="month_opened").count() == 1


def test_approve_one_case_twice_at_once_authorizes_once():
    make_cap(cap=5)
    (case,) = make_cases(1)

    outcomes = approve_all([case] * 4)

    assert outcomes.count("ok") == 1
    assert set(outcomes) <= {"ok", "NotWaiting", "MovedOn"}
    assert Authorization.objects.count() == 1
    assert used() == [1]


def test_cancel_beside_approve_never_passes_the_cap():
    make_cap(cap=3, used=3)
    make_cap(make_process("HT"), cap=3, used=3)
    given = [make_authorization() for _ in range(3)]
    officer = make_travel_officer()
    cases = make_cases(6)

    def cancel(row):
        row = Authorization.objects.select_related("beneficiary__request").get(pk=row.pk)
        return travel.cancel(authorization=row, reason="error", letter="It ends.", by=officer)

    jobs = [lambda row=row: cancel(row) for row in given]
    outcomes = at_once([*jobs, *(lambda case=case: approve(case) for case in cases)])

    assert kinds(outcomes[:3]) == ["ok"] * 3
    assert set(kinds(outcomes[3:])) <= {"ok", "CapFull", "LongerWaiting"}
    valid = Authorization.objects.filter(status="valid").count()
    assert valid <= 3
    assert used() == [valid, valid]
    assert caps.recount_caps() == []


def test_cancel_one_authorization_twice_at_once_gives_one_number_back():
    make_cap(cap=3, used=2)
    row, officer = make_authorization(), make_travel_officer()
    make_authorization()

    def cancel():
        again = Authorization.objects.select_related("beneficiary__request").get(pk=row.pk)
        return travel.cancel(authorization=again, reason="error", letter="It ends.", by=officer)

    outcomes = at_once([cancel] * 4)

    assert kinds(outcomes).count("ok") == 1
    assert used() == [1]


def propose(process, cap) -> CapChange:
    return CapChange.objects.create(
        month=caps.month_of(), process=process, cap=cap, quota=None if process else 10,
        reason="Fewer flights", proposed_by=make_parole_supervisor(),
    )  # fmt: skip


@pytest.mark.parametrize("country", [None, "HT"])
def test_agree_to_a_lower_cap_beside_approvals_never_goes_below_what_is_used(country):
    make_cap(cap=10, quota=10)
    process = make_process(country) if country else None
    change, by = propose(process, 4), make_parole_supervisor()

    jobs = [lambda case=case: approve(case) for case in make_cases(8)]
    outcomes = at_once([*jobs, lambda: caps.agree_cap(change=change, by=by)])

    given = Authorization.objects.filter(status="valid").count()
    assert set(kinds(outcomes)) <= {"ok", "CapFull", "OwnCapFull", "BelowUsed"}
    for row in MonthlyCap.objects.all():
        assert row.used == given <= row.cap
    if isinstance(outcomes[-1], Exception):
        assert given == 8
        assert CapChange.objects.get().status == "proposed"
    else:
        assert given == 4
        assert CapChange.objects.get().status == "agreed"
    assert caps.recount_caps() == []


def test_agree_and_decline_at_once_answers_once():
    make_cap()
    change = propose(make_process("HT"), 100)
    jobs = [caps.agree_cap, caps.decline_cap, caps.agree_cap]

    def answer(rule):
        return rule(change=CapChange.objects.get(pk=change.pk), by=make_parole_supervisor())

    outcomes = at_once([lambda rule=rule: answer(rule) for rule in jobs])

    assert kinds(outcomes) == ["MovedOn", "MovedOn", "ok"]
    answered = Event.objects.filter(verb__in=["cap_changed", "cap_declined"])
    assert answered.count() == 1


def test_propose_at_once_leaves_one_proposal():
    make_cap()
    by, month = make_parole_supervisor(), caps.month_of()

    def job():
        return caps.propose_cap(
            month=month, process=None, cap=5, quota=5, reason="Fewer flights", by=by
        )

    assert kinds(at_once([job] * 4)) == ["AlreadyProposed"] * 3 + ["ok"]


def test_roll_month_at_once_opens_and_closes_each_month_once(clock):
    month = caps.month_of()
    for back in (32, 64):
        make_cap(cap=7, month=(month - timedelta(days=back)).replace(day=1))
        make_cap(make_process("HT"), cap=3, month=(month - timedelta(days=back)).replace(day=1))

    outcomes = at_once([caps.roll_month] * 6)

    assert kinds(outcomes) == ["ok"] * 6
    assert sum(len(closed) for closed in outcomes) == 2
    assert Event.objects.filter(verb="month_reported").count() == 2
    assert Event.objects.filter(verb="month_opened").count() == 1
    rows = MonthlyCap.objects.filter(month=month).order_by("pk")
    assert [(row.process_id, row.cap) for row in rows] == [(None, 7), (make_process("HT").pk, 3)]


def test_roll_month_beside_approvals_at_the_turn_of_a_month_loses_no_number(clock):
    """The clock says the new month, which nobody has opened; the old one is being closed."""
    make_cap(cap=2, used=2, month=(caps.month_of() - timedelta(days=5)).replace(day=1))
    jobs = [lambda case=case: approve(case) for case in make_cases(6)]

    outcomes = at_once([caps.roll_month, *jobs, caps.roll_month])

    assert kinds(outcomes) == ["CapFull"] * 4 + ["ok"] * 4
    assert list(MonthlyCap.objects.order_by("month").values_list("used", flat=True)) == [2, 2]


def test_take_next_by_many_officers_at_once_gives_each_case_to_one():
    officers = [make_travel_officer() for _ in range(6)]
    for _ in range(4):
        make_beneficiary(status="ata_pending")

    def take(officer):
        return travel.take_next(by=officer)

    taken = at_once([lambda by=by: take(by) for by in officers])

    got = [row.pk for row in taken if row]
    assert kinds(taken) == ["ok"] * 6
    assert len(got) == len(set(got)) <= 4
    assert Event.objects.filter(verb="taken").count() == len(got)


def test_take_next_twice_at_once_by_one_officer_gives_one_case():
    officer = make_travel_officer()
    for _ in range(3):
        make_beneficiary(status="ata_pending")

    taken = at_once([lambda: travel.take_next(by=officer)] * 3)

    assert len({row.pk for row in taken}) == 1
    assert Beneficiary.objects.filter(taken_by=officer).count() == 1


def test_expire_at_once_ends_each_authorization_once(clock):
    for _ in range(3):
        make_authorization(valid_until=caps.month_of() - timedelta(days=40))

    outcomes = at_once([travel.expire_authorizations] * 4)

    assert sum(outcomes) == 3
    assert Event.objects.filter(verb="ata_expired", model="parole.authorization").count() == 3


def test_cancel_beside_expire_ends_once(clock):
    make_cap(cap=3, used=1)
    row = make_authorization(valid_until=caps.month_of() - timedelta(days=40))
    officer = make_travel_officer()

    def cancel():
        again = Authorization.objects.select_related("beneficiary__request").get(pk=row.pk)
        return travel.cancel(authorization=again, reason="error", letter="It ends.", by=officer)

    outcomes = at_once([cancel, travel.expire_authorizations])

    ended = Authorization.objects.get(pk=row.pk)
    assert (ended.status == "cancelled") == (not isinstance(outcomes[0], Exception))
    assert used() == [0]
    assert Event.objects.filter(model="parole.authorization").count() == 1
