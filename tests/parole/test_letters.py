from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from parole import letters
from parole.choices import REASONS, Outcome
from parole.letters import WHY, answer_by, draft_letter
from tests.factories import make_request, make_user

pytestmark = pytest.mark.django_db
PAIRS = [(outcome, reason) for outcome, reasons in REASONS.items() for reason in reasons]
HARSH = ("please", "invalid", "failed", "error", "alien", "illegal", "refuse", "fault", "fraud")


@pytest.fixture
def request_of_paul():
    return make_request(
        status="selected",
        supporter={"given_names": "Paul", "surnames": "Benoit"},
        person={"given_names": "Marie & Anne", "surnames": "Joseph"},
    )


def test_every_pair_of_decision_and_reason_has_its_own_words():
    assert set(WHY) == set(PAIRS)
    assert set(letters.TEMPLATES) == set(Outcome.values)


@pytest.mark.parametrize(("outcome", "reason"), PAIRS)
def test_letter_names_person_and_number_and_never_blames(request_of_paul, outcome, reason):
    letter = draft_letter(request_of_paul, outcome, reason)

    assert letter.startswith("Hello Paul Benoit,\n\nWe read your request ")
    assert f"your request {request_of_paul.reference} for Marie & Anne Joseph" in letter
    assert str(WHY[outcome, reason]) % {"person": "Marie & Anne Joseph"} in letter
    assert [word for word in HARSH if word in letter.lower()] == []
    assert "&amp;" not in letter
    assert "%(" not in letter
    assert "{" not in letter


@pytest.mark.parametrize(("outcome", "reason"), PAIRS)
def test_letter_has_no_long_sentences_and_no_gaps(request_of_paul, outcome, reason):
    letter = draft_letter(request_of_paul, outcome, reason)

    sentences = letter.replace("\n", " ").replace(":", ".").split(". ")
    assert max(len(sentence.split()) for sentence in sentences) <= 24
    assert "\n\n\n" not in letter


def test_letter_of_a_refusal_says_that_filing_again_is_open_and_people_decided(request_of_paul):
    letter = draft_letter(request_of_paul, "not_confirm", "income_low")

    assert "You may file again for Marie & Anne Joseph whenever you want. It is free." in letter
    assert "It is not a decision about Marie & Anne Joseph." in letter
    assert "Two officers read your request" in letter


def test_letter_of_a_confirmation_promises_no_travel(request_of_paul):
    letter = draft_letter(request_of_paul, "confirm", "meets")

    assert "We confirm your support." in letter
    assert "another officer decides about the travel" in letter


def test_letter_of_a_confirmation_without_an_address_gives_the_case_number():
    case = make_request(status="selected", beneficiary={"written_email": ""})

    letter = draft_letter(case, "confirm", "meets")

    assert f"this case number: {case.beneficiary.reference}." in letter
    assert "at the address you gave us" not in letter


def test_letter_of_a_question_names_the_last_day_by_the_offices_calendar(
    request_of_paul, clock, settings
):
    settings.ANSWER_DAYS = 30
    # Half past eleven at night in Washington: the next day has begun in UTC.
    clock.at = datetime(2026, 3, 1, 23, 30, tzinfo=ZoneInfo("America/New_York"))

    letter = draft_letter(request_of_paul, "more_info", "income_unproven")

    assert answer_by() == date(2026, 3, 1) + timedelta(days=30)
    assert "Answer by 31 March 2026." in letter
    assert "a tax return, pay stubs or a letter from your bank" in letter


def test_letter_is_in_the_language_of_the_supporter_not_of_the_officer(monkeypatch):
    request = make_request(make_user(language="es"), status="selected")
    spoken = []
    monkeypatch.setattr(
        letters,
        "render_to_string",
        lambda name, context: spoken.append(translation.get_language()) or " words \n",
    )

    with translation.override("en"):
        letter = draft_letter(request, "confirm", "meets")
        after = translation.get_language()

    assert (spoken, letter, after) == (["es"], "words", "en")


def test_letter_for_a_pair_that_does_not_go_together_is_a_bug(request_of_paul):
    with pytest.raises(KeyError):
        draft_letter(request_of_paul, "confirm", "income_low")
