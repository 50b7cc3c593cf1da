import pytest

from cbpone.lib import clock as the_clock
from tests.audit.tripping import check_trips
from tests.breaking import change, check_refuses
from tests.factories import make_supervisor
from tests.factories.office_drift import make_drift, make_figure

pytestmark = pytest.mark.django_db


def twice(make):
    make()
    make()


def seen():
    return make_drift(seen_at=the_clock.now(), seen_by=make_supervisor(), note="A new camera")


ADDS_UP, SEEN = "photo_figure_adds_up", "photo_drift_seen_has_who_and_why"
SHARES = "photo_drift_shares_possible"
BREAKS = [
    ("photo_figure_once_a_day", lambda: twice(make_figure)),
    ("photo_figure_kind_known", lambda: make_figure(kind="skin")),
    (ADDS_UP, lambda: make_figure(refused=101)),
    (ADDS_UP, lambda: make_figure(refused=1)),
    (ADDS_UP, lambda: make_figure(hinted=101)),
    (ADDS_UP, lambda: make_figure(face_not_found=1)),
    ("photo_drift_kind_known", lambda: make_drift(kind="skin")),
    ("photo_drift_measure_known", lambda: make_drift(measure="beauty")),
    (SHARES, lambda: make_drift(share=1001)),
    (SHARES, lambda: make_drift(others=1001)),
    (SEEN, lambda: make_drift(seen_at=the_clock.now())),
    (SEEN, lambda: make_drift(note="Half a note")),
    (SEEN, lambda: make_drift(seen_at=the_clock.now(), seen_by=make_supervisor())),
    ("photo_drift_open_once", lambda: twice(make_drift)),
]
TRIPS = [
    ("photos_photodrift.seen_at_set_once", lambda: change(seen(), seen_by=make_supervisor())),
]


@pytest.mark.parametrize(("constraint", "attempt"), BREAKS)
def test_row_that_cannot_be_is_refused(constraint, attempt):
    check_refuses(constraint, attempt)


@pytest.mark.parametrize(("trigger", "attempt"), TRIPS)
def test_value_that_stands_is_refused_a_change(trigger, attempt):
    check_trips(trigger, attempt)


def test_one_that_was_looked_into_lets_the_next_be_open():
    seen()

    make_drift()
