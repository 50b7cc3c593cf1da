"""The desk for photos: what a machine noted, before and after, pictures that are gone."""

from datetime import timedelta

import pytest
from django.utils.html import escape

from cbpone.photos.statuses import Finding
from tests.breaking import change
from tests.factories import make_photo
from tests.factories.office_photos import make_family_photo, make_photo_reviewer, photo_facts
from tests.officers.reviewing import get, queries

pytestmark = pytest.mark.django_db
ASKED = "Before. The advice was: Turn to a window or a lamp"


@pytest.fixture
def reviewer(db):
    return make_photo_reviewer()


def page_of(photo) -> str:
    return f"/officers/photos/{photo.reference}/"


def earlier_of(photo, clock, status="another", *, days=1, **values):
    facts = photo_facts(status, advice="dark" if status == "another" else "")
    times = {"added_at": clock.at - timedelta(days=days), "replaced_at": clock.at}
    return make_photo(photo.traveler, **facts | times | values)


# --- What a machine noted -----------------------------------------------------------------


@pytest.mark.parametrize("finding", Finding)
def test_notes_of_the_machine_are_closed_and_told_as_its_own(client, reviewer, finding):
    photo = make_family_photo(by=reviewer, checked_by="yunet", findings=[finding.value])

    page = get(client, reviewer, page_of(photo))

    assert "<details><summary>What the computer noted</summary>" in page
    assert f"<li>{escape(finding.label)}</li>" in page
    assert "Computers often err about pictures" in page
    assert "You decide." in page


def test_picture_that_no_machine_has_seen_says_so(client, reviewer):
    page = get(client, reviewer, page_of(make_family_photo(by=reviewer)))

    assert "<summary>Not checked by machine</summary>" in page
    assert "Computers often err" not in page


def test_picture_without_a_note_is_no_verdict(client, reviewer):
    photo = make_family_photo(by=reviewer, checked_by="yunet")

    page = get(client, reviewer, page_of(photo))

    assert "It had nothing to note. That is no verdict" in page


def test_notes_choose_no_verdict(client, reviewer):
    photo = make_family_photo(by=reviewer, checked_by="yunet", findings=["face_not_found"])

    assert '" checked' not in get(client, reviewer, page_of(photo))


def test_darkroom_is_hidden_without_a_script(client, reviewer):
    page = get(client, reviewer, page_of(make_family_photo(by=reviewer)))

    assert '<div id="darkroom" hidden>' in page
    assert "js/darkroom.js" in page


# --- Before and after ---------------------------------------------------------------------


def test_picture_an_officer_asked_to_replace_is_beside_the_new_one(client, clock, reviewer):
    photo = make_family_photo(by=reviewer)
    before = earlier_of(photo, clock)

    page = get(client, reviewer, page_of(photo))

    pair = page[page.index('class="pair"') : page.index("<details>")]
    assert pair.index(str(before.reference)) < pair.index(str(photo.reference))
    assert ASKED in pair
    assert "<figcaption>Now</figcaption>" in pair


def test_only_the_last_picture_is_the_one_before(client, clock, reviewer):
    photo = make_family_photo(by=reviewer)
    earlier_of(photo, clock, days=3)
    earlier_of(photo, clock, "waiting", days=1)

    page = get(client, reviewer, page_of(photo))

    assert ASKED not in page
    assert page.count("Photo: ") == 2


def test_first_picture_has_none_beside_it(client, reviewer):
    page = get(client, reviewer, page_of(make_family_photo(by=reviewer)))

    assert page.count("<figure>") == 1
    assert "<figcaption>" not in page


def test_pictures_that_are_gone_are_told_in_words(client, clock, reviewer):
    photo = make_family_photo(by=reviewer)
    before = earlier_of(photo, clock, erased_at=clock.at)

    page = get(client, reviewer, page_of(photo))

    assert str(before.reference) not in page
    assert page.count("The picture is no longer kept.") == 2  # beside the new one, in the history
    assert ASKED in page


def test_history_tells_verdict_who_and_when_of_every_picture(client, clock, reviewer):
    photo = make_family_photo(by=reviewer)
    who = make_photo_reviewer(name="Otto Other")
    for days, status in enumerate(["good", "at_port", "another"], start=1):
        change(earlier_of(photo, clock, status, days=days), judged_by=who)

    page = get(client, reviewer, page_of(photo))

    history = page[page.index("Pictures before this one") :]
    for words in ("Photo: good", "Photo: to be taken by an officer", "Photo: another one asked"):
        assert words in history
    assert history.count("Otto Other, ") == 3


def test_desk_asks_as_often_with_a_pair_as_with_many_pictures(client, clock, reviewer):
    few, many = (make_family_photo(by=reviewer) for _ in range(2))
    for photo, pictures in ((few, 1), (many, 6)):
        for days in range(pictures):
            earlier_of(photo, clock, days=days + 1)
    client.force_login(reviewer)

    assert queries(client, page_of(few)) == queries(client, page_of(many))
