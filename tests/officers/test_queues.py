"""The pages of every queue: numbers, taking the next, giving to another, putting back."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from cbpone.accounts.roles import PHOTO_REVIEWER
from cbpone.audit.models import Event
from cbpone.photos.models import Photo
from officers import queues
from officers.queues.lines import figures, span, takers, target_words
from officers.queues.photos import QUEUE
from tests.breaking import change
from tests.factories import (
    make_airport_officer,
    make_auditor,
    make_officer,
    make_parole_supervisor,
    make_reviewer,
    make_supervisor,
    make_travel_officer,
)
from tests.factories.office_duties import make_conflict
from tests.factories.office_photos import make_family_photo, make_photo_reviewer
from tests.officers.nearness import of_declared_number, of_relatives_family, own
from tests.officers.reviewing import get, post, queries

pytestmark = pytest.mark.django_db
HOME = "/officers/queues/photos/"


@pytest.fixture
def reviewer(db):
    return make_photo_reviewer(name="Rita Reviewer")


@pytest.fixture
def boss(port):
    return make_supervisor(port, name="Sam Supervisor")


def page_of(photo, verb) -> str:
    return f"{HOME}{photo.pk}/{verb}/"


def text_of(page: str) -> str:
    return " ".join(page.split())


# --- Which there are ----------------------------------------------------------------------


def test_queues_are_known_by_key_in_one_order():
    keys = [queue.key for queue in queues.ALL]

    assert keys == ["photos", "urgent", "duplicates", "reviews", "travel"]
    assert all(queues.by_key(key).key == key for key in keys)
    assert queues.by_key("nothing") is None


@pytest.mark.parametrize(
    ("make", "keys"),
    [
        (make_photo_reviewer, ["photos"]),
        (make_officer, ["urgent", "duplicates"]),
        (make_supervisor, ["photos", "urgent", "duplicates"]),
        (make_reviewer, ["duplicates", "reviews"]),
        (make_travel_officer, ["travel"]),
        (make_parole_supervisor, ["photos", "duplicates", "reviews", "travel"]),
        (make_airport_officer, []),
        (make_auditor, []),
    ],
)
def test_queues_of_a_role_are_its_own(make, keys):
    assert [queue.key for queue in queues.for_user(make())] == keys


# --- Ages and targets ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("time", "words"),
    [
        ({"seconds": -5}, "less than a minute"),
        ({"seconds": 59}, "less than a minute"),
        ({"seconds": 60}, "1 minute"),
        ({"minutes": 59, "seconds": 59}, "59 minutes"),
        ({"minutes": 60}, "1 hour"),
        ({"hours": 23, "minutes": 59}, "23 hours"),
        ({"hours": 24}, "1 day"),
        ({"days": 400, "hours": 23}, "400 days"),
    ],
)
def test_span_is_the_largest_unit_alone(time, words):
    assert span(timedelta(**time)) == words


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (1, "within 1 hour"),
        (24, "within 24 hours"),
        (48, "within 48 hours"),
        (72, "within 3 days"),
        (100, "within 100 hours"),
    ],
)
def test_target_is_told_in_words(settings, hours, words):
    settings.TARGET_HOURS = settings.TARGET_HOURS | {"photos": hours}

    assert target_words(QUEUE) == words


def test_figures_count_what_waits_and_what_is_late(clock, settings, reviewer):
    settings.TARGET_HOURS = settings.TARGET_HOURS | {"photos": 24}
    make_family_photo(added_at=clock.at - timedelta(hours=25))
    make_family_photo(added_at=clock.at - timedelta(hours=30), by=make_photo_reviewer())
    make_family_photo(added_at=clock.at - timedelta(hours=24), by=reviewer)
    own(reviewer)

    found = figures(QUEUE, reviewer)

    assert found == {
        "waiting": 3,
        "free": 1,
        "own": 1,
        "late": 2,
        "oldest": clock.at - timedelta(hours=30),
        "age": "1 day",
    }


def test_figures_of_an_empty_queue_are_none(reviewer):
    assert figures(QUEUE, reviewer)["age"] == ""


# --- The page -----------------------------------------------------------------------------


def test_page_tells_numbers_target_and_who_holds_what(client, clock, reviewer):
    free = make_family_photo(added_at=clock.at - timedelta(hours=30))
    mine = make_family_photo(added_at=clock.at - timedelta(hours=3), by=reviewer)
    theirs = make_family_photo(by=make_photo_reviewer(name="Otto Other"))
    clock.forward(minutes=5)

    page = text_of(get(client, reviewer, HOME))

    assert "Target: within 24 hours after it came." in page
    assert "<dt>wait</dt><dd>3</dd>" in page
    assert "<dt>the oldest has waited</dt><dd>1 day</dd>" in page
    assert f"You hold {mine.traveler}." in page
    assert f'href="/officers/photos/{mine.reference}/">{mine.traveler}</a>' in page
    assert "Rita Reviewer, for 5 minutes" in page
    assert "Otto Other, for 5 minutes" in page
    assert str(theirs.traveler) in page
    assert str(free.traveler) not in page
    assert '<span class="chip chip-todo">in time</span>' in page
    assert "Give to an officer" not in page
    assert Event.objects.get(verb="viewed").note == "queue photos"


def test_page_shows_who_gives_out_work_the_free_ones_too(client, clock, boss):
    free = make_family_photo(added_at=clock.at - timedelta(hours=30))
    theirs = make_family_photo(by=make_photo_reviewer())

    page = get(client, boss, HOME)

    assert str(free.traveler) in page
    assert '<span class="chip chip-late">late</span>' in page
    for photo in (free, theirs):
        assert page_of(photo, "assign") in page
    assert page_of(theirs, "put-back") in page
    assert page_of(free, "put-back") not in page


def test_page_of_an_empty_queue_says_so(client, reviewer):
    page = get(client, reviewer, HOME)

    assert "Nothing waits for you here now." in page
    assert "Take the next one" not in page


def test_page_has_a_constant_number_of_queries(client, boss):
    counts = []
    for _ in range(2):
        for by in (None, boss, make_photo_reviewer()):
            make_family_photo(by=by)
        counts.append(queries(client_of(client, boss), HOME))

    assert counts[0] == counts[1] <= 60


def client_of(client, user):
    client.force_login(user)
    return client


def test_page_lists_fifty_of_each_kind(client, boss, monkeypatch):
    monkeypatch.setattr("officers.queues.lines.MOST", 2)
    for _ in range(3):
        make_family_photo()

    assert get(client, boss, HOME).count("Give to an officer<span") == 2


@pytest.mark.parametrize("key", ["reviews", "travel"])
def test_page_of_a_queue_with_a_home_of_its_own_leads_there(client, key):
    client.force_login(make_parole_supervisor())

    assert client.get(f"/officers/queues/{key}/").url == f"/officers/{key}/"


VERBS = ["", "take/", "1/put-back/", "1/assign/"]


@pytest.mark.parametrize("verb", VERBS)
def test_pages_are_for_who_works_on_the_queue(client, applicant, officer, auditor, verb):
    for user in (applicant, officer, auditor, make_travel_officer()):
        client.force_login(user)
        assert client.post(HOME + verb).status_code in (403, 405)
        assert client.get(HOME + verb).status_code in (403, 405)


@pytest.mark.parametrize("verb", VERBS)
def test_pages_of_no_queue_are_not_found(client, boss, verb):
    client.force_login(boss)

    for ask in (client.get, client.post):
        assert ask("/officers/queues/nothing/" + verb).status_code in (404, 405)


# --- Take ---------------------------------------------------------------------------------


def test_take_opens_the_next_and_holds_it(client, clock, reviewer):
    photo = make_family_photo()

    response = post(client, reviewer, f"{HOME}take/")

    photo.refresh_from_db()
    assert response.url == f"/officers/photos/{photo.reference}/"
    assert (photo.taken_by, photo.taken_at) == (reviewer, clock.at)
    assert Event.objects.get(verb="taken").by == reviewer


def test_take_goes_on_with_what_is_held(client, reviewer):
    held = make_family_photo(by=reviewer)
    make_family_photo()

    assert post(client, reviewer, f"{HOME}take/").url == f"/officers/photos/{held.reference}/"
    assert not Event.objects.exists()


def test_take_from_an_empty_queue_says_so(client, reviewer):
    make_family_photo(by=make_photo_reviewer())

    client.force_login(reviewer)
    page = client.post(f"{HOME}take/", follow=True).content.decode()

    assert "Nothing waits for you here now." in page


def test_take_by_get_is_refused(client, reviewer):
    client.force_login(reviewer)

    assert client.get(f"{HOME}take/").status_code == 405


# --- Put back -----------------------------------------------------------------------------


def test_put_back_by_the_holder_frees_it(client, reviewer):
    held = make_family_photo(by=reviewer)

    assert "Put it back" in get(client, reviewer, page_of(held, "put-back"))
    response = post(client, reviewer, page_of(held, "put-back"), reason="I know him")

    held.refresh_from_db()
    assert response.url == HOME
    assert (held.taken_by, held.taken_at) == (None, None)
    event = Event.objects.get(verb="put_back")
    assert (event.by, event.note) == (reviewer, "I know him")


def test_put_back_by_a_supervisor_frees_it_too(client, boss):
    held = make_family_photo(by=make_photo_reviewer())

    post(client, boss, page_of(held, "put-back"), reason="On leave")

    assert Photo.objects.get().taken_by is None


def test_put_back_without_a_reason_asks_for_it(client, reviewer):
    held = make_family_photo(by=reviewer)

    response = post(client, reviewer, page_of(held, "put-back"), reason=" ")

    assert response.status_code == 200
    assert "Write why. It stays on record." in response.content.decode()
    assert Photo.objects.get().taken_by == reviewer


@pytest.mark.parametrize("ask", ["get", "post"])
def test_put_back_by_who_does_not_hold_it_is_refused(client, reviewer, ask):
    held = make_family_photo(by=make_photo_reviewer())
    client.force_login(reviewer)

    answer = getattr(client, ask)(page_of(held, "put-back"), {"reason": "x"}, follow=True)

    assert "Only who took it can do that." in answer.content.decode()
    assert Photo.objects.get().taken_by == held.taken_by


@pytest.mark.parametrize("verb", ["put-back", "assign"])
@pytest.mark.parametrize("ask", ["get", "post"])
def test_row_that_waits_no_more_is_told_plainly(client, boss, verb, ask):
    judged = make_family_photo(status="good", by=boss)
    client.force_login(boss)

    for number in (judged.pk, 10**30):
        url = f"{HOME}{number}/{verb}/"
        answer = getattr(client, ask)(url, {"reason": "x"}, follow=True)
        assert "This has changed since you opened the page." in answer.content.decode()
    assert Photo.objects.get().taken_by == boss


@pytest.mark.parametrize("key", ["reviews", "travel"])
def test_put_back_of_queues_with_their_own_rules_is_not_here(client, key):
    client.force_login(make_parole_supervisor())

    assert client.get(f"/officers/queues/{key}/1/put-back/").status_code == 404


# --- Give to another ----------------------------------------------------------------------


def test_assign_gives_it_to_the_officer_with_a_reason(client, clock, boss, reviewer):
    held = make_family_photo(by=make_photo_reviewer())

    response = post(client, boss, page_of(held, "assign"), officer=reviewer.pk, reason="Quicker")

    held.refresh_from_db()
    assert response.url == HOME
    assert (held.taken_by, held.taken_at) == (reviewer, clock.at)
    event = Event.objects.get(verb="reassigned")
    assert (event.by, event.note) == (boss, "Rita Reviewer: Quicker")


def test_assign_names_only_who_may_take_it(client, boss):
    holder, free = make_photo_reviewer(), make_photo_reviewer()
    photo = make_family_photo(by=holder)
    near, gone = make_photo_reviewer(), make_photo_reviewer(is_active=False)
    make_conflict(near, case=photo.registration.reference)
    applicant_too = make_photo_reviewer(is_staff=False)
    make_travel_officer()

    assert set(takers(QUEUE, photo)) == {boss, free}
    page = get(client, boss, page_of(photo, "assign"))
    for user in (holder, near, gone, applicant_too):
        assert f'value="{user.pk}"' not in page


@pytest.mark.parametrize("near", [own, of_declared_number, of_relatives_family])
def test_assign_to_who_is_too_near_is_refused(client, boss, reviewer, near):
    photo = near(reviewer)

    answer = post(client, boss, page_of(photo, "assign"), officer=reviewer.pk, reason="x")

    assert answer.status_code == 200
    assert "Choose one from the list." in answer.content.decode()
    assert Photo.objects.get(pk=photo.pk).taken_by is None


def test_assign_without_an_officer_keeps_what_was_typed(client, boss, reviewer):
    photo = make_family_photo()

    page = post(client, boss, page_of(photo, "assign"), reason="She asked").content.decode()

    assert "Choose an officer." in page
    assert "She asked" in page


def test_assign_without_anybody_says_so(client, boss):
    photo = make_family_photo(by=boss)

    assert "No other officer may work on this" in get(client, boss, page_of(photo, "assign"))


def test_assign_by_who_only_reviews_is_forbidden(client, reviewer):
    photo = make_family_photo()

    assert post(client, reviewer, page_of(photo, "assign")).status_code == 403


def test_assign_between_pages_is_refused_when_it_moved(client, boss, reviewer, monkeypatch):
    photo = make_family_photo()
    seen = Photo.objects.get(pk=photo.pk)
    change(photo, taken_by=make_photo_reviewer(), taken_at=photo.added_at)
    monkeypatch.setattr("officers.views.queues._row", lambda *of: seen)

    page = post(client, boss, page_of(photo, "assign"), officer=reviewer.pk, reason="x")

    assert "This has changed since you opened the page." in page.content.decode()
    assert Photo.objects.get().taken_by != reviewer


@pytest.mark.parametrize("key", ["urgent", "duplicates"])
def test_other_queues_have_the_same_page(client, boss, key):
    assert "You hold none." in get(client, boss, reverse("officers:queue", args=[key]))


def test_user_with_two_roles_works_on_both(port):
    user = make_officer(port)
    user.groups.add(Group.objects.get(name=PHOTO_REVIEWER))

    assert [queue.key for queue in queues.for_user(user)] == ["photos", "urgent", "duplicates"]
