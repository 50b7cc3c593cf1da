"""Caps of a month: changed by two people, counted again at night.

30,000 travel authorizations a month over all four nationalities (DHS, 5 January 2023); a
supervisor may set one for a nationality too. How a number is taken is in parole.numbers.
"""

from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from cbpone.audit.log import move, record
from cbpone.audit.verbs import Verb
from cbpone.lib import clock
from cbpone.lib.errors import NotAllowed, Refused
from parole import drawing
from parole.models import Authorization, CapChange, MonthlyCap, Process, Selection
from parole.months import hold_month, month_after, month_of, open_month, roll_month

__all__ = ["month_after", "month_of", "open_month", "roll_month"]
PROPOSE, AGREE = "parole.propose_cap", "parole.agree_cap"
LARGEST = 1_000_000  # people a month; more is a slip of the pen


class WrongMonth(Refused):
    code = "wrong_month"
    sentence = _("A cap can be changed from this month or the next one on.")


class WrongNumber(Refused):
    code = "wrong_number"
    sentence = _("Use whole numbers from 0 to %(most)s.")


class QuotaMissing(Refused):
    code = "quota_missing"
    sentence = _("Say how many requests may be chosen for review in a month.")


class ReasonMissing(Refused):
    code = "reason_missing"
    sentence = _("Write why. It stays on record, and the second person reads it.")


class BelowUsed(Refused):
    code = "below_used"
    sentence = _("%(used)s people are authorized in that month already. The cap cannot be lower.")


class BelowSelected(BelowUsed):
    code = "below_selected"
    sentence = _("%(used)s requests are chosen in that month already. It cannot be fewer.")


class AlreadyProposed(Refused):
    code = "already_proposed"
    sentence = _("A change of this cap waits for a second person already. It is answered first.")


class SamePerson(Refused):
    code = "same_person"
    sentence = _("You proposed this change yourself. It takes a second person to agree.")


class MonthOver(Refused):
    code = "month_over"
    sentence = _("That month is over. Decline this change and propose it for a later month.")


def check_can_propose(user) -> None:
    if not user.has_perm(PROPOSE):
        raise NotAllowed


def _check_values(month: date, process: Process | None, cap, quota, reason: str) -> None:
    if month not in (month_of(), month_after(month_of())):
        raise WrongMonth
    if process is None and quota is None:
        raise QuotaMissing
    if not all(0 <= number <= LARGEST for number in (cap, quota or 0)):
        raise WrongNumber(most=LARGEST)
    if not reason:
        raise ReasonMissing
    for row in MonthlyCap.objects.filter(month=month, process=process):
        _check_not_below(row, cap, quota)


def _check_not_below(row: MonthlyCap, cap: int, quota: int | None) -> None:
    if cap < row.used:
        raise BelowUsed(used=row.used)
    if quota is not None and quota < row.selected:
        raise BelowSelected(used=row.selected)


@transaction.atomic
def propose_cap(*, month: date, process: Process | None, cap: int, quota, reason, by) -> CapChange:
    """Another cap from this month or the next one on; a second person has to agree.

    `process` None is the cap of all nationalities together, which needs a quota too.
    """
    check_can_propose(by)
    reason = reason.strip()
    _check_values(month, process, cap, quota, reason)
    change = CapChange(
        month=month, process=process, cap=cap, quota=quota, reason=reason, proposed_by=by,
        proposed_at=clock.now(),
    )  # fmt: skip
    try:
        with transaction.atomic():
            change.save()
    except IntegrityError as error:
        if "cap_change_one_proposed" not in str(error):
            raise
        raise AlreadyProposed from None
    record(Verb.CAP_PROPOSED, on=change, by=by, after=change.status, note=f"{change}; {reason}")
    return change


def check_can_agree(user, change: CapChange) -> None:
    if not user.has_perm(AGREE):
        raise NotAllowed
    if change.proposed_by_id == user.pk:
        raise SamePerson


def can_agree(user, change: CapChange) -> bool:
    try:
        check_can_agree(user, change)
    except Refused:
        return False
    return True


@transaction.atomic
def agree_cap(*, change: CapChange, by) -> MonthlyCap:
    """A second person agrees: the cap stands from now on, and in the months after.

    Never below what is used or chosen in a month (BelowUsed); never in a month that is over.
    """
    check_can_agree(by, change)
    if change.month < month_of():
        raise MonthOver
    move(change, to="agreed", verb=Verb.CAP_CHANGED, by=by, note=str(change), **_closed(by))
    open_month(change.month)
    hold_month(change.month)
    # Read after that lock, so that a month somebody opens at this moment is among them.
    later = MonthlyCap.objects.filter(process=None, month__gte=change.month).order_by("month")
    whole = list(later.select_for_update(of=("self",), no_key=True))
    own = CapChange.objects.filter(
        process=change.process, status="agreed", month__gt=change.month
    ).values_list("month", flat=True)
    rows = [_apply(change, row) for row in whole if row.month not in own]
    return rows[0]


def _closed(by) -> dict:
    return {"closed_by": by, "closed_at": clock.now()}


def _apply(change: CapChange, whole: MonthlyCap) -> MonthlyCap:
    """The change in one month, whose row of all nationalities is locked."""
    if whole.reported_at:
        raise MonthOver
    rows = MonthlyCap.objects.filter(month=whole.month, process=change.process)
    if change.process and not rows.exists():
        return _create(change, change.process, whole.month)
    within = Q(used__lte=change.cap)
    if change.quota is not None:
        within &= Q(selected__lte=change.quota)
    changed = rows.filter(within, reported_at=None).update(cap=change.cap, quota=change.quota)
    row = rows.get()
    if not changed:
        _check_not_below(row, change.cap, change.quota)
        raise MonthOver
    return row


def _create(change: CapChange, process: Process, month: date) -> MonthlyCap:
    """A nationality that had no own cap: what it has used and had chosen so far counts."""
    row = MonthlyCap(
        month=month,
        process=process,
        cap=change.cap,
        quota=change.quota,
        used=_counted(month).filter(process=process).count(),
        selected=_chosen(month, process.letter),
    )
    _check_not_below(row, change.cap, change.quota)
    row.save(force_insert=True)
    return row


def _counted(month):
    return Authorization.objects.filter(month=month, given_back=False).order_by()


def _chosen(month: date, letter: str) -> int:
    days = Selection.objects.filter(month=month).values_list("counts", flat=True)
    return sum(
        counts.get(letter, {}).get(how, 0)
        for counts in days
        for how in (drawing.ORDER, drawing.DRAW)
    )


@transaction.atomic
def decline_cap(*, change: CapChange, by) -> CapChange:
    """Nothing changes. Who proposed it may take it back too."""
    if change.proposed_by_id != by.pk:
        check_can_agree(by, change)
    return move(
        change, to="declined", verb=Verb.CAP_DECLINED, by=by, note=str(change), **_closed(by)
    )


def recount_caps() -> list[str]:
    """Count every month that is not closed again from its authorizations; note a difference.

    In one statement with the counter: two would not see the same moment.
    """
    of_all = _number(_counted(OuterRef("month")))
    of_one = _number(_counted(OuterRef("month")).filter(process=OuterRef("process")))
    rows = MonthlyCap.objects.filter(reported_at=None).select_related("process").order_by("pk")
    found = []
    for row in rows.annotate(of_all=of_all, of_one=of_one):
        held = row.of_one if row.process_id else row.of_all
        if held != row.used:
            note = f"{row.used} counted, {held} found"
            record(Verb.RECOUNTED, on=row, note=f"{row}: {note}")
            found.append(f"{row}: {note}")
    return found


def _number(rows):
    together = rows.values("month").annotate(n=Count("pk"))
    return Coalesce(Subquery(together.values("n")), 0)
