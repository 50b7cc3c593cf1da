"""What is said of a photo: who may say it, what follows, and two who press at once."""

import pytest

from cbpone.audit import holding
from cbpone.audit.conflicts import InConflict
from cbpone.audit.models import Event
from cbpone.lib.errors import MovedOn, NotAllowed
from cbpone.photos.models import Photo
from cbpone.photos.statuses import Advice
from officers import photo_review
from officers.queues.photos import QUEUE
from scheduling.models import Registration
from tests.breaking import change
from tests.factories import (
    make_appointment,
    make_auditor,
    make_officer,
    make_supervisor,
    make_travel_officer,
)
from tests.factories.office_photos import (
    make_case_photo,
    make_family_photo,
    make_photo_reviewer,
    photo_facts,
)
from tests.facts import events, told
from tests.officers.nearness import NEAR
from tests.race import at_once, kinds

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer(db):
    return make_photo_reviewer()


@pytest.fixture
def held(reviewer):
    return make_family_photo(by=reviewer)


def good(photo, by):
    return photo_review.approve(photo=photo, by=by)


def another(photo, by, advice="dark"):
    return photo_review.ask_another(photo=photo, advice=advice, by=by)


def at_port(photo, by):
    return photo_review.mark_at_port(photo=photo, by=by)


VERDICTS = {"good": good, "another": another, "at_port": at_port}
EACH = pytest.mark.parametrize("verdict", VERDICTS)


def fresh(photo) -> Photo:
    return Photo.objects.get(pk=photo.pk)


@pytest.mark.parametrize("near", NEAR)
@EACH
def test_verdict_on_who_is_near_is_refused(reviewer, near, verdict):
    photo = near(reviewer)
    change(photo, **photo_facts(by=reviewer))

    with pytest.raises(InConflict):
        VERDICTS[verdict](fresh(photo), reviewer)

    assert fresh(photo).status == "waiting"


# --- Verdicts -----------------------------------------------------------------------------


def test_good_photo_is_judged_and_nobody_is_told(clock, held, reviewer):
    photo = good(held, reviewer)

    assert (photo.status, photo.advice) == ("good", "")
    assert (photo.judged_by, photo.judged_at, photo.taken_by) == (reviewer, clock.at, reviewer)
    assert events(photo.registration) == [("photo_judged", "waiting", "good", reviewer.pk)]
    assert told(photo.account) == []


@pytest.mark.parametrize("advice", Advice.values)
def test_another_photo_is_asked_for_with_advice(held, reviewer, advice):
    photo = another(held, reviewer, advice)

    assert (photo.status, photo.advice) == ("another", advice)
    assert events(photo.registration) == [("photo_judged", "waiting", "another", reviewer.pk)]
    assert Event.objects.get(verb="photo_judged").note == advice
    assert told(photo.account) == [("photo_another", ["email"])]


def test_another_photo_costs_the_family_nothing(held, reviewer):
    family = held.registration
    booked = make_appointment(family)
    member = held.traveler.member
    before = member.photo_at_port

    another(held, reviewer)

    assert Registration.objects.get(pk=family.pk).status == "registered"
    booked.refresh_from_db()
    member.refresh_from_db()
    assert (booked.status, member.photo_at_port) == ("booked", before)


def test_photo_at_the_port_is_noted_for_the_family(held, reviewer):
    change(held.traveler.member, photo_at_port=False)

    photo = at_port(held, reviewer)

    assert photo.status == "at_port"
    members = photo.registration.people()
    assert members.get(traveler=photo.traveler).photo_at_port
    assert told(photo.account) == [("photo_at_port", ["email"])]


@EACH
def test_photo_of_a_case_is_judged_too(reviewer, verdict):
    photo = make_case_photo(by=reviewer)

    VERDICTS[verdict](photo, reviewer)

    assert events(photo.beneficiary) == [("photo_judged", "waiting", verdict, reviewer.pk)]
    wanted = [] if verdict == "good" else [(f"photo_{verdict}", ["email"])]
    assert told(photo.beneficiary.user) == wanted


@EACH
def test_verdict_of_who_does_not_review_is_refused(held, verdict):
    for user in (make_officer(), make_auditor(), held.account, make_travel_officer()):
        with pytest.raises(NotAllowed):
            VERDICTS[verdict](held, user)

    assert fresh(held).status == "waiting"


@EACH
def test_verdict_of_who_does_not_hold_it_is_refused(held, verdict):
    free = make_family_photo()

    for photo in (held, free):
        with pytest.raises(holding.NotHolder):
            VERDICTS[verdict](photo, make_photo_reviewer())

    assert told(held.account) == told(free.account) == []


@pytest.mark.parametrize("before", VERDICTS)
@EACH
def test_verdict_on_a_judged_photo_is_refused(reviewer, before, verdict):
    photo = make_family_photo(status=before, by=reviewer)

    with pytest.raises(MovedOn):
        VERDICTS[verdict](photo, reviewer)

    assert fresh(photo).status == before
    assert not Event.objects.exists()


def stale_judged(photo):
    change(photo, status="good", judged_by=photo.taken_by, judged_at=photo.taken_at)


def stale_replaced(photo):
    change(photo, replaced_at=photo.taken_at)


def stale_given(photo):
    change(photo, taken_by=make_photo_reviewer())


def stale_left(photo):
    change(photo.traveler.member, left_at=photo.taken_at, holds_identity=False)


def stale_withdrawn(photo):
    change(photo.registration, status="withdrawn", withdrawn_at=photo.taken_at)


@pytest.mark.parametrize(
    "happens", [stale_judged, stale_replaced, stale_given, stale_left, stale_withdrawn]
)
@EACH
def test_verdict_on_what_changed_meanwhile_is_refused(held, reviewer, happens, verdict):
    read = Photo.objects.select_related("traveler").get(pk=held.pk)
    happens(held)

    with pytest.raises(MovedOn):
        VERDICTS[verdict](read, reviewer)

    assert told(held.account) == []
    assert not Event.objects.filter(verb="photo_judged").exists()


def test_advice_that_is_none_of_ours_is_a_bug(held, reviewer):
    with pytest.raises(ValueError):
        another(held, reviewer, "ugly")

    assert fresh(held).status == "waiting"


# --- At once ------------------------------------------------------------------------------

race = pytest.mark.race
committed = pytest.mark.django_db(transaction=True)


@race
@committed
def test_take_by_five_officers_at_once_gives_each_photo_once():
    photos = {make_family_photo().pk for _ in range(5)}
    officers = [make_photo_reviewer() for _ in range(5)]

    outcomes = at_once(lambda one=one: QUEUE.take_next(by=one) for one in officers)

    assert {photo.pk for photo in outcomes} == photos
    assert Event.objects.filter(verb="taken").count() == 5


@race
@committed
def test_take_by_more_officers_than_photos_leaves_the_last_without():
    photos = {make_family_photo().pk for _ in range(2)}
    officers = [make_photo_reviewer() for _ in range(4)]

    outcomes = at_once(lambda one=one: QUEUE.take_next(by=one) for one in officers)

    assert {photo.pk for photo in outcomes if photo} == photos
    assert outcomes.count(None) == 2


@race
@committed
def test_take_from_three_tabs_gives_one_officer_one_photo():
    for _ in range(3):
        make_family_photo()
    reviewer = make_photo_reviewer()

    outcomes = at_once([lambda: QUEUE.take_next(by=reviewer)] * 3)

    assert len({photo.pk for photo in outcomes}) == 1
    assert Photo.objects.filter(taken_by=reviewer).count() == 1


@race
@committed
@pytest.mark.parametrize("seed", range(3))
def test_verdicts_from_two_tabs_are_one(seed):
    reviewer = make_photo_reviewer()
    held = make_family_photo(by=reviewer)
    one, other = fresh(held), fresh(held)

    outcomes = at_once([lambda: good(one, reviewer), lambda: another(other, reviewer)])

    assert kinds(outcomes) == ["MovedOn", "ok"]
    assert len(told(held.account)) == (fresh(held).status == "another")
    assert Event.objects.filter(verb="photo_judged").count() == 1


@race
@committed
@pytest.mark.parametrize("seed", range(3))
def test_verdict_while_a_supervisor_gives_it_to_another_is_one_or_the_other(seed, port):
    reviewer, colleague = make_photo_reviewer(), make_photo_reviewer()
    supervisor = make_supervisor(port)
    held = make_family_photo(by=reviewer)
    one, other = fresh(held), fresh(held)

    outcomes = at_once(
        [
            lambda: good(one, reviewer),
            lambda: QUEUE.reassign(other, to=colleague, reason="Ill", by=supervisor),
        ]
    )

    judged = not isinstance(outcomes[0], Exception)
    assert kinds(outcomes).count("ok") == 1
    assert fresh(held).taken_by == (reviewer if judged else colleague)
    assert fresh(held).status == ("good" if judged else "waiting")
