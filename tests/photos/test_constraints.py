from itertools import product

import pytest

from cbpone.lib import clock as the_clock
from cbpone.photos.statuses import PHOTO_MOVES, Advice, PhotoStatus
from tests.audit.tripping import check_trips
from tests.breaking import change, check_refuses, is_refused
from tests.factories import make_photo, make_traveler
from tests.factories.office_photos import make_photo_reviewer, photo_facts

pytestmark = pytest.mark.django_db


def two_current():
    traveler = make_traveler()
    make_photo(traveler)
    make_photo(traveler)


def photo(status="waiting", **values):
    return make_photo(make_traveler(), **photo_facts(status) | values)


def unknown():
    return make_photo(make_traveler(), **photo_facts("good") | {"status": "refused"})


ADVISED = "photo_advice_goes_with_another"
TAKEN, JUDGED = "photo_taken_has_who_and_when", "photo_judged_has_who_and_when"
BREAKS = [
    ("photo_status_known", unknown),
    (ADVISED, lambda: photo("another", advice="")),
    (ADVISED, lambda: photo("another", advice="ugly")),
    (ADVISED, lambda: photo("good", advice="dark")),
    (ADVISED, lambda: photo("at_port", advice="dark")),
    (ADVISED, lambda: photo(advice="dark")),
    (TAKEN, lambda: photo(taken_by=make_photo_reviewer())),
    (TAKEN, lambda: photo(taken_at=the_clock.now())),
    (JUDGED, lambda: photo(judged_by=make_photo_reviewer())),
    (JUDGED, lambda: photo(judged_at=the_clock.now())),
    (JUDGED, lambda: photo("good", judged_by=None)),
    (JUDGED, lambda: photo("another", judged_at=None)),
    (JUDGED, lambda: photo("at_port", judged_by=None, judged_at=None)),
    ("photo_one_current", two_current),
    ("photo_size_possible", lambda: make_photo(make_traveler(), width=99)),
    ("photo_size_possible", lambda: make_photo(make_traveler(), height=1201)),
]


@pytest.mark.parametrize(("constraint", "attempt"), BREAKS)
def test_constraint_holds(constraint, attempt):
    check_refuses(constraint, attempt)


STANDS = "photos_photo.replaced_at_set_once"
TRIPS = [
    (STANDS, lambda: change(photo(replaced_at=the_clock.now()), replaced_at=None)),
    (STANDS, lambda: change(photo(), traveler=make_traveler())),
    (STANDS, lambda: change(photo(), file="photos/ab/other.jpg")),
    ("photos_photo.status_moves", lambda: change(photo("good"), **photo_facts("another"))),
]


@pytest.mark.parametrize(("trigger", "attempt"), TRIPS)
def test_value_that_stands_is_refused_a_change(trigger, attempt):
    check_trips(trigger, attempt)


def test_constraints_let_a_replaced_photo_be(clock):
    traveler = make_traveler()
    make_photo(traveler, replaced_at=clock.at)

    make_photo(traveler)

    assert traveler.photos.count() == 2


PAIRS = [(a, b) for a, b in product(PhotoStatus.values, repeat=2) if a != b]


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_photo_moves_only_along_the_table(before, after):
    row = photo(before)
    facts = {"advice": "", "judged_by": None, "judged_at": None} | photo_facts(after)

    refused = is_refused(lambda: change(row, **facts))

    row.refresh_from_db()
    assert refused == (after not in PHOTO_MOVES[before])
    assert row.status == (before if refused else after)


def test_tables_name_every_status():
    assert set(PHOTO_MOVES) == set(PhotoStatus.values)


@pytest.mark.parametrize("advice", Advice.values)
def test_advice_speaks_of_what_can_be_done(advice):
    row = photo("another", advice=advice)

    row.refresh_from_db()
    assert row.get_advice_display().endswith(".")
