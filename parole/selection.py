"""The daily selection for review: half in order of filing, half drawn, for everybody to recompute.

The day before, the SHA-256 of a secret seed is published. On the day the list of all who wait is
frozen, and seed and list together decide; both are published with the result. See parole.drawing
for the arithmetic and docs/decisions/0009 for the reasons.
"""

import gzip
import hashlib
import secrets
from calendar import monthrange
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import psycopg
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.db.models import F

from cbpone.audit.log import record
from cbpone.audit.verbs import Verb
from cbpone.lib import clock
from cbpone.notifications import outbox
from parole import drawing, months
from parole.models import DrawSeed, MonthlyCap, Selection

# One run at a time, whatever starts it; the number only has to be nobody else's.
LOCK = 7_341_202_301
POOL = """
SELECT p.letter, w.numbers FROM parole_process p JOIN (
    SELECT process_id, string_agg(int4send(filing_number), ''::bytea) AS numbers
      FROM parole_supportrequest WHERE status = 'pending' GROUP BY process_id
) w ON w.process_id = p.id
"""
# Moves, puts on record and tells, as move(), record() and notify() do for a single row. Who has
# withdrawn since the list was frozen is not pending any more, and is left alone.
WRITE = """
WITH chosen AS (
    SELECT number, how, rank
      FROM unnest(%(numbers)s::int[], %(how)s::text[]) WITH ORDINALITY AS c(number, how, rank)
), moved AS (
    UPDATE parole_supportrequest r
       SET status = 'selected', selection_id = %(selection)s, picked = c.how,
           picked_rank = c.rank
      FROM chosen c
     WHERE r.filing_number = c.number AND r.status = 'pending'
    RETURNING r.id, r.owner_id, r.reference, c.how, c.rank
), noted AS (
    INSERT INTO audit_event (at, verb, model, row_id, "case", before, after, note)
    SELECT %(now)s, 'selected', 'parole.supportrequest', id, reference, 'pending', 'selected',
           %(day)s || ': ' || how || ' ' || rank
      FROM moved
), told AS (
    INSERT INTO notifications_message
           (user_id, template, model, row_id, row_status, dedupe_key, created_at)
    SELECT owner_id, 'request_selected', 'parole.supportrequest', id, 'selected',
           'request_selected:parole.supportrequest:' || id, %(now)s
      FROM moved
    RETURNING id, row_id::bigint AS request
), sent AS (
    INSERT INTO notifications_delivery (message_id, channel, next_try_at)
    SELECT t.id, channel, %(now)s
      FROM told t JOIN parole_supporter s ON s.request_id = t.request,
           unnest(CASE WHEN s.text_messages AND s.phone <> ''
                       THEN ARRAY['email', 'sms'] ELSE ARRAY['email'] END) AS channel
)
SELECT count(*) FROM moved
"""


@dataclass(frozen=True)
class Places:
    """Of one day: for all together, and the most of a letter that has its own quota."""

    wanted: int
    limits: dict[str, int] = field(default_factory=dict)


def due_at(day: date) -> datetime:
    return clock.wall_clock(day, time(settings.SELECTION_HOUR), settings.PAROLE_ZONE)


def select_cases(now: datetime | None = None) -> Selection | None:
    """Commit to tomorrow's seed; once a day, from SELECTION_HOUR on, choose the day's requests.

    Returns the selection when this run made it. None when it is early, when it was made, when
    another run is at it, or when no seed was committed to on an earlier day: the portal's first
    day, or one after a whole day of outage. A day without a selection is over at midnight, and
    its places go to the other days of its month.
    """
    now = now or clock.now()
    today = clock.today_in(settings.PAROLE_ZONE, now)
    commit_seed(today + timedelta(days=1), now=now)
    if now < due_at(today):
        return None
    return _run(today, now)


@transaction.atomic
def commit_seed(day: date, *, now: datetime | None = None) -> DrawSeed:
    """A secret for that day, whose SHA-256 is published from now on. The first one stays."""
    secret = secrets.token_bytes(32)
    seed, new = DrawSeed.objects.get_or_create(
        day=day,
        defaults={
            "seed": secret,
            "commitment": hashlib.sha256(secret).hexdigest(),
            "committed_at": now or clock.now(),
        },
    )
    if new:
        record(Verb.SEED_COMMITTED, on=seed, note=f"{day}: {seed.commitment}")
    return seed


@transaction.atomic
def _run(day: date, now: datetime) -> Selection | None:
    if not _hold() or Selection.objects.filter(day=day).exists():
        return None
    seed = DrawSeed.objects.filter(day=day).first()
    if not seed or clock.today_in(settings.PAROLE_ZONE, seed.committed_at) >= day:
        return None
    months.open_month(day.replace(day=1))
    selection = choose(seed=seed, places=places_of(day), now=now)
    transaction.on_commit(outbox.nudge)
    return selection


def _hold() -> bool:
    """Until the end of the transaction. Nobody waits: whoever comes second has nothing to do."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return cursor.fetchone()[0]


def places_of(day: date) -> Places:
    """What is left of the month's quotas, shared out over its days from this one on, rounded up."""
    days = monthrange(day.year, day.month)[1] - day.day + 1
    rows = MonthlyCap.objects.of_month(day.replace(day=1)).select_related("process")
    shares = {
        row.process.letter if row.process else "": -(-max(0, row.quota - row.selected) // days)
        for row in rows
        if row.quota is not None
    }
    return Places(shares.pop(""), shares)


def freeze() -> bytes:
    """Everybody who waits at one moment: one statement, so that nobody is missed or seen twice."""
    connection.ensure_connection()
    # psycopg's own cursor: in binary, millions of numbers come in half the size.
    with psycopg.Cursor(connection.connection) as cursor:
        return drawing.freeze(dict(cursor.execute(POOL, binary=True).fetchall()))


def choose(*, seed: DrawSeed, places: Places, now: datetime) -> Selection:
    """Freeze, draw, publish, move the chosen, take their places; all in the caller's transaction.

    Who withdraws between the freeze and the move stays in what is published and keeps the place,
    so that the result is what the seed says; the request itself stays withdrawn.
    """
    selection, chosen = draw(seed=seed, places=places, now=now)
    with _no_files_left_behind(selection):
        selection.save(force_insert=True)
        gone = len(chosen.order) + len(chosen.draw) - _write(selection, chosen)
        _take_places(selection)
        record(Verb.SELECTION_RAN, on=selection, note=_note(selection, gone))
    return selection


def draw(*, seed: DrawSeed, places: Places, now: datetime) -> tuple[Selection, drawing.Chosen]:
    """Freeze the list and choose from it. Writes nothing: the selection is not saved yet."""
    pool, secret = freeze(), bytes(seed.seed)
    chosen = drawing.choose(pool=pool, seed=secret, wanted=places.wanted, limits=places.limits)
    text = drawing.as_text(
        day=seed.day.isoformat(),
        pool=pool,
        seed=secret,
        wanted=places.wanted,
        limits=places.limits,
        chosen=chosen,
    ).encode()
    counts = drawing.count(pool, chosen)
    selection = Selection(
        day=seed.day,
        month=seed.day.replace(day=1),
        seed=seed,
        ran_at=now,
        wanted=places.wanted,
        limits=places.limits,
        pool_size=counts[""]["waited"],
        pool_sha256=hashlib.sha256(pool).hexdigest(),
        pool=ContentFile(gzip.compress(pool, mtime=0, compresslevel=1), "pool"),
        in_order=len(chosen.order),
        drawn=len(chosen.draw),
        counts=counts,
        result_sha256=hashlib.sha256(text).hexdigest(),
        result=ContentFile(text, "result"),
    )
    return selection, chosen


def _write(selection: Selection, chosen: drawing.Chosen) -> int:
    """Returns how many requests moved."""
    ranked = chosen.ranked()
    values: dict[str, Any] = {
        "numbers": [number for number, _how in ranked],
        "how": [how for _number, how in ranked],
        "selection": selection.pk,
        "day": selection.day.isoformat(),
        "now": selection.ran_at,
    }
    with connection.cursor() as cursor:
        cursor.execute(WRITE, values)
        return cursor.fetchone()[0]


def _take_places(selection: Selection) -> None:
    """Counts the chosen against the month's quotas; last, as travel officers want these rows too.

    A quota that was lowered meanwhile is not passed: the constraint undoes the whole run, and the
    next one reckons with the new quota.
    """
    months.hold_month(selection.month)
    rows = MonthlyCap.objects.of_month(selection.month).order_by("pk")
    for row in rows.select_related("process"):
        counts = selection.counts.get(row.process.letter if row.process else "")
        taken = counts[drawing.ORDER] + counts[drawing.DRAW] if counts else 0
        MonthlyCap.objects.filter(pk=row.pk).update(selected=F("selected") + taken)


def _note(selection: Selection, gone: int) -> str:
    note = (
        f"{selection.day}: {selection.wanted} places, {selection.pool_size} waited, "
        f"{selection.in_order} in order, {selection.drawn} drawn"
    )
    return f"{note}, {gone} withdrawn meanwhile" if gone else note


@contextmanager
def _no_files_left_behind(selection: Selection) -> Iterator[None]:
    """What is undone leaves no file that looks like a published one."""
    try:
        yield
    except BaseException:
        for file in (selection.pool, selection.result):
            if file.name and getattr(file, "_committed", False):
                file.storage.delete(file.name)
        raise
