"""The figures as tables of plain text."""

from collections.abc import Iterator

from cbpone.photos.fairness.conditions import CONDITIONS, FURTHER
from cbpone.photos.fairness.gates import Gate
from cbpone.photos.fairness.measuring import TAKEN, Figures
from cbpone.photos.statuses import Finding

WIDE = 34


def _line(name: str, cells) -> str:
    return f"{name:<{WIDE}}" + "".join(f"{cell:>10}" for cell in cells)


def _shares(figures: Figures, where, finding=None) -> list[str]:
    shares = [figures.share(where, group, finding) for group in figures.groups]
    return [f"{share:.1f}" for share in (*shares, figures.gap(where, finding))]


def found(figures: Figures) -> Iterator[str]:
    """Per cent of faces found, by condition and group."""
    yield _line("found, per cent", [*figures.groups, "gap"])
    yield _line("faces", [figures.sizes[group] for group in figures.groups])
    for condition in CONDITIONS + FURTHER:
        if condition.code in figures.seen:
            yield _line(condition.words, _shares(figures, condition.code))


def darker(figures: Figures) -> Iterator[str]:
    """Per cent found when nothing but the skin is made darker, to an L* of 50 down to 10."""
    yield f"the same photograph, only the skin darkened ({figures.darkened} faces), per cent found"
    for lights, words in (("good", "as taken"), ("dark_noise", "dark and grainy")):
        levels = [where[1] for where in figures.seen if isinstance(where, tuple)]
        own = [level for level in dict.fromkeys(levels) if (lights, level) in figures.seen]
        yield _line("", ["as taken" if level == TAKEN else f"L*{level}" for level in own])
        yield _line(words, [f"{figures.share((lights, level)):.1f}" for level in own])


def hints(figures: Figures) -> Iterator[str]:
    """Per cent of pictures with each hint; lines of nothing but zeros are left out."""
    for condition in CONDITIONS + FURTHER:
        if condition.code not in figures.seen:
            continue
        yield _line(f"hints, {condition.words}, per cent", [*figures.groups, "gap"])
        for code in Finding.values:
            if figures.share(condition.code, None, code):
                yield _line(f"  {code}", _shares(figures, condition.code, code))


def judged(all_gates: list[Gate]) -> Iterator[str]:
    for gate in all_gates:
        word, sign = ("met" if gate.is_met else "MISSED"), ">=" if gate.at_least else "<="
        yield f"{word:<8}{gate.number}  {gate.words}: {gate.value:.1f} ({sign} {gate.limit:g})"
    widest = max(gate.value for gate in all_gates if gate.words.endswith("gap"))
    yield f"largest gap between groups in any gate: {widest:.1f} points"
