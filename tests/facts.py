"""What tests ask of the database, in the words of the assertion."""

from cbpone.audit.models import Event
from cbpone.notifications.models import Message
from scheduling.models import PlaceReturn, Slot


def events(case) -> list[tuple]:
    """(verb, before, after, who) of everything on record for a registration, oldest first."""
    rows = Event.objects.of_case(case.case).order_by("id")
    return list(rows.values_list("verb", "before", "after", "by"))


def told(user) -> list[tuple[str, list[str]]]:
    """(template, channels) of every message to a person, oldest first."""
    messages = Message.objects.filter(user=user).order_by("id").prefetch_related("deliveries")
    return [
        (message.template, sorted(row.channel for row in message.deliveries.all()))
        for message in messages
    ]


def taken(slot) -> tuple[int, int]:
    """The counters of a slot as they are now: public, reserve."""
    return Slot.objects.values_list("booked", "reserve_booked").get(pk=slot.pk)


def waiting_returns(slot) -> list[tuple[str, int]]:
    rows = PlaceReturn.objects.filter(slot=slot, returned_at=None).order_by("id")
    return list(rows.values_list("pool", "places"))


def names(rows) -> list[str]:
    return [str(row) for row in rows]
