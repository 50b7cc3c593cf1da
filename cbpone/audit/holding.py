"""Work that one officer holds: taken in turn, never by two, put back or given on with a reason.

For any model with `taken_by` and `taken_at`.
"""

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cbpone.audit.log import record
from cbpone.audit.verbs import Verb
from cbpone.lib import clock
from cbpone.lib.errors import MovedOn, NotAllowed, Refused

ASSIGN = "officers.assign_work"


class NotHolder(Refused):
    code = "not_holder"
    sentence = _("Another officer holds this, or nobody. Only who took it can do that.")


class WhyMissing(Refused):
    code = "why_missing"
    sentence = _("Write why. It stays on record.")


class CannotTake(Refused):
    code = "cannot_take"
    sentence = _("That officer may not work on this: another kind of work, or too near to it.")


@transaction.atomic
def take(free, *, by, own=None):
    """The officer's own row that waits, else the first of `free`; None when none waits.

    `free` is in the order of its turn and holds only what the officer may take; `own` is what
    they hold. Two officers who press at once get two rows; two presses of one get one.
    """
    # One press at a time for each officer: two tabs would take two.
    get_user_model().objects.select_for_update(no_key=True).get(pk=by.pk)
    held = own.first() if own is not None else None
    if held:
        return held
    waiting = free.filter(taken_by=None)
    row = waiting.select_for_update(skip_locked=True, no_key=True, of=("self",)).first()
    if row is None:
        return None
    return _give(row, to=by, verb=Verb.TAKEN, by=by)


def check_holds(user, row) -> None:
    if row.taken_by_id != user.pk:
        raise NotHolder


@transaction.atomic
def put_back(row, *, reason: str, by):
    """Nobody holds it then. The holder can, and who assigns work. Refuses with NotHolder."""
    if not by.has_perm(ASSIGN):
        check_holds(by, row)
    if not reason.strip():
        raise WhyMissing
    held = type(row)._base_manager.filter(pk=row.pk, taken_by=row.taken_by_id)
    if row.taken_by_id is None or not held.update(taken_by=None, taken_at=None):
        raise MovedOn
    row.taken_by = row.taken_at = None
    record(Verb.PUT_BACK, on=row, by=by, note=reason.strip())
    return row


@transaction.atomic
def reassign(row, *, to, reason: str, by, may_take):
    """A supervisor gives it to another officer, whoever holds it now.

    `may_take(user, row)` is the queue's own question, conflicts included. Refuses with
    NotAllowed, CannotTake, WhyMissing and MovedOn.
    """
    if not by.has_perm(ASSIGN):
        raise NotAllowed
    if not reason.strip():
        raise WhyMissing
    if not to.is_active or not may_take(to, row):
        raise CannotTake
    return _give(row, to=to, verb=Verb.REASSIGNED, by=by, note=f"{to}: {reason.strip()}")


def _give(row, *, to, verb, by, note=""):
    now = clock.now()
    as_seen = type(row)._base_manager.filter(pk=row.pk, taken_by=row.taken_by_id)
    if not as_seen.update(taken_by=to, taken_at=now):
        raise MovedOn
    row.taken_by, row.taken_at = to, now
    record(verb, on=row, by=by, note=note)
    return row
