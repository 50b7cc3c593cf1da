import pytest

from tests.breaking import check_refuses
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


def test_constraints_let_a_replaced_photo_be(clock):
    traveler = make_traveler()
    make_photo(traveler, replaced_at=clock.at)

    make_photo(traveler)

    assert traveler.photos.count() == 2
