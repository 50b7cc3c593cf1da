"""Where a photo belongs. Each part that asks for photos says what is true of its travelers."""

from collections.abc import Callable
from dataclasses import dataclass

from cbpone.travelers.models import Traveler


@dataclass(frozen=True)
class Place:
    """The one case of a traveler that wants a photo, held by one account.

    `check_can_send(user)` refuses unless this person may send one now. In the transaction that
    stores the photo `hold()` comes first, so that the case stays as it is, and `sent(user)` last.
    `after()` is the address where the person goes on.
    """

    case: str
    user_id: int
    page: str
    check_can_send: Callable
    hold: Callable[[], None]
    sent: Callable
    after: Callable[[], str]


# Given by scheduling and parole: traveler -> Place, or None when it is none of theirs.
FINDERS: list[Callable[[Traveler], Place | None]] = []


def place_of(traveler: Traveler) -> Place | None:
    found = (find(traveler) for find in FINDERS)
    return next((place for place in found if place), None)
