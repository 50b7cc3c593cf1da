"""What must hold before a detector advises people: the limits of docs/photo-fairness.md."""

from collections.abc import Iterator
from dataclasses import dataclass

from cbpone.photos.fairness.measuring import TAKEN, Figures
from cbpone.photos.statuses import Finding

FOUND = 98.0  # per cent of every group, in every condition of the first gate
FOUND_GAP = 2.0  # points between groups
FOUND_IN = ("good", "dark", "noise", "dark_noise", "small", "backlit", "motion")
DARKER_LOSS = 1.0  # points lost when only the skin is made darker
DARKER_DOWN_TO = 15  # L*
NIGHT_LOSS, NIGHT_DOWN_TO = 5.0, 22  # the same with two stops less light and grain
HINT_GAP = 5.0  # points between groups, on good pictures
NIGHT_GAPS = {"night_3": 5.0, "night_4": 10.0}
GAIN_MOVE = 3.0  # points a hint may move when there is a quarter of the light


@dataclass(frozen=True)
class Gate:
    """One figure against its limit; `number` is that of the list in docs/photo-fairness.md."""

    number: int
    words: str
    value: float
    limit: float
    at_least: bool = False

    @property
    def is_met(self) -> bool:
        worst = round(self.value, 6)
        return worst >= self.limit if self.at_least else worst <= self.limit


def gates(figures: Figures) -> list[Gate]:
    return [
        *_found(figures),
        *_darker_skin(figures),
        *_hints(figures),
        *_night(figures),
        *_gain(figures),
    ]


def _found(figures) -> Iterator[Gate]:
    for where in _measured(figures, FOUND_IN):
        least = min(figures.share(where, group) for group in figures.groups)
        yield Gate(1, f"found, {where}, worst group", least, FOUND, at_least=True)
        yield Gate(1, f"found, {where}, gap", figures.gap(where), FOUND_GAP)


def _measured(figures, places) -> list[str]:
    """A smaller run leaves some conditions out."""
    return [where for where in places if where in figures.seen]


def _darker_skin(figures) -> Iterator[Gate]:
    for lights, down_to, limit in (
        ("good", DARKER_DOWN_TO, DARKER_LOSS),
        ("dark_noise", NIGHT_DOWN_TO, NIGHT_LOSS),
    ):
        levels = [level for light, level in _skin_rows(figures) if light == lights]
        for level in sorted((one for one in levels if one and one >= down_to), reverse=True):
            loss = figures.share((lights, TAKEN)) - figures.share((lights, level))
            yield Gate(2, f"skin alone at L*{level}, {lights}, loss", loss, limit)


def _skin_rows(figures):
    return [where for where in figures.seen if isinstance(where, tuple)]


def _hints(figures) -> Iterator[Gate]:
    for code in Finding.values:
        yield Gate(3, f"{code} on good pictures, gap", figures.gap("good", code), HINT_GAP)


def _night(figures) -> Iterator[Gate]:
    for where in _measured(figures, NIGHT_GAPS):
        gap = figures.gap(where, "too_dark")
        yield Gate(4, f"too_dark at {where}, gap", gap, NIGHT_GAPS[where])


def _gain(figures) -> Iterator[Gate]:
    if "dark" not in figures.seen:
        return
    for code in Finding.values:
        moves = [
            abs(figures.share("dark", group, code) - figures.share("good", group, code))
            for group in figures.groups
        ]
        yield Gate(5, f"{code} with a quarter of the light, moves", max(moves), GAIN_MOVE)
    yield Gate(
        5, "too_dark with a quarter of the light", figures.share("dark", None, "too_dark"), 0
    )
