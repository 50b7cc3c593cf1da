"""Holds every row of the demo until all are made, then adds them in bulk, oldest first."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from random import Random

from django.db.models import Model

from cbpone.audit.models import Event
from cbpone.notifications.statuses import Template
from scheduling.models import Appointment, Registration

CHUNK = 2000


@dataclass
class Told:
    """A message to be: what about, when, and the status that made it true."""

    template: Template
    about: Registration | Appointment
    at: datetime
    registration: Registration
    status: str
    is_stuck: bool = False  # the mail server does not answer just now


class Shelf:
    def __init__(self) -> None:
        self.rows: defaultdict[type[Model], list] = defaultdict(list)
        self.events: list[tuple] = []
        self.told: list[Told] = []

    def add(self, row):
        self.rows[type(row)].append(row)
        return row

    def event(self, verb, *, on, at, by=None, case="", before="", after="", note=""):
        self.events.append((at, by, verb, on, case, before, after, note))

    def tell(self, template, *, about, at, registration, status, is_stuck=False):
        self.told.append(Told(template, about, at, registration, status, is_stuck))

    def save(self, model, progress, *, order=None) -> None:
        """Add all rows of a model; `order` gives the time that numbers them."""
        rows = self.rows[model]
        if order:
            rows.sort(key=order)
        save_in_chunks(model, rows, progress)

    def save_appointments(self, progress) -> None:
        """Those that replace another come second: they name a row that must be there."""
        rows = sorted(self.rows[Appointment], key=lambda row: row.booked_at)
        save_in_chunks(Appointment, [row for row in rows if not row.replaces], progress)
        save_in_chunks(Appointment, [row for row in rows if row.replaces], progress)

    def save_events(self, progress) -> None:
        self.events.sort(key=lambda values: values[0])
        save_in_chunks(Event, [_event(*values) for values in self.events], progress)


@dataclass(frozen=True)
class Stage:
    """What every part of the demo needs: the seed, the hour, and where rows are put."""

    seed: int
    now: datetime
    shelf: Shelf

    def chance(self, part: str) -> Random:
        """Chance of its own for each part, so that one does not disturb another."""
        return Random(f"{self.seed}:{part}")


def _event(at, by, verb, on, case, before, after, note) -> Event:
    return Event(
        at=at,
        by_id=by and by.pk,
        verb=verb.value,
        model=on._meta.label_lower,
        row_id=str(on.pk),
        case=case,
        before=before,
        after=after,
        note=note,
    )


def save_in_chunks(model, rows, progress) -> None:
    for start in range(0, len(rows), CHUNK):
        model._base_manager.bulk_create(rows[start : start + CHUNK])
        progress.part(min(1, (start + CHUNK) / len(rows)))
