from datetime import UTC, date, datetime, time

import pytest

from cbpone.lib import clock as the_clock
from cbpone.lib.clock import as_if, now, today_in, wall_clock, wall_time


@pytest.mark.parametrize(
    ("day", "zone", "instant"),
    [
        (date(2026, 3, 7), "America/Los_Angeles", datetime(2026, 3, 7, 16, tzinfo=UTC)),
        (date(2026, 3, 8), "America/Los_Angeles", datetime(2026, 3, 8, 15, tzinfo=UTC)),
        (date(2026, 11, 1), "America/Los_Angeles", datetime(2026, 11, 1, 16, tzinfo=UTC)),
        (date(2026, 3, 8), "America/Phoenix", datetime(2026, 3, 8, 15, tzinfo=UTC)),
        (date(2026, 7, 1), "America/Phoenix", datetime(2026, 7, 1, 15, tzinfo=UTC)),
        (date(2026, 7, 1), "America/Chicago", datetime(2026, 7, 1, 13, tzinfo=UTC)),
    ],
)
def test_wall_clock_at_eight_is_this_instant(day, zone, instant):
    found = wall_clock(day, time(8), zone)

    assert found == instant
    assert found.utcoffset().total_seconds() == 0


def test_wall_clock_of_an_hour_that_comes_twice_is_the_first():
    found = wall_clock(date(2026, 11, 1), time(1, 30), "America/Los_Angeles")

    assert found == datetime(2026, 11, 1, 8, 30, tzinfo=UTC)


def test_wall_time_is_what_the_wall_shows_without_a_zone():
    shown = wall_time(datetime(2026, 6, 18, 15, tzinfo=UTC), "America/Los_Angeles")

    assert shown == datetime(2026, 6, 18, 8)
    assert shown.tzinfo is None


def test_today_in_a_zone_is_its_own_calendar(clock):
    clock.at = datetime(2026, 6, 5, 5, tzinfo=UTC)

    assert today_in("America/Los_Angeles") == date(2026, 6, 4)
    assert today_in("America/Chicago") == date(2026, 6, 5)


def test_clock_of_the_tests_is_what_rules_ask(clock):
    clock.forward(days=400)

    assert the_clock.now() == clock.at


def test_as_if_lasts_as_long_as_its_block():
    other = datetime(2023, 5, 17, 12, tzinfo=UTC)

    with as_if(other):
        inside = now()

    assert inside == other
    assert now() > other
