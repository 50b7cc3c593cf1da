"""The only place that asks what time it is, so that tests can say."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.utils import timezone

_as_if: ContextVar[datetime | None] = ContextVar("as_if", default=None)


def now() -> datetime:
    return _as_if.get() or timezone.now()


@contextmanager
def as_if(at: datetime) -> Iterator[None]:
    """For the demo, which tells what the rules did on other days."""
    token = _as_if.set(at)
    try:
        yield
    finally:
        _as_if.reset(token)


def today_in(zone: str, at: datetime | None = None) -> date:
    return (at or now()).astimezone(ZoneInfo(zone)).date()


def wall_clock(day: date, at: time, zone: str) -> datetime:
    """The instant, in UTC, when the clock on the wall in `zone` shows `at` on `day`."""
    return datetime.combine(day, at, tzinfo=ZoneInfo(zone)).astimezone(ZoneInfo("UTC"))


def wall_time(at: datetime, zone: str) -> datetime:
    """What the clock on the wall in `zone` shows at that instant, for showing only.

    Without a zone on purpose: templates move times that carry one to the current zone.
    """
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
