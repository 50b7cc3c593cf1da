"""Months of the travel authorizations: opened once, closed once, on the office's calendar."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import connection, transaction

from cbpone.audit.log import record
from cbpone.audit.verbs import Verb
from cbpone.lib import clock
from parole.models import MonthlyCap

# The row of all nationalities stands first, so that it has the lowest key: locks follow keys.
OPEN = """
INSERT INTO parole_monthlycap (month, process_id, cap, used, quota, selected, opened_at)
SELECT %(month)s, last.process_id, last.cap, 0, last.quota, 0, %(now)s
  FROM (
    SELECT process_id, cap, quota FROM parole_monthlycap WHERE month = %(last)s
    UNION ALL
    SELECT NULL, %(cap)s, %(quota)s WHERE %(last)s::date IS NULL
  ) last
 ORDER BY last.process_id NULLS FIRST
ON CONFLICT (month, process_id) DO NOTHING
RETURNING id, process_id
"""


def month_of(at: datetime | None = None) -> date:
    """The first day of the month it is at that instant, now if none is named."""
    return clock.today_in(settings.PAROLE_ZONE, at).replace(day=1)


def month_after(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def hold_month(month: date) -> MonthlyCap | None:
    """Lock the row of all nationalities until the end of the transaction; None: not open.

    A statement of its own, before any that counts: one that waits for the lock would not see the
    row of a nationality that was made meanwhile.
    """
    return _locked().filter(month=month).first()


def _locked():
    whole = MonthlyCap.objects.filter(process=None).order_by("-month")
    return whole.select_for_update(of=("self",), no_key=True)


@transaction.atomic
def open_month(month: date) -> None:
    """The rows of a month: of all nationalities, and of each that has its own cap.

    Caps and quotas carry on from the latest earlier month; nothing is used or chosen yet. A month
    that is open stays as it is, however many open it at once.
    """
    if MonthlyCap.objects.filter(month=month, process=None).exists():
        return
    last = _locked().filter(month__lt=month).first()
    values = {
        "month": month,
        "last": last and last.month,
        "now": clock.now(),
        "cap": settings.PAROLE_MONTHLY_CAP,
        "quota": settings.PAROLE_MONTHLY_QUOTA,
    }
    with connection.cursor() as cursor:
        cursor.execute(OPEN, values)
        made = [key for key, process in cursor.fetchall() if process is None]
    for row in MonthlyCap.objects.filter(pk__in=made):
        record(Verb.MONTH_OPENED, on=row, note=f"{month:%Y-%m}: {row.cap}")


def roll_month(now: datetime | None = None) -> list[str]:
    """Open the current month, and close every earlier one. Returns what was closed.

    Any number of runs, late or at once, close a month once. A closed month never changes again.
    """
    month = month_of(now)
    open_month(month)
    earlier = MonthlyCap.objects.filter(month__lt=month, reported_at=None)
    over = earlier.order_by("month").values_list("month", flat=True).distinct()
    return [note for past in over if (note := _report(past, now or clock.now()))]


@transaction.atomic
def _report(month: date, now: datetime) -> str:
    rows = MonthlyCap.objects.of_month(month).order_by("pk")
    whole = rows.select_for_update(of=("self",), no_key=True)[0]
    if not rows.filter(reported_at=None).update(reported_at=now):
        return ""
    note = f"{month:%Y-%m}: {whole.used} of {whole.cap}"
    record(Verb.MONTH_REPORTED, on=whole, note=note)
    return note
