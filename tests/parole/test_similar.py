"""Copies are found, paraphrases are not."""

import random

import pytest

from parole.similar import BANDS, bands_of, percent_alike, shingles_of, words_of

COPIED = (
    "I promise to receive this person at the airport and to give a home, food and clothes during "
    "two years. I have enough money and a good house in a quiet part of the city with a school "
    "and a hospital near. The person can look for work from the first day and I will help with "
    "all the papers that the government asks for, because I know the process very well."
)
PARAPHRASE = (
    "When the flight lands I will be waiting with my car. For two years there is a room, meals "
    "and clothes with us. We earn enough, and our house stands in a calm neighborhood close to a "
    "school and a hospital. From day one a job can be looked for, and I help with every paper the "
    "government wants, since I have been through the whole process."
)


def shingles(text, *names):
    return shingles_of(words_of(text, frozenset(names)))


def are_candidates(one, other) -> bool:
    return bool(set(bands_of(shingles(one))) & set(bands_of(shingles(other))))


def test_bands_of_a_text_are_always_the_same_signed_numbers():
    bands = bands_of(shingles(COPIED))

    assert bands == bands_of(shingles(COPIED))
    assert len(set(bands)) == BANDS
    assert all(-(2**63) <= band < 2**63 for band in bands)
    assert bands[0] == -2459994542385363202  # stored bands must keep their meaning


@pytest.mark.parametrize(
    "copy",
    [
        COPIED.upper(),
        COPIED.replace(",", " –").replace(".", "!"),
        COPIED.replace("airport", "áirport"),
        COPIED + " God bless you all.",
        COPIED.replace("two years", "three years"),
    ],
)
def test_copy_is_a_candidate_and_alike(copy):
    assert are_candidates(COPIED, copy)
    assert percent_alike(shingles(COPIED), shingles(copy)) >= 80


def test_paraphrase_is_not_alike():
    assert percent_alike(shingles(COPIED), shingles(PARAPHRASE)) == 0
    assert not are_candidates(COPIED, PARAPHRASE)


def test_names_left_out_make_copies_equal():
    one = COPIED.replace("this person", "Marie Joseph").replace("The person", "Marie")
    other = COPIED.replace("this person", "José Pérez").replace("The person", "José")

    assert shingles(one, "marie", "joseph") == shingles(other, "jose", "perez")


def test_text_too_short_has_no_bands():
    assert bands_of(shingles(" ".join(["word"] * 24))) == []
    assert bands_of(shingles(" ".join(f"w{n}" for n in range(25)))) != []
    assert percent_alike(frozenset(), frozenset()) == 0


def test_texts_alike_to_a_known_degree_are_found_nearly_always_and_others_seldom():
    rng = random.Random(7)

    def found(percent) -> int:
        shared = {f"s{rng.random()}" for _ in range(percent)}
        apart = (100 - percent) // 2
        one = frozenset(shared | {f"a{rng.random()}" for _ in range(apart)})
        other = frozenset(shared | {f"b{rng.random()}" for _ in range(apart)})
        return bool(set(bands_of(one)) & set(bands_of(other)))

    assert sum(found(80) for _ in range(60)) >= 59
    assert sum(found(20) for _ in range(60)) <= 8
