"""Which texts are almost the same? MinHash finds candidates by an index, then words are compared.

After Broder, "On the resemblance and containment of documents" (1997): of 64 independent orders
of all shingles, each text keeps its smallest; the share of equal ones estimates the Jaccard
index. Sixteen bands of four make an index that finds a pair of 80 percent in all but about two
of ten thousand cases, and a pair of 30 percent in one of eight.
"""

import hashlib
import re
import unicodedata

SHINGLE = 5  # words
HASHES = 64
BANDS = 16
ROWS = HASHES // BANDS
FEWEST_WORDS = 25  # shorter texts are alike by chance
PRIME = (1 << 61) - 1


def words_of(text: str, without: frozenset[str] = frozenset()) -> list[str]:
    """Words without case, accents and signs; those in `without` are left out."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(char for char in plain if not unicodedata.combining(char))
    return [word for word in re.findall(r"\w+", bare) if word not in without]


def shingles_of(words: list[str]) -> frozenset[str]:
    """Every five words that follow each other. Empty for texts too short to compare."""
    if len(words) < FEWEST_WORDS:
        return frozenset()
    return frozenset(" ".join(words[n : n + SHINGLE]) for n in range(len(words) - SHINGLE + 1))


def _number(data: bytes, *, signed: bool = False) -> int:
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "big", signed=signed)


# Fixed for ever: bands that are stored must keep their meaning.
ORDERS = [
    (1 + _number(f"factor {n}".encode()) % (PRIME - 1), _number(f"start {n}".encode()) % PRIME)
    for n in range(HASHES)
]


def bands_of(shingles: frozenset[str]) -> list[int]:
    """Sixteen signed 64-bit numbers; two texts that share one are candidates."""
    if not shingles:
        return []
    numbers = [_number(shingle.encode()) % PRIME for shingle in shingles]
    least = [min((a * n + b) % PRIME for n in numbers) for a, b in ORDERS]
    return [
        _number(repr((band, least[band * ROWS : (band + 1) * ROWS])).encode(), signed=True)
        for band in range(BANDS)
    ]


def percent_alike(one: frozenset[str], other: frozenset[str]) -> int:
    """The Jaccard index of two sets of shingles, in whole percent, rounded down."""
    together = len(one | other)
    return 100 * len(one & other) // together if together else 0
