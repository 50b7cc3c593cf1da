import random
from itertools import pairwise

import pytest

from cbpone.lib.references import ALPHABET, new_reference, read_reference


def swap(code: str, place: int) -> str:
    letters = list(code)
    letters[place], letters[place + 1] = letters[place + 1], letters[place]
    return "".join(letters)


@pytest.fixture(scope="module")
def many():
    return [new_reference("R") for _ in range(50)]


def test_reference_has_its_shape(many):
    for reference in many:
        kind, first, second = reference.split("-")
        assert (kind, len(first), len(second)) == ("R", 4, 4)
        assert set(first + second) <= set(ALPHABET)


def test_reference_is_read_back_however_it_is_written(many):
    for reference in many:
        bare = reference[2:].replace("-", "")
        for text in (
            reference,
            reference.lower(),
            f" {bare} ",
            bare.lower(),
            f"R{bare}",
            f"r {bare}",
        ):
            assert read_reference(text, "R") == reference


def test_reference_with_any_single_slip_is_noticed(many):
    for reference in many[:10]:
        code = reference[2:].replace("-", "")
        for place in range(8):
            for slip in set(ALPHABET) - {code[place]}:
                assert read_reference(code[:place] + slip + code[place + 1 :], "R") is None


def test_reference_with_any_two_neighbours_swapped_is_noticed(many):
    for reference in many:
        code = reference[2:].replace("-", "")
        for place, (left, right) in enumerate(pairwise(code)):
            read = read_reference(swap(code, place), "R")
            assert read == (reference if left == right else None)


@pytest.mark.parametrize(
    ("seen", "meant"),
    [("O", "Q"), ("0", "Q"), ("I", "J"), ("1", "J"), ("L", "J"), ("S", "5"), ("Z", "2")],
)
def test_reference_with_a_character_that_looks_alike_is_understood(seen, meant):
    reference = next(one for one in (new_reference("R") for _ in range(2000)) if meant in one[2:])

    assert read_reference("R" + reference[1:].replace(meant, seen), "R") == reference


def test_reference_of_another_kind_is_none():
    assert read_reference(new_reference("A"), "R") is None


@pytest.mark.parametrize(
    "text", ["", "R", "R-", "R-7K4M", "ÄÖÜ", "R-7K4M-92QX-7K4M", "ß" * 8, "八" * 8]
)
def test_reference_of_nonsense_is_none(text):
    assert read_reference(text, "R") is None


def test_references_guessed_at_random_are_read_as_one_in_twenty_nine():
    dice = random.Random(7)
    guesses = ["".join(dice.choices(ALPHABET, k=8)) for _ in range(2900)]

    right = sum(read_reference(guess, "R") is not None for guess in guesses)

    assert 60 < right < 150


def test_reference_whose_kind_looks_like_a_digit_is_read():
    reference = new_reference("S")

    assert read_reference(reference, "S") == reference
    assert read_reference(f" {reference.lower()} ", "S") == reference
    assert read_reference(reference[2:], "S") == reference
    assert read_reference(reference, "B") is None
