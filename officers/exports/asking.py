"""An officer asks for a file, watches it being made, and may stop it."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cbpone.audit.log import move, record
from cbpone.audit.verbs import Verb
from cbpone.lib import clock
from cbpone.lib.errors import MovedOn, NotAllowed, Refused
from officers.exports import KINDS
from officers.models import Export
from officers.statuses import RunStatus

MOST_ROWS = 1_000_000  # a sheet of Excel holds 1,048,576
SEE_ALL = ("officers.view_export", "officers.assign_work")
OPEN = (RunStatus.WAITING, RunStatus.RUNNING)


class WhyMissing(Refused):
    code = "why_missing"
    sentence = _("Write why. It stays on record.")


class TooManyRows(Refused):
    code = "too_many_rows"
    sentence = _("These are %(n)s rows. A file holds 1,000,000 at most. Choose fewer days.")


class NotRunning(Refused):
    code = "not_running"
    sentence = _("This file is not being made any more. There is nothing to stop.")


def sees_all(user) -> bool:
    """Auditors, and supervisors of either kind: who asked for what, and why. Never the files."""
    return any(user.has_perm(name) for name in SEE_ALL)


def exports_visible_to(user):
    return Export.objects.all() if sees_all(user) else Export.objects.filter(asked_by=user)


def count_rows(kind, user, values: dict) -> int:
    return sum(source.rows.count() for source in kind.sources(user, values))


@transaction.atomic
def ask(*, kind: str, format: str, values: dict, reason: str, by) -> Export:
    """A file with the rows this officer may see. Refuses with NotAllowed and TooManyRows."""
    found = KINDS[kind]
    if not found.is_for(by):
        raise NotAllowed
    if not reason.strip():
        raise WhyMissing
    rows = count_rows(found, by, values)
    if rows > MOST_ROWS:
        raise TooManyRows(n=f"{rows:,}")
    export = Export.objects.create(
        kind=kind,
        format=format,
        values=values,
        reason=reason.strip(),
        asked_by=by,
        asked_at=clock.now(),
        rows=rows,
    )
    note = f"{kind}, {format}: {export.reason}"
    record(Verb.EXPORT_ASKED, on=export, by=by, after=export.status, note=note)
    return export


@transaction.atomic
def stop(*, export: Export, by) -> Export:
    """One that waits ends now; of one that is being made the worker looks after each batch."""
    if export.asked_by_id != by.pk:
        raise NotAllowed
    now = clock.now()
    if export.status == RunStatus.WAITING:
        times = {"stop_asked_at": now, "ended_at": now}
        return move(export, to=RunStatus.STOPPED, verb=Verb.EXPORT_STOPPED, by=by, **times)
    running = Export.objects.filter(pk=export.pk, status=RunStatus.RUNNING)
    if export.status not in OPEN:
        raise NotRunning
    if export.stop_asked_at is None and not running.update(stop_asked_at=now):
        raise MovedOn
    export.refresh_from_db()
    return export
