"""The draw as arithmetic: the same pool, seed and places always choose the same requests.

Knows no model and asks nobody. static/verify_selection.py says the same for everybody to run;
whoever changes one changes the other, and a test holds them against each other.
"""

import hashlib
import sys
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, compress, zip_longest

NOBODY = "."
ORDER, DRAW = "order", "draw"
WAITED = "waited"
_WAITS = bytes(letter != ord(NOBODY) for letter in range(256))


@dataclass(frozen=True)
class Chosen:
    """Filing numbers, each half in the order in which it was chosen."""

    order: list[int]
    draw: list[int]

    def ranked(self) -> list[tuple[int, str]]:
        """(filing number, how), as they are to be reviewed.

        The halves take turns: where reviewers reach only the first of a day, they have reached
        as many of either half.
        """
        pairs = zip_longest(
            ((number, ORDER) for number in self.order), ((number, DRAW) for number in self.draw)
        )
        return [one for one in chain.from_iterable(pairs) if one]


def freeze(numbers: Mapping[str, bytes | memoryview]) -> bytes:
    """One letter for each filing number from 1 on, a dot where nobody waits.

    `numbers` holds, for each letter, filing numbers of four bytes, most significant first.
    """
    lists = {letter: _unpacked(packed) for letter, packed in numbers.items()}
    last = max((max(some) for some in lists.values() if some), default=0)
    pool = bytearray(NOBODY.encode() * (last + 1))  # one for number 0, which nobody has
    for letter, some in lists.items():
        sign = ord(letter)
        for number in some:
            pool[number] = sign
    return bytes(pool[1:])


def _unpacked(packed: bytes | memoryview) -> array:
    numbers = array("I")
    numbers.frombytes(packed)
    if sys.byteorder == "little":
        numbers.byteswap()
    return numbers


def count_waiting(pool: bytes) -> dict[str, int]:
    """How many wait, by letter: takes away one after the other, which is faster than counting."""
    counts, rest = {}, pool.translate(None, NOBODY.encode())
    while rest:
        letter = rest[:1]
        others = rest.translate(None, letter)
        counts[letter.decode()], rest = len(rest) - len(others), others
    return dict(sorted(counts.items()))


def count(pool: bytes, chosen: Chosen) -> dict[str, dict[str, int]]:
    """By letter, and "" for all: how many waited, were chosen in order, were drawn."""
    found = {
        WAITED: count_waiting(pool),
        ORDER: count_waiting(bytes(pool[number - 1] for number in chosen.order)),
        DRAW: count_waiting(bytes(pool[number - 1] for number in chosen.draw)),
    }
    everybody = {"": {kind: sum(letters.values()) for kind, letters in found.items()}}
    return everybody | {
        letter: {kind: letters.get(letter, 0) for kind, letters in found.items()}
        for letter in found[WAITED]
    }


def choose(*, pool: bytes, seed: bytes, wanted: int, limits: Mapping[str, int]) -> Chosen:
    """Half of `wanted` in order of filing, rounded up; the rest drawn from all others who wait.

    `limits` are the most that may be chosen of a letter; half of a limit, rounded up, may go in
    order. Both halves come out exact. When the pool or the limits hold fewer than `wanted`, as
    many as there are get chosen, in the same halves.
    """
    counts = count_waiting(pool)
    places = {letter: limits.get(letter, len(pool)) for letter in counts}
    wanted = min(wanted, sum(min(places[letter], counts[letter]) for letter in counts))

    numbers, waits = range(1, len(pool) + 1), bytearray(pool.translate(_WAITS))
    halves = {letter: (most + 1) // 2 for letter, most in places.items()}
    order = _take(pool, compress(numbers, waits), halves, (wanted + 1) // 2)
    for number in order:
        waits[number - 1] = 0
        places[chr(pool[number - 1])] -= 1

    key = hashlib.sha256(seed + hashlib.sha256(pool).digest()).digest()
    others = _shuffled(array("I", compress(numbers, waits)), key)
    return Chosen(order, _take(pool, others, places, wanted - len(order)))


def _take(pool: bytes, numbers: Iterable[int], places: Mapping[str, int], most: int) -> list[int]:
    """The first `most` whose letter still has a place."""
    left = {ord(letter): count for letter, count in places.items()}
    taken: list[int] = []
    for number in numbers:
        if len(taken) == most:
            break
        sign = pool[number - 1]
        if left[sign]:
            left[sign] -= 1
            taken.append(number)
    return taken


def _shuffled(balls: array, key: bytes) -> Iterator[int]:
    """Fisher and Yates' shuffle, step by step, so that it goes only as far as it is asked to.

    Step i swaps ball i with one of those from i on: SHA-256 of key and i, as a number, modulo
    how many are left. 256 bits against a few million balls: no ball is favoured measurably.
    """
    for step in range(len(balls)):
        digest = hashlib.sha256(key + step.to_bytes(8, "big")).digest()
        other = step + int.from_bytes(digest, "big") % (len(balls) - step)
        balls[step], balls[other] = balls[other], balls[step]
        yield balls[step]


def as_text(
    *, day: str, pool: bytes, seed: bytes, wanted: int, limits: Mapping[str, int], chosen: Chosen
) -> str:
    """What is published of a day. The script reads it, and so can people."""
    shown = " ".join(f"{letter}={most}" for letter, most in sorted(limits.items())) or "none"
    head = [
        f"selection {day}",
        f"commitment {hashlib.sha256(seed).hexdigest()}",
        f"seed {seed.hex()}",
        f"pool {hashlib.sha256(pool).hexdigest()}",
        f"wanted {wanted}",
        f"limits {shown}",
    ]
    lines = (f"{rank} {how} {number}" for rank, (number, how) in enumerate(chosen.ranked(), 1))
    return "\n".join([*head, *lines, ""])
