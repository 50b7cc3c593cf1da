"""Families of a closed day: to the next time at the same port that has room, each one whole."""

import logging
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _

from cbpone.lib.errors import MovedOn, Refused
from scheduling.booking import SlotClosed, SlotFull, book
from scheduling.models import Appointment, Closure, Port, Slot
from scheduling.registering import hold
from scheduling.release import OpenAgain, check_may_close, tell_of_day
from scheduling.statuses import AppointmentStatus

log = logging.getLogger(__name__)
TRIES = 3  # others book at the same time


class NoRoom(Refused):
    code = "no_room"
    sentence = _("No later time at this port has room for all of them.")


class NotSigned(Refused):
    code = "not_signed"
    sentence = _("They are changing their registration and have not signed it again.")


@dataclass
class Move:
    """What would become of one family. `slot` None: it stays, and `why` says for what reason."""

    appointment: Appointment
    slot: Slot | None = None
    why: str = ""


@dataclass
class Moved:
    new: list[str] = field(default_factory=list)  # numbers of the appointments they have now
    left: list[tuple[str, str]] = field(default_factory=list)  # (number, why)


def booked_on(port: Port, day: date):
    """Families with an appointment on a day that nobody came for yet, in order of seniority.

    `size` is how many they are now, which is how many places they need.
    """
    present = Q(registration__members__left_at=None)
    return (
        Appointment.objects.filter(slot__port=port, slot__day=day, status=AppointmentStatus.BOOKED)
        .annotate(size=Count("registration__members", filter=present))
        .select_related("slot__port", "registration__owner")
        .order_by("registration__seniority_at", "registration_id")
    )


def later_times(port: Port, day: date):
    return Slot.objects.bookable().filter(port=port, day__gt=day).order_by("starts_at")


def plan_moves(port: Port, day: date) -> list[Move]:
    """A dry run: who would get which time, were all moved now. Nothing is written."""
    times = list(later_times(port, day).select_related("port"))
    free = {slot.pk: slot.free for slot in times}
    plan = []
    for family in booked_on(port, day):
        if not family.registration.is_ready:
            plan.append(Move(family, why=str(NotSigned())))
            continue
        slot = next((one for one in times if free[one.pk] >= family.size), None)
        if slot:
            free[slot.pk] -= family.size
        plan.append(Move(family, slot, "" if slot else str(NoRoom())))
    return plan


def move_families(*, closure: Closure, by) -> Moved:
    """Move everybody who is still booked on a closed day, one family at a time.

    Who cannot be moved keeps the appointment and is told, once, that the port is closed. A second
    run moves nobody twice. Refuses with NotAllowed; stops when the day is opened again.
    """
    check_may_close(by, closure.port)
    outcome = Moved()
    for family in booked_on(closure.port, closure.day):
        try:
            outcome.new.append(_move_or_refuse(family, closure, by))
        except OpenAgain:
            break
        except MovedOn:  # cancelled, changed or checked in meanwhile
            continue
        except Refused as refusal:
            outcome.left.append((family.reference, str(refusal)))
            tell_of_day(closure, family, "day_closed")
        except Exception:  # a bug to mend; it must not hold up everyone else's
            log.exception("appointment %s was not moved", family)
    return outcome


def _move_or_refuse(family: Appointment, closure: Closure, by) -> str:
    for _try in range(TRIES):
        try:
            return _move(family, closure, by)
        except (SlotFull, SlotClosed):
            continue
    raise NoRoom


@transaction.atomic
def _move(family: Appointment, closure: Closure, by) -> str:
    """Closure and family are held, so that nothing but this appointment gives way to the new."""
    standing = Closure.objects.standing().select_for_update(of=("self",), no_key=True)
    if not standing.filter(pk=closure.pk).first():
        raise OpenAgain
    registration = family.registration
    hold(registration)
    if not Appointment.objects.filter(pk=family.pk, status=AppointmentStatus.BOOKED).exists():
        raise MovedOn
    if not registration.is_ready:
        raise NotSigned
    people = registration.people().count()
    times = later_times(closure.port, closure.day)
    slot = times.filter(booked__lte=F("capacity") - people).first()
    if slot is None:
        raise NoRoom
    return book(slot_id=slot.pk, by=by, registration=registration, change=True)
