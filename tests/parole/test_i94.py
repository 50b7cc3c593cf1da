"""The I-94 number, and finding a record without an account: exactly, or not at all."""

import re
from datetime import date, timedelta

import pytest

from cbpone.audit.models import Event
from cbpone.lib.limits import TooMany
from parole import arrival as arriving
from parole import i94
from parole.models import I94
from tests.breaking import change
from tests.factories import make_airport_officer, make_arrival

pytestmark = pytest.mark.django_db


@pytest.fixture
def record_of():
    arrival = make_arrival(decided=True)
    change(arrival.beneficiary.traveler, document_number="HT 12345", birth_date=date(1994, 3, 21))
    return I94.objects.get()


def facts(record_of, **others):
    own = {
        "number": record_of.number,
        "birth_date": date(1994, 3, 21),
        "document_number": "HT 12345",
    }
    return own | others


def test_number_is_nine_digits_a_letter_and_a_digit():
    numbers = {i94.new_number() for _ in range(200)}

    assert len(numbers) == 200
    assert all(re.fullmatch(r"[0-9]{9}[A-Z][0-9]", number) for number in numbers)


def test_number_that_is_taken_is_drawn_again(record_of, monkeypatch):
    free = "123456789Z0"
    drawn = iter([record_of.number, record_of.number, free])
    monkeypatch.setattr(i94, "new_number", lambda: next(drawn))
    arrival = make_arrival()

    made = arriving.parole_in(
        arrival=arrival, until=arrival.day + timedelta(days=9), by=make_airport_officer()
    )

    assert made.number == free
    assert I94.objects.count() == 2


def test_record_that_finds_no_free_number_leaves_the_arrival_undecided(record_of, monkeypatch):
    monkeypatch.setattr(i94, "new_number", lambda: record_of.number)
    arrival = make_arrival()

    with pytest.raises(RuntimeError):
        arriving.parole_in(
            arrival=arrival, until=arrival.day + timedelta(days=9), by=make_airport_officer()
        )

    arrival.refresh_from_db()
    assert arrival.decided_at is None
    assert (
        arrival.beneficiary.__class__.objects.get(pk=arrival.beneficiary.pk).status == "travelled"
    )


@pytest.mark.parametrize("passport", ["HT 12345", "ht12345", "HT-12345", " ht 123 45 "])
def test_retrieve_takes_each_way_of_writing_and_is_on_record(record_of, passport):
    number = f" {record_of.number[:3]} {record_of.number[3:].lower()}"

    found = i94.retrieve(**facts(record_of, number=number, document_number=passport))

    assert found == record_of
    event = Event.objects.get(verb="verified")
    assert (event.model, event.row_id, event.by) == ("parole.i94", str(record_of.pk), None)
    assert event.case == record_of.arrival.beneficiary.reference


@pytest.mark.parametrize(
    "other",
    [
        {"number": "000000000X0"},
        {"birth_date": date(1994, 3, 22)},
        {"document_number": "HT 12346"},
        {"document_number": "HT 1234"},
        {"document_number": ""},
        {"document_number": "-"},
    ],
)
def test_retrieve_with_one_wrong_answer_finds_nothing_and_records_nothing(record_of, other):
    assert i94.retrieve(**facts(record_of, **other)) is None
    assert not Event.objects.filter(verb="verified").exists()


def test_retrieve_by_what_the_supporter_wrote_finds_nothing(record_of):
    change(record_of.arrival.beneficiary.written, document_number="SUP 1", birth_date="1990-01-01")

    wrong = facts(record_of, document_number="SUP 1", birth_date=date(1990, 1, 1))

    assert i94.retrieve(**wrong) is None


def test_retrieve_of_one_number_is_limited_whatever_else_is_tried(record_of):
    for day in range(1, 11):
        i94.retrieve(**facts(record_of, birth_date=date(1990, 1, day), document_number=f"P{day}"))

    with pytest.raises(TooMany):
        i94.retrieve(**facts(record_of))


def test_retrieve_of_one_passport_is_limited_whatever_number_is_tried(record_of):
    for digit in range(10):
        i94.retrieve(**facts(record_of, number=f"00000000{digit}A1"))

    with pytest.raises(TooMany):
        i94.retrieve(**facts(record_of))


def test_retrieve_is_free_again_for_another_person(record_of):
    for _try in range(11):
        try:
            i94.retrieve(number="000000000A1", birth_date=date(1990, 1, 1), document_number="P1")
        except TooMany:
            break

    assert i94.retrieve(**facts(record_of)) == record_of
