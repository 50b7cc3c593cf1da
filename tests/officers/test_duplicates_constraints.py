"""What the database refuses of pairs, whoever asks."""

import pytest

from cbpone.lib import clock as the_clock
from officers.models import Likeness
from tests.audit.tripping import check_trips
from tests.breaking import change, check_refuses
from tests.factories import make_officer, make_traveler
from tests.factories.office_likenesses import make_likeness

pytestmark = pytest.mark.django_db


def twice():
    row = make_likeness()
    make_likeness(row.first, row.second)


def turned_round():
    first, second = make_traveler(), make_traveler()
    Likeness.objects.create(first=second, second=first, score=90, band="likely")


def with_itself():
    one = make_traveler()
    Likeness.objects.create(first=one, second=one, score=90, band="likely")


BAND = "likeness_band_follows_score"
JUDGED = "likeness_judged_has_who_when_and_why"
NOW = the_clock.now
BREAKS = [
    ("likeness_once_a_pair", twice),
    ("likeness_pair_ordered", turned_round),
    ("likeness_pair_ordered", with_itself),
    (BAND, lambda: make_likeness(band="certain")),
    (BAND, lambda: make_likeness(score=79, band="likely")),
    (BAND, lambda: make_likeness(score=101, band="likely")),
    (BAND, lambda: make_likeness(score=80, band="possible")),
    (BAND, lambda: make_likeness(score=54, band="possible")),
    ("likeness_taken_has_who_and_when", lambda: change(make_likeness(), taken_at=NOW())),
    ("likeness_taken_has_who_and_when", lambda: change(make_likeness(), taken_by=make_officer())),
    ("likeness_verdict_known", lambda: make_likeness(verdict="maybe")),
    (JUDGED, lambda: change(make_likeness(), verdict="same")),
    (JUDGED, lambda: change(make_likeness(), judged_at=NOW())),
    (JUDGED, lambda: change(make_likeness(), judged_by=make_officer())),
    (JUDGED, lambda: make_likeness(verdict="same", note="")),
    (JUDGED, lambda: make_likeness(verdict="same", judged_by=None)),
    (JUDGED, lambda: make_likeness(verdict="same", judged_at=None)),
]


@pytest.mark.parametrize(("constraint", "attempt"), BREAKS)
def test_database_refuses(constraint, attempt):
    check_refuses(constraint, attempt)


ONCE = "officers_likeness.first_id_set_once"
FINAL = "officers_likeness.verdict_final"
TRIPS = [
    (ONCE, lambda: change(make_likeness(), second=make_traveler())),
    (ONCE, lambda: change(make_likeness(second=make_traveler()), first=make_traveler())),
    (ONCE, lambda: change(make_likeness(), found_at=NOW())),
    (FINAL, lambda: change(make_likeness(verdict="same"), verdict="different")),
    (FINAL, lambda: change(make_likeness(verdict="same"), note="Rewritten.")),
    (FINAL, lambda: change(make_likeness(verdict="same"), score=81)),
    (FINAL, lambda: change(make_likeness(verdict="unsure"), judged_by=make_officer())),
]


@pytest.mark.parametrize(("trigger", "attempt"), TRIPS)
def test_trigger_refuses(trigger, attempt):
    check_trips(trigger, attempt)
