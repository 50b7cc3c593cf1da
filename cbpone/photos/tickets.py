"""Tickets: whoever has one can send the photo of one traveler, with or without a session."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cbpone.accounts.models import User
from cbpone.lib.errors import Refused
from cbpone.photos.models import PhoneLink
from cbpone.travelers.models import Traveler

SALT = "cbpone.photos.ticket"


class TicketOver(Refused):
    code = "ticket_over"
    sentence = _(
        "This page was open for a long time, or its link has ended. Everything you saved is safe. "
        "Open the page for the photo once more, and send the photo there."
    )


@dataclass(frozen=True)
class Ticket:
    """For whom a picture may be sent, by whose leave, and the language to answer in."""

    user: User
    traveler: Traveler
    link: PhoneLink | None
    language: str


def make_ticket(*, user: User, traveler: Traveler, link: PhoneLink | None = None) -> str:
    """Lasts UPLOAD_TICKET_DAYS, longer than any session. Never part of an address."""
    whose = [user.reference.hex, traveler.reference.hex, link.reference.hex if link else ""]
    return signing.dumps([*whose, get_language()], salt=SALT)


def read_ticket(text: str, *, signed_in) -> Ticket:
    """Refuses with TicketOver. An old one still counts while its own user is signed in."""
    values, is_old = _read(text)
    user_ref, traveler_ref, link_ref, language = values
    user = User.objects.filter(reference=user_ref, is_active=True).first()
    people = Traveler.objects.select_related("member__registration", "beneficiary")
    traveler = people.filter(reference=traveler_ref).first()
    if not user or not traveler or (is_old and signed_in.pk != user.pk):
        raise TicketOver
    link = PhoneLink.objects.filter(reference=link_ref).first() if link_ref else None
    if link_ref and (is_old or not link or link.closed_at):
        raise TicketOver
    return Ticket(user, traveler, link, language)


def _read(text: str) -> tuple[list[str], bool]:
    lasts = timedelta(days=settings.UPLOAD_TICKET_DAYS)
    try:
        return signing.loads(text, salt=SALT, max_age=lasts), False
    except signing.SignatureExpired:
        return signing.loads(text, salt=SALT), True
    except signing.BadSignature:
        raise TicketOver from None
