"""Photos of people who ask for an appointment."""

from django.urls import reverse

from cbpone.lib.errors import NotAllowed
from cbpone.photos.places import Place
from cbpone.travelers.models import Traveler
from scheduling import registering
from scheduling.family import read_family
from scheduling.models import Member


def find(traveler: Traveler) -> Place | None:
    """None for whoever has left the family, or whose family asks for nothing any more."""
    member = getattr(traveler, "member", None)
    if not member or member.left_at or not member.registration.is_live:
        return None
    registration = member.registration
    return Place(
        case=registration.reference,
        user_id=registration.owner_id,
        page=reverse("scheduling:photo", args=[traveler.reference]),
        check_can_send=lambda user: _check_can_send(user, member),
        hold=lambda: _hold(member),
        sent=lambda user: registering.choose_photo_at_port(member=member, at_port=False, by=user),
        after=lambda: _next_page(member),
    )


def _hold(member: Member) -> None:
    registering.hold(member.registration)
    member.refresh_from_db(fields=["left_at"])


def _check_can_send(user, member: Member) -> None:
    registering.check_can_edit(user, member.registration)
    if member.left_at:
        raise NotAllowed


def _next_page(member: Member) -> str:
    """The photo of the next person who has none, else the list."""
    family = read_family(member.registration)
    left = [one for one in family.members if one.pk != member.pk and not family.has("photo", one)]
    if left:
        return reverse("scheduling:photo", args=[left[0].traveler.reference])
    return reverse("scheduling:registration")
