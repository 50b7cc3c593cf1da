"""Looks for people who ask twice, at whatever ports and by either way, and puts pairs on file.

What was looked at is known without a table of its own: everything that changes a person is an
event, and so is each look, which names the last event it took in (`after` of a SEARCHED event
about the table of pairs). A look goes on from there. One that is lost or repeated does no harm:
a pair is on file once, and the same records give the same points.
"""

import time
from collections.abc import Iterable
from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Min, Q

from cbpone.audit.log import record
from cbpone.audit.models import Event
from cbpone.audit.verbs import Verb
from cbpone.lib import clock
from cbpone.travelers.models import Traveler
from officers.duplicates.blocking import candidates
from officers.duplicates.records import SIGNED, Record, read_records
from officers.duplicates.signals import band_of, read_signals, score_of
from officers.models import Likeness
from parole.models import Beneficiary
from scheduling.models import Member

# After these, people may have other names, dates, papers or phones than before.
CHANGES = (
    Verb.SIGNED,
    Verb.SAVED,
    Verb.FILED,
    Verb.CLAIMED,
    Verb.DETAILS_CONFIRMED,
    Verb.CORRECTED,
)
SETTLE = timedelta(minutes=1)  # numbers of events younger than this may still come in
BATCH = 300  # events
RUN_SECONDS = 240  # the next run goes on where this one stopped


def find(traveler: Traveler) -> list[Likeness]:
    """Pairs of this traveler with others that ask for something now; new ones are put on file."""
    pairs = _compare([traveler.pk])
    return [_keep(one, other, signals)[0] for one, other, signals in pairs]


def find_all() -> int:
    """Looks at everybody who changed since the last look; returns how many pairs are new.

    Stops after RUN_SECONDS, so that it never runs into the next one.
    """
    found, until = 0, time.monotonic() + RUN_SECONDS
    while time.monotonic() < until:
        new = _next_batch()
        if new is None:
            break
        found += new
    return found


@transaction.atomic
def _next_batch() -> int | None:
    """The next events after the mark, the pairs they lead to, and the new mark: all or nothing."""
    events = _changes_after(_mark())
    if not events:
        return None
    people = travelers_of({case for _pk, case in events})
    new = sum(_keep(*pair)[1] for pair in _compare(people))
    record(
        Verb.SEARCHED,
        on=_table(),
        after=str(events[-1][0]),
        note=f"likely duplicates: {len(people)} people, {new} new",
    )
    return new


def _table() -> ContentType:
    return ContentType.objects.get_for_model(Likeness)


def _mark() -> int:
    last = Event.objects.about(_table()).filter(verb=Verb.SEARCHED).order_by("-id").first()
    return int(last.after) if last else 0


def _changes_after(mark: int) -> list[tuple[int, str]]:
    """Number and case of the next events. Those after the first young one wait for it."""
    young = Event.objects.filter(at__gt=clock.now() - SETTLE).aggregate(first=Min("pk"))["first"]
    rows = Event.objects.filter(pk__gt=mark, verb__in=CHANGES).exclude(case="")
    if young:
        rows = rows.filter(pk__lt=young)
    return list(rows.order_by("pk").values_list("pk", "case")[:BATCH])


def travelers_of(cases: Iterable[str]) -> set[int]:
    """Who is in these registrations, requests and cases, as far as they have signed or filed."""
    cases = set(cases)
    members = Member.objects.present().filter(
        registration__reference__in=cases, registration__status__in=SIGNED
    )
    named = Q(reference__in=cases) | Q(request__reference__in=cases)
    people = Beneficiary.objects.filter(named, request__filed_at__isnull=False)
    found = set(members.values_list("traveler", flat=True))
    for traveler, written in people.values_list("traveler", "written"):
        found.add(traveler or written)
    return found


def _compare(travelers: Iterable[int]) -> list[tuple[Record, Record, list[str]]]:
    """Pairs worth a look of a person, with what they have in common. Writes nothing."""
    asked = read_records(travelers)
    pairs = candidates(asked.values())
    records = asked | read_records({pk for pair in pairs for pk in pair} - set(asked))
    found = []
    for first, second in sorted(pairs):
        if first in records and second in records:
            one, other = records[first], records[second]
            signals = [] if one.families & other.families else read_signals(one, other)
            if band_of(score_of(signals)):
                found.append((one, other, signals))
    return found


def _keep(one: Record, other: Record, signals: list[str]) -> tuple[Likeness, bool]:
    """The pair on file, and whether it is new. Points of a pair nobody has judged follow the
    records; a verdict stands, whatever changes afterwards.
    """
    score = score_of(signals)
    facts = {"score": score, "band": band_of(score), "signals": signals}
    known = _known(one, other)
    if known:
        changed = Likeness.objects.open().filter(pk=known.pk).exclude(**facts)
        changed.update(**facts)
        return known, False
    row, new = Likeness.objects.get_or_create(
        first_id=one.pk, second_id=other.pk, defaults=facts | {"found_at": clock.now()}
    )
    if new:
        for side in (one, other):
            record(Verb.LIKENESS_FOUND, on=row, case=side.case, after=row.band)
    return row, new


def _known(one: Record, other: Record) -> Likeness | None:
    """The pair, also by what a supporter wrote of the same person before they had their say."""
    sides = [{side.pk, side.twin or side.pk} for side in (one, other)]
    both = Q(first__in=sides[0], second__in=sides[1]) | Q(first__in=sides[1], second__in=sides[0])
    return Likeness.objects.filter(both).order_by("pk").first()
