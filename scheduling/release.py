"""The daily release: opens the places of the day that is fourteen days ahead, once, for ever."""

import logging
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from cbpone.audit.log import record
from cbpone.audit.verbs import Verb
from cbpone.lib import clock
from cbpone.lib.errors import NotAllowed, Refused
from cbpone.notifications.models import Message
from cbpone.notifications.outbox import notify
from cbpone.notifications.statuses import Template
from scheduling.booking import user_works_at
from scheduling.models import Appointment, Closure, Override, Port, Release, Slot, SlotPlan
from scheduling.statuses import AppointmentStatus

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Batch:
    starts_at: time
    public_places: int
    reserve_places: int


class BelowBooked(Refused):
    code = "below_booked"
    sentence = _("%(booked)s places are taken already. Give at least that many.")


class AlreadyClosed(Refused):
    code = "already_closed"
    sentence = _("This port is closed on that day already.")


class OpenAgain(Refused):
    code = "open_again"
    sentence = _("This day is open again already.")


class DayIsClosed(Refused):
    code = "day_is_closed"
    sentence = _("This day is closed. Open the whole day again first.")


def due_at(port: Port, day: date) -> datetime:
    """The instant at which a day of a port is released."""
    zone = port.zone if settings.RELEASE_ZONE == "port" else settings.RELEASE_ZONE
    opening = day - timedelta(days=settings.RELEASE_DAYS_AHEAD)
    return clock.wall_clock(opening, time(settings.RELEASE_HOUR), zone)


def due_days(port: Port, now: datetime) -> list[date]:
    """Days that should be open by now, from today on the port's calendar."""
    today = clock.today_in(port.zone, now)
    ahead = (today + timedelta(days=n) for n in range(settings.RELEASE_DAYS_AHEAD + 2))
    return [day for day in ahead if due_at(port, day) <= now]


def batches_of(port: Port, day: date) -> list[Batch]:
    """The weekly plan of this weekday with the day's overrides in place of its numbers.

    On the Sunday when clocks go forward, 02:30 and 03:30 are one instant: one batch, with the
    places of both.
    """
    plan = SlotPlan.objects.filter(port=port, weekday=day.weekday())
    rows: dict[time, SlotPlan | Override] = {row.starts_at: row for row in plan}
    rows |= {row.starts_at: row for row in Override.objects.filter(port=port, day=day)}
    batches: dict[datetime, Batch] = {}
    for at, row in sorted(rows.items()):
        if row.public_places or row.reserve_places:
            instant = clock.wall_clock(day, at, port.zone)
            same = batches.get(instant, Batch(at, 0, 0))
            batches[instant] = Batch(
                at,
                same.public_places + row.public_places,
                same.reserve_places + row.reserve_places,
            )
    return [batches[instant] for instant in sorted(batches)]


def release_slots(*, now: datetime | None = None, by=None) -> list[Release]:
    """Open every day that is due and not open yet. Any number of runs at once opens each once.

    A port that has no weekly plan yet is left alone, so that its days are not opened empty.
    """
    now = now or clock.now()
    opened = []
    for port in Port.objects.exclude(plan=None).order_by("pk"):
        for day in _days_to_open(port, now):
            if release := _open_or_skip(port, day, by, now):
                opened.append(release)
    return opened


def _days_to_open(port: Port, now: datetime) -> list[date]:
    try:
        released = Release.objects.filter(port=port, day__gte=clock.today_in(port.zone, now))
        done = set(released.values_list("day", flat=True))
        return [day for day in due_days(port, now) if day not in done]
    except Exception:
        log.exception("port %s was not looked at", port.code)
        return []


def _open_or_skip(port: Port, day: date, by, now: datetime) -> Release | None:
    """A day that cannot be opened is a bug to mend; it must not hold up other days and ports."""
    try:
        return open_day(port=port, day=day, by=by, now=now)
    except Exception:
        log.exception("%s of port %s was not opened", day, port.code)
        return None


def open_day(*, port: Port, day: date, by=None, now=None) -> Release | None:
    """Open one day of one port, or return None when it is open already.

    Whoever else tries waits for the port, then stops at the unique key of the release.
    """
    try:
        with transaction.atomic():
            return _open(port, day, by, now or clock.now())
    except IntegrityError as error:
        if "release_once" not in str(error):
            raise
        return None


def _open(port: Port, day: date, by, now: datetime) -> Release:
    hold_port(port)
    closure = Closure.objects.standing().filter(port=port, day=day).first()
    batches = [] if closure else batches_of(port, day)
    release = Release.objects.create(
        port=port,
        day=day,
        due_at=due_at(port, day),
        released_at=now,
        released_by=by,
        batches=len(batches),
        public_places=sum(batch.public_places for batch in batches),
        reserve_places=sum(batch.reserve_places for batch in batches),
        note=closure.reason if closure else "",
    )
    Slot.objects.bulk_create(_slot(release, batch) for batch in batches)
    record(Verb.RELEASED, on=release, by=by, note=f"{port.code} {day}")
    return release


def hold_port(port: Port) -> None:
    """A day is never opened and closed at the same moment, which would leave its places open."""
    Port.objects.select_for_update(of=("self",), no_key=True).get(pk=port.pk)


def _slot(release: Release, batch: Batch) -> Slot:
    return Slot(
        release=release,
        port=release.port,
        day=release.day,
        starts_at=clock.wall_clock(release.day, batch.starts_at, release.port.zone),
        capacity=batch.public_places,
        reserve_capacity=batch.reserve_places,
    )


def check_may_close(user, port: Port) -> None:
    if not user.has_perm("scheduling.add_closure") or not user_works_at(user, port):
        raise NotAllowed


def may_close(user, port: Port) -> bool:
    try:
        check_may_close(user, port)
    except Refused:
        return False
    return True


@transaction.atomic
def close_day(*, port: Port, day: date, reason: str, by) -> Closure:
    """No new bookings on this day. Families who have one keep it until they are told otherwise."""
    check_may_close(by, port)
    hold_port(port)
    if Closure.objects.standing().filter(port=port, day=day).exists():
        raise AlreadyClosed
    closure = Closure.objects.create(port=port, day=day, reason=reason, closed_by=by)
    Slot.objects.filter(port=port, day=day).update(is_open=False)
    record(Verb.DAY_CLOSED, on=closure, by=by, note=f"{port.code} {day}: {reason}")
    return closure


@transaction.atomic
def reopen_day(*, closure: Closure, by) -> Closure:
    """Every time of the day takes bookings again, also one that was closed by itself before.

    A day that was due while it stood closed gets the times of the weekly plan now. Families who
    were told that the port is closed and still have their appointment are told that it stands.
    Refuses with NotAllowed and OpenAgain.
    """
    port, day, now = closure.port, closure.day, clock.now()
    check_may_close(by, port)
    hold_port(port)
    standing = Closure.objects.standing().filter(pk=closure.pk)
    if not standing.update(reopened_at=now, reopened_by=by):
        raise OpenAgain
    closure.refresh_from_db(fields=["reopened_at", "reopened_by"])
    times = Slot.objects.filter(port=port, day=day).update(is_open=True)
    released = Release.objects.filter(port=port, day=day).first()
    if released and not times:
        times = len(Slot.objects.bulk_create(_slot(released, one) for one in batches_of(port, day)))
    record(Verb.DAY_REOPENED, on=closure, by=by, note=f"{port.code} {day}: {times}")
    for appointment in told_closed(closure):
        tell_of_day(closure, appointment, "day_reopened")
    return closure


def told_closed(closure: Closure):
    """Booked families who were told that the port is closed on their day."""
    messages = Message.objects.filter(dedupe_key__startswith=f"day_closed:{closure.pk}:")
    told = [int(row_id) for row_id in messages.values_list("row_id", flat=True)]
    booked = Appointment.objects.filter(pk__in=told, status=AppointmentStatus.BOOKED)
    return booked.select_related("registration__owner").order_by("pk")


def tell_of_day(closure: Closure, appointment: Appointment, what: str) -> None:
    """`what` is day_closed or day_reopened; the words follow whether the time is open now."""
    notify(
        user=appointment.registration.owner,
        template=Template.DAY_CLOSED,
        about=appointment,
        sms_to=appointment.registration,
        dedupe=f"{what}:{closure.pk}:{appointment.pk}",
    )


@transaction.atomic
def change_slot(*, slot: Slot, public_places: int, reserve_places: int, is_open: bool, by) -> Slot:
    """Other numbers for a released slot, never below what is taken. Families booked keep theirs.

    Refuses with NotAllowed, BelowBooked, and DayIsClosed: a closed day is opened as a whole.
    """
    if not by.has_perm("scheduling.change_slot") or not user_works_at(by, slot.port):
        raise NotAllowed
    hold_port(slot.port)
    if is_open and Closure.objects.standing().filter(port=slot.port, day=slot.day).exists():
        raise DayIsClosed
    changed = Slot.objects.filter(
        pk=slot.pk, booked__lte=public_places, reserve_booked__lte=reserve_places
    ).update(capacity=public_places, reserve_capacity=reserve_places, is_open=is_open)
    if not changed:
        slot.refresh_from_db()
        raise BelowBooked(booked=max(slot.booked, slot.reserve_booked))
    note = f"{slot.capacity}+{slot.reserve_capacity} > {public_places}+{reserve_places}"
    if is_open != slot.is_open:
        note += ", open" if is_open else ", closed"
    record(Verb.SLOT_CHANGED, on=slot, by=by, note=note)
    slot.refresh_from_db()
    return slot
