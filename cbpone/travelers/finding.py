"""Finding people among millions: by name in any order and spelling, birth year, or document."""

import re

from django.db import connection
from django.db.models import F

from cbpone.travelers.models import DocumentKey, Traveler
from cbpone.travelers.sounds import sound_of
from cbpone.travelers.spelling import spelled_plainly

MOST_WORDS = 6  # that are typed; more do not make it clearer who is meant
MOST_LIKE = 16  # spellings that one typed word may stand for
ALIKE = 0.4  # of trigrams, from 0 to 1: "rodirguez" for "rodriguez" is 0.43
FEWEST_LETTERS = 3  # that a name or document may begin with
YEAR = re.compile(r"(19|20)\d\d")
# As written, as begun, as it sounds, and roughly: in this order, so that the best are kept.
SPELLINGS = """
SELECT word FROM (
    SELECT DISTINCT ON (word) word, rank, similarity(word, %(word)s) AS alike FROM (
        SELECT word, 0 AS rank FROM travelers_nameword WHERE word = %(word)s
        UNION ALL SELECT word, 1 FROM travelers_nameword WHERE word LIKE %(begins)s
        UNION ALL SELECT word, 2 FROM travelers_nameword WHERE sound = %(sound)s
        UNION ALL SELECT word, 3 FROM travelers_nameword
                   WHERE word %% %(word)s AND similarity(word, %(word)s) >= %(alike)s
    ) AS every ORDER BY word, rank
) AS each ORDER BY rank, alike DESC, word LIMIT %(most)s
"""


def spellings_of(word: str) -> list[str]:
    """Words of names on file that a typed word may stand for, the nearest first."""
    begins = f"{word}%" if len(word) >= FEWEST_LETTERS else word
    values = {"word": word, "begins": begins, "sound": sound_of(word)}
    with connection.cursor() as cursor:
        cursor.execute(SPELLINGS, {**values, "alike": ALIKE, "most": MOST_LIKE})
        return [row[0] for row in cursor.fetchall()]


def read_words(text: str) -> tuple[list[str], list[int]]:
    """The words of a name, and years of birth, in a text as typed."""
    words = re.findall(r"[\w'’-]+", spelled_plainly(text))
    years = [int(word) for word in words if YEAR.fullmatch(word)]
    return [word for word in words if not word.isdecimal()][:MOST_WORDS], years


def people_named(text: str):
    """Travelers whose name has every word typed, in any order, spelled like it. None = no words."""
    words, years = read_words(text)
    if not words:
        return None
    rows = Traveler.objects.all()
    for word in words:
        rows = rows.filter(search_words__overlap=spellings_of(word))
    for year in years:
        rows = rows.filter(birth_date__year=year)
    return rows


def document_key(text: str) -> str:
    key = "".join(char for char in text.upper() if char.isascii() and char.isalnum())
    return key.translate(str.maketrans("OI", "01"))


def people_with_document(text: str):
    """Travelers whose document number is, or begins with, what was typed. None = not a number."""
    key = document_key(text)
    if len(key) < FEWEST_LETTERS + 2 or not any(char.isdigit() for char in text):
        return None
    rows = Traveler.objects.exclude(document_number="")
    return rows.annotate(key=DocumentKey(F("document_number"))).filter(key__startswith=key)
