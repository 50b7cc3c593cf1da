"""The photo step of every process: whatever a machine noted, a person goes on with their photo."""

import html
from itertools import combinations

import pytest
from django.urls import resolve

from cbpone.photos.hints import MOST_HINTS, WORDS, hints_of
from cbpone.photos.models import Photo
from cbpone.photos.places import place_of
from cbpone.photos.statuses import Finding
from tests.breaking import change
from tests.factories import make_photo, make_registration, make_traveler
from tests.parole.casework import make_claimed

pytestmark = pytest.mark.django_db
NOTED = [(), *((one,) for one in Finding.values), *combinations(Finding.values, 2)]
NOTED += [tuple(Finding.values)]


def family_of(**values):
    registration = make_registration(people=1, **values)
    change(registration.members.get(), photo_at_port=False)
    member = registration.members.get()
    return member.traveler, registration.owner


def case_of(**values):
    case = make_claimed()
    return case.traveler, case.user


PROCESSES = pytest.mark.parametrize("make", [family_of, case_of])


def page(client, traveler, user, query=""):
    client.force_login(user)
    return client.get(place_of(traveler).page + query).content.decode()


@PROCESSES
@pytest.mark.parametrize("is_damaged", [False, True])
def test_every_photo_can_be_used_whatever_was_noted(client, make, is_damaged):
    traveler, user = make()

    for findings in [None, *NOTED]:
        Photo.objects.current().update(replaced_at="2026-01-01T00:00Z")
        checked = {"checked_by": "yunet", "findings": list(findings)} if findings else {}
        photo = make_photo(traveler, damaged=is_damaged, **checked)
        after = place_of(traveler).after()
        for query in ("", "?sent=1"):
            text = page(client, traveler, user, query)
            assert f'<a class="button" href="{after}">Use this photo</a>' in text, findings
            told = text.partition("What may make it better")[2].partition("</div>")[0]
            assert told.count("<p>") == len(hints_of(photo)) <= MOST_HINTS
            for hint in hints_of(photo):
                assert str(hint.words) in html.unescape(told)
    assert client.get(after).status_code == 200


@PROCESSES
def test_way_on_is_never_this_page_again(make):
    traveler, _user = make()
    make_photo(traveler)

    place = place_of(traveler)

    assert place.after() != place.page
    assert resolve(place.after())


@PROCESSES
def test_result_offers_another_one_and_no_form(client, make):
    traveler, user = make()
    make_photo(traveler)

    text = page(client, traveler, user, "?sent=1")

    assert "We have the photo" in text
    assert f'href="{place_of(traveler).page}#photo-step">Take another one</a>' in text
    assert 'action="/photos/send/"' not in text


@PROCESSES
def test_page_without_a_photo_never_says_there_is_one(client, make):
    traveler, user = make()

    text = page(client, traveler, user, "?sent=1")

    assert "<h2>We have the photo</h2>" not in text
    assert 'action="/photos/send/"' in text


@PROCESSES
@pytest.mark.parametrize("code", ["nothing", "closed", "made_up", "<b>"])
def test_sentence_in_the_address_is_one_of_ours(client, make, code):
    traveler, user = make()

    text = page(client, traveler, user, f"?refused={code}&by=camera")

    assert "<b>" not in text
    assert text.count('class="error"') >= 1


def test_only_families_can_leave_it_to_the_port(client):
    words = "Take the photo at the port"

    assert words in page(client, *family_of())
    assert words not in page(client, *case_of())


def test_head_asks_whether_somebody_is_signed_in(client):
    traveler, user = family_of()
    address = place_of(traveler).page + "?sent=1"

    assert client.head(address).status_code == 302
    client.force_login(user)
    assert client.head(address).status_code == 200


def test_case_that_officers_have_shows_what_was_sent_once_more(client):
    traveler, user = case_of()
    make_photo(traveler)
    case = traveler.beneficiary
    for status in ("details_confirmed", "attested", "photo_submitted", "ata_pending"):
        facts = {"attested_at": case.claimed_at, "attested_name": "Marie"}
        if status == "ata_pending":
            facts["submitted_at"] = case.claimed_at
        change(case, status=status, **facts)

    text = page(client, traveler, user, "?sent=1")

    assert f'<a class="button" href="/cases/{case.reference}/">Use this photo</a>' in text
    assert "Take another one" not in text
    assert client.get(place_of(traveler).page).status_code == 302


@pytest.mark.parametrize("photos", [1, 3])
def test_page_is_the_same_few_queries_for_any_family(client, photos, django_assert_max_num_queries):
    registration = make_registration(people=photos, photos=True)
    traveler = registration.people().first().traveler
    client.force_login(registration.owner)
    address = place_of(traveler).page
    client.get(address)

    with django_assert_max_num_queries(14):
        client.get(address)


# --- Hints --------------------------------------------------------------------------------


def test_every_finding_has_words():
    assert set(Finding.values) <= set(map(str, WORDS))


@pytest.mark.parametrize("findings", NOTED)
def test_hints_are_two_at_most_and_in_the_order_of_use(findings):
    photo = make_photo(
        make_traveler(), damaged=True, checked_by="yunet", findings=list(reversed(findings))
    )

    codes = [hint.code for hint in hints_of(photo)]

    order = [str(code) for code in WORDS]
    assert len(codes) == min(MOST_HINTS, len(findings) + 1)
    assert codes == sorted(codes, key=order.index)


@pytest.mark.parametrize("words", WORDS.values(), ids=map(str, WORDS))
def test_hints_blame_nobody_and_say_what_can_be_done(words):
    text = str(words)

    assert "If you can" in text or "ou can use" in text
    for hard in ("must", "wrong", "bad", "invalid", "failed", "please", "error"):
        assert hard not in text.lower().split()
