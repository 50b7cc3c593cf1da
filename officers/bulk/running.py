"""Starting, stopping and carrying out an action on many rows, each in a transaction of its own."""

import logging
import time

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.db.models import Count, Q
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from cbpone.audit.log import move, record
from cbpone.audit.verbs import Verb
from cbpone.lib import clock
from cbpone.lib.errors import MovedOn, NotAllowed, Refused
from officers.alone import alone
from officers.bulk import ACTIONS, actions_for
from officers.bulk.choosing import Choice, NothingChosen, rows_of
from officers.models import BulkRow, BulkRun
from officers.statuses import RowStatus, RunStatus

log = logging.getLogger(__name__)
SEE_ALL = "officers.view_bulkrun"
SLICE_SECONDS = 20  # then other work gets its turn, and the run goes on after it
OPEN = (RunStatus.WAITING, RunStatus.RUNNING)
LONGEST = 300  # letters of a sentence that is kept
LOCK = "bulk"
MISTAKE = _("A mistake of the portal stood in the way. It is on record; nothing was changed.")


class OutOfSight(Refused):
    code = "out_of_sight"
    sentence = _("This is not among what you may work on any more.")


class NotOffered(Refused):
    code = "not_offered"
    sentence = _("This action does not exist any more.")


class OverAlready(Refused):
    code = "over_already"
    sentence = _("This has ended already. There is nothing to stop.")


def runs_visible_to(user):
    """One's own, those of colleagues who may run the same, and for auditors all."""
    if user.has_perm(SEE_ALL):
        return BulkRun.objects.all()
    same = [action.key for action in actions_for(user)]
    return BulkRun.objects.filter(Q(started_by=user) | Q(action__in=same))


def start(*, choice: Choice, by) -> BulkRun:
    """Puts the run and its rows where the worker finds them. A second press gives the same run.

    Refuses with NotAllowed and NothingChosen.
    """
    if not choice.action.is_for(by):
        raise NotAllowed
    try:
        return _start(choice, by)
    except IntegrityError:  # the other press was faster, or this is a bug
        return BulkRun.objects.get(reference=choice.reference, started_by=by)


@transaction.atomic
def _start(choice: Choice, by) -> BulkRun:
    action, values = choice.action, dict(choice.values or {})
    reason = values.pop("reason")
    rows = list(rows_of(choice, by=by))
    if not rows:
        raise NothingChosen
    run = BulkRun.objects.create(
        reference=choice.reference,
        action=action.key,
        values=values,
        reason=reason,
        started_by=by,
        started_at=clock.now(),
    )
    BulkRow.objects.bulk_create(
        [BulkRow(run=run, row_id=row.pk, label=action.label(row)) for row in rows],
        batch_size=1000,
    )
    note = f"{action.key}, {len(rows)}: {reason}"
    record(Verb.BULK_STARTED, on=run, by=by, after=run.status, note=note)
    return run


def can_stop(user, run: BulkRun) -> bool:
    """Who started it, and colleagues who may run the same."""
    action = ACTIONS.get(run.action)
    return run.started_by_id == user.pk or bool(action and action.is_for(user))


@transaction.atomic
def stop(*, run: BulkRun, by) -> BulkRun:
    """The worker looks before each row; what has not begun then is skipped.

    Refuses with NotAllowed and OverAlready. A second press changes nothing.
    """
    if not can_stop(by, run):
        raise NotAllowed
    open_runs = BulkRun.objects.filter(pk=run.pk, status__in=OPEN)
    if open_runs.filter(stop_asked_at=None).update(stop_asked_at=clock.now()):
        record(Verb.BULK_STOPPED, on=run, by=by)
    elif not open_runs.exists():
        raise OverAlready
    run.refresh_from_db()
    return run


# --- The worker's side --------------------------------------------------------------------


def unfinished() -> list[int]:
    """What waits to begin, and what a worker that died has left."""
    return list(BulkRun.objects.filter(status__in=OPEN).order_by("pk").values_list("pk", flat=True))


def carry_out(run_id: int, *, seconds: float = SLICE_SECONDS) -> bool:
    """Work on a run until it is over, somebody stops it, or the time is up. True: there is more.

    Again after a worker was killed, it goes on with the first row that waits. No row is done twice.
    """
    with alone(LOCK, run_id) as is_mine:
        run = _begin(run_id) if is_mine else None
        if run is None:
            return False
        until = time.monotonic() + seconds
        waiting = run.rows.filter(status=RowStatus.WAITING).order_by("pk")
        for row_id in list(waiting.values_list("pk", flat=True)):
            if _is_stopped(run):
                break
            if time.monotonic() >= until:
                return True
            _do(run, row_id)
        _end(run)
    return False


def _begin(run_id: int) -> BulkRun | None:
    """Not through `move`: that a worker began is nobody's deed."""
    BulkRun.objects.filter(pk=run_id, status=RunStatus.WAITING).update(status=RunStatus.RUNNING)
    return BulkRun.objects.filter(pk=run_id, status=RunStatus.RUNNING).first()


def _is_stopped(run: BulkRun) -> bool:
    return BulkRun.objects.filter(pk=run.pk, stop_asked_at__isnull=False).exists()


@transaction.atomic
def _do(run: BulkRun, row_id: int) -> None:
    """What the rule does and what is kept of it are one transaction, with the row locked."""
    rows = BulkRow.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
    row = rows.filter(pk=row_id, status=RowStatus.WAITING).first()
    if row is None:
        return
    refusal = _act(run, row)
    row.status = RowStatus.REFUSED if refusal else RowStatus.DONE
    row.said = refusal[:LONGEST]
    row.save(update_fields=["status", "said"])


def _act(run: BulkRun, row: BulkRow) -> str:
    """The sentence of the refusal, in the officer's language; nothing when it was done."""
    by = get_user_model().objects.get(pk=run.started_by_id)  # as they are now
    with translation.override(by.language or settings.LANGUAGE_CODE):
        try:
            with transaction.atomic():
                _call(run, row, by)
        except Refused as refusal:
            return str(refusal)
        except (OperationalError, InterfaceError):  # the row stays as it is, for another run
            raise
        except Exception:
            log.exception("row %s of bulk run %s was left as it is", row.pk, run.pk)
            return str(MISTAKE)
    return ""


def _call(run: BulkRun, row: BulkRow, by) -> None:
    action = ACTIONS.get(run.action)
    if action is None:
        raise NotOffered
    if not action.is_for(by):
        raise NotAllowed
    found = action.rows(by).filter(pk=row.row_id).first()
    if found is None:
        raise OutOfSight
    action.act(found, {**run.values, "reason": run.reason}, by)


@transaction.atomic
def _end(run: BulkRun) -> None:
    """Over when no row waits any more: because each had its turn, or because it was stopped."""
    waiting = run.rows.filter(status=RowStatus.WAITING)
    skipped = waiting.update(status=RowStatus.SKIPPED) if _is_stopped(run) else 0
    if waiting.exists():
        return
    to = RunStatus.STOPPED if skipped else RunStatus.DONE
    words = ", ".join(f"{status} {count}" for status, count in counts(run).items() if count)
    try:
        move(run, to=to, verb=Verb.BULK_ENDED, note=words, ended_at=clock.now())
    except MovedOn:  # another worker was faster
        return


def counts(run: BulkRun) -> dict[str, int]:
    """How many rows are in each state, every state among them."""
    found = run.rows.order_by().values("status").annotate(n=Count("pk"))
    numbers = {row["status"]: row["n"] for row in found}
    return {status: numbers.get(status, 0) for status in RowStatus.values}
