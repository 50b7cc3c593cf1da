"""What speaks for two records being one person, what speaks against it, and how much.

Points are added and kept between 0 and 100. The weights were set on planted pairs: see
tests/officers/test_duplicates_precision.py. No signal decides anything; people do.
"""

from datetime import date

from django.utils.translation import gettext_lazy as _

from cbpone.travelers.choices import Sex
from cbpone.travelers.identity import tidy
from officers.duplicates.names import Alike, compare, slips
from officers.duplicates.records import Record
from officers.models.likenesses import LIKELY_FROM, POSSIBLE_FROM
from officers.statuses import Band

# name of the signal: points, words
SIGNALS = {
    "name_same": (35, _("Same name")),
    "name_typo": (30, _("Same name in another spelling")),
    "name_part": (24, _("Same name with a word left out")),
    "name_other": (-28, _("Other name")),
    "name_short": (-12, _("Only two words of the name agree, which is common")),
    "birth_same": (35, _("Same date of birth")),
    "birth_swap": (28, _("Day and month of birth the other way round")),
    "birth_digit": (20, _("One digit of the date of birth differs")),
    "birth_near": (-5, _("Other date of birth, less than a generation apart")),
    "birth_other": (-30, _("Other date of birth, a generation apart")),
    "doc_same": (45, _("Same document number")),
    "doc_digit": (10, _("One sign of the document number differs")),
    "doc_other": (-15, _("Other number of the same kind of document")),
    "place_same": (10, _("Born in the same town")),
    "place_other": (-10, _("Born in another town")),
    "sex_other": (-20, _("Other sex")),
    "phone_same": (20, _("Same phone")),
    "address_same": (15, _("Same address in Mexico")),
}
OF_ALIKE = {
    Alike.SAME: "name_same",
    Alike.TYPO: "name_typo",
    Alike.PART: "name_part",
    Alike.OTHER: "name_other",
}
GENERATION = 15  # years; people of one name this far apart are parent and child
NOWHERE = {"notknown", "unknown", "nosesabe", "desconocido", "paenkoni"}  # as forms suggest
SHORTEST_NUMBER = 6  # signs; shorter ones differ in one by chance


def read_signals(one: Record, other: Record) -> list[str]:
    found = [
        *_names(one, other),
        _birth(one.birth_date, other.birth_date),
        _document(one, other),
        _place(one, other),
        _sex(one, other),
        "phone_same" if one.phones & other.phones else "",
        "address_same" if one.address and one.address == other.address else "",
    ]
    return [name for name in found if name]


def score_of(signals: list[str]) -> int:
    return max(0, min(100, sum(SIGNALS[name][0] for name in signals)))


def band_of(score: int) -> Band | None:
    if score >= LIKELY_FROM:
        return Band.LIKELY
    return Band.POSSIBLE if score >= POSSIBLE_FROM else None


def words_for(signals: list[str]) -> list:
    return [SIGNALS[name][1] for name in signals if name in SIGNALS]


def _names(one: Record, other: Record) -> list[str]:
    if not (one.words and other.words):
        return []
    alike, matched = max(
        compare(first, second)
        for first in (one.words, one.all_words)
        for second in (other.words, other.all_words)
    )
    if alike == Alike.OTHER:
        return ["name_other"]
    return [OF_ALIKE[alike]] + (["name_short"] if matched < 3 else [])


def _birth(one: date | None, other: date | None) -> str:
    if not (one and other):
        return ""
    if one == other:
        return "birth_same"
    if other in swapped(one):
        return "birth_swap"
    if other in one_digit_off(one):
        return "birth_digit"
    return "birth_near" if _within_a_generation(one, other) else "birth_other"


def _within_a_generation(one: date, other: date) -> bool:
    return abs(one.year - other.year) < GENERATION


def swapped(day: date) -> list[date]:
    return _dates([(day.year, day.day, day.month)]) if day.day != day.month else []


def one_digit_off(day: date) -> list[date]:
    """Dates typed with one wrong digit, as DD MM YYYY; not those a generation away."""
    written = f"{day:%d%m%Y}"
    typed = (
        written[:place] + digit + written[place + 1 :]
        for place in range(len(written))
        for digit in "0123456789"
        if digit != written[place]
    )
    found = _dates((int(text[4:]), int(text[2:4]), int(text[:2])) for text in typed)
    return [one for one in found if _within_a_generation(one, day)]


def _dates(parts) -> list[date]:
    found = []
    for year, month, number in parts:
        try:
            found.append(date(year, month, number))
        except ValueError:
            continue
    return found


def _document(one: Record, other: Record) -> str:
    first, second = one.document, other.document
    if not (first and second):
        return ""
    if first == second:
        return "doc_same"
    if one.document_kind != other.document_kind:
        return ""
    if min(len(first), len(second)) >= SHORTEST_NUMBER and slips(first, second, 1) == 1:
        return "doc_digit"
    return "doc_other"


def _place(one: Record, other: Record) -> str:
    first, second = tidy(one.birth_city), tidy(other.birth_city)
    if not (first and second and one.birth_country and other.birth_country):
        return ""
    if {first, second} & NOWHERE:
        return ""
    near = first in second or second in first or slips(first, second, 2) <= 2
    return "place_same" if near and one.birth_country == other.birth_country else "place_other"


def _sex(one: Record, other: Record) -> str:
    known = {Sex.FEMALE, Sex.MALE}
    return "sex_other" if {one.sex, other.sex} == known else ""
