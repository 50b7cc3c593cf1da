"""What tests of the daily selection share. The day is the last of its month, so that all that is
left of a quota goes to it."""

import hashlib
from datetime import UTC, date, datetime

from cbpone.lib import clock
from parole.models import DrawSeed, MonthlyCap, SupportRequest
from tests.factories import make_cap, make_request

DAY = date(2026, 6, 30)
SECRET = bytes(range(32))


def utc(*parts) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def make_waiting(country="HT", **values) -> SupportRequest:
    return make_request(status="pending", country=country, **values)


def commit(day, secret=SECRET) -> DrawSeed:
    return DrawSeed.objects.create(
        day=day,
        seed=secret,
        commitment=hashlib.sha256(secret).hexdigest(),
        committed_at=clock.now(),
    )


def quota(number, process=None, **values) -> MonthlyCap:
    return make_cap(process, month=DAY.replace(day=1), quota=number, **values)


def chosen() -> list[tuple]:
    rows = SupportRequest.objects.filter(status="selected").order_by("picked_rank")
    return list(rows.values_list("filing_number", "picked"))
