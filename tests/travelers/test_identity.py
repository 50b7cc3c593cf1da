from datetime import date

import pytest

from cbpone.travelers.identity import identity_of, tidy
from cbpone.travelers.models import Traveler

FACTS = {
    "given_names": "José María",
    "surnames": "Núñez",
    "birth_date": date(1980, 2, 3),
    "birth_city": "San José",
    "birth_country": "CU",
    "nationality": "CU",
}
PAPERS = FACTS | {"document_number": "AB-123 456"}


def identity(**values) -> str:
    return identity_of(Traveler(**values))


@pytest.mark.parametrize(
    ("typed", "tidied"),
    [
        ("José María", "josemaria"),
        ("ab-123 456", "ab123456"),
        ("Ñandú", "nandu"),
        ("Straße", "strasse"),
        ("ԱՆԻ", "անի"),
        ("-", "-"),
        (" ? ", "?"),
        ("", ""),
    ],
)
def test_tidy_keeps_letters_and_digits(typed, tidied):
    assert tidy(typed) == tidied


@pytest.mark.parametrize("number", ["ab123456", "AB 123-456", "AB–123456", " Ab.123.456"])
def test_identity_by_document_is_the_same_however_it_is_typed(number):
    assert identity(**PAPERS | {"document_number": number}) == identity(**PAPERS)


@pytest.mark.parametrize(
    "other",
    [{"given_names": "Luis"}, {"birth_date": None}, {"birth_city": ""}, {"birth_country": "VE"}],
)
def test_identity_by_document_is_of_the_document_alone(other):
    assert identity(**PAPERS | other) == identity(**PAPERS)


@pytest.mark.parametrize("number", ["-", "none", "No tengo", "N/A"])
def test_identity_with_a_document_number_that_is_none_is_by_name_and_birth(number):
    assert identity(**FACTS | {"document_number": number}) == identity(**FACTS)


@pytest.mark.parametrize("other", [{"nationality": "VE"}, {"document_number": "AB123457"}])
def test_identity_of_another_document_is_another(other):
    assert identity(**PAPERS | other) != identity(**PAPERS)


@pytest.mark.parametrize(
    "respelled",
    [
        {"given_names": "JOSE MARIA", "surnames": "NUNEZ"},
        {"given_names": "José", "surnames": "María Núñez"},
        {"given_names": "Núñez", "surnames": "María José"},
        {"birth_city": "san jose"},
    ],
)
def test_identity_by_name_and_birth_is_the_same_however_it_is_spelled(respelled):
    assert identity(**FACTS | respelled) == identity(**FACTS)


@pytest.mark.parametrize(
    "other",
    [
        {"given_names": "Luis"},
        {"birth_date": date(1980, 2, 4)},
        {"birth_city": "Santiago"},
        {"birth_country": "VE"},
    ],
)
def test_identity_by_name_and_birth_of_another_person_is_another(other):
    assert identity(**FACTS | other) != identity(**FACTS)


@pytest.mark.parametrize(
    "missing",
    [
        {"given_names": "", "surnames": ""},
        {"birth_date": None},
        {"birth_city": ""},
        {"birth_country": ""},
    ],
)
def test_identity_is_empty_while_facts_are_missing(missing):
    assert identity(**FACTS | missing) == ""


def test_identity_is_sixty_four_characters_that_say_nothing():
    assert len(identity(**PAPERS)) == 64
    assert "123456" not in identity(**PAPERS)


@pytest.mark.parametrize(
    ("day", "age"),
    [
        (date(2026, 6, 3), 1),
        (date(2026, 6, 4), 2),
        (date(2027, 6, 3), 2),
    ],
)
def test_age_turns_on_the_birthday(day, age):
    assert Traveler(birth_date=date(2024, 6, 4)).age_on(day) == age


@pytest.mark.parametrize(("day", "age"), [(date(2025, 2, 28), 0), (date(2025, 3, 1), 1)])
def test_age_of_someone_born_on_leap_day_turns_on_the_first_of_march(day, age):
    assert Traveler(birth_date=date(2024, 2, 29)).age_on(day) == age


def test_age_without_a_birth_date_is_none():
    assert Traveler().age_on(date(2026, 6, 4)) is None


@pytest.mark.parametrize(
    ("given", "last", "full"),
    [("Ana", "Lopez", "Ana Lopez"), ("Suharto", "", "Suharto"), ("", "", "")],
)
def test_full_name_needs_only_one_name(given, last, full):
    assert Traveler(given_names=given, surnames=last).full_name == full
