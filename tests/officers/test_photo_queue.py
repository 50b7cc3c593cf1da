"""Which photos wait, in which order, for whom; and who may see the files."""

from datetime import timedelta

import pytest

from cbpone.audit import holding
from cbpone.photos.models import Photo
from cbpone.photos.seeing import photos_visible_to
from officers.queues.photos import QUEUE, photo_filter
from tests.breaking import change
from tests.factories import (
    make_appointment,
    make_beneficiary,
    make_officer,
    make_photo,
    make_registration,
    make_slot,
    make_travel_officer,
    make_traveler,
)
from tests.factories.office_duties import make_conflict
from tests.factories.office_photos import (
    make_case_photo,
    make_family_photo,
    make_photo_reviewer,
    photo_facts,
)
from tests.officers.nearness import NEAR

pytestmark = pytest.mark.django_db
JUDGED = ["good", "another", "at_port"]


@pytest.fixture
def reviewer(db):
    return make_photo_reviewer()


def waits(user) -> list[Photo]:
    return list(QUEUE.waits(user))


# --- The queue ----------------------------------------------------------------------------


def test_queue_is_who_has_an_appointment_soonest_then_the_oldest(clock, reviewer):
    young = make_family_photo(added_at=clock.at)
    old = make_case_photo(added_at=clock.at - timedelta(days=3))
    later, soon = (make_family_photo(added_at=clock.at) for _ in range(2))
    make_appointment(later.registration, make_slot(days_ahead=4))
    make_appointment(soon.registration, make_slot(days_ahead=2))

    assert waits(reviewer) == [soon, later, old, young]


def test_queue_counts_no_appointment_that_is_over_or_cancelled(clock, reviewer):
    old = make_family_photo(added_at=clock.at - timedelta(days=1))
    cancelled, missed = (make_family_photo(added_at=clock.at) for _ in range(2))
    make_appointment(cancelled.registration, make_slot(), status="cancelled")
    make_appointment(missed.registration, make_slot(days_ahead=-1))

    assert waits(reviewer) == [old, cancelled, missed]


@pytest.mark.parametrize("status", ["registered", "changing"])
def test_queue_holds_photos_of_signed_families(reviewer, status):
    photo = make_family_photo()
    change(photo.registration, status=status)

    assert waits(reviewer) == [photo]


def test_queue_holds_no_photo_of_families_that_ask_for_nothing(clock, reviewer):
    draft = make_registration(people=1, signed=False)
    make_photo(draft.people().get().traveler)
    withdrawn = make_family_photo()
    change(withdrawn.registration, status="withdrawn", withdrawn_at=clock.at)
    left = make_family_photo()
    change(left.traveler.member, left_at=clock.at, holds_identity=False)
    make_photo(make_traveler())

    assert waits(reviewer) == []


def test_queue_holds_no_photo_that_was_replaced_or_judged(clock, reviewer):
    make_family_photo(replaced_at=clock.at)
    for status in JUDGED:
        make_family_photo(status=status)

    assert waits(reviewer) == []


@pytest.mark.parametrize(
    ("disposition", "is_there"),
    [("nta_parole", False), ("did_not_come", True), ("turned_back", True)],
)
def test_queue_leaves_out_who_has_been_through_the_port(clock, reviewer, disposition, is_there):
    photo = make_family_photo()
    officer = make_officer()
    here = make_appointment(photo.registration, status="checked_in", checked_in_by=officer)
    row = here.attendances.get(traveler=photo.traveler)
    change(row, disposition=disposition, disposed_at=clock.at, disposed_by=officer)

    assert (photo in waits(reviewer)) is is_there


@pytest.mark.parametrize(
    ("status", "is_there"),
    [
        ("details_confirmed", False),
        ("attested", False),
        ("photo_submitted", True),
        ("ata_pending", True),
        ("ata_approved", True),
        ("ata_expired", True),
        ("ata_denied", False),
        ("travelled", False),
        ("paroled", False),
    ],
)
def test_queue_holds_photos_of_people_who_are_to_travel(reviewer, status, is_there):
    photo = make_case_photo(make_beneficiary(status=status, photo=False))

    assert waits(reviewer) == ([photo] if is_there else [])


@pytest.mark.parametrize("near", NEAR)
def test_reviewer_never_gets_who_is_near_to_them(reviewer, near):
    photo = near(reviewer)

    assert photo not in waits(reviewer)
    assert photo in waits(make_photo_reviewer())
    assert not Photo.objects.filter(photo_filter(reviewer)).exists()


def test_photo_held_before_the_conflict_stays_until_it_is_put_back(reviewer):
    held = make_family_photo(by=reviewer)
    make_conflict(reviewer, case=held.registration.reference)

    assert QUEUE.take_next(by=reviewer) == held
    assert not photos_visible_to(reviewer).exists()
    holding.put_back(held, reason="My cousin", by=reviewer)
    assert waits(reviewer) == []


# --- Who sees the files -------------------------------------------------------------------


def test_reviewer_sees_photos_of_the_queue_and_those_before(clock, reviewer):
    photo = make_family_photo()
    before = make_photo(photo.traveler, replaced_at=clock.at, **photo_facts("another"))
    make_family_photo(status="good")
    make_photo(make_traveler())

    assert set(photos_visible_to(reviewer)) == {photo, before}


@pytest.mark.parametrize("status", JUDGED)
def test_reviewer_sees_no_photo_that_is_judged(reviewer, status):
    make_family_photo(status=status, by=reviewer)

    assert not photos_visible_to(reviewer).exists()


def test_other_officers_see_no_photo_by_the_queue():
    make_family_photo()

    for officer in (make_officer(), make_travel_officer()):
        assert not photos_visible_to(officer).exists()
