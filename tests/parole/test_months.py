"""Months of travel authorizations: opened and closed once, on Washington's calendar."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command

from cbpone.audit.models import Event
from parole import caps, ending, travel
from parole.models import Authorization, Beneficiary, MonthlyCap
from tests.factories import (
    make_authorization,
    make_beneficiary,
    make_cap,
    make_process,
    make_travel_officer,
)
from tests.facts import events, told
from tests.parole.waiting import make_taken

pytestmark = pytest.mark.django_db
NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)
# 30 November 2026, the last second in Washington; in UTC it is December since five hours.
LAST_SECOND = datetime(2026, 12, 1, 4, 59, 59, tzinfo=UTC)
MIDNIGHT = LAST_SECOND + timedelta(seconds=1)


def rows(month) -> list[tuple]:
    found = MonthlyCap.objects.of_month(month).order_by("pk")
    return list(found.values_list("process__country", "cap", "used", "quota", "selected"))


def verbs() -> list[tuple]:
    kinds = ["month_opened", "month_reported"]
    return list(Event.objects.filter(verb__in=kinds).order_by("pk").values_list("verb", "note"))


@pytest.mark.parametrize(
    ("at", "month"),
    [
        (LAST_SECOND, NOVEMBER),
        (MIDNIGHT, DECEMBER),
        (datetime(2028, 3, 1, 4, 59, 59, tzinfo=UTC), date(2028, 2, 1)),  # 29 February
        (datetime(2028, 3, 1, 5, 0, tzinfo=UTC), date(2028, 3, 1)),
        (datetime(2026, 7, 1, 3, 59, 59, tzinfo=UTC), date(2026, 6, 1)),  # summer time
        (datetime(2026, 7, 1, 4, 0, tzinfo=UTC), date(2026, 7, 1)),
    ],
)
def test_month_of_is_that_of_washington(at, month):
    assert caps.month_of(at) == month


@pytest.mark.parametrize(
    ("month", "after"),
    [
        (date(2026, 12, 1), date(2027, 1, 1)),
        (date(2028, 1, 1), date(2028, 2, 1)),
        (date(2027, 2, 1), date(2027, 3, 1)),
    ],
)
def test_month_after_is_the_first_day_of_the_next(month, after):
    assert caps.month_after(month) == after


def test_open_month_begins_with_the_cap_of_the_settings(settings):
    settings.PAROLE_MONTHLY_CAP, settings.PAROLE_MONTHLY_QUOTA = 300, 400

    caps.open_month(NOVEMBER)

    assert rows(NOVEMBER) == [(None, 300, 0, 400, 0)]
    assert verbs() == [("month_opened", "2026-11: 300")]


def test_open_month_carries_caps_and_quotas_on_and_begins_at_nothing():
    make_cap(cap=50, used=9, month=date(2026, 8, 1), quota=60, selected=7)
    make_cap(make_process("CU"), cap=11, used=3, month=date(2026, 8, 1), quota=12, selected=2)
    make_cap(make_process("HT"), cap=5, month=date(2026, 7, 1))

    caps.open_month(NOVEMBER)

    assert rows(NOVEMBER) == [(None, 50, 0, 60, 0), ("CU", 11, 0, 12, 0)]


def test_open_month_again_changes_nothing():
    make_cap(cap=50, used=9, month=NOVEMBER)
    make_cap(make_process("CU"), cap=11, month=date(2026, 10, 1))

    caps.open_month(NOVEMBER)

    assert rows(NOVEMBER) == [(None, 50, 9, 30_000, 0)]
    assert verbs() == []


def test_roll_month_opens_this_month_and_closes_those_before_once(clock):
    clock.at = MIDNIGHT
    make_cap(cap=50, used=9, month=date(2026, 10, 1))
    make_cap(cap=40, used=40, month=NOVEMBER)
    make_cap(make_process("CU"), cap=10, used=8, month=NOVEMBER)

    assert caps.roll_month() == ["2026-10: 9 of 50", "2026-11: 40 of 40"]
    assert caps.roll_month() == []

    assert rows(DECEMBER) == [(None, 40, 0, 30_000, 0), ("CU", 10, 0, None, 0)]
    earlier = MonthlyCap.objects.filter(month__lt=DECEMBER)
    assert {row.reported_at for row in earlier} == {clock.at}
    assert verbs() == [
        ("month_opened", "2026-12: 40"),
        ("month_reported", "2026-10: 9 of 50"),
        ("month_reported", "2026-11: 40 of 40"),
    ]


def test_roll_month_after_days_of_outage_closes_what_is_over(clock):
    make_cap(cap=50, used=9, month=date(2026, 9, 1))
    clock.at = datetime(2026, 12, 9, 12, tzinfo=UTC)

    caps.roll_month()

    known = MonthlyCap.objects.order_by("month").values_list("month", "reported_at")
    assert list(known) == [(date(2026, 9, 1), clock.at), (DECEMBER, None)]


def test_roll_month_before_midnight_in_washington_closes_nothing(clock):
    clock.at = LAST_SECOND
    make_cap(cap=50, month=NOVEMBER)

    assert caps.roll_month() == []
    assert MonthlyCap.objects.get().reported_at is None


def test_roll_month_at_a_named_time():
    make_cap(cap=50, month=NOVEMBER)

    assert caps.roll_month(now=MIDNIGHT) == ["2026-11: 0 of 50"]
    assert MonthlyCap.objects.get(month=NOVEMBER).reported_at == MIDNIGHT


def test_command_rolls_the_month_and_says_so(clock, capsys):
    clock.at = MIDNIGHT
    make_cap(cap=50, used=2, month=NOVEMBER)

    call_command("roll_month")

    assert capsys.readouterr().out == "2026-12 is open.\nClosed 2026-11: 2 of 50 authorized.\n"


@pytest.mark.parametrize(
    ("at", "month", "until"),
    [
        (LAST_SECOND, NOVEMBER, date(2027, 2, 28)),
        (MIDNIGHT, DECEMBER, date(2027, 3, 1)),
        (datetime(2028, 2, 29, 17, tzinfo=UTC), date(2028, 2, 1), date(2028, 5, 29)),
        (datetime(2027, 12, 1, 17, tzinfo=UTC), date(2027, 12, 1), date(2028, 2, 29)),
        # The night the clocks go forward, and the one they go back, in Washington.
        (datetime(2027, 3, 14, 6, 59, tzinfo=UTC), date(2027, 3, 1), date(2027, 6, 12)),
        (datetime(2027, 11, 7, 3, 59, tzinfo=UTC), date(2027, 11, 1), date(2028, 2, 4)),
        (datetime(2027, 11, 7, 4, 0, tzinfo=UTC), date(2027, 11, 1), date(2028, 2, 5)),
    ],
)
def test_approve_counts_for_the_month_and_90_days_of_washington(clock, at, month, until):
    clock.at = at
    officer = make_travel_officer()

    made = travel.approve(beneficiary=make_taken(officer), by=officer)

    assert (made.month, made.valid_until) == (month, until)
    assert rows(month) == [(None, 30_000, 1, 30_000, 0)]


def test_approve_after_the_month_was_closed_takes_from_the_next(clock):
    """The last second of November: a month closed early has no number to give."""
    clock.at = LAST_SECOND
    cap = make_cap(cap=5, month=NOVEMBER)
    caps.roll_month(now=MIDNIGHT)
    officer = make_travel_officer()
    case = make_taken(officer)

    with pytest.raises(travel.numbers.MonthClosed):
        travel.approve(beneficiary=case, by=officer)
    clock.at = MIDNIGHT
    made = travel.approve(beneficiary=Beneficiary.objects.get(pk=case.pk), by=officer)

    assert made.month == DECEMBER
    assert MonthlyCap.objects.get(pk=cap.pk).used == 0


def expire(day: date, clock, at: datetime) -> int:
    make_authorization(valid_until=day)
    clock.at = at
    return travel.expire_authorizations()


@pytest.mark.parametrize(
    ("day", "at", "expired"),
    [
        (date(2027, 2, 28), datetime(2027, 3, 1, 4, 59, 59, tzinfo=UTC), 0),
        (date(2028, 2, 29), datetime(2028, 3, 1, 4, 59, tzinfo=UTC), 0),
        (date(2028, 2, 29), datetime(2028, 3, 1, 12, tzinfo=UTC), 1),
        (date(2027, 3, 13), datetime(2027, 3, 14, 12, tzinfo=UTC), 1),
        (date(2027, 3, 14), datetime(2027, 3, 14, 12, tzinfo=UTC), 0),
        (date(2027, 11, 7), datetime(2027, 11, 8, 4, 59, tzinfo=UTC), 0),
        (date(2027, 11, 6), datetime(2027, 11, 7, 12, tzinfo=UTC), 1),
    ],
)
def test_expire_waits_for_the_end_of_the_last_day(clock, day, at, expired):
    assert expire(day, clock, at) == expired


def test_expire_waits_until_the_day_is_over_at_every_airport(clock):
    """Midnight has passed in Washington, and it is 22:30 on the last day in Los Angeles."""
    make_authorization(valid_until=date(2027, 2, 28))
    clock.at = datetime(2027, 3, 1, 6, 30, tzinfo=UTC)

    assert travel.expire_authorizations() == 0
    assert travel.expire_authorizations(now=clock.at + timedelta(days=1)) == 1


def test_expire_ends_the_case_and_tells_the_person_once(clock):
    row = make_authorization(valid_until=date(2026, 2, 1))
    make_authorization(status="used", valid_until=date(2026, 2, 1))
    make_authorization(status="cancelled", valid_until=date(2026, 2, 1))

    assert travel.expire_authorizations() == 1
    assert travel.expire_authorizations() == 0

    row = Authorization.objects.get(pk=row.pk)
    assert (row.status, row.ended_at, row.ended_by, row.given_back) == (
        "expired", clock.at, None, False,
    )  # fmt: skip
    assert events(row) == [
        ("ata_expired", "valid", "expired", None),
        ("ata_expired", "ata_approved", "ata_expired", None),
    ]
    assert told(row.beneficiary.user) == [("ata_expired", ["email"])]


def test_expire_in_an_open_month_gives_the_number_back():
    cap = make_cap(cap=5, used=1)
    row = make_authorization(valid_until=cap.month - timedelta(days=20))

    travel.expire_authorizations()

    assert Authorization.objects.get(pk=row.pk).given_back
    assert MonthlyCap.objects.get().used == 0


def test_an_expired_case_is_authorized_again_with_a_number_of_the_month_it_is(clock):
    make_cap(cap=5)
    row = make_authorization(make_beneficiary(status="ata_expired"), status="expired")
    travel.ask_again(beneficiary=row.beneficiary, by=row.beneficiary.user)
    officer = make_travel_officer()
    case = travel.take_next(by=officer)

    again = travel.approve(beneficiary=case, by=officer)

    assert again.beneficiary == row.beneficiary
    assert MonthlyCap.objects.get().used == 1
    assert told(case.user) == [("case_submitted", ["email"]), ("ata_approved", ["email"])]


def test_expire_goes_on_when_one_cannot_be_ended(clock, monkeypatch):
    first, _second = make_authorization(), make_authorization()
    clock.forward(days=95)
    end = ending._end

    def break_first(authorization, *values):
        if authorization.pk == first.pk:
            raise RuntimeError("a bug")
        end(authorization, *values)

    monkeypatch.setattr(ending, "_end", break_first)

    assert ending.expire_authorizations() == 1
    assert [row.status for row in Authorization.objects.order_by("pk")] == ["valid", "expired"]
