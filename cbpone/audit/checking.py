"""Whether the log is still what was sealed. Reads everything again, one run at a time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from cbpone.audit.log import record
from cbpone.audit.models import Event, Seal
from cbpone.audit.sealing import FIRST_EVENT, digest_of, read_events
from cbpone.audit.verbs import Verb
from cbpone.lib import clock

SEALED_WITHIN = timedelta(hours=1)  # of a log whose sealing runs
CHUNK = 2_000
WHOLE, FAULT = "whole", "fault"


@dataclass
class Findings:
    """What a look through the whole log found. Digests count when they are in the chain."""

    seals: int = 0
    events: int = 0  # under a seal
    waiting: int = 0  # not sealed yet
    head: Seal | None = None
    faults: list[str] = field(default_factory=list)

    @property
    def digest(self) -> str:
        return self.head.digest if self.head else ""


def check_log(*, expected: Iterable[str] = ()) -> Findings:
    """Recomputes the chain up to the first seal that does not fit, and puts the check on record.

    `expected` are digests kept elsewhere; those of earlier checks, which are in the log itself,
    are looked for too. Events that nobody sealed within SEALED_WITHIN are a fault as well.
    """
    found = Findings()
    _walk(found)
    _check_ends(found)
    _check_digests(found, expected)
    _record(found)
    return found


def _walk(found: Findings) -> None:
    for seal in Seal.objects.order_by("last_event").iterator(chunk_size=500):
        fault = _fault_of(seal, found)
        if fault:
            found.faults.append(f"{_run(seal)}: {fault}")
            return
        found.seals += 1
        found.events += seal.events
        found.head = seal


def _run(seal: Seal) -> str:
    return f"Seal {seal.pk} of events {seal.first_event} to {seal.last_event}"


def _fault_of(seal: Seal, found: Findings) -> str:
    head = found.head
    first = head.last_event + 1 if head else FIRST_EVENT
    if seal.first_event != first:
        return f"a seal is missing before it, or was changed: events from {first} on have none."
    if seal.previous_id != (head.pk if head else None):
        return "the link to the seal before it is broken."
    counted = Counted(read_events(seal.first_event, seal.last_event).iterator(chunk_size=CHUNK))
    digest = digest_of(seal, found.digest, counted)
    if counted.number > seal.events:
        return f"events were added: {seal.events} were sealed, {counted.number} are there."
    if counted.number < seal.events:
        return f"events are missing: {seal.events} were sealed, {counted.number} are there."
    if digest != seal.digest:
        return "an event, this seal or the one before it was changed."
    return ""


class Counted:
    def __init__(self, rows: Iterator[tuple]) -> None:
        self.rows, self.number = rows, 0

    def __iter__(self) -> Iterator[tuple]:
        for row in self.rows:
            self.number += 1
            yield row


def _check_ends(found: Findings) -> None:
    """What stands before the first run, and what waits after the last one for too long."""
    if Event.objects.filter(id__lt=FIRST_EVENT).exists():
        found.faults.append(f"Events were added before number {FIRST_EVENT}.")
    last = Seal.objects.order_by("last_event").last()
    after = Event.objects.filter(id__gt=last.last_event if last else FIRST_EVENT - 1)
    found.waiting = after.count()
    late = after.filter(at__lt=clock.now() - SEALED_WITHIN)
    if number := late.count():
        found.faults.append(
            f"{number} events older than an hour were never sealed, from {late.earliest('id').id} "
            "on: sealing does not run, a transaction has been open all the time, or seals were "
            "removed."
        )


def _check_digests(found: Findings, expected: Iterable[str]) -> None:
    for digest in expected:
        if not Seal.objects.filter(digest=digest.strip().lower()).exists():
            found.faults.append(f"Digest {digest} is not in the chain: seals were replaced.")
    known = Seal.objects.filter(digest=OuterRef("note"))
    checks = Event.objects.filter(verb=Verb.LOG_CHECKED, after=WHOLE).exclude(note="")
    forgotten = checks.filter(~Exists(known)).order_by("id").first()
    if forgotten:
        found.faults.append(
            f"Digest {forgotten.note}, found by the check of {forgotten.at:%Y-%m-%d %H:%M} UTC, "
            "is not in the chain any more: seals were removed or replaced."
        )


@transaction.atomic
def _record(found: Findings) -> None:
    about = found.head or Seal(pk=0)
    if found.faults:
        record(Verb.LOG_CHECKED, on=about, after=FAULT, note=found.faults[0])
    else:
        record(Verb.LOG_CHECKED, on=about, after=WHOLE, note=found.digest)
