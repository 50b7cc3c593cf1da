from datetime import date, datetime, time, timedelta

from cbpone.lib import clock
from scheduling.models import Port, Release, Slot, SlotPlan


def make_port(slug="san-ysidro", **changes) -> Port:
    """One of the eight ports that migrations bring."""
    port = Port.objects.get(slug=slug)
    for name, value in changes.items():
        setattr(port, name, value)
    if changes:
        port.save(update_fields=list(changes))
    return port


def make_release(port: Port, day: date) -> Release:
    found = Release.objects.filter(port=port, day=day).first()
    none = {"batches": 0, "public_places": 0, "reserve_places": 0}
    return found or Release.objects.create(port=port, day=day, due_at=clock.now(), **none)


def make_slot(
    port: Port | None = None,
    *,
    days_ahead=3,
    at="",
    capacity=20,
    reserve=0,
    starts_at: datetime | None = None,
    **values,
) -> Slot:
    """A released time: the day's next free half hour from 08:00 on, `at` (both on the port's
    clock), or the instant `starts_at`.
    """
    port = port or make_port()
    day = clock.today_in(port.zone) + timedelta(days=days_ahead)
    if starts_at:
        day = clock.today_in(port.zone, starts_at)
    return Slot.objects.create(
        release=make_release(port, day),
        port=port,
        day=day,
        starts_at=starts_at or _on_the_wall(port, day, at),
        capacity=capacity,
        reserve_capacity=reserve,
        **values,
    )


def _on_the_wall(port: Port, day: date, at: str) -> datetime:
    if at:
        return clock.wall_clock(day, time.fromisoformat(at), port.zone)
    taken = Slot.objects.filter(port=port, day=day).count()
    return clock.wall_clock(day, time(8), port.zone) + timedelta(minutes=30 * taken)


def make_plan(port: Port, *, at=("08:00",), weekdays=range(7), places=20, reserve=0) -> None:
    """The same times on each of these weekdays (0 is Monday)."""
    SlotPlan.objects.bulk_create(
        SlotPlan(
            port=port,
            weekday=weekday,
            starts_at=time.fromisoformat(one),
            public_places=places,
            reserve_places=reserve,
        )
        for weekday in weekdays
        for one in at
    )
