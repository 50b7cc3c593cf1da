"""Where a sender is led: to the page of the case, or for a guest to the page of the link."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from cbpone.photos.links import path_of
from cbpone.photos.places import place_of
from cbpone.photos.tickets import Ticket


@dataclass(frozen=True)
class Ways:
    page: str
    after: Callable[[], str]

    @property
    def sent(self) -> str:
        return self.page + "?sent=1"

    def refused(self, code: str, field: str) -> str:
        return f"{self.page}?{urlencode({'refused': code, 'by': field})}"


def ways_of(ticket: Ticket) -> Ways:
    if ticket.link:
        path = path_of(ticket.link)
        return Ways(path, lambda: f"{path}?done=1")
    place = place_of(ticket.traveler)
    if place is None:  # the case has ended since
        home = reverse("portal:my_case")
        return Ways(home, lambda: home)
    return Ways(place.page, place.after)
