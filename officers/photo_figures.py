"""What happens to photos, counted by group for the public, and groups that fare otherwise.

Counted by nationality, port, language and browser; never by person, and never by how one looks.
"""

import math
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from cbpone.audit.log import record
from cbpone.audit.verbs import Verb
from cbpone.lib import clock
from cbpone.lib.errors import MovedOn, NotAllowed
from cbpone.photos.models import Photo, PhotoDrift, PhotoFigure, Upload
from cbpone.photos.receiving import Closed
from cbpone.photos.statuses import Finding, GroupKind, Measure, PhotoStatus, UploadStatus
from cbpone.photos.storing import SamePicture
from scheduling.models import Attendance, Member, Port, PortPreference

SPAN_DAYS = 30
LEAST = 50  # pictures on either side, or nothing can be said
GAP = 50  # per mille
CERTAIN = 3.29  # standard errors: by chance once in a thousand
JUDGE = "photos.judge_photodrift"
NOT_THE_FILE = (SamePicture.code, Closed.code)  # refused, but not for what was in the file
OF_MEASURE = {  # what is counted, of how many
    Measure.HINTED: ("hinted", ("checked",)),
    Measure.FACE_NOT_FOUND: ("face_not_found", ("checked",)),
    Measure.REFUSED: ("refused", ("attempts",)),
    Measure.AT_PORT: ("at_port", ("attempts", "at_port")),
}
SUMS = ("attempts", "refused", "checked", "hinted", "face_not_found", "at_port")


def today() -> date:
    return clock.now().astimezone(UTC).date()


# --- Counting -----------------------------------------------------------------------------


def count_day(day: date) -> None:
    """The figures of one day, made anew: a second run changes nothing."""
    sums: dict = defaultdict(Counter)
    for row in _kept(day):
        found = row.pop("findings")
        checked = bool(row.pop("checked_by"))
        counts = Counter({"attempts": 1, "checked": int(checked), "hinted": int(bool(found))})
        counts.update(found)
        _add(sums, row, counts)
    for row in _refused(day):
        _add(sums, row, Counter({"attempts": 1, "refused": 1}))
    for row in _left_to_officers(day):
        _add(sums, row, Counter({"at_port": 1}))
    _write(day, sums)


def _add(sums, row: dict, counts: Counter) -> None:
    for kind in GroupKind.values:
        if group := row.get(kind):
            sums[kind, str(group)].update(counts)


@transaction.atomic
def _write(day: date, sums) -> None:
    PhotoFigure.objects.filter(day=day).delete()
    PhotoFigure.objects.bulk_create(
        PhotoFigure(
            day=day,
            kind=kind,
            group=group,
            **{name: counts[name] for name in SUMS},
            by_finding={code: counts[code] for code in Finding.values if counts[code]},
        )
        for (kind, group), counts in sorted(sums.items())
    )


def _span(day: date) -> tuple[datetime, datetime]:
    start = datetime.combine(day, time(0), UTC)
    return start, start + timedelta(days=1)


def _port(traveler: str) -> Coalesce:
    """Where the person has or had an appointment, the newest first; else the first choice."""
    came = Attendance.objects.filter(traveler=OuterRef(traveler), left_at=None)
    wish = PortPreference.objects.filter(registration__members__traveler=OuterRef(traveler))
    return Coalesce(
        Subquery(came.order_by("-pk").values("appointment__slot__port__code")[:1]),
        Subquery(wish.order_by("rank").values("port__code")[:1]),
    )


def _facts(rows, traveler: str):
    return rows.annotate(port=_port(traveler), nationality=F(f"{traveler}__nationality")).order_by()


def _kept(day: date):
    start, end = _span(day)
    rows = _facts(Photo.objects.filter(added_at__gte=start, added_at__lt=end), "traveler")
    return rows.values(*GroupKind.values, "findings", "checked_by").iterator()


def _refused(day: date):
    start, end = _span(day)
    rows = Upload.objects.filter(status=UploadStatus.REFUSED, ended_at__gte=start, ended_at__lt=end)
    rows = rows.exclude(refusal__in=NOT_THE_FILE)
    return _facts(rows, "traveler").values(*GroupKind.values).iterator()


def _left_to_officers(day: date):
    """Photos an officer marked so, and what families themselves chose when they signed."""
    start, end = _span(day)
    judged = Photo.objects.filter(
        status=PhotoStatus.AT_PORT, judged_at__gte=start, judged_at__lt=end
    )
    yield from _facts(judged, "traveler").values(*GroupKind.values).iterator()
    chosen = Member.objects.filter(
        photo_at_port=True,
        left_at=None,
        registration__seniority_at__gte=start,
        registration__seniority_at__lt=end,
    ).exclude(traveler__photos__status=PhotoStatus.AT_PORT)
    rows = _facts(chosen, "traveler").annotate(language=F("registration__owner__language"))
    yield from rows.values("nationality", "port", "language").iterator()


def count_lately() -> None:
    """Today and yesterday; and every day of the span that has no figures, as after a stop."""
    newest = today()
    known = set(PhotoFigure.objects.values_list("day", flat=True).distinct())
    for back in range(SPAN_DAYS):
        day = newest - timedelta(days=back)
        if back < 2 or day not in known:
            count_day(day)


# --- Groups that fare otherwise -----------------------------------------------------------


def sums_by_group(kind: str) -> dict[str, dict[str, int]]:
    """The sums of the last SPAN_DAYS days for each group of one kind."""
    since = today() - timedelta(days=SPAN_DAYS - 1)
    rows = PhotoFigure.objects.filter(kind=kind, day__gte=since).order_by()
    summed: Any = rows.values("group").annotate(**{f"sum_{name}": Sum(name) for name in SUMS})
    return {row["group"]: {name: row[f"sum_{name}"] for name in SUMS} for row in summed}


def watch() -> list[PhotoDrift]:
    """Look for groups that fare otherwise than all others; an open finding is renewed.

    What was looked into comes up again when the gap has grown by GAP.
    """
    found = []
    for kind in GroupKind.values:
        groups = sums_by_group(kind)
        whole = {name: sum(sums[name] for sums in groups.values()) for name in SUMS}
        for group, sums in groups.items():
            for measure in Measure:
                drift = _compare(kind, group, measure, sums, whole)
                if drift:
                    found.append(_keep(drift))
    return [drift for drift in found if drift]


def _compare(kind, group, measure, sums, whole) -> PhotoDrift | None:
    hit, of = OF_MEASURE[measure]
    count, among = sums[hit], sum(sums[name] for name in of)
    rest, rest_among = whole[hit] - count, sum(whole[name] for name in of) - among
    if among < LEAST or rest_among < LEAST:
        return None
    share, others = count / among, rest / rest_among
    pooled = (count + rest) / (among + rest_among)
    error = math.sqrt(pooled * (1 - pooled) * (1 / among + 1 / rest_among))
    if not error or abs(share - others) * 1000 < GAP or abs(share - others) / error < CERTAIN:
        return None
    return PhotoDrift(
        kind=kind,
        group=group,
        measure=measure,
        share=round(share * 1000),
        others=round(others * 1000),
        counted=among,
    )


@transaction.atomic
def _keep(drift: PhotoDrift) -> PhotoDrift | None:
    same = PhotoDrift.objects.filter(kind=drift.kind, group=drift.group, measure=drift.measure)
    facts = {"share": drift.share, "others": drift.others, "counted": drift.counted}
    if same.filter(seen_at=None).update(renewed_at=clock.now(), **facts):
        return None
    seen = same.filter(seen_at__gte=clock.now() - timedelta(days=SPAN_DAYS)).order_by("-pk").first()
    if seen and abs(drift.gap) < abs(seen.gap) + GAP:
        return None
    drift.found_at = drift.renewed_at = clock.now()
    made = PhotoDrift.objects.bulk_create([drift], ignore_conflicts=True)
    kept = same.filter(seen_at=None).first()
    if made and kept:
        record(Verb.DRIFT_FOUND, on=kept, by=None, note=f"{drift.kind} {drift.measure}")
    return kept


@transaction.atomic
def mark_seen(*, drift: PhotoDrift, note: str, by) -> PhotoDrift:
    """A supervisor has looked into it and says what was found.

    Refuses with NotAllowed, or MovedOn when somebody did so before.
    """
    if not by.has_perm(JUDGE):
        raise NotAllowed
    values = {"seen_at": clock.now(), "seen_by": by, "note": note}
    if not PhotoDrift.objects.filter(pk=drift.pk, seen_at=None).update(**values):
        raise MovedOn
    drift.refresh_from_db()
    record(Verb.DRIFT_SEEN, on=drift, by=by)
    return drift


def drifts_of(user):
    """Groups of every kind; of ports, only those a port supervisor has."""
    rows = PhotoDrift.objects.select_related("seen_by")
    if user.has_perm("scheduling.view_every_port") or user.has_perm("parole.view_every_case"):
        return rows
    own = Port.objects.visible_to(user).values("code")
    return rows.filter(~Q(kind=GroupKind.PORT) | Q(group__in=own))
