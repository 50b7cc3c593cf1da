"""A number of a month: taken in the statement that authorizes travel, given back while it may be.

docs/decisions/0010 says why this is one statement. Order of locks everywhere: request,
beneficiary, then the rows of a month by their key, that of all nationalities first.
"""

from datetime import date, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from cbpone.lib import clock
from cbpone.lib.errors import MovedOn, Refused
from cbpone.lib.references import new_reference
from parole.models import Authorization, Beneficiary, MonthlyCap
from parole.models.travels import VALID_DAYS
from parole.months import hold_month, month_of, open_month
from parole.queue import ahead_of
from parole.references import AUTHORIZATION

# Counters are read under the lock, so `word` is true until the end of the transaction. Should it
# ever not be, the constraint cap_never_passed undoes everything.
TAKE = """
WITH bound AS MATERIALIZED (
    SELECT id, process_id, used < cap AS has_room, reported_at IS NULL AS is_open
      FROM parole_monthlycap
     WHERE month = %(month)s AND (process_id IS NULL OR process_id = %(process)s)
     ORDER BY id
       FOR NO KEY UPDATE
), verdict AS (
    SELECT CASE WHEN bool_or(process_id IS NULL) IS NOT TRUE THEN 'missing'
                WHEN NOT bool_and(is_open) THEN 'closed'
                WHEN NOT bool_and(has_room) FILTER (WHERE process_id IS NULL) THEN 'full'
                WHEN NOT bool_and(has_room) THEN 'own_full'
                ELSE 'taken' END AS word
      FROM bound
), taken AS (
    UPDATE parole_monthlycap c SET used = c.used + 1
      FROM bound b, verdict v
     WHERE c.id = b.id AND v.word = 'taken'
    RETURNING c.id
), approved AS (
    UPDATE parole_beneficiary
       SET status = 'ata_approved', queued_at = NULL, queued_by_id = NULL,
           taken_by_id = NULL, taken_at = NULL
     WHERE id = %(beneficiary)s AND status = 'ata_pending' AND taken_by_id = %(by)s
       AND EXISTS (SELECT FROM taken)
    RETURNING id
), given AS (
    INSERT INTO parole_authorization
           (reference, beneficiary_id, process_id, month, status, approved_at, approved_by_id,
            valid_until, reason, given_back)
    SELECT %(reference)s, id, %(process)s, %(month)s, 'valid', %(now)s, %(by)s,
           %(valid_until)s, '', false
      FROM approved
    RETURNING id
)
SELECT word, (SELECT id FROM given) FROM verdict
"""


class CapFull(Refused):
    code = "cap_full"
    sentence = _(
        "All numbers of this month are given. The person keeps place %(place)s among those who "
        "wait, and was told so."
    )


class OwnCapFull(CapFull):
    code = "own_cap_full"
    sentence = _(
        "All numbers of this month for %(process)s are given. The person keeps place %(place)s "
        "among those who wait, and was told so."
    )


class LongerWaiting(CapFull):
    code = "longer_waiting"
    sentence = _(
        "The numbers that are left go to people who have waited longer. The person keeps place "
        "%(place)s among those who wait, and was told so."
    )


class MonthClosed(Refused):
    code = "month_closed"
    sentence = _("The numbers of this month are closed already. Try again in a few minutes.")


FULL = {"full": CapFull, "own_full": OwnCapFull}


@transaction.atomic
def take(*, beneficiary: Beneficiary, by) -> Authorization:
    """Authorize travel with a number of the month it is now, in one statement.

    Refuses with CapFull or OwnCapFull, and with MovedOn when somebody else was at the case.
    Valid VALID_DAYS days from today on the office's calendar.
    """
    word, made = _take(beneficiary, by)
    if word in ("missing", "closed"):  # a month that has just begun, or has just been closed
        open_month(month_of())
        word, made = _take(beneficiary, by)
    if word in FULL:
        raise FULL[word]
    if word != "taken":
        raise MonthClosed
    if made is None:
        raise MovedOn
    beneficiary.refresh_from_db()
    return Authorization.objects.get(pk=made)


def _take(beneficiary: Beneficiary, by) -> tuple[str, int | None]:
    now = clock.now()
    month = month_of(now)
    hold_month(month)
    values = {
        "month": month,
        "process": beneficiary.request.process_id,
        "beneficiary": beneficiary.pk,
        "by": by.pk,
        "reference": new_reference(AUTHORIZATION),
        "now": now,
        "valid_until": clock.today_in(settings.PAROLE_ZONE, now) + timedelta(days=VALID_DAYS),
    }
    with connection.cursor() as cursor:
        cursor.execute(TAKE, values)
        return cursor.fetchone()


def give_back(*, month: date, process) -> bool:
    """Put a number back, in the caller's transaction. False for a month that is closed."""
    whole = hold_month(month)
    if whole is None or whole.reported_at:
        return False
    rows = MonthlyCap.objects.that_bind(month, process).order_by("pk")
    locked = rows.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True)
    MonthlyCap.objects.filter(pk__in=list(locked)).update(used=F("used") - 1)
    return True


def check_turn(beneficiary: Beneficiary) -> None:
    """Who waits in the queue of the same process comes first, as long as numbers are few."""
    ahead = ahead_of(beneficiary)
    rows = MonthlyCap.objects.that_bind(month_of(), beneficiary.request.process_id)
    left = min((row.left for row in rows), default=0)
    if 0 < left <= ahead:
        raise LongerWaiting
