"""Booking, changing and cancelling: one family, one port, one time, all places or none."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from cbpone.audit.log import move, record
from cbpone.audit.verbs import Verb
from cbpone.lib import clock
from cbpone.lib.errors import MovedOn, NotAllowed, Refused
from cbpone.lib.references import new_reference
from cbpone.notifications.outbox import notify, nudge
from cbpone.notifications.statuses import Template
from scheduling.models import Appointment, PlaceReturn, Slot
from scheduling.statuses import AppointmentStatus, Pool

log = logging.getLogger(__name__)
SLOT_FULL = "CBP01"  # raised by scheduling_book when the last places went while it wrote
BOOK = "SELECT * FROM scheduling_book(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"


class SlotFull(Refused):
    code = "full"
    sentence = _(
        "Those places were taken a moment ago. You have lost nothing. "
        "Below is what is free for your family now."
    )


class SlotClosed(Refused):
    code = "closed"
    sentence = _("That time takes no more bookings. Below is what is free for your family now.")


class HasOther(Refused):
    code = "has_other"
    sentence = _("You already have an appointment. You can change it to another time.")


class NotReady(Refused):
    code = "not_ready"
    sentence = _("Finish and sign your registration first. Then you can book in one press.")


class NotBooked(Refused):
    code = "not_booked"
    sentence = _("This appointment cannot be changed any more.")


REFUSALS = {
    "full": SlotFull,
    "closed": SlotClosed,
    "has_other": HasOther,
    "not_ready": NotReady,
    "no_family": NotReady,
}


def book(*, slot_id, by, registration=None, change=False, pool=Pool.PUBLIC, reason="") -> str:
    """Claim places for the whole family in one statement; return the appointment number.

    Pressing again for the slot that is already held returns the same number. With `change`, a
    booked appointment gives way in the same transaction, so the family never has none.
    Refuses with SlotFull, SlotClosed, HasOther or NotReady; nothing is written then.
    """
    what = [slot_id, registration and registration.pk, by.pk]
    how = [str(pool), reason, change, clock.now()]
    try:
        outcome, reference = _claim(what, how)
    except IntegrityError as error:
        if _broken(error) != "scheduling_appointment_reference_key":
            raise
        outcome, reference = _claim(what, how)  # that number was taken: one in billions
    if outcome in REFUSALS:
        raise REFUSALS[outcome]
    if outcome == "booked":
        nudge()
    return reference


def _claim(what: list, how: list) -> tuple[str, str]:
    minutes = [settings.BOOKING_CLOSES_HOURS * 60, settings.PLACE_RETURN_DELAY_MINUTES]
    try:
        with connection.cursor() as cursor:
            cursor.execute(BOOK, [*what, new_reference("A"), *how, *minutes])
            return cursor.fetchone()
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", "") == SLOT_FULL:
            raise SlotFull from None
        if _broken(error) == "appointment_one_live_a_family":  # checked in late, just now
            raise HasOther from None
        raise


def _broken(error: DatabaseError) -> str:
    """The constraint that refused, by name."""
    diagnosis = getattr(error.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", None) or ""


def can_book_reserve(user, port) -> bool:
    return user.has_perm("scheduling.book_reserve") and user_works_at(user, port)


def user_works_at(user, port) -> bool:
    return type(port).objects.visible_to(user).filter(pk=port.pk).exists()


def book_reserve(*, slot: Slot, registration, by, reason: str, change: bool = False) -> str:
    """An officer gives an urgent case a place from the reserve of their own port, with a reason.

    With `change`, an appointment the family has, at whatever port, gives way.
    """
    if not can_book_reserve(by, slot.port):
        raise NotAllowed
    return book(
        slot_id=slot.pk,
        registration=registration,
        by=by,
        pool=Pool.RESERVE,
        reason=reason,
        change=change,
    )


def check_can_cancel(user, appointment: Appointment) -> None:
    if appointment.registration.owner_id != user.pk:
        raise NotAllowed
    if not can_give_up(appointment):
        raise NotBooked


def can_give_up(appointment: Appointment) -> bool:
    return appointment.status == AppointmentStatus.BOOKED


@transaction.atomic
def cancel(*, appointment: Appointment, by) -> Appointment:
    """The family gives its places back; they are free to others after the settable delay."""
    # As it is now, not as it was read: people may have joined or left meanwhile.
    rows = Appointment.objects.select_for_update(of=("self",), no_key=True)
    appointment.refresh_from_db(from_queryset=rows)
    check_can_cancel(by, appointment)
    now = clock.now()
    move(appointment, to="cancelled", verb=Verb.CANCELLED, by=by, ended_at=now)
    give_up_places(appointment, places=appointment.places, at=now)
    notify(
        user=appointment.registration.owner,
        template=Template.CANCELLED,
        about=appointment,
        sms_to=appointment.registration,
    )
    return appointment


def give_up_places(appointment: Appointment, *, places: int, at) -> None:
    if places:
        PlaceReturn.objects.create(
            slot_id=appointment.slot_id,
            pool=appointment.pool,
            places=places,
            given_up_at=at,
            due_at=at + timedelta(minutes=settings.PLACE_RETURN_DELAY_MINUTES),
        )


def return_places(*, now=None) -> int:
    """Put given-up places whose delay is over back on their counters. Returns how many.

    A row the database refuses is logged and left; the others come back all the same.
    """
    now = now or clock.now()
    due = PlaceReturn.objects.filter(returned_at=None, due_at__lte=now).order_by("slot_id", "id")
    returned = 0
    for row in due.select_related("slot__port"):
        try:
            returned += _return(row, now)
        except DatabaseError:
            log.exception("places of return %s stay away", row.pk)
    return returned


@transaction.atomic
def _return(row: PlaceReturn, now) -> int:
    if not PlaceReturn.objects.filter(pk=row.pk, returned_at=None).update(returned_at=now):
        return 0
    counter = "reserve_booked" if row.pool == Pool.RESERVE else "booked"
    _take(row.slot_id, counter, -row.places)
    record(Verb.PLACES_RETURNED, on=row.slot, note=str(row.places))
    return row.places


def _take(slot_id: int, counter: str, places: int) -> None:
    """Move a counter by `places`; the database refuses to pass what there is."""
    Slot.objects.filter(pk=slot_id).update(**{counter: F(counter) + places})


def take_more_places(appointment: Appointment, *, places: int) -> None:
    """Places for people who join a booked family, at the same time, or SlotFull."""
    counter = "reserve_booked" if appointment.pool == Pool.RESERVE else "booked"
    try:
        with transaction.atomic():
            _take(appointment.slot_id, counter, places)
    except IntegrityError:
        raise SlotFull from None
    changed = Appointment.objects.filter(pk=appointment.pk, status=AppointmentStatus.BOOKED)
    if not changed.update(places=appointment.places + places):
        raise MovedOn
    appointment.places += places


def recount_slots() -> list[str]:
    """Count every coming slot again from its appointments; put a difference on record."""
    slots = Slot.objects.filter(starts_at__gte=clock.now()).select_related("port")
    found = []
    for slot in slots.annotate(public=_held("public"), reserve=_held("reserve")):
        if (slot.public, slot.reserve) != (slot.booked, slot.reserve_booked):
            counted = f"{slot.booked}+{slot.reserve_booked} counted"
            note = f"{counted}, {slot.public}+{slot.reserve} found"
            record(Verb.RECOUNTED, on=slot, note=note)
            found.append(f"{slot}: {note}")
    return found


def _held(pool: str):
    """Places of appointments, and places given up that wait for their return.

    In one statement with the counter: two would not see the same moment.
    """
    given_up = [AppointmentStatus.CHANGED, AppointmentStatus.CANCELLED]
    appointments = Appointment.objects.filter(slot=OuterRef("pk"), pool=pool)
    returns = PlaceReturn.objects.filter(slot=OuterRef("pk"), pool=pool, returned_at=None)
    return _sum(appointments.exclude(status__in=given_up)) + _sum(returns)


def _sum(rows):
    of_a_slot = rows.order_by().values("slot").annotate(n=Sum("places"))
    return Coalesce(Subquery(of_a_slot.values("n")), 0)
