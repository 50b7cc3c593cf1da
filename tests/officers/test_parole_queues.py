"""The queues of reviews and travel: what waits and how long, who may take it, giving it on."""

from datetime import timedelta

import pytest
from django.urls import reverse

from cbpone.audit import conflicts, holding
from cbpone.audit.models import Event
from cbpone.lib import clock as the_clock
from officers.queues.reviews import QUEUE as REVIEWS
from officers.queues.travel import QUEUE as TRAVEL
from parole.models import Beneficiary, SupportRequest
from tests.breaking import change
from tests.factories import (
    make_beneficiary,
    make_cap,
    make_parole_supervisor,
    make_request,
    make_reviewer,
    make_selection,
    make_travel_officer,
)
from tests.facts import events
from tests.officers.reviewing import get, queries
from tests.parole.reviewing import decide, make_flag
from tests.parole.waiting import make_queued, make_taken
from tests.race import at_once, kinds

pytestmark = pytest.mark.django_db
LISTS = ["/officers/reviews/", "/officers/travel/"]


@pytest.fixture
def supervisor(db):
    return make_parole_supervisor()


def chosen(days=0, **values) -> SupportRequest:
    """Chosen so many days ago."""
    at = the_clock.now() - timedelta(days=days)
    return make_request(status="selected", selection=make_selection(at.date(), ran_at=at), **values)


def sent(hours=0, officer=None, **values) -> Beneficiary:
    row = make_taken(officer, **values) if officer else make_beneficiary(status="ata_pending")
    change(row, submitted_at=the_clock.now() - timedelta(hours=hours))
    return Beneficiary.objects.get(pk=row.pk)


def test_reviews_count_what_waits_and_what_is_late(clock, settings):
    settings.TARGET_HOURS = settings.TARGET_HOURS | {"reviews": 48}
    reviewer = make_reviewer()
    oldest = chosen(days=3)
    chosen(days=1, taken_by=reviewer)
    chosen(taken_by=make_reviewer())
    decide(chosen(days=9, taken_by=reviewer), "more_info", reviewer)
    decide(chosen(days=8, taken_by=reviewer), "not_confirm", reviewer)
    make_request(reviewer, status="selected")

    assert REVIEWS.numbers(reviewer) == {
        "waiting": 3, "free": 1, "own": 1, "late": 1, "oldest": oldest.selection.ran_at,
    }  # fmt: skip


def test_travel_counts_what_waits_but_not_who_waits_for_a_number(clock, settings):
    settings.TARGET_HOURS = settings.TARGET_HOURS | {"travel": 48}
    make_cap(cap=1, used=1)
    officer = make_travel_officer()
    oldest = sent(hours=50)
    sent(hours=2, officer=officer)
    make_queued(hours=-99)

    assert TRAVEL.numbers(officer) == {
        "waiting": 2, "free": 1, "own": 1, "late": 1, "oldest": oldest.submitted_at,
    }  # fmt: skip


def test_queue_takes_in_the_turn_of_its_own_page():
    make_cap(cap=5)
    first, second = chosen(days=2), chosen()
    waited, fresh = make_queued(), sent(hours=99)

    reviewers = [make_reviewer() for _ in range(3)]
    assert [REVIEWS.take_next(by=one) for one in reviewers] == [first, second, None]
    officers = [make_travel_officer() for _ in range(3)]
    assert [TRAVEL.take_next(by=one) for one in officers] == [waited, fresh, None]


@pytest.mark.parametrize("make", [make_travel_officer, make_reviewer])
def test_work_of_another_role_is_not_given(supervisor, make):
    queue = REVIEWS if make is make_travel_officer else TRAVEL
    row = queue.waits(supervisor).get(pk=(chosen() if queue is REVIEWS else sent()).pk)

    with pytest.raises(holding.CannotTake):
        queue.reassign(row, to=make(), reason="Ill", by=supervisor)


def test_work_one_stands_too_near_to_is_not_given(supervisor):
    reviewer, row = make_reviewer(), chosen()
    conflicts.declare(by=reviewer, case=row.beneficiary.reference, relation="friend")

    with pytest.raises(holding.CannotTake):
        REVIEWS.reassign(row, to=reviewer, reason="Ill", by=supervisor)

    row.refresh_from_db()
    assert row.taken_by is None


@pytest.mark.parametrize("outcome", ["confirm", "not_confirm", "more_info"])
def test_what_is_decided_proposed_or_asked_is_not_given_on(supervisor, outcome):
    row = chosen(taken_by=make_reviewer())
    decide(row, outcome, row.taken_by)

    with pytest.raises(holding.CannotTake):
        REVIEWS.reassign(row, to=make_reviewer(), reason="Ill", by=supervisor)


@pytest.mark.parametrize("key", ["reviews", "travel"])
def test_supervisor_gives_the_case_to_another_officer(client, supervisor, key):
    make = {"reviews": make_reviewer, "travel": make_travel_officer}[key]
    one, other = make(), make()
    row = chosen(taken_by=one) if key == "reviews" else sent(officer=one)
    address = reverse("officers:queue_assign", args=[key, row.pk])
    page = {"reviews": "review", "travel": "travel_case"}[key]

    assert address in get(client, supervisor, f"/officers/{key}/")
    assert address in get(client, supervisor, reverse(f"officers:{page}", args=[row.reference]))
    client.post(address, {"officer": other.pk, "reason": "The officer is ill"})

    row.refresh_from_db()
    assert row.taken_by == other
    given = Event.objects.get(verb="reassigned")
    assert (given.case, given.by) == (row.reference, supervisor)
    assert "The officer is ill" in given.note


@pytest.mark.parametrize("key", ["reviews", "travel"])
def test_officers_are_not_offered_to_give_work_on(client, key):
    make = {"reviews": make_reviewer, "travel": make_travel_officer}[key]
    officer = make()
    row = chosen(taken_by=officer) if key == "reviews" else sent(officer=officer)
    page = {"reviews": "review", "travel": "travel_case"}[key]

    for address in (f"/officers/{key}/", reverse(f"officers:{page}", args=[row.reference])):
        text = get(client, officer, address)
        assert "/assign/" not in text
        assert row.reference in text


def test_pages_say_how_long_work_waits_and_what_the_target_is(client, supervisor, clock, settings):
    settings.TARGET_HOURS = settings.TARGET_HOURS | {"reviews": 240, "travel": 120}
    chosen(days=11, taken_by=make_reviewer())
    sent(hours=200, officer=make_travel_officer())

    reviews, journeys = (get(client, supervisor, address) for address in LISTS)

    for page, age, target in (
        (reviews, "11 days ago", "within 10 days of the selection"),
        (journeys, "8 days ago", "within 5 days after everything was sent"),
    ):
        assert age in page
        assert target in page
        assert '<span class="chip chip-late">late</span>' in page
        assert "<dt>late</dt><dd>1</dd>" in page


def add_rows():
    """One more line of every list of the supervisor's pages."""
    reviewer = make_reviewer()
    chosen(taken_by=reviewer)
    chosen()
    decide(chosen(taken_by=reviewer), "not_confirm", reviewer)
    make_flag(make_request(status="confirmed"))
    sent(officer=make_travel_officer())
    sent()


@pytest.mark.parametrize("address", LISTS)
def test_lists_of_a_supervisor_ask_as_much_for_three_rows_as_for_one(client, supervisor, address):
    client.force_login(supervisor)
    add_rows()
    before = queries(client, address)

    add_rows()
    add_rows()

    assert queries(client, address) == before


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_case_decided_while_it_is_given_on_stays_with_who_decided():
    boss, one, other = make_parole_supervisor(), make_reviewer(), make_reviewer()
    row = chosen(taken_by=one)
    mine, given = (SupportRequest.objects.get(pk=row.pk) for _ in range(2))

    done = at_once(
        [
            lambda: decide(mine, "confirm", one),
            lambda: REVIEWS.reassign(given, to=other, reason="Ill", by=boss),
        ]
    )

    row.refresh_from_db()
    assert kinds(done) in (["CannotTake", "ok"], ["NotYours", "ok"])
    decided = (row.status, row.taken_by, row.decided_by)
    assert decided in [("confirmed", one, one), ("selected", other, None)]
    assert len([event for event in events(row) if event[0] in ("confirmed", "reassigned")]) == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_case_given_on_and_taken_at_once_is_with_one_officer():
    boss, one, other = make_parole_supervisor(), make_travel_officer(), make_travel_officer()
    row = sent()
    seen = TRAVEL.waits(boss).get(pk=row.pk)

    done = at_once(
        [
            lambda: TRAVEL.take_next(by=one),
            lambda: TRAVEL.reassign(seen, to=other, reason="Knows the family", by=boss),
        ]
    )

    row.refresh_from_db()
    holders = [event for event in events(row) if event[0] in ("taken", "reassigned")]
    assert len(holders) == 1
    assert row.taken_by in (one, other)
    assert "ok" in kinds(done)
