import pytest

from cbpone.lib import clock as the_clock
from tests.audit.tripping import check_trips
from tests.breaking import change, check_refuses
from tests.factories import make_photo, make_traveler

pytestmark = pytest.mark.django_db


def two_current():
    traveler = make_traveler()
    make_photo(traveler)
    make_photo(traveler)


BREAKS = [
    ("photo_one_current", two_current),
    ("photo_size_possible", lambda: make_photo(make_traveler(), width=99)),
    ("photo_size_possible", lambda: make_photo(make_traveler(), height=1201)),
]


@pytest.mark.parametrize(("constraint", "attempt"), BREAKS)
def test_constraint_holds(constraint, attempt):
    check_refuses(constraint, attempt)


def photo(**values):
    return make_photo(make_traveler(), **values)


STANDS = "photos_photo.replaced_at_set_once"
TRIPS = [
    (STANDS, lambda: change(photo(replaced_at=the_clock.now()), replaced_at=None)),
    (STANDS, lambda: change(photo(), traveler=make_traveler())),
    (STANDS, lambda: change(photo(), file="photos/ab/other.jpg")),
]


@pytest.mark.parametrize(("trigger", "attempt"), TRIPS)
def test_value_that_stands_is_refused_a_change(trigger, attempt):
    check_trips(trigger, attempt)


def test_constraints_let_a_replaced_photo_be(clock):
    traveler = make_traveler()
    make_photo(traveler, replaced_at=clock.at)

    make_photo(traveler)

    assert traveler.photos.count() == 2
