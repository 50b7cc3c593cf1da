"""A family's registration from the first page to the signature, and every later change."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from cbpone.audit.log import move, record
from cbpone.audit.verbs import Verb
from cbpone.lib import clock
from cbpone.lib.errors import NotAllowed, Refused
from cbpone.lib.references import new_reference
from cbpone.notifications.outbox import notify
from cbpone.notifications.statuses import Template
from cbpone.travelers.choices import Relation
from cbpone.travelers.models import Traveler
from scheduling.booking import SlotFull, cancel, give_up_places, take_more_places
from scheduling.family import read_family
from scheduling.models import Appointment, Attendance, Member, Page, Registration
from scheduling.statuses import AppointmentStatus, RegistrationStatus

LAP_AGE = 2  # younger than this, a child who joins later rides on the lap and takes no place


class FamilyFull(Refused):
    code = "family_full"
    sentence = _(
        "A family here has 10 people at most. A larger one registers the others "
        "with a second e-mail address."
    )


class NotComplete(Refused):
    code = "not_complete"
    sentence = _("Some answers are still missing. They are marked in the list below.")


class AlreadyRegistered(Refused):
    code = "already_registered"
    sentence = _(
        "%(name)s is in another registration already. One person can be in one registration only. "
        "If it is yours, sign in with the e-mail address you used then. "
        "If another family member made it, ask them to take %(name)s out of theirs. "
        "If you know of none, tell an officer at a port: somebody may have used this identity."
    )


class HeadStays(Refused):
    code = "head_stays"
    sentence = _("The person who signs cannot be taken out. Withdraw the registration instead.")


class AtThePort(Refused):
    code = "at_the_port"
    sentence = _("Your family is checked in at the port. Ask the officer there for changes.")


def start(*, by) -> Registration:
    """The live registration of this account, begun now if there is none."""
    live = Registration.objects.live()
    registration = live.filter(owner=by).first()
    if registration:
        return registration
    try:
        with transaction.atomic():
            return _begin(by)
    except IntegrityError:  # pressed twice at once, or that number was taken
        return live.filter(owner=by).first() or _begin(by)


def _begin(by) -> Registration:
    registration = Registration.objects.create(
        reference=new_reference("R"), owner=by, phone=by.phone
    )
    traveler = Traveler.objects.create()
    Member.objects.create(
        registration=registration, traveler=traveler, relation=Relation.HEAD, position=1
    )
    record(Verb.STARTED, on=registration, by=by)
    return registration


def check_can_edit(user, registration: Registration) -> None:
    if registration.owner_id != user.pk or not registration.is_live:
        raise NotAllowed
    if registration.appointments.filter(status=AppointmentStatus.CHECKED_IN).exists():
        raise AtThePort


def hold(registration: Registration) -> None:
    """One change of a family at a time, on the row as it is now. Booking waits for it too."""
    rows = Registration.objects.select_for_update(of=("self",), no_key=True)
    registration.refresh_from_db(from_queryset=rows)


def reopen(*, registration: Registration, by) -> None:
    """A signed registration is about to change: it must be signed again before booking."""
    if registration.status == RegistrationStatus.REGISTERED:
        move(registration, to="changing", verb=Verb.REOPENED, by=by)


@transaction.atomic
def save_page(
    *, registration: Registration, key: str, by, member=None, reopens=True, changed=()
) -> Page:
    """A page was answered and its rows are written: note when, forget what was mistyped."""
    hold(registration)
    check_can_edit(by, registration)
    if reopens:
        reopen(registration=registration, by=by)
    page, _new = Page.objects.update_or_create(
        registration=registration,
        member=member,
        key=key,
        defaults={"saved_at": clock.now(), "typed": None, "typed_at": None},
    )
    record(
        Verb.SAVED,
        on=member or registration,
        by=by,
        case=registration.reference,
        note=": ".join(filter(None, [key, ", ".join(changed)])),
    )
    return page


def keep_typed(*, registration: Registration, key: str, typed: dict, by, member=None) -> None:
    """What was typed with a mistake in it is kept as it is, until it is mended."""
    check_can_edit(by, registration)
    Page.objects.update_or_create(
        registration=registration,
        member=member,
        key=key,
        defaults={"typed": typed, "typed_at": clock.now()},
    )


@transaction.atomic
def add_person(*, registration: Registration, relation: Relation, by, **names) -> Member:
    """One more family member. Seniority stays as it is. Refuses the eleventh with FamilyFull."""
    hold(registration)
    check_can_edit(by, registration)
    taken = set(registration.people().values_list("position", flat=True))
    free = [place for place in range(2, 11) if place not in taken]
    if not free:
        raise FamilyFull
    reopen(registration=registration, by=by)
    traveler = Traveler.objects.create(**names)
    member = Member.objects.create(
        registration=registration, traveler=traveler, relation=relation, position=free[0]
    )
    record(Verb.PERSON_ADDED, on=member, by=by, case=registration.reference)
    return member


@transaction.atomic
def remove_person(*, member: Member, by) -> Member:
    """The person leaves the family and any booked appointment; the others keep everything."""
    registration = member.registration
    hold(registration)
    check_can_edit(by, registration)
    if member.relation == Relation.HEAD:
        raise HeadStays
    now = clock.now()
    left = Member.objects.filter(pk=member.pk, left_at=None)
    if left.update(left_at=now, holds_identity=False):
        record(Verb.PERSON_REMOVED, on=member, by=by, case=registration.reference)
        _leave_appointment(member, now)
    return member


def _leave_appointment(member: Member, now) -> None:
    booked = Appointment.objects.filter(
        registration=member.registration_id, status=AppointmentStatus.BOOKED
    )
    appointment = booked.select_for_update(of=("self",)).first()
    if not appointment:
        return
    row = appointment.attendances.filter(traveler=member.traveler_id, left_at=None).first()
    if row and appointment.attendances.filter(left_at=None).count() > 1:
        Attendance.objects.filter(pk=row.pk).update(left_at=now)
        if row.takes_place and appointment.places > 1:
            booked.filter(pk=appointment.pk).update(places=appointment.places - 1)
            give_up_places(appointment, places=1, at=now)


@transaction.atomic
def sign(*, registration: Registration, name: str, by) -> Registration:
    """Sign, the first time or again after a change.

    Each person's identity is claimed: a person is in one live registration only. The first
    signature sets the seniority date, which nothing moves. With an appointment booked, people who
    joined are brought into it, as far as there are places (see `without_a_place`). Refuses with
    NotComplete or AlreadyRegistered.
    """
    hold(registration)
    check_can_edit(by, registration)
    family = read_family(registration)
    if not family.is_complete:
        raise NotComplete
    # In one order for everybody: two families that share people must not wait for each other.
    _let_go_of_old_identities(family.members)
    for member in sorted(family.members, key=lambda member: member.traveler.identity):
        _claim_identity(member)
    now = clock.now()
    first = registration.seniority_at is None
    values = {"signed_at": now, "signed_name": name}
    if first:
        values["seniority_at"] = now
    if registration.status == RegistrationStatus.REGISTERED:
        return registration
    move(registration, to="registered", verb=Verb.SIGNED, by=by, **values)
    _bring_into_appointment(registration, family.members, by)
    if first:
        notify(
            user=registration.owner,
            template=Template.REGISTERED,
            about=registration,
            sms_to=registration,
        )
    return registration


def _let_go_of_old_identities(members) -> None:
    """Or two people whose papers were mixed up would stand in each other's way."""
    changed = [member.pk for member in members if member.identity != member.traveler.identity]
    Member.objects.filter(pk__in=changed).update(holds_identity=False)


def _claim_identity(member: Member) -> None:
    claimed = Member.objects.filter(pk=member.pk)
    try:
        with transaction.atomic():
            claimed.update(identity=member.traveler.identity, holds_identity=True)
    except IntegrityError as error:
        if "member_identity_live_once" not in str(error):
            raise
        raise AlreadyRegistered(name=member.traveler.full_name) from None


def _bring_into_appointment(registration: Registration, members, by) -> None:
    """People who joined after booking: infants on the lap, others if there is a place for all."""
    booked = Appointment.objects.filter(
        registration=registration, status=AppointmentStatus.BOOKED
    ).select_related("slot")
    appointment = booked.select_for_update(of=("self",)).first()
    if not appointment:
        return
    here = set(appointment.attendances.values_list("traveler_id", flat=True))
    joining = [member for member in members if member.traveler_id not in here]
    day = appointment.slot.day
    seated = [
        m for m in joining if m.traveler.age_on(day) is None or m.traveler.age_on(day) >= LAP_AGE
    ]
    try:
        if seated:
            take_more_places(appointment, places=len(seated))
    except SlotFull:
        joining = [member for member in joining if member not in seated]
    for member in joining:
        row = Attendance.objects.create(
            appointment=appointment, traveler=member.traveler, takes_place=member in seated
        )
        record(Verb.EXTENDED, on=row, by=by)


def without_a_place(registration: Registration) -> list[Member]:
    """People of a signed family who are not in its booked appointment, because it was full."""
    if registration.status != RegistrationStatus.REGISTERED:
        return []
    appointment = registration.appointments.filter(status=AppointmentStatus.BOOKED).first()
    if not appointment:
        return []
    seated = appointment.attendances.filter(left_at=None).values("traveler")
    return list(registration.people().exclude(traveler__in=seated))


@transaction.atomic
def withdraw(*, registration: Registration, by) -> Registration:
    """The family asks for nothing any more: appointment cancelled, identities free again."""
    hold(registration)
    check_can_edit(by, registration)
    for appointment in registration.appointments.filter(status=AppointmentStatus.BOOKED):
        cancel(appointment=appointment, by=by)
    for request in registration.urgent_requests.open():
        move(request, to="withdrawn", verb=Verb.URGENT_WITHDRAWN, by=by)
    move(registration, to="withdrawn", verb=Verb.WITHDRAWN, by=by, withdrawn_at=clock.now())
    registration.members.filter(holds_identity=True).update(holds_identity=False)
    return registration


def choose_photo_at_port(*, member: Member, at_port: bool, by) -> None:
    """No photo now: an officer takes it at the port. A photo sent later undoes the choice."""
    check_can_edit(by, member.registration)
    Member.objects.filter(pk=member.pk).update(photo_at_port=at_port)
    member.photo_at_port = at_port
