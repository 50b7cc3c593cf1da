"""How a name sounds, whatever its spelling. The database has the same: travelers_sound()."""

import re

# Spellings of one sound in Spanish, Portuguese, French and Slavic names, in the order of use.
SOUNDS = [
    ("ph", "f"),
    ("th", "t"),
    ("qu(?=[ei])|ck|q", "k"),
    ("c(?=[eiy])", "s"),
    ("c(?!h)", "k"),
    ("ks", "x"),
    ("g(?=[ei])|^x", "j"),
    ("gu(?=[ei])", "g"),
    ("ll|y", "i"),
    ("v|w", "b"),
    ("z", "s"),
    ("(?<![cs])h", ""),
    ("^[ij](?=[aeou])", "j"),
    (r"(.)\1+", r"\1"),
]
_PATTERNS = [(re.compile(pattern), letters) for pattern, letters in SOUNDS]


def sound_of(word: str) -> str:
    """Of one plainly spelled word."""
    for pattern, letters in _PATTERNS:
        word = pattern.sub(letters, word)
    return word


def sql() -> str:
    """The same rules as one SQL expression of `word`; what the migration has was written by it."""
    words = "word"
    for pattern, letters in SOUNDS:
        words = f"regexp_replace({words}, '{pattern}', '{letters}', 'g')"
    return words
