"""The history of a case in words, as the person and as officers read it."""

import pytest

from cbpone.audit.models import Event
from cbpone.photos.refusals import SHORT
from cbpone.portal.templatetags.casewords import nobody_known, told
from tests.factories import make_registration, make_user
from tests.officers.reviewing import get


@pytest.mark.parametrize(
    ("verb", "note", "words"),
    [
        ("photo_refused", "too_small", "the picture is too small"),
        ("photo_refused", "odd", "odd"),
        ("photo_judged", "far", "Come nearer: the head should fill about half of the picture."),
        ("saved", "birth: birth_date", "Birth"),
        ("phone_link_made", "", ""),
    ],
)
def test_note_reads_as_words_for_the_person(verb, note, words):
    assert told(Event(verb=verb, note=note)) == words


def test_short_words_go_on_after_a_colon():
    for words in SHORT.values():
        assert str(words)[0].islower()
        assert not str(words).endswith(".")


@pytest.mark.parametrize(
    ("verb", "who"),
    [("phone_link_opened", "Somebody with the link"), ("photo_erased", "The portal")],
)
def test_what_no_account_did_was_done_by(verb, who):
    assert nobody_known(Event(verb=verb)) == who


@pytest.mark.django_db
def test_histories_tell_of_the_photo(client):
    family = make_registration(people=1)
    facts = {"case": family.reference, "model": "photos.photo", "row_id": "1"}
    for verb, by, note in [
        ("phone_link_made", family.owner, ""),
        ("phone_link_opened", None, ""),
        ("photo_refused", family.owner, "damaged"),
        ("photo_erased", None, ""),
    ]:
        Event.objects.create(verb=verb, by=by, note=note, **facts)

    boss = make_user(is_staff=True, is_superuser=True)

    own = get(client, family.owner, "/history/")
    officers = get(client, boss, f"/officers/registrations/{family.reference}/")

    for words in (
        "You made a link to send a photo from a phone",
        "Somebody with the link opened the link on a phone",
        "You sent a file that cannot be opened as a photo: the file is broken",
        "The portal removed a photo whose time was over",
    ):
        assert words in own
    assert "<b>Somebody with the link</b> opened the link on a phone" in officers
    assert "cannot be opened as a photo: the file is broken" in officers
