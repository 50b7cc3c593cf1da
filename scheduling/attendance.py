"""The day at the port: check-in, dispositions, and families who did not come."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from cbpone.audit.conflicts import check_no_conflict
from cbpone.audit.log import move, record
from cbpone.audit.verbs import Verb
from cbpone.lib import clock
from cbpone.lib.errors import MovedOn, NotAllowed, Refused
from cbpone.notifications.outbox import notify, was_told
from cbpone.notifications.statuses import Template
from scheduling.booking import HasOther, user_works_at
from scheduling.models import Appointment, Attendance
from scheduling.registering import hold
from scheduling.statuses import AppointmentStatus, Disposition

log = logging.getLogger(__name__)
CHECK_IN, DISPOSE = "scheduling.check_in_appointment", "scheduling.dispose_attendance"
EARLY_HOURS = 12  # an officer may check people in this long before their time
LATE_HOURS = 24
REMIND_BEFORE = timedelta(days=2)


class NotToday(Refused):
    code = "not_today"
    sentence = _("This appointment is for another day: %(day)s.")


class NotExpected(Refused):
    code = "not_expected"
    sentence = _("This appointment is not waiting for a check-in any more.")


class NotHere(Refused):
    code = "not_here"
    sentence = _("Check this person in first.")


class NotArrived(Refused):
    code = "not_arrived"
    sentence = _("Check this family in first.")


class AlreadyCalled(Refused):
    code = "already_called"
    sentence = _("This family was called in already.")


class OwnFamily(Refused):
    code = "own_family"
    sentence = _("This is your own family. Another officer decides.")


class AlreadyDecided(Refused):
    code = "already_decided"
    sentence = _("A disposition is on file for this person already.")


def check_may_act(user, port, permission: str) -> None:
    if not user.has_perm(permission) or not user_works_at(user, port):
        raise NotAllowed


def may_act(user, port, permission: str) -> bool:
    """Asked once for a page; the rest of the question is about each row."""
    try:
        check_may_act(user, port, permission)
    except Refused:
        return False
    return True


def check_is_due(appointment: Appointment, now) -> None:
    slot = appointment.slot
    waiting = appointment.status in (AppointmentStatus.BOOKED, AppointmentStatus.NO_SHOW)
    if not waiting or not appointment.registration.is_live:
        raise NotExpected
    early, late = timedelta(hours=EARLY_HOURS), timedelta(hours=LATE_HOURS)
    if not slot.starts_at - early <= now <= slot.starts_at + late:
        raise NotToday(day=date_format(slot.local_start, "j F Y"))


def is_due(appointment: Appointment, now=None) -> bool:
    try:
        check_is_due(appointment, now or clock.now())
    except Refused:
        return False
    return True


@transaction.atomic
def check_in(*, appointment: Appointment, by, present=None) -> Appointment:
    """The family is here. `present` names who came; None means everyone.

    A late family whose time was swept is still let in, unless it has withdrawn. Refuses with
    NotAllowed, NotToday, NotExpected, MovedOn, and HasOther when it has booked again meanwhile.
    """
    now = clock.now()
    check_may_act(by, appointment.slot.port, CHECK_IN)
    hold(appointment.registration)  # or it could withdraw at this moment
    check_is_due(appointment, now)
    try:
        with transaction.atomic():
            move(
                appointment,
                to="checked_in",
                verb=Verb.CHECKED_IN,
                by=by,
                checked_in_at=now,
                ended_at=None,
            )
    except IntegrityError:
        raise HasOther from None
    here = appointment.attendances.filter(left_at=None)
    if present is not None:
        here = here.filter(pk__in=[row.pk for row in present])
    here.update(checked_in_at=now, checked_in_by=by)
    return appointment


def can_arrive(row: Attendance) -> bool:
    """Someone of a family that was checked in without them."""
    is_open = row.appointment.status == AppointmentStatus.CHECKED_IN
    return is_open and not row.left_at and not row.checked_in_at and not row.disposition


@transaction.atomic
def arrive(*, row: Attendance, by) -> Attendance:
    """One more person of a family that is here already. Refuses as check_in does."""
    check_may_act(by, row.appointment.slot.port, CHECK_IN)
    if not can_arrive(row):
        raise NotExpected
    waiting = Attendance.objects.filter(pk=row.pk, checked_in_at=None, disposition="")
    if not waiting.update(checked_in_at=clock.now(), checked_in_by=by):
        raise MovedOn
    record(Verb.CHECKED_IN, on=row, by=by)
    return row


def check_waits_for_call(appointment: Appointment) -> None:
    if appointment.status != AppointmentStatus.CHECKED_IN:
        raise NotArrived
    if appointment.called_at:
        raise AlreadyCalled


def waits_for_call(appointment: Appointment) -> bool:
    try:
        check_waits_for_call(appointment)
    except Refused:
        return False
    return True


@transaction.atomic
def call(*, appointment: Appointment, by) -> Appointment:
    """The family is called in, once. Refuses with NotAllowed, NotArrived, AlreadyCalled, MovedOn.

    Dispositions do not wait for it.
    """
    check_may_act(by, appointment.slot.port, CHECK_IN)
    check_waits_for_call(appointment)
    now = clock.now()
    waiting = Appointment.objects.filter(
        pk=appointment.pk, status=AppointmentStatus.CHECKED_IN, called_at=None
    )
    if not waiting.update(called_at=now, called_by=by):
        raise MovedOn
    appointment.called_at, appointment.called_by = now, by
    record(Verb.CALLED, on=appointment, by=by)
    return appointment


def check_may_decide(user, *, port, case: str, travelers, registration=None) -> None:
    """Who may put dispositions on file for these people, of an appointment or a walk-in.

    Refuses with NotAllowed, OwnFamily and InConflict.
    """
    check_may_act(user, port, DISPOSE)
    if registration is not None and registration.owner_id == user.pk:
        raise OwnFamily
    check_no_conflict(user, case=case, travelers=travelers)


def waits_for_disposition(row: Attendance) -> bool:
    try:
        check_waits_for_disposition(row)
    except Refused:
        return False
    return True


def check_waits_for_disposition(row: Attendance) -> None:
    if row.appointment.status != AppointmentStatus.CHECKED_IN or row.left_at:
        raise NotHere
    if row.disposition:
        raise AlreadyDecided


@transaction.atomic
def dispose(*, row: Attendance, disposition: Disposition, by, note="") -> Attendance:
    """Put one person's disposition on file, once. The last one of a family ends the appointment.

    Of somebody who is not checked in, only that they did not come can be said.
    """
    family = row.appointment
    people = family.attendances.filter(left_at=None).select_related("traveler")
    check_may_decide(
        by,
        port=family.slot.port,
        case=family.case,
        travelers=[one.traveler for one in people],
        registration=family.registration,
    )
    check_waits_for_disposition(row)
    if not row.checked_in_at and disposition != Disposition.DID_NOT_COME:
        raise NotHere
    now = clock.now()
    changed = Attendance.objects.filter(pk=row.pk, disposition="")
    if not changed.update(disposition=disposition, disposed_at=now, disposed_by=by, note=note):
        raise MovedOn
    row.refresh_from_db()
    record(Verb.DISPOSED, on=row, by=by, after=disposition)
    appointment = Appointment.objects.select_for_update(of=("self",)).get(pk=row.appointment_id)
    waiting = appointment.attendances.filter(left_at=None, disposition="")
    if not waiting.exists():
        move(appointment, to="completed", verb=Verb.COMPLETED, by=by, ended_at=now)
    return row


def sweep_no_shows(*, now=None) -> int:
    """After the grace time nobody came: on record, at no cost. Seniority stays; they book again."""
    now = now or clock.now()
    before = now - timedelta(minutes=settings.ARRIVAL_GRACE_MINUTES)
    missed = Appointment.objects.filter(
        status=AppointmentStatus.BOOKED, slot__starts_at__lt=before
    ).select_related("registration__owner", "slot__port")
    return sum(_no_show(appointment, now) for appointment in missed.order_by("pk"))


def _no_show(appointment: Appointment, now) -> bool:
    try:
        with transaction.atomic():
            move(appointment, to="no_show", verb=Verb.NO_SHOW, ended_at=now)
            notify(
                user=appointment.registration.owner,
                template=Template.NO_SHOW,
                about=appointment,
                sms_to=appointment.registration,
            )
    except MovedOn:  # checked in or cancelled while we looked
        return False
    except Exception:  # a bug to mend; it must not hold up everyone else's
        log.exception("appointment %s was not swept", appointment)
        return False
    return True


def remind(*, now=None) -> int:
    """Two days before, once for each appointment. Returns how many are reminded now."""
    now = now or clock.now()
    soon = Appointment.objects.filter(
        status=AppointmentStatus.BOOKED,
        slot__starts_at__range=(now, now + REMIND_BEFORE),
        booked_at__lt=now - timedelta(hours=12),
    ).exclude(was_told(Template.REMINDER, Appointment))
    return sum(_remind(one) for one in soon.select_related("registration__owner").order_by("pk"))


def _remind(appointment: Appointment) -> bool:
    try:
        notify(
            user=appointment.registration.owner,
            template=Template.REMINDER,
            about=appointment,
            sms_to=appointment.registration,
        )
    except Exception:
        log.exception("family of appointment %s was not reminded", appointment)
        return False
    return True
