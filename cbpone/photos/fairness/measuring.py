"""Runs the assessment that photos get when they arrive over a whole set, and counts."""

import os
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np

from cbpone.photos import assess, child
from cbpone.photos.fairness import conditions, faces, light, skin

NEAR = 0.4  # of the face's size: how far a box's centre may be off
SIZES = 0.45, 2.3  # how much smaller or larger a box may be
TAKEN = 0  # instead of an L*: the skin as it was photographed


@dataclass(frozen=True)
class Plan:
    conditions: tuple = conditions.CONDITIONS + conditions.FURTHER
    levels: tuple[int, ...] = skin.LEVELS
    noisy_levels: tuple[int, ...] = skin.LEVELS
    darkened: int = 100  # faces at most
    of_a_group: int = 1_000_000


# As much as the gates need.
QUICK = Plan(conditions.CONDITIONS, (50, 30, 15), (30, 22), 40, 40)


@dataclass(frozen=True)
class Seen:
    """One face in one condition. `where` is a condition's code or, of the skin test, its level."""

    group: str
    where: object
    is_found: bool
    is_sure: bool
    findings: tuple[str, ...]


@dataclass
class Figures:
    groups: list[str]
    sizes: Counter
    seen: dict[object, list[Seen]] = field(default_factory=dict)
    darkened: int = 0

    def share(self, where, group=None, finding=None) -> float:
        """Per cent of the group's faces that were found there or, if named, had this finding."""
        rows = [row for row in self.seen[where] if group in (None, row.group)]
        hits = sum(finding in row.findings if finding else row.is_found for row in rows)
        return 100 * hits / max(1, len(rows))

    def gap(self, where, finding=None) -> float:
        """Points between the groups that are served best and worst."""
        shares = [self.share(where, group, finding) for group in self.groups]
        return max(shares) - min(shares)

    def sure(self, where) -> float:
        rows = self.seen[where]
        return 100 * sum(row.is_sure for row in rows) / max(1, len(rows))


def measure(everybody: list[faces.Face], make_detector: Callable, plan: Plan) -> Figures:
    """All figures of a set. `make_detector` gives a new one for each face."""
    child.prepare()
    those = faces.spread(everybody, plan.of_a_group)
    figures = Figures(faces.groups(those), Counter(face.group for face in those))
    with ThreadPoolExecutor(os.cpu_count()) as people:
        looked = list(
            people.map(lambda face: list(_in_conditions(face, make_detector(), plan)), those)
        )
        lit = [
            face for face, is_lit in zip(those, people.map(_is_lit, those), strict=True) if is_lit
        ]
        chosen = _every(lit, plan.darkened)
        looked += people.map(lambda face: list(_darkened(face, make_detector(), plan)), chosen)
    figures.darkened = len(chosen)
    for row in (row for rows in looked for row in rows):
        figures.seen.setdefault(row.where, []).append(row)
    return figures


def _every(some, most):
    step = max(1, len(some) / most)
    return [some[int(at * step)] for at in range(min(most, len(some)))]


def _in_conditions(face, detector, plan) -> Iterator[Seen]:
    rgb, box = faces.picture(face)
    taken = light.light_of(rgb)
    for condition in plan.conditions:
        changed = condition.change(taken, box, _chance(face, condition.code))
        scale = changed.shape[1] / taken.shape[1]
        yield _seen(face.group, condition.code, changed, [side * scale for side in box], detector)


def _is_lit(face) -> bool:
    rgb, box = faces.picture(face)
    return skin.has_light_to_lose(light.light_of(rgb), box)


def _darkened(face, detector, plan) -> Iterator[Seen]:
    rgb, box = faces.picture(face)
    taken = light.light_of(rgb)
    for lights, levels in (("good", plan.levels), ("dark_noise", plan.noisy_levels)):
        for level in (TAKEN, *levels):
            changed = skin.darkened(taken, box, level) if level else taken
            if lights == "dark_noise":
                changed = conditions.sensor_noise(changed / 4, _chance(face, "skin"))
            yield _seen(face.group, (lights, level), changed, box, detector)


def _chance(face, word):
    """The same picture gets the same grain, in whatever set and on whatever machine."""
    return np.random.default_rng(zlib.crc32(f"{face.path.name} {word}".encode()))


def _seen(group, where, changed, box, detector) -> Seen:
    noted = assess.assess(light.sent(light.picture_of(changed)), detector)
    is_found = any(_fits(one.box, box) for one in noted.faces)
    return Seen(group, where, is_found, is_found and noted.found == "sure", tuple(noted.findings))


def _fits(found, true) -> bool:
    """Whether a box is the face's: its middle near, its size alike."""
    size, true_size = (sum(box[2:]) / 2 for box in (found, true))
    off = np.hypot(*(found[at] + found[at + 2] / 2 - true[at] - true[at + 2] / 2 for at in (0, 1)))
    return off <= NEAR * true_size and SIZES[0] <= size / true_size <= SIZES[1]
