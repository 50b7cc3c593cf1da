"""Who waits for a number of a full month, and at which place."""

from django.db.models import Q

from parole.models import Beneficiary, MonthlyCap
from parole.months import month_of
from parole.statuses import BeneficiaryStatus


def pending():
    """People whose case waits for an officer's decision on travel."""
    return Beneficiary.objects.filter(status=BeneficiaryStatus.ATA_PENDING)


def queued():
    """Of those, the ones for whom a month had no number, in their order."""
    return pending().exclude(queued_at=None).order_by("queued_at", "pk")


def place_in_queue(beneficiary: Beneficiary) -> int | None:
    """The place among all who wait for a number under the same process, from 1; None: not waiting.

    The cap of all nationalities may be what is full; the order among nationalities is then that
    of the whole queue. What a person is told counts their own process, as their own cap would.
    """
    if beneficiary.queued_at is None or beneficiary.status != BeneficiaryStatus.ATA_PENDING:
        return None
    return ahead_of(beneficiary) + 1


def ahead_of(beneficiary: Beneficiary) -> int:
    """How many of the same process come before; before somebody who is not in the queue, all."""
    same = queued().filter(request__process=beneficiary.request.process_id)
    same = same.exclude(pk=beneficiary.pk)
    if beneficiary.queued_at:
        earlier = Q(queued_at=beneficiary.queued_at, pk__lt=beneficiary.pk)
        same = same.filter(Q(queued_at__lt=beneficiary.queued_at) | earlier)
    return same.count()


def full_now() -> tuple[bool, list[int]]:
    """Whether the month has no number left at all, and the processes whose own cap is used up."""
    rows = MonthlyCap.objects.of_month(month_of())
    full = [row.process_id for row in rows if not row.left]
    return None in full, [process for process in full if process]
