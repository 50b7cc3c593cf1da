"""The public numbers of photos: by group, with small groups hidden."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.cache import cache
from django.utils.translation import override

from cbpone.lib import clock
from cbpone.photos.group_names import name_of
from cbpone.photos.models import PhotoFigure
from cbpone.photos.statuses import Finding, GroupKind
from scheduling.models import Port

DAYS = 30
FEW = 10  # groups of fewer are not shown by themselves
KEPT_SECONDS = 600
SHOWN = ("attempts", "refused", "checked", "hinted", "face_not_found", "at_port")
COLUMNS = (*dict.fromkeys([*SHOWN, *Finding.values]),)  # of the files
Sums = dict[str, dict[str, Counter]]


@dataclass
class Line:
    """One group. `numbers` is None where they are not shown: it `is_few`, or stands beside one."""

    group: str
    name: str
    numbers: Counter | None
    is_few: bool


@dataclass
class Table:
    kind: str
    title: str
    lines: list[Line]


def first_day() -> date:
    return clock.now().date() - timedelta(days=DAYS - 1)


def sums() -> Sums:
    """{kind: {group: its sums in these days}}, as they were KEPT_SECONDS ago at most."""
    since = first_day()
    kept: Any = cache.get_or_set(f"photo_numbers:{since}", lambda: _sums(since), KEPT_SECONDS)
    return kept


def _sums(since: date) -> Sums:
    found: defaultdict[str, defaultdict[str, Counter]] = defaultdict(lambda: defaultdict(Counter))
    rows = PhotoFigure.objects.filter(day__gte=since).values("kind", "group", "by_finding", *SHOWN)
    for row in rows:
        counts = row["by_finding"] | {name: row[name] for name in SHOWN}
        found[row["kind"]][row["group"]].update(counts)
    return {kind: dict(groups) for kind, groups in found.items()}


def tables() -> list[Table]:
    found, ports = sums(), dict(Port.objects.values_list("code", "name"))
    return [
        Table(kind.value, str(kind.label), _lines(found.get(kind, {}), namer(kind, ports)))
        for kind in GroupKind
    ]


def namer(kind: str, ports: dict[str, str]) -> Callable[[str], str]:
    return lambda group: name_of(kind, group, ports)


def _lines(groups: dict[str, Counter], name: Callable[[str], str]) -> list[Line]:
    ordered = sorted(groups.items(), key=lambda item: (-item[1]["attempts"], item[0]))
    sizes = [max(counts["attempts"], counts["at_port"]) for _group, counts in ordered]
    hidden = _too_small(sizes)
    return [
        Line(group, name(group), None if place in hidden else counts, sizes[place] < FEW)
        for place, (group, counts) in enumerate(ordered)
    ]


def _too_small(sizes: list[int]) -> set[int]:
    """Places of the groups under FEW; a lone one takes the next smallest with it, or it could be
    found by subtraction from another table's sum.
    """
    hidden = {place for place, size in enumerate(sizes) if size < FEW}
    if len(hidden) == 1 and len(sizes) > 1:
        rest = [place for place in range(len(sizes)) if place not in hidden]
        hidden.add(min(rest, key=lambda place: sizes[place]))
    return hidden


def findings() -> list[tuple[str, int]]:
    """How often each piece of advice was given in these days, to everybody together."""
    everybody: Counter = sum(sums().get(GroupKind.BROWSER, {}).values(), Counter())
    told = [(str(code.label), everybody[code.value]) for code in Finding]
    return [(words, number) for words, number in told if number >= FEW]


def flat() -> Iterator[dict]:
    """One row a group, for the files, in English; an empty number is one that is not shown."""
    with override("en"):
        for table in tables():
            for line in table.lines:
                counts = line.numbers
                numbers = {name: None if counts is None else counts[name] for name in COLUMNS}
                yield {"kind": table.kind, "group": line.group, "name": line.name} | numbers
