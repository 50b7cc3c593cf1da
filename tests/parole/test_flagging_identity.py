"""Numbers of the supporter: what can exist, what is shared, what belongs to the dead."""

from datetime import date

import pytest

from cbpone.lib.vault import digest
from parole.flagging import find_flags
from parole.flagging.identity import broken_rule
from parole.models import DeceasedNumber
from tests.factories import make_request
from tests.parole.flags import seen

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("number", "rule"),
    [
        ("000451234", "area"),
        ("666121234", "area"),
        ("900121234", "area"),
        ("999491234", "area"),
        ("912701234", "itin"),
        ("123004567", "group"),
        ("123450000", "serial"),
        ("111111111", "placeholder"),
        ("000000000", "placeholder"),
        ("123456789", "placeholder"),
        ("078051120", "placeholder"),
        ("219099999", "placeholder"),
        ("12345678", "length"),
        ("899990001", ""),
        ("001010001", ""),
        ("", ""),
    ],
)
def test_number_breaks_the_rule(number, rule):
    assert broken_rule(number) == rule


def test_impossible_number_is_flagged_without_the_number():
    request = make_request(status="received", supporter={"ssn": "666121234"})

    find_flags(request)

    assert seen(request, "ssn_form") == {"": {"rule": "area"}}


def test_possible_number_and_no_number_are_no_lead():
    request = make_request(status="received", supporter={"ssn": "123456780"})
    none = make_request(
        status="received",
        supporter={"ssn_sealed": b"", "ssn_digest": "", "ssn_last": ""},
    )

    find_flags(request)
    find_flags(none)

    assert not seen(request, "ssn_form")
    assert not {flag.signal for flag in none.flags.all()} & {"ssn_form", "ssn_shared"}


def same_number(**supporter):
    return make_request(status="received", supporter={"ssn": "212343456"} | supporter)


def test_number_under_another_name_is_flagged():
    one = same_number(given_names="Paul", surnames="Benoit")
    others = [same_number(given_names="Ana", surnames="Cruz") for _ in range(2)]
    make_request(supporter={"ssn": "212343456", "surnames": "Draft"})

    find_flags(one)

    assert seen(one, "ssn_shared") == {
        "": {"people": 2, "requests": 3, "receipts": [row.reference for row in others]}
    }


@pytest.mark.parametrize(
    ("name", "shared"),
    [
        (("José", "Pérez"), False),
        (("JOSE", "PEREZ-GOMEZ"), False),
        (("Perez", "Jose"), False),
        (("Jose", "Gomez"), True),
    ],
)
def test_spelling_and_left_out_surname_are_no_difference(name, shared):
    one = same_number(given_names="Jose", surnames="Perez")
    same_number(given_names=name[0], surnames=name[1])

    find_flags(one)

    assert bool(seen(one, "ssn_shared")) == shared


def test_number_with_another_birth_date_is_flagged():
    one = same_number(given_names="Paul", surnames="Benoit")
    same_number(given_names="Paul", surnames="Benoit", birth_date=date(1991, 1, 1))

    find_flags(one)

    assert seen(one, "ssn_shared")[""]["people"] == 2


def test_number_of_a_deceased_person_is_flagged():
    DeceasedNumber.objects.create(ssn_digest=digest("212343456"))
    request, other = same_number(), make_request(status="received")

    find_flags(request)
    find_flags(other)

    assert seen(request, "ssn_deceased") == {"": {"on_list": True}}
    assert not seen(other, "ssn_deceased")


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("A204778913", ""),
        ("a 204-778-913", ""),
        ("A2047789", ""),
        ("", ""),
        ("204778913", "form"),
        ("A12345", "form"),
        ("B123456780", "form"),
        ("A1234567890", "form"),
        ("A000000000", "placeholder"),
        ("A123456789", "placeholder"),
    ],
)
def test_a_number_form(written, rule):
    request = make_request(status="received", supporter={"a_number": written})

    find_flags(request)

    expected = {"": {"rule": rule, "written": written}} if rule else {}
    assert seen(request, "a_number") == expected
