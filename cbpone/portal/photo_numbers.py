"""The public numbers of photos: by group, with small groups hidden."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Sum

from cbpone.lib import clock
from cbpone.photos.group_names import name_of
from cbpone.photos.models import PhotoFigure
from cbpone.photos.statuses import Finding, GroupKind
from scheduling.models import Port

DAYS = 30
FEW = 10  # groups of fewer people are not shown by themselves
SHOWN = ("attempts", "refused", "checked", "hinted", "face_not_found", "at_port")


@dataclass
class Line:
    """One group. Its numbers are None where the group is too small to be shown."""

    group: str
    name: str
    numbers: dict[str, int | None]

    @property
    def is_hidden(self) -> bool:
        return self.numbers["attempts"] is None


@dataclass
class Table:
    kind: str
    title: str
    lines: list[Line]


def first_day() -> date:
    return clock.now().date() - timedelta(days=DAYS - 1)


def tables() -> list[Table]:
    ports = dict(Port.objects.values_list("code", "name"))
    return [Table(kind.value, str(kind.label), _lines(kind, ports)) for kind in GroupKind]


def _lines(kind: str, ports: dict[str, str]) -> list[Line]:
    rows: Any = PhotoFigure.objects.filter(kind=kind, day__gte=first_day()).order_by()
    sums = {f"sum_{name}": Sum(name) for name in SHOWN}
    found = sorted(rows.values("group").annotate(**sums), key=lambda row: -row["sum_attempts"])
    hidden = _too_small([row["sum_attempts"] + row["sum_at_port"] for row in found])
    return [
        Line(
            row["group"],
            name_of(kind, row["group"], ports),
            {name: None if place in hidden else row[f"sum_{name}"] for name in SHOWN},
        )
        for place, row in enumerate(found)
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
    rows = PhotoFigure.objects.filter(kind=GroupKind.BROWSER, day__gte=first_day()).order_by()
    counts = dict.fromkeys(Finding.values, 0)
    for by_finding in rows.values_list("by_finding", flat=True):
        for code, number in by_finding.items():
            counts[code] = counts.get(code, 0) + number
    return [(str(Finding(code).label), number) for code, number in counts.items() if number >= FEW]


def flat(all_tables: list[Table]) -> list[dict]:
    """One row a group, for the files; an empty number means fewer than FEW."""
    return [
        {"kind": table.kind, "group": line.group, "name": line.name} | line.numbers
        for table in all_tables
        for line in table.lines
    ]
