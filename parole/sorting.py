"""What was filed is looked at with every signal, then put among the requests that wait.

A flag moves nothing: whatever is found, a received request goes on to the pool, and only there.
"""

import logging
from collections.abc import Iterator

from django.db import transaction

from cbpone.audit.log import move
from cbpone.audit.verbs import Verb
from cbpone.lib import clock
from cbpone.lib.errors import MovedOn
from parole import flagging
from parole.flagging import related
from parole.flagging.keys import write_keys
from parole.models import SupportRequest
from parole.statuses import RequestStatus

log = logging.getLogger(__name__)
CHUNK = 500


def sort_requests(now=None) -> int:
    """Sort every received request, in order of filing. Returns how many went to the pool.

    Each in transactions of its own: one that cannot be read is logged, stays received for the
    next run, and holds up nobody. Any number of runs at once sort each request once.
    """
    look_again(related.touched_by_lists())
    return sum(_sort(pk) for pk in _received(now or clock.now()))


def _received(now) -> Iterator[int]:
    rows = SupportRequest.objects.filter(status=RequestStatus.RECEIVED, filed_at__lte=now)
    last: int | None = -1
    while chunk := list(
        rows.filter(filing_number__gt=last)
        .order_by("filing_number")
        .values_list("pk", "filing_number")[:CHUNK]
    ):
        yield from (pk for pk, _number in chunk)
        last = chunk[-1][1]


def _sort(pk: int) -> bool:
    """Keys first, in a transaction of their own: of two alike that are sorted at once, one at
    least must see the other. The pool comes last, so that a crash in between repeats it all."""
    try:
        case = flagging.read(pk)
        if case:
            write_keys(case.request)
        with transaction.atomic():
            case = flagging.read(pk, lock={"skip_locked": True})
            if not case or case.request.status != RequestStatus.RECEIVED:
                return False  # another worker has it, or it was withdrawn
            flags = flagging.look_at(case)
        look_again(related.to_look_at_again(case, flags))
        move(case.request, to=RequestStatus.PENDING, verb=Verb.POOLED)
    except MovedOn:
        return False
    except Exception:  # a bug to mend; it must not hold up everyone else's
        log.exception("request %s was not sorted", pk)
        return False
    return True


def look_again(pks: list[int]) -> int:
    """Find the flags of these requests anew, each in a transaction of its own."""
    done = 0
    for pk in pks:
        try:
            flagging.find_flags(SupportRequest(pk=pk))
            done += 1
        except Exception:
            log.exception("request %s was not looked at again", pk)
    return done


def look_around(pk: int) -> None:
    """The flags of one request anew, then of those on which it throws another light."""
    look_again([pk])
    case = flagging.read(pk)
    if case:
        look_again(related.to_look_at_again(case, list(case.request.flags.standing())))


def look_at_all_again() -> int:
    """Every request that waits or is in review, after a change of limits or lists.

    Keys first, so that members of a cluster find each other in one run.
    """
    rows = SupportRequest.objects.filter(status__in=related.WAITING).order_by("pk")
    pks = list(rows.values_list("pk", flat=True))
    for row in (
        SupportRequest.objects.filed()
        .select_related("supporter", "beneficiary__written")
        .order_by("pk")
        .iterator(CHUNK)
    ):
        write_keys(row)
    return look_again(pks)
