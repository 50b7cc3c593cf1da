"""The desk for photos: what it shows and hides, one verdict after the other, stale pages."""

from datetime import timedelta

import pytest

from cbpone.audit.models import Event
from cbpone.photos.models import Photo
from cbpone.photos.statuses import Advice, PhotoStatus
from officers.templatetags.photowords import CHIPS
from tests.breaking import change
from tests.factories import (
    make_appointment,
    make_auditor,
    make_officer,
    make_photo,
    make_slot,
    make_supervisor,
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
from tests.facts import told
from tests.officers.reviewing import get, post, queries

pytestmark = pytest.mark.django_db
HOME = "/officers/queues/photos/"


@pytest.fixture
def reviewer(db):
    return make_photo_reviewer(name="Rita Reviewer")


@pytest.fixture
def held(reviewer):
    return make_family_photo(by=reviewer)


def page_of(photo, verb="") -> str:
    return f"/officers/photos/{photo.reference}/{verb and verb + '/'}"


def fresh(photo) -> Photo:
    return Photo.objects.get(pk=photo.pk)


# --- The page -----------------------------------------------------------------------------


def test_page_shows_the_picture_the_person_and_what_is_asked(client, reviewer, held, port):
    booked = make_appointment(held.registration, make_slot(port, at="10:00"))

    page = get(client, reviewer, page_of(held))

    assert f'src="/photos/{held.reference}/"' in page
    assert f"<h1>{held.traveler}</h1>" in page
    assert "Born 4 May 1990." in page
    assert f"Appointment at San Ysidro, {booked.slot.local_start:%-d %B %Y}, 10:00" in page
    assert "The face from the front." in page
    assert "Nobody is refused anything for how a face looks" in page
    for words in Advice.labels:
        assert str(words) in page
    assert page.count('type="radio"') == 9
    assert '" checked' not in page
    assert "Save and take the next" in page


def test_page_is_on_record_with_the_case(client, reviewer, held):
    get(client, reviewer, page_of(held))

    event = Event.objects.get()
    assert (event.verb, event.by, event.case) == ("viewed", reviewer, held.registration.reference)
    assert (event.model, event.row_id) == ("photos.photo", str(held.pk))


def test_page_shows_what_came_before_with_who_said_what(client, clock, reviewer, held):
    facts = photo_facts("another", by=make_photo_reviewer(name="Otto Other"), advice="blurred")
    times = {"added_at": clock.at - timedelta(days=2), "replaced_at": clock.at}
    before = make_photo(held.traveler, **facts | times)

    page = get(client, reviewer, page_of(held))

    assert f'src="/photos/{before.reference}/"' in page
    assert "Otto Other" in page
    assert "Photo: another one asked for" in page
    assert page.count(str(Advice.BLURRED.label)) == 3  # the choice, beside it, and its history
    assert client.get(f"/photos/{before.reference}/").status_code == 200


def test_page_of_somebody_who_travels_by_parole_tells_no_port(client, reviewer):
    photo = make_case_photo(by=reviewer)
    make_photo(photo.traveler, **photo_facts("good") | {"replaced_at": photo.taken_at})

    page = get(client, reviewer, page_of(photo))

    assert "Appointment at" not in page
    assert "Washington time" in page


def test_page_has_a_constant_number_of_queries(client, clock, reviewer):
    client.force_login(reviewer)
    few, many = (make_family_photo(by=reviewer) for _ in range(2))
    for photo, times in ((few, 1), (many, 4)):
        for _ in range(times):
            make_photo(photo.traveler, replaced_at=clock.at, **photo_facts("another"))

    assert queries(client, page_of(few)) == queries(client, page_of(many)) <= 60


def test_page_of_a_photo_that_others_hold_or_nobody_has_no_verdict(client, reviewer):
    for by in (None, make_photo_reviewer(name="Otto Other")):
        page = get(client, reviewer, page_of(make_family_photo(by=by)))

        assert 'type="radio"' not in page
        assert "Take the next one from the queue." in page
        assert "Put it back" not in page
        assert ("Otto Other has held it" in page) == (by is not None)


def test_page_lets_who_gives_out_work_move_it(client, port):
    photo = make_family_photo(by=make_photo_reviewer())

    page = get(client, make_supervisor(port), page_of(photo))

    assert f"{HOME}{photo.pk}/assign/" in page
    assert f"{HOME}{photo.pk}/put-back/" in page


def test_page_of_a_declared_conflict_shows_no_picture_and_no_name(client, reviewer, held):
    make_conflict(reviewer, case=held.registration.reference)

    page = get(client, reviewer, page_of(held))

    assert "You stand too near to this case" in page
    assert str(held.traveler) not in page
    assert str(held.reference) not in page
    assert f"{HOME}{held.pk}/put-back/" in page
    assert client.get(f"/photos/{held.reference}/").status_code == 404


def test_page_of_a_conflict_that_is_not_held_is_refused(client, reviewer):
    photo = make_family_photo()
    make_conflict(reviewer, case=photo.registration.reference)
    client.force_login(reviewer)

    page = client.get(page_of(photo), follow=True).content.decode()

    assert "You said that you stand too near to this case." in page


@pytest.mark.parametrize("verb", ["", "judge"])
def test_pages_are_for_who_reviews(client, applicant, held, verb):
    for user in (applicant, held.account, make_officer(), make_auditor(), make_travel_officer()):
        assert post(client, user, page_of(held, verb)).status_code in (403, 405)
        assert client.get(page_of(held, verb)).status_code in (403, 405)

    assert not Event.objects.exists()


def test_page_of_no_photo_is_not_found(client, reviewer, held):
    client.force_login(reviewer)

    gone = page_of(held).replace(str(held.reference), str(held.traveler.reference))
    assert client.get(gone).status_code == 404


def test_page_of_a_photo_of_nobody_who_asks_is_not_shown(client, reviewer):
    photo = make_photo(make_traveler())
    client.force_login(reviewer)

    assert client.get(page_of(photo)).url == HOME


def test_states_all_have_a_mark():
    assert set(CHIPS) == set(PhotoStatus.values)


# --- Verdicts -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "status", "advice"),
    [("good", "good", ""), ("another:far", "another", "far"), ("at_port", "at_port", "")],
)
def test_save_judges_and_opens_the_next(client, reviewer, held, typed, status, advice):
    following = make_family_photo()

    response = post(client, reviewer, page_of(held, "judge"), verdict=typed, next="1")

    assert (fresh(held).status, fresh(held).advice) == (status, advice)
    assert fresh(held).judged_by == reviewer
    assert response.url == page_of(following)
    assert fresh(following).taken_by == reviewer


def test_save_of_the_last_leads_to_the_queue(client, reviewer, held):
    client.force_login(reviewer)

    answer = client.post(page_of(held, "judge"), {"verdict": "good", "next": "1"}, follow=True)

    page = answer.content.decode()
    assert answer.redirect_chain[-1][0] == HOME
    assert f"{held.traveler}: good." in page
    assert "Nothing waits for you here now." in page


def test_save_and_stop_takes_no_other(client, reviewer, held):
    following = make_family_photo()

    response = post(client, reviewer, page_of(held, "judge"), verdict="good", stop="1")

    assert response.url == HOME
    assert fresh(held).status == "good"
    assert fresh(following).taken_by is None


@pytest.mark.parametrize("typed", ["", "ugly", "another", "another:ugly", "waiting"])
def test_save_without_a_verdict_of_ours_asks_for_one(client, reviewer, held, typed):
    response = post(client, reviewer, page_of(held, "judge"), verdict=typed)

    page = response.content.decode()
    assert response.status_code == 200
    assert "Something needs a second look" in page
    assert 'aria-describedby="id_verdict_error"' in page
    assert fresh(held).status == "waiting"
    assert told(held.account) == []


def test_save_by_get_is_refused(client, reviewer, held):
    client.force_login(reviewer)

    assert client.get(page_of(held, "judge")).status_code == 405


def replaced(photo):
    change(photo, replaced_at=photo.taken_at)


def judged(photo):
    change(photo, **photo_facts("good", by=photo.taken_by))


@pytest.mark.parametrize("happens", [replaced, judged])
@pytest.mark.parametrize("ask", ["get", "post"])
def test_stale_page_leads_back_with_a_sentence(client, reviewer, held, happens, ask):
    happens(held)
    client.force_login(reviewer)
    url = page_of(held, "judge" if ask == "post" else "")

    answer = getattr(client, ask)(url, {"verdict": "another:dark"}, follow=True)

    assert answer.redirect_chain[0][0] == HOME
    assert "This has changed since you opened the page." in answer.content.decode()
    assert told(held.account) == []


def test_save_of_what_was_given_to_another_is_refused(client, reviewer, held):
    change(held, taken_by=make_photo_reviewer())
    client.force_login(reviewer)

    page = client.post(page_of(held, "judge"), {"verdict": "good"}, follow=True).content.decode()

    assert "Only who took it can do that." in page
    assert fresh(held).status == "waiting"
