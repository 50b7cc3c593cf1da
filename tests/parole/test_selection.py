"""The daily selection against the database: when it runs, whom it moves, what stays on record."""

import gzip
import hashlib
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cbpone.audit.models import Event
from cbpone.notifications.models import Delivery, Message
from cbpone.notifications.outbox import send_messages, was_told
from cbpone.notifications.statuses import Template
from parole import selection
from parole.drawing import choose
from parole.models import DrawSeed, MonthlyCap, Selection, SupportRequest
from parole.recomputing import recompute
from parole.selection import commit_seed, due_at, places_of, select_cases
from tests.factories import (
    make_cap,
    make_process,
    make_selection,
    make_user,
)
from tests.factories import make_request as make_one
from tests.facts import events, told
from tests.parole.selecting import DAY, SECRET, chosen, commit, make_waiting, quota, utc

pytestmark = pytest.mark.django_db


@pytest.fixture
def morning(clock):
    """06:30 in Washington on the last day of June 2026; the seed was committed to on the 29th."""
    clock.at = utc(2026, 6, 29, 15)
    commit(DAY)
    clock.at = utc(2026, 6, 30, 10, 30)
    return clock


# --- Seeds --------------------------------------------------------------------------------


def test_commit_seed_keeps_a_secret_and_publishes_its_hash(clock):
    seed = commit_seed(DAY)

    assert len(bytes(seed.seed)) == 32
    assert seed.commitment == hashlib.sha256(bytes(seed.seed)).hexdigest()
    event = Event.objects.get(verb="seed_committed")
    assert (event.row_id, event.note) == (str(seed.pk), f"{DAY}: {seed.commitment}")
    assert bytes(seed.seed).hex() not in event.note


def test_commit_seed_twice_keeps_the_first(clock):
    first = commit_seed(DAY)

    again = commit_seed(DAY)

    assert (again.pk, bytes(again.seed)) == (first.pk, bytes(first.seed))
    assert Event.objects.filter(verb="seed_committed").count() == 1


def test_select_cases_commits_to_tomorrow_at_any_hour(clock):
    clock.at = utc(2026, 6, 29, 5)  # 01:00 in Washington

    select_cases()

    assert list(DrawSeed.objects.values_list("day", "committed_at")) == [(DAY, clock.at)]


# --- When it runs -------------------------------------------------------------------------


def test_select_cases_first_day_of_the_portal_only_commits(clock):
    clock.at = utc(2026, 6, 29, 15)
    make_waiting()

    assert select_cases() is None
    assert DrawSeed.objects.get().day == DAY
    assert chosen() == []


def test_select_cases_before_the_hour_waits(morning):
    quota(10)
    make_waiting()
    morning.at = utc(2026, 6, 30, 9, 59, 59)  # 05:59:59 in Washington

    assert select_cases() is None
    morning.forward(seconds=1)
    assert select_cases().ran_at == morning.at


def test_select_cases_seed_of_the_same_day_is_not_used(clock):
    clock.at = utc(2026, 6, 30, 10, 30)
    commit(DAY)
    make_waiting()

    assert select_cases() is None
    assert not Selection.objects.exists()


def test_select_cases_seed_from_the_last_second_of_yesterday_is_used(clock):
    clock.at = utc(2026, 6, 30, 3, 59, 59)  # 23:59:59 on the 29th
    commit(DAY)
    clock.at = utc(2026, 6, 30, 23)

    assert select_cases().day == DAY


def test_select_cases_second_run_of_a_day_changes_nothing(morning):
    quota(10)
    for _ in range(3):
        make_waiting()
    first = select_cases()
    make_waiting()
    before = (Event.objects.count(), Message.objects.count())

    assert select_cases() is None
    assert Selection.objects.get().pk == first.pk
    assert (Event.objects.count(), Message.objects.count()) == before


def test_select_cases_missed_day_gives_its_places_to_the_rest_of_the_month(clock):
    make_cap(month=date(2026, 6, 1), quota=100)
    clock.at = utc(2026, 6, 20, 15)
    select_cases()
    clock.at = utc(2026, 6, 23, 15)  # the 21st and 22nd were missed, and nobody committed to this

    assert select_cases() is None
    clock.at = utc(2026, 6, 24, 15)
    assert select_cases().wanted == 15  # 100 over seven days, rounded up
    assert list(Selection.objects.values_list("day", flat=True)) == [date(2026, 6, 24)]


@pytest.mark.parametrize(
    ("day", "at"),
    [
        (date(2026, 3, 8), utc(2026, 3, 8, 10)),  # clocks go forward that night
        (date(2026, 11, 1), utc(2026, 11, 1, 11)),  # and back
        (date(2026, 1, 15), utc(2026, 1, 15, 11)),
    ],
)
def test_due_at_is_six_on_the_wall_clock_of_washington(day, at):
    assert due_at(day) == at


@pytest.mark.parametrize("day", [date(2026, 3, 8), date(2026, 11, 1)])
def test_select_cases_runs_once_on_days_of_23_and_25_hours(clock, day):
    start = datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=4)
    clock.at = start - timedelta(hours=8)
    for _ in range(30):  # the whole day, and some of the days around it
        select_cases()
        clock.forward(hours=1)

    assert Selection.objects.get().day == day
    assert DrawSeed.objects.filter(day=day + timedelta(days=1)).count() == 1


def test_select_cases_new_year_opens_the_month(clock):
    clock.at = utc(2026, 12, 31, 15)
    select_cases()
    clock.at = utc(2027, 1, 1, 15)

    made = select_cases()

    assert (made.day, made.month) == (date(2027, 1, 1), date(2027, 1, 1))
    assert MonthlyCap.objects.filter(month=date(2027, 1, 1), process=None).exists()


# --- Places -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "left", "wanted"),
    [
        (date(2026, 6, 1), 30_000, 1000),
        (date(2026, 6, 30), 77, 77),
        (date(2026, 6, 29), 77, 39),
        (date(2028, 2, 1), 30_000, 1035),  # 29 days
        (date(2026, 6, 10), 0, 0),
    ],
)
def test_places_of_a_day_share_out_what_is_left(day, left, wanted):
    make_cap(month=day.replace(day=1), quota=30_000, selected=30_000 - left)

    assert places_of(day) == selection.Places(wanted, {})


def test_places_of_a_nationality_with_its_own_quota_are_a_limit():
    quota(300)
    quota(50, make_process("CU"), selected=20)
    quota(None, make_process("VE"))

    assert places_of(date(2026, 6, 21)) == selection.Places(30, {"C": 3})


def test_select_cases_uses_the_whole_quota_by_the_end_of_the_month(clock):
    make_cap(month=date(2026, 6, 1), quota=7)
    for _ in range(12):
        make_waiting()
    clock.at = utc(2026, 6, 26, 15)
    for _ in range(5):
        select_cases()
        clock.forward(days=1)

    assert list(Selection.objects.order_by("day").values_list("wanted", flat=True)) == [2, 2, 2, 1]
    assert MonthlyCap.objects.get(month=date(2026, 6, 1)).selected == 7
    assert len(chosen()) == 7


# --- Whom it chooses ----------------------------------------------------------------------


def test_select_cases_moves_who_the_seed_and_the_list_say(morning):
    quota(5)
    rows = [make_waiting(country) for country in ("HT", "CU", "HT", "VE", "HT", "NI", "HT", "HT")]
    numbers = [row.filing_number for row in rows]

    made = select_cases()

    pool = bytearray(b"." * numbers[-1])
    for row in rows:
        pool[row.filing_number - 1] = ord(row.process.letter)
    expected = choose(pool=bytes(pool), seed=SECRET, wanted=5, limits={})
    assert chosen() == expected.ranked()
    assert expected.order == numbers[:3]
    assert (made.wanted, made.pool_size, made.in_order, made.drawn) == (5, 8, 3, 2)
    with made.pool.open() as file:
        assert gzip.decompress(file.read()) == bytes(pool)
    assert made.pool_sha256 == hashlib.sha256(pool).hexdigest()


def test_select_cases_only_those_that_wait_are_in_the_list(morning):
    quota(10)
    for status in ("draft", "received", "withdrawn"):
        make_one(status=status)
    earlier = make_selection(DAY - timedelta(days=1))
    SupportRequest.objects.filter(pk=make_waiting().pk).update(
        status="selected", selection=earlier, picked="order", picked_rank=1
    )
    waiting = make_waiting()

    made = select_cases()

    assert made.pool_size == 1
    assert SupportRequest.objects.get(selection=made) == waiting


def test_select_cases_limit_of_a_nationality_holds(morning):
    quota(8)
    quota(2, make_process("CU"))
    for country in ("CU", "CU", "CU", "CU", "HT", "HT"):
        make_waiting(country)

    made = select_cases()

    moved = SupportRequest.objects.filter(selection=made)
    assert moved.filter(process__country="CU").count() == 2
    assert moved.filter(process__country="HT").count() == 2
    assert made.limits == {"C": 2}
    assert made.counts["C"] == {"waited": 4, "order": 1, "draw": 1}
    assert made.counts[""]["waited"] == 6


def test_select_cases_raises_the_counters_of_the_month(morning):
    all_together = quota(10, selected=3)
    cubans = quota(5, make_process("CU"))
    others = quota(None, make_process("NI"))
    for country in ("CU", "HT", "NI"):
        make_waiting(country)

    select_cases()

    counted = [MonthlyCap.objects.get(pk=row.pk).selected for row in (all_together, cubans, others)]
    assert counted == [6, 1, 1]


def test_select_cases_nobody_waits_is_a_day_like_any_other(morning):
    quota(10)

    made = select_cases()

    assert (made.wanted, made.pool_size, made.in_order, made.drawn) == (10, 0, 0, 0)
    assert recompute(made).differs == []


def test_select_cases_quota_used_up_chooses_nobody_and_says_so(morning):
    quota(4, selected=4)
    make_waiting()

    made = select_cases()

    assert (made.wanted, made.pool_size, made.in_order, made.drawn) == (0, 1, 0, 0)
    assert chosen() == []


# --- What stays on record -----------------------------------------------------------------


def test_select_cases_writes_event_and_message_for_each(morning):
    quota(2)
    owner = make_user()
    first = make_waiting(owner=owner)
    second = make_waiting(supporter={"text_messages": True})

    made = select_cases()

    for row, note in ((first, "order 1"), (second, "draw 2")):
        row.refresh_from_db()
        assert row.selection == made
        assert events(row) == [("selected", "pending", "selected", None)]
        event = Event.objects.of_case(row.reference).get()
        assert (event.at, event.note) == (morning.at, f"2026-06-30: {note}")
        assert (event.model, event.row_id) == ("parole.supportrequest", str(row.pk))
    assert told(owner) == [("request_selected", ["email"])]
    assert told(second.owner) == [("request_selected", ["email", "sms"])]
    assert set(Delivery.objects.values_list("next_try_at", "status")) == {(morning.at, "waiting")}


def test_select_cases_message_is_the_one_notify_would_write(morning, mailoutbox):
    quota(1)
    row = make_waiting(supporter={"text_messages": True})
    select_cases()

    assert send_messages(now=morning.at) == 2
    assert SupportRequest.objects.filter(
        was_told(Template.REQUEST_SELECTED, SupportRequest), pk=row.pk
    ).exists()
    mail = mailoutbox[0]
    assert mail.to == [row.owner.email]
    assert mail.subject == "News about your request"
    assert f"Your request {row.reference} was chosen for review on 30 June 2026" in mail.body
    assert "/selections/2026-06-30/" in mail.body
    assert len(Delivery.objects.get(channel="sms").body.strip()) <= 160


def test_select_cases_writes_one_event_for_the_day(morning):
    quota(3)
    for _ in range(4):
        make_waiting()

    made = select_cases()

    event = Event.objects.get(verb="selection_ran")
    assert event.row_id == str(made.pk)
    assert event.note == "2026-06-30: 3 places, 4 waited, 2 in order, 1 drawn"


def test_select_cases_needs_the_same_statements_for_any_number(morning, django_assert_num_queries):
    def count(number, day):
        morning.at = datetime.combine(day, datetime.min.time(), UTC) - timedelta(hours=9)
        commit(day)
        morning.forward(hours=24)
        for _ in range(number):
            make_waiting()
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert select_cases().in_order
        return len(found)

    make_cap(month=date(2026, 7, 1), quota=3_000)

    assert count(1, date(2026, 7, 10)) == count(9, date(2026, 7, 20))


def test_select_cases_reviewer_takes_the_halves_in_turns(morning):
    quota(6)
    for _ in range(9):
        make_waiting()

    select_cases()

    assert [how for _number, how in chosen()] == ["order", "draw"] * 3
