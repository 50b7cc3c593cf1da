"""What an officer answers to a family that asks for an urgent place: a place, or a letter."""

from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from cbpone.audit.conflicts import InConflict, check_no_conflict
from cbpone.audit.holding import check_holds
from cbpone.audit.log import move
from cbpone.audit.verbs import Verb
from cbpone.lib import clock
from cbpone.lib.errors import MovedOn, NotAllowed, Refused
from cbpone.notifications.outbox import notify
from cbpone.notifications.statuses import Template
from officers.queues.urgent import QUEUE
from parole.letters import language_of
from scheduling import booking
from scheduling.models import Appointment, Slot, UrgentRequest
from scheduling.registering import hold
from scheduling.statuses import Refusal, UrgentStatus

REASON_LETTERS = Appointment._meta.get_field("reason").max_length
LETTERS = {
    Refusal.NO_RESERVE: "letters/urgent_no_reserve.txt",
    Refusal.NOT_URGENT: "letters/urgent_not_urgent.txt",
    Refusal.OTHER_HELP: "letters/urgent_other_help.txt",
    Refusal.UNCLEAR: "letters/urgent_unclear.txt",
}


class OwnFamily(InConflict):
    code = "own_family"
    sentence = _("This is your own family's request. Another officer answers it.")


class LetterMissing(Refused):
    code = "letter_missing"
    sentence = _("The letter is empty. Write what the family has to know.")


class SameTime(Refused):
    code = "same_time"
    sentence = _("The family has this time already. Choose another one.")


def check_no_part(user, request: UrgentRequest) -> None:
    family = request.registration
    if family.owner_id == user.pk:
        raise OwnFamily
    people = [member.traveler for member in family.people()]
    check_no_conflict(user, case=family.reference, travelers=people)


def is_near(user, request: UrgentRequest) -> bool:
    """Too near to answer, though they may hold it still."""
    try:
        check_no_part(user, request)
    except InConflict:
        return True
    return False


def check_can_decide(user, request: UrgentRequest) -> None:
    """Who holds it, while it waits. Refuses with NotAllowed, InConflict, MovedOn and NotHolder."""
    if not QUEUE.is_for(user):
        raise NotAllowed
    check_no_part(user, request)
    if request.status != UrgentStatus.WAITING or not QUEUE.may_take(user, request):
        raise MovedOn
    check_holds(user, request)


def can_decide(user, request: UrgentRequest) -> bool:
    try:
        check_can_decide(user, request)
    except Refused:
        return False
    return True


def free_times(user, *, people: int):
    """Times of the officer's ports whose reserve has room for so many, the soonest first."""
    own = Slot.objects.visible_to(user).bookable().select_related("port")
    room = own.filter(reserve_capacity__gte=F("reserve_booked") + people)
    return room.order_by("starts_at", "port__name")


@transaction.atomic
def grant(*, request: UrgentRequest, slot: Slot, by, moves: str = "") -> UrgentRequest:
    """A place from the reserve for the whole family, which is told as of any booking.

    `moves` is the number of the appointment that gives way, as the officer saw and ticked it. It
    ends in the same moment; without it a booked family is refused with HasOther. Refuses also as
    check_can_decide and book_reserve do, and with SameTime.
    """
    _hold(request)
    check_can_decide(by, request)
    live = request.registration.appointments.live().first()
    if live and live.slot_id == slot.pk:
        raise SameTime
    number = booking.book_reserve(
        slot=slot,
        registration=request.registration,
        by=by,
        reason=reason_of(request),
        change=live is not None and live.reference == moves,
    )
    booked = Appointment.objects.get(reference=number)
    return _decide(request, "granted", Verb.URGENT_GRANTED, by, note=number, appointment=booked)


def reason_of(request: UrgentRequest) -> str:
    """What stays with the appointment: the kind of urgency and the first of the family's words."""
    return f"{request.get_urgency_display()}: {request.said}"[:REASON_LETTERS]


@transaction.atomic
def refuse(*, request: UrgentRequest, refusal: str, letter: str, by) -> UrgentRequest:
    """No place this time: the letter goes to the family word for word, and nothing else changes.

    Refuses as check_can_decide does, and with LetterMissing.
    """
    _hold(request)
    check_can_decide(by, request)
    if not letter.strip():
        raise LetterMissing
    why = Refusal(refusal)
    values = {"refusal": why, "letter": letter.strip()}
    _decide(request, "refused", Verb.URGENT_REFUSED, by, note=str(why.label), **values)
    notify(
        user=request.registration.owner,
        template=Template.URGENT_REFUSED,
        about=request,
        sms_to=request.registration,
    )
    return request


def _hold(request: UrgentRequest) -> None:
    """The family first, then its request as it is now: in the order of whoever else changes it."""
    hold(request.registration)
    status = request.status
    family = request.registration
    request.refresh_from_db(from_queryset=UrgentRequest.objects.select_for_update(no_key=True))
    request.registration = family
    if request.status != status:
        raise MovedOn


def _decide(request: UrgentRequest, to: str, verb: Verb, by, *, note, **values) -> UrgentRequest:
    values |= {"decided_by": by, "decided_at": clock.now()}
    return move(request, to=to, verb=verb, by=by, note=note, **values)


def draft_letter(request: UrgentRequest, refusal: str) -> str:
    """A first letter for this reason, in the family's language, which the officer edits."""
    family = request.registration
    head = family.people().first()
    live = family.appointments.live().first()
    with translation.override(language_of(family.owner)):
        asked_on = clock.wall_time(request.asked_at, request.port.zone)
        context = {
            "name": str(head.traveler) if head else "",
            "day": date_format(asked_on, "j F Y"),
            "port": request.port.name,
            "number": family.reference,
            "appointment": live.reference if live else "",
        }
        return render_to_string(LETTERS[Refusal(refusal)], context).strip()
