"""Whether two people have one name: words in any order, as they are written and as they sound."""

import re
from enum import IntEnum

from cbpone.travelers.sounds import sound_of
from cbpone.travelers.spelling import spelled_plainly

PARTICLES = frozenset("de del la las los el y e da do dos das du di van von bin al".split())
SHORT, LONG = 4, 8  # letters from which one slip, and two, still leave a word known


class Alike(IntEnum):
    OTHER = 0  # each has a word the other lacks
    PART = 1  # one leaves words out
    TYPO = 2  # every word has its like, some spelled differently
    SAME = 3  # every word has its equal


def words_of(name: str) -> list[str]:
    """Plain words, without the little ones between surnames unless there are no others."""
    words = re.findall(r"\w+", spelled_plainly(name).replace("'", ""))
    return [word for word in words if word not in PARTICLES] or words


def slips(one: str, other: str, most: int) -> int:
    """Letters added, left out, changed or swapped with their neighbour; `most` + 1 for more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        last, before, row = before, row, [i]
        for j, sign in enumerate(other, 1):
            least = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != sign))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == sign:
                least = min(least, last[j - 2] + 1)
            row.append(least)
    return min(row[-1], most + 1)


def is_near(one: str, other: str) -> bool:
    """One word in another spelling. Not Luis and Luisa, nor Hernandez and Fernandez."""
    if _differ_in_gender(one, other):
        return False
    sounds = sound_of(one), sound_of(other)
    return sounds[0] == sounds[1] or _is_slip(*sounds) or _is_slip(one, other)


def _is_slip(one: str, other: str) -> bool:
    """Few letters differ, and not the first one, unless it changed places with the second."""
    shorter = min(len(one), len(other))
    if shorter < SHORT or (one[0] != other[0] and one[:2] != other[1::-1]):
        return False
    most = 2 if shorter >= LONG else 1
    return slips(one, other, most) <= most


def _differ_in_gender(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    if longer == shorter + "a":
        return True
    return one[:-1] == other[:-1] and {one[-1:], other[-1:]} == {"a", "o"}


def compare(one: list[str], other: list[str]) -> tuple[Alike, int]:
    """How two lists of words agree, and how many words do."""
    left, right = list(one), list(other)
    exact = _pair_off(left, right, lambda a, b: a == b)
    near = _pair_off(left, right, is_near)
    if left and right and sound_of("".join(left)) == sound_of("".join(right)):
        near, left, right = near + len(left), [], []  # Rose Laure, Roselaure
    matched = exact + near
    if left and right or (matched < 2 and (left or right)) or not matched:
        return Alike.OTHER, matched
    if left or right:
        return Alike.PART, matched
    return (Alike.TYPO if near else Alike.SAME), matched


def _pair_off(left: list[str], right: list[str], is_pair) -> int:
    """Takes words that go together out of both lists; returns how many."""
    found = 0
    for word in list(left):
        partner = next((one for one in right if is_pair(word, one)), None)
        if partner is not None:
            left.remove(word)
            right.remove(partner)
            found += 1
    return found
