"""The two numbers of the page about one's case: honest, and counted once a minute for all."""

from datetime import timedelta

import pytest
from django.core.cache import cache

from cbpone.portal.case import families_before, free_places_now
from tests.breaking import change
from tests.factories import make_appointment, make_port, make_registration, make_slot, make_user

pytestmark = pytest.mark.django_db


def signed(clock, **earlier):
    return make_registration(people=1, seniority_at=clock.at - timedelta(**earlier))


def test_families_before_are_the_signed_ones_with_an_older_date(clock):
    clock.at = clock.at.replace(hour=12)
    mine = signed(clock, hours=2)
    for earlier in ({"hours": 3}, {"hours": 1}, {"hours": 15}, {"days": 40}, {"days": -1}):
        signed(clock, **earlier)

    assert families_before(mine) == 3


def test_families_before_are_those_who_wait(clock):
    mine = make_registration(people=1)
    for days in (0, 1, 60):
        for status in ("booked", "checked_in", "completed", "cancelled", "no_show"):
            family = signed(clock, days=days, seconds=5)
            make_appointment(family, status=status, checked_in_by=make_user())
        change(signed(clock, days=days, seconds=5), status="withdrawn", withdrawn_at=clock.at)

    assert families_before(mine) == 6


@pytest.mark.parametrize("hour", [0, 23])
def test_families_before_at_the_edges_of_a_day(clock, hour):
    clock.at = clock.at.replace(hour=hour, minute=0, second=0, microsecond=0)
    mine = make_registration(people=1)
    signed(clock, microseconds=1)
    signed(clock, hours=23, minutes=59)
    make_registration(people=1)

    assert families_before(mine) == 2


def test_families_before_of_everybody_are_counted_once(clock, django_assert_num_queries):
    first, second = signed(clock, days=3), signed(clock, days=2)
    assert families_before(first) == 0

    with django_assert_num_queries(1):
        assert families_before(second) == 1

    signed(clock, days=9)
    assert families_before(second) == 1
    cache.clear()
    assert families_before(second) == 2


def test_free_places_are_those_that_can_be_booked_now(django_assert_num_queries):
    make_slot(capacity=5)
    make_slot(make_port("laredo"), capacity=7)
    make_slot(capacity=9, is_open=False)
    make_slot(capacity=11, days_ahead=-1)
    make_appointment(make_registration(people=2), make_slot(capacity=4))

    assert free_places_now() == 14

    with django_assert_num_queries(0):
        assert free_places_now() == 14
