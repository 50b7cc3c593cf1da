"""The log is sealed in runs, each holding the digest of the one before, so that a hole shows.

Writing an event never waits. Numbers are drawn in one order and committed in another, so a run may
only be closed when nobody can still commit a number in it. An INSERT locks the table for writing
(which shuts nobody out) before it draws its number, and the lock stays until its transaction ends.
So: read the last number, then note who holds that lock. Whoever can still commit a number up to
it is among them. Once they have all let go, the run is complete.
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC

from django.db import connection, transaction
from django.db.models import Max

from cbpone.audit.models import Event, Seal, SealMark
from cbpone.lib import clock

MOST_EVENTS = 10_000  # of one seal: what is read into memory at once
FIRST_EVENT = 1
LOCK = 5_325_412  # a number of ours; one sealer at a time
FIELDS = ("id", "at", "by_id", "verb", "model", "row_id", "case", "before", "after", "note")
# pg_locks shows a lock from before it is moved or until after, never not at all. A prepared
# transaction ('-1/...') has lost its name, so all of them count.
WRITERS = """
SELECT virtualtransaction FROM pg_locks
 WHERE locktype = 'relation' AND relation = 'audit_event'::regclass
   AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
   AND mode = 'RowExclusiveLock' AND granted
"""


def seal() -> int:
    """Seals every event that can no longer change, and returns how many these were.

    Waits for nobody: what is still being written is left for the next call, and while another
    sealer is at work this one does nothing.
    """
    note_mark()
    sealed = 0
    while row := seal_next():
        sealed += row.events
    return sealed


# Durable, as it has to see what others commit meanwhile.
@transaction.atomic(durable=True)
def note_mark() -> SealMark | None:
    """How far the log has come, and who was writing; None when there is nothing new."""
    if not _is_alone():
        return None
    last = Event.objects.aggregate(last=Max("id"))["last"] or 0
    marked = SealMark.objects.aggregate(last=Max("last_event"))["last"] or 0
    if last <= max(marked, last_sealed()):
        return None
    return SealMark.objects.create(last_event=last, writers=_writers())  # in this order


@transaction.atomic(durable=True)
def seal_next() -> Seal | None:
    """One run of at most MOST_EVENTS; None when the rest has to wait, or is empty."""
    if not _is_alone():
        return None
    until = _complete_until()
    first = last_sealed() + 1
    events = list(read_events(first, until)[:MOST_EVENTS])
    if not events:
        SealMark.objects.filter(last_event__lte=until).delete()
        return None
    last = events[-1][0] if len(events) == MOST_EVENTS else until
    head = Seal.objects.order_by("last_event").last()
    row = Seal(
        first_event=first, last_event=last, previous=head, events=len(events), sealed_at=clock.now()
    )
    row.digest = digest_of(row, head.digest if head else "", events)
    row.save(force_insert=True)
    return row


def last_sealed() -> int:
    return Seal.objects.aggregate(last=Max("last_event"))["last"] or FIRST_EVENT - 1


def read_events(first: int, last: int):
    return Event.objects.filter(id__range=(first, last)).order_by("id").values_list(*FIELDS)


def digest_of(seal: Seal, previous: str, events: Iterable[tuple]) -> str:
    """SHA-256 in hex over lines of JSON: the seal itself, then its events in order.

    Keys sorted, no spaces, UTF-8, times in UTC with microseconds; `previous` is empty for the
    first seal.
    """
    head = {
        "previous": previous,
        "first_event": seal.first_event,
        "last_event": seal.last_event,
        "sealed_at": _time(seal.sealed_at),
    }
    whole = hashlib.sha256(_line(head))
    for values in events:
        event = dict(zip(FIELDS, values, strict=True))
        whole.update(_line(event | {"at": _time(event["at"])}))
    return whole.hexdigest()


def _line(values: dict) -> bytes:
    text = json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode() + b"\n"


def _time(at) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _complete_until() -> int:
    """The last number of the newest mark whose writers have all ended."""
    marks = list(SealMark.objects.order_by("-last_event"))
    writing = set(_writers()) if marks else set()
    if any(name.startswith("-1/") for name in writing):
        return last_sealed()
    done = (mark.last_event for mark in marks if writing.isdisjoint(mark.writers))
    return next(done, last_sealed())


def _writers() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(WRITERS)
        return sorted({name for (name,) in cursor.fetchall()})


def _is_alone() -> bool:
    """Until the end of the transaction; never waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return cursor.fetchone()[0]
