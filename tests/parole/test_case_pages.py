"""The pages of a case, as a person meets them: answers, mistakes, changes, a child."""

import re
from datetime import date

import pytest

from parole import steps
from parole.models import Attestation, Correction, ParolePage
from parole.questions.cases import CASE
from tests.parole.casework import (
    ANSWERS,
    SIGNATURE,
    day,
    fresh,
    make_answered,
    make_claimed,
    page,
    url,
)

pytestmark = pytest.mark.django_db
CHILD = date(2015, 6, 1)


@pytest.fixture
def mine(client):
    row = make_claimed()
    client.force_login(row.user)
    return row


@pytest.fixture
def answered(client):
    row = make_answered()
    client.force_login(row.user)
    return row


@pytest.mark.parametrize("key", list(CASE))
def test_page_stores_its_answers_and_leads_on(client, mine, key):
    assert client.get(page(mine, key)).status_code == 200

    answer = client.post(page(mine, key), ANSWERS[key])

    assert answer.status_code == 302
    assert ParolePage.objects.get(beneficiary=mine, key=key).typed is None
    assert answer.url != page(mine, key)


@pytest.mark.parametrize("key", list(CASE))
def test_page_with_a_mistake_keeps_everything_typed(client, mine, key):
    spoiled = {
        "details": {"birth_date_day": "31", "birth_date_month": "2"},
        "passport": {"document_expires_on_day": "31", "document_expires_on_month": "2"},
        "where": {"street": "", "phone": "12"},
        "family": {"family_along": "x" * 600},
        "eligibility": {"irregular_entry": "yes"},
        "vaccination": {"covid": ""},
    }[key]

    answer = client.post(page(mine, key), ANSWERS[key] | spoiled)

    assert answer.url == page(mine, key)
    shown = client.get(page(mine, key)).content.decode()
    assert 'class="error"' in shown
    for value in spoiled.values():
        assert value in shown
    assert ParolePage.objects.get(beneficiary=mine, key=key).saved_at is None


def test_change_link_returns_to_the_answers(client, answered):
    shown = client.get(url(answered, "check/")).content.decode()
    assert f'href="{page(answered, "where")}?return=check"' in shown

    answer = client.post(page(answered, "where"), ANSWERS["where"] | {"return": "check"})

    assert answer.url == url(answered, "check/")


def test_saving_three_pages_confirms_the_details(client, mine):
    for key in ("details", "passport", "where"):
        client.post(page(mine, key), ANSWERS[key])

    assert fresh(mine).status == "details_confirmed"
    assert Correction.objects.filter(beneficiary=mine).count() == 3


def test_saving_a_signed_page_unchanged_leaves_the_signature(client, answered):
    for key, answers in ANSWERS.items():
        client.post(page(answered, key), answers)
    client.post(url(answered, "check/"), SIGNATURE)
    assert fresh(answered).status == "attested"

    for key, answers in ANSWERS.items():
        client.post(page(answered, key), answers)
        assert fresh(answered).status == "attested", key


def test_changing_a_signed_answer_asks_for_another_signature(client, answered):
    steps.attest(beneficiary=answered, name="Marie Joseph", by=answered.user)

    client.post(page(answered, "eligibility"), ANSWERS["eligibility"] | {"removal_order": "yes"})

    assert (fresh(answered).status, fresh(answered).attested_at) == ("details_confirmed", None)
    assert "What some answers can mean" in client.get(url(answered)).content.decode()


def test_answers_that_bar_are_taken_with_an_honest_note(client, mine):
    barred = {
        "outside_us": "no", "passport_valid": "no", "other_country": "yes",
        "removal_order": "yes", "irregular_entry": "yes", "irregular_returned": "no",
        "interdicted": "yes", "flies_on_own": "no",
    }  # fmt: skip

    assert client.post(page(mine, "eligibility"), barred).url != page(mine, "eligibility")

    kept = Attestation.objects.get(beneficiary=mine)
    assert {name: getattr(kept, name) for name in barred} == barred
    shown = client.get(url(mine, "check/")).content.decode()
    assert shown.count("<li><b>") == 7
    assert "an officer decides about each case" in shown


@pytest.mark.parametrize(
    ("country", "days"),
    [("HT", ["9 January 2023", "27 April 2023"]), ("VE", ["19 October 2022"])],
)
def test_questions_name_the_days_of_their_own_process(client, country, days):
    row = make_claimed(country=country)
    client.force_login(row.user)

    shown = client.get(page(row, "eligibility")).content.decode()

    assert re.findall(r"\d+ \w+ 202[23]", shown) == days
    assert ("stopped at sea" in shown) is (len(days) == 2)


def test_child_under_two_needs_no_blood_test(client, clock):
    row = make_claimed(born=clock.at.date().replace(day=1))
    client.force_login(row.user)

    shown = client.get(page(row, "vaccination")).content.decode()

    assert "tuberculosis" not in shown
    assert f"Answer for {row.traveler}" in shown


def test_child_is_brought_by_a_case_of_the_same_account(client, mine):
    child = make_claimed(mine.user, born=CHILD)
    given = {"guardian_case": mine.reference, "guardian_relation": "parent"}

    client.post(page(child, "family"), given)

    assert (fresh(child).guardian, fresh(child).guardian_relation) == (mine, "parent")
    assert str(mine.traveler) in client.get(url(child, "check/")).content.decode()


def test_child_is_brought_by_a_case_of_another_account_without_its_name(client, mine):
    child, grown = make_claimed(mine.user, born=CHILD), make_claimed()
    given = {"guardian_case": "elsewhere", "guardian_relation": "guardian"}
    given |= {"guardian_number": grown.reference} | day("guardian_birth", 21, 3, 1994)

    client.post(page(child, "family"), given)

    assert fresh(child).guardian == grown
    shown = client.get(url(child, "check/")).content.decode()
    assert grown.reference in shown
    assert str(grown.traveler) not in shown
    client.post(page(child, "family"), given | day("guardian_birth", "", "", ""))
    assert fresh(child).guardian == grown


def test_child_whose_guardian_is_not_found_keeps_what_was_typed(client, mine):
    child = make_claimed(mine.user, born=CHILD)
    given = {"guardian_case": "elsewhere", "guardian_relation": "guardian"}
    given |= {"guardian_number": "B-2222-2222"} | day("guardian_birth", 21, 3, 1994)

    shown = client.post(page(child, "family"), given, follow=True).content.decode()

    assert "We know no grown-up" in shown
    assert 'value="B-2222-2222"' in shown
    assert fresh(child).guardian is None


def test_family_of_a_child_can_be_saved_before_the_parent_is_there(client, mine):
    child = make_claimed(mine.user, born=CHILD)

    answer = client.post(page(child, "family"), {"family_along": "Her aunt"})

    assert answer.url != page(child, "family")
    assert fresh(child).family_along == "Her aunt"
    assert "Go on" in client.get(url(child)).content.decode()


def test_grown_up_is_asked_for_no_guardian_and_no_proof(client, mine):
    shown = client.get(page(mine, "family")).content.decode()

    assert "guardian" not in shown
    assert client.get(url(mine, "relationship/")).status_code == 404


def test_steps_that_are_done_are_told_as_done(client, answered):
    page = client.get(f"/cases/{answered.reference}/").content.decode()

    assert "You checked your details." in page
    assert "You check and correct your details." not in page


def test_changing_a_signed_answer_leads_to_the_signature_and_says_so(client, answered):
    steps.attest(beneficiary=answered, name="Marie Joseph", by=answered.user)
    changed = ANSWERS["eligibility"] | {"removal_order": "yes"}

    response = client.post(page(answered, "eligibility"), changed)

    assert response.url == url(answered, "check/")
    assert "Sign once more." in client.get(response.url).content.decode()
