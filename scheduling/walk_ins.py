"""Families at the door without an appointment: on the board, called in, decided about, or left."""

from datetime import date

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cbpone.audit.log import move, record
from cbpone.audit.verbs import Verb
from cbpone.lib import clock
from cbpone.lib.errors import MovedOn, Refused
from cbpone.lib.references import new_reference
from cbpone.travelers.identity import tidy
from cbpone.travelers.models import Traveler
from scheduling.attendance import (
    CHECK_IN,
    AlreadyDecided,
    check_may_act,
    check_may_decide,
)
from scheduling.models import Attendance, Port, Registration, WalkIn, WalkInPerson
from scheduling.registering import hold
from scheduling.release import hold_port
from scheduling.statuses import AppointmentStatus, Disposition, WalkInStatus, WhyWalkIn

WRITE = "scheduling.write_walkin"
WAITS = (WalkInStatus.WAITING, WalkInStatus.CALLED)
GIVEN_UP = (AppointmentStatus.CANCELLED, AppointmentStatus.CHANGED)


class NotAFamily(Refused):
    code = "not_a_family"
    sentence = _("A family here has 1 to 10 people. Write a larger one in two parts.")


class NotNamed(Refused):
    code = "not_named"
    sentence = _("This registration does not name its people yet. Write them here instead.")


class OnBoard(Refused):
    code = "on_board"
    sentence = _("%(name)s is on the board already: %(number)s.")


class FamilyOnBoard(Refused):
    code = "family_on_board"
    sentence = _("This family is on the board of %(port)s already: %(number)s.")


class WrittenTwice(Refused):
    code = "written_twice"
    sentence = _("%(name)s is written twice.")


class NotCalled(Refused):
    code = "not_called"
    sentence = _("Call this family in first.")


class NotWaiting(Refused):
    code = "not_waiting"
    sentence = _("This family is not waiting any more.")


@transaction.atomic
def register(
    *, port: Port, why: str, by, people=(), note="", registration: Registration | None = None
) -> WalkIn:
    """Put a family on today's board: `people` as values of travelers, or those of a registration.

    Refuses with NotAllowed, NotAFamily, NotNamed, WrittenTwice, OnBoard and FamilyOnBoard.
    """
    check_may_act(by, port, WRITE)
    travelers = [Traveler(**values) for values in people]
    if registration is not None:
        travelers = _people_of(registration)
    if not 1 <= len(travelers) <= settings.FAMILY_MOST_PEOPLE:
        raise NotAFamily
    hold_port(port)  # two presses at once would both find nobody on the board
    now = clock.now()
    day = clock.today_in(port.zone, now)
    check_not_on_board(port, day, travelers)
    walk_in = WalkIn(
        reference=new_reference("W"),
        port=port,
        day=day,
        why=WhyWalkIn(why),
        note=note,
        registration=registration,
        arrived_at=now,
        written_by=by,
    )
    _write(walk_in, travelers)
    record(Verb.WALKED_IN, on=walk_in, by=by, after=walk_in.status)
    return walk_in


def _people_of(registration: Registration) -> list[Traveler]:
    hold(registration)
    people = [member.traveler for member in registration.people()]
    if not registration.is_live or not all(one.full_name for one in people):
        raise NotNamed
    return people


def _write(walk_in: WalkIn, travelers: list[Traveler]) -> None:
    try:
        with transaction.atomic():
            walk_in.save()
    except IntegrityError as error:
        if "walkin_one_live_a_family" not in str(error):
            raise
        other = WalkIn.objects.select_related("port").get(
            registration=walk_in.registration, status__in=WAITS
        )
        raise FamilyOnBoard(port=other.port, number=other.reference) from None
    Traveler.objects.bulk_create([one for one in travelers if one.pk is None])
    WalkInPerson.objects.bulk_create(
        WalkInPerson(walk_in=walk_in, traveler=traveler) for traveler in travelers
    )


def shown_on(day: date, *, today: date) -> Q:
    """Walk-ins of a day; on today's board also whoever waits since an earlier day."""
    if day == today:
        return Q(day=day) | Q(day__lt=day, status__in=WAITS)
    return Q(day=day)


def on_day(port: Port, day: date, today: date):
    return WalkIn.objects.filter(shown_on(day, today=today), port=port)


def check_not_on_board(port: Port, day: date, travelers: list[Traveler]) -> None:
    for place, traveler in enumerate(travelers):
        if any(is_same_person(traveler, other) for other in travelers[:place]):
            raise WrittenTwice(name=traveler)
    present = list(_people_on_board(port, day))
    for traveler in travelers:
        for other, number in present:
            if is_same_person(traveler, other):
                raise OnBoard(name=traveler, number=number)


def _people_on_board(port: Port, day: date):
    """(traveler, number) of everybody who is expected or here today."""
    expected = (
        Attendance.objects.filter(
            appointment__slot__port=port, appointment__slot__day=day, left_at=None
        )
        .exclude(appointment__status__in=GIVEN_UP)
        .select_related("traveler", "appointment")
    )
    for row in expected:
        yield row.traveler, row.appointment.reference
    here = on_day(port, day, today=day).exclude(status=WalkInStatus.LEFT)
    people = WalkInPerson.objects.filter(walk_in__in=here)
    for person in people.select_related("traveler", "walk_in"):
        yield person.traveler, person.walk_in.reference


def is_same_person(one: Traveler, other: Traveler) -> bool:
    """The same row, the same document, or the same name and birth date and no other document."""
    if one.pk is not None and one.pk == other.pk:
        return True
    papers, others = _papers(one), _papers(other)
    if papers and others:
        return papers == others
    return _named(one) == _named(other)


def _papers(traveler: Traveler) -> tuple | None:
    if not any(char.isdigit() for char in traveler.document_number):
        return None  # "none" is no number
    return str(traveler.nationality), tidy(traveler.document_number)


def _named(traveler: Traveler) -> tuple:
    return "".join(sorted(tidy(traveler.full_name))), traveler.birth_date


def waits_for_call(walk_in: WalkIn) -> bool:
    return walk_in.status == WalkInStatus.WAITING


@transaction.atomic
def call(*, walk_in: WalkIn, by) -> WalkIn:
    """The family is called in. Refuses with NotAllowed, NotWaiting and MovedOn."""
    check_may_act(by, walk_in.port, CHECK_IN)
    if not waits_for_call(walk_in):
        raise NotWaiting
    now = clock.now()
    return move(walk_in, to="called", verb=Verb.CALLED, by=by, called_at=now, called_by=by)


def can_leave(walk_in: WalkIn) -> bool:
    return walk_in.status in WAITS


@transaction.atomic
def leave(*, walk_in: WalkIn, by) -> WalkIn:
    """The family went away; it can be put on the board again at any time.

    Refuses with NotAllowed, NotWaiting and MovedOn.
    """
    check_may_act(by, walk_in.port, WRITE)
    if not can_leave(walk_in):
        raise NotWaiting
    return move(walk_in, to="left", verb=Verb.LEFT, by=by, ended_at=clock.now())


def check_waits_for_disposition(row: WalkInPerson) -> None:
    if row.walk_in.status != WalkInStatus.CALLED:
        raise NotCalled
    if row.disposition:
        raise AlreadyDecided


def waits_for_disposition(row: WalkInPerson) -> bool:
    try:
        check_waits_for_disposition(row)
    except Refused:
        return False
    return True


@transaction.atomic
def dispose(*, row: WalkInPerson, disposition: Disposition, by, note="") -> WalkInPerson:
    """Put one person's disposition on file, once. The last one of a family completes the walk-in.

    Refuses with NotAllowed, OwnFamily, InConflict, NotCalled, AlreadyDecided and MovedOn.
    """
    held = WalkIn.objects.select_for_update(of=("self",), no_key=True)
    walk_in = held.select_related("port", "registration").get(pk=row.walk_in_id)
    row.walk_in = walk_in
    people = list(walk_in.people.select_related("traveler"))
    check_may_decide(
        by,
        port=walk_in.port,
        case=walk_in.case,
        travelers=[person.traveler for person in people],
        registration=walk_in.registration,
    )
    check_waits_for_disposition(row)
    now = clock.now()
    changed = WalkInPerson.objects.filter(pk=row.pk, disposition="")
    if not changed.update(disposition=disposition, disposed_at=now, disposed_by=by, note=note):
        raise MovedOn
    row.disposition, row.disposed_at, row.disposed_by, row.note = disposition, now, by, note
    record(Verb.DISPOSED, on=row, by=by, after=disposition)
    if all(person.disposition for person in people if person.pk != row.pk):
        move(walk_in, to="completed", verb=Verb.COMPLETED, by=by, ended_at=now)
    return row
