"""What the help desk may know of a person who writes or calls: where things stand, and whether
messages reach them. No answers, documents, photos or birth dates.
"""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from cbpone.accounts.models import User
from cbpone.lib.references import read_reference
from cbpone.notifications.models import Delivery, Message
from cbpone.notifications.statuses import DeliveryStatus
from parole.models import Authorization, Beneficiary, SupportRequest
from parole.references import AUTHORIZATION, BENEFICIARY, REQUEST
from parole.statuses import BeneficiaryStatus
from scheduling.models import Appointment, Port, Registration, WalkIn

HELP = "notifications.help_people"
MOST = 20  # of each list on a page
MESSAGES = 40
REGISTRATION = {
    "draft": _("It is being filled in and not signed yet. Everything written is saved."),
    "registered": _("It is signed. The family can book an appointment."),
    "changing": _("The family changes it. It has to be signed again so that the change counts."),
    "withdrawn": _("The family withdrew it. It has ended."),
}
CHIPS = {
    "waiting": "chip-todo",
    "sent": "chip-done",
    "outdated": "chip-gone",
    "failed": "chip-late",
}
BOOKED = _("It is signed, and the family has an appointment.")
SUPPORT = {
    "draft": _("It is being filled in and not filed yet. Everything written is saved."),
    "received": _("It is filed, and waits with all others in a few minutes."),
    "pending": _("It waits to be chosen for review. Nobody can say when."),
    "selected": _("An officer reads it. Nothing is needed from the supporter now."),
    "more_info": _("It is the supporter's turn: an officer asked for something. See the letter."),
    "fingerprints": _("It is the supporter's turn: fingerprints are needed. See the letter."),
    "fraud_hold": _("It is on hold. Nothing is needed from the supporter now."),
    "confirmed": _("The support is confirmed. The person was invited and goes on from there."),
    "not_confirmed": _("The support was not confirmed. The letter says why."),
    "withdrawn": _("The supporter withdrew it. It has ended."),
}
TRAVEL = {
    "invited": _("It is the person's turn: to accept the invitation and check the details."),
    "details_confirmed": _("It is the person's turn: to answer the questions and sign."),
    "attested": _("It is the person's turn: to send a photo and the page of the passport."),
    "photo_submitted": _("It is the person's turn: to send everything to the officers."),
    "ata_pending": _("Officers have it. Nothing is needed from the person now."),
    "ata_approved": _("Travel is authorized."),
    "ata_denied": _("Travel was not authorized. The person was told why."),
    "ata_expired": _("The travel authorization ran out. The person can ask again in the portal."),
    "ata_cancelled": _("The travel authorization was cancelled. The person was told why."),
    "travelled": _("The person arrived at the airport."),
    "paroled": _("The person was paroled into the United States."),
    "parole_denied": _("Parole was denied at the airport."),
    "closed": _("It has ended together with the request."),
}


@dataclass
class Matter:
    """One registration, request or case: its number and where it stands, in a sentence."""

    kind: Any  # lazy, as is the sentence
    number: str
    sentence: Any
    appointments: list[Appointment] = field(default_factory=list)


def find_person(text: str) -> User | None:
    """The applicant with exactly this address, or who holds exactly this number."""
    text = text.strip()
    if "@" in text:
        return _by_email(text)
    for letter, find in OWNERS.items():
        number = read_reference(text, letter)
        person = find(number) if number else None
        if person and not person.is_staff:
            return person
    return None


def _by_email(email: str) -> User | None:
    """As the index has it."""
    known = User.objects.alias(lower=Lower("email")).filter(lower=email.lower())
    return known.filter(is_staff=False).first()


def _owner(rows, account: str):
    """The account that a row of this number leads to."""

    def find(number: str) -> User | None:
        row = rows.filter(reference=number).select_related(account).first()
        for name in account.split("__"):
            row = row and getattr(row, name)
        return row

    return find


def _invited(number: str) -> User | None:
    """Who accepted the invitation; until then the account of the address it went to."""
    case = Beneficiary.objects.exclude(status=BeneficiaryStatus.WRITTEN)
    row = case.filter(reference=number).select_related("user").first()
    if row is None:
        return None
    return row.user or _by_email(row.written_email)


OWNERS = {
    "R": _owner(Registration.objects.all(), "owner"),
    "A": _owner(Appointment.objects.all(), "registration__owner"),
    "W": _owner(WalkIn.objects.all(), "registration__owner"),
    REQUEST: _owner(SupportRequest.objects.all(), "owner"),
    BENEFICIARY: _invited,
    AUTHORIZATION: _owner(Authorization.objects.all(), "beneficiary__user"),
}


def registrations(person: User) -> list[Matter]:
    booked = Appointment.objects.select_related("slot__port").order_by("-pk")
    rows = Registration.objects.filter(owner=person).order_by("-pk")[:MOST]
    return [
        _registration(row, list(row.appointments.all()))
        for row in rows.prefetch_related(Prefetch("appointments", booked))
    ]


def _registration(row: Registration, appointments: list[Appointment]) -> Matter:
    is_booked = row.is_ready and any(one.ended_at is None for one in appointments)
    sentence = BOOKED if is_booked else REGISTRATION[row.status]
    return Matter(_("Registration"), row.reference, sentence, appointments)


def requests(person: User) -> list[Matter]:
    rows = SupportRequest.objects.filter(owner=person).order_by("-pk")[:MOST]
    return [Matter(_("Support request"), row.reference, SUPPORT[row.status]) for row in rows]


def cases(person: User) -> list[Matter]:
    """Claimed cases, and invitations that went to this address."""
    rows = Beneficiary.objects.alias(lower=Lower("written_email"))
    mine = Q(user=person) | Q(user=None, lower=person.email.lower())
    rows = rows.filter(mine).exclude(status=BeneficiaryStatus.WRITTEN).order_by("-pk")[:MOST]
    return [Matter(_("Travel case"), row.reference, TRAVEL[row.status]) for row in rows]


def name_of(person: User) -> str:
    """Of the first traveler, else of the account; a person without either has an address."""
    registration = Registration.objects.filter(owner=person).order_by("-pk").first()
    first = registration.people().first() if registration else None
    if first:
        return str(first.traveler)
    case = Beneficiary.objects.of_user(person).select_related("traveler").order_by("pk").first()
    return str(case.traveler if case and case.traveler else person)


def port_of(person: User) -> Port | None:
    """Whose clock this person's times are on."""
    own = Appointment.objects.filter(registration__owner=person, ended_at=None)
    live = own.select_related("slot__port").first()
    if live:
        return live.slot.port
    registration = Registration.objects.live().filter(owner=person).first()
    return registration.clock_port if registration else None


def messages(person: User):
    """What was sent, the newest first, with its deliveries."""
    rows = Message.objects.filter(user=person).prefetch_related("deliveries")
    return rows.order_by("-pk")[:MESSAGES]


def lines_of(message: Message) -> list[tuple[Delivery, str, bool]]:
    """(delivery, mark of its state, whether it failed), for each channel."""
    rows = message.deliveries.all()
    return [(row, CHIPS[row.status], row.status == DeliveryStatus.FAILED) for row in rows]
