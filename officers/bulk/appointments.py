"""Families with an appointment: each one whole to the next free time at the same port."""

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from cbpone.lib import clock
from officers.bulk.base import BulkAction
from scheduling.booking import NotBooked, SlotClosed, SlotFull, book, can_give_up
from scheduling.models import Appointment, Slot
from scheduling.moving import TRIES, NoRoom, NotSigned
from scheduling.registering import hold
from scheduling.release import check_may_close
from scheduling.statuses import AppointmentStatus

CLOSE = "scheduling.add_closure"


def rows(user):
    return Appointment.objects.visible_to(user).select_related("slot__port", "registration__owner")


def at_closed_times(user):
    """Booked, and the time takes no bookings any more."""
    booked = rows(user).filter(status=AppointmentStatus.BOOKED)
    return booked.filter(slot__is_open=False, slot__starts_at__gt=clock.now())


def next_time(appointment: Appointment) -> Slot:
    """The next time with room for the whole family. Refuses with NoRoom."""
    people = appointment.registration.people().count()
    later = Slot.objects.bookable().filter(
        port=appointment.slot.port_id, starts_at__gt=appointment.slot.starts_at
    )
    free = later.filter(booked__lte=F("capacity") - people).select_related("port")
    slot = free.order_by("starts_at").first()
    if slot is None:
        raise NoRoom
    return slot


def check_can_move(user, appointment: Appointment) -> Slot:
    """Supervisors of the port; where the family would go. Refuses as move_on does."""
    check_may_close(user, appointment.slot.port)
    if not can_give_up(appointment):
        raise NotBooked
    if not appointment.registration.is_ready:
        raise NotSigned
    return next_time(appointment)


def move_on(*, appointment: Appointment, by) -> str:
    """Moves the family to the next free time and tells it; returns the new number.

    Refuses with NotAllowed, NotBooked, NotSigned, NoRoom and HasOther; then nothing is written.
    """
    for _try in range(TRIES):  # others book at the same time
        try:
            return _move(appointment, by)
        except (SlotFull, SlotClosed):
            continue
    raise NoRoom


@transaction.atomic
def _move(appointment: Appointment, by) -> str:
    """The family is held, so that nothing but this appointment gives way to the new."""
    registration = appointment.registration
    hold(registration)
    appointment.refresh_from_db(fields=["status"])
    slot = check_can_move(by, appointment)
    return book(slot_id=slot.pk, by=by, registration=registration, change=True)


def check(row, values: dict, by) -> str:
    slot = check_can_move(by, row)
    return f"{slot.local_start:%Y-%m-%d %H:%M}, {slot.port.zone_name}"


MOVE = BulkAction(
    key="move_families",
    title=_("Move families to the next free time"),
    all_of=_("all families with an appointment at a time that is closed"),
    permissions=(CLOSE,),
    rows=rows,
    offered=at_closed_times,
    check=check,
    act=lambda row, values, by: move_on(appointment=row, by=by),
    page="officers:family",
)
