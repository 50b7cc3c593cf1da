"""What a person was told, newest first, with words made from the rows as they are now."""

from dataclasses import dataclass

from cbpone.notifications.models import Message, Reading
from cbpone.notifications.outbox import is_still_true, load_rows, words

MOST = 40


@dataclass
class Entry:
    message: Message
    subject: str
    body: str
    is_new: bool
    is_true: bool


def read_inbox(user) -> list[Entry]:
    """The latest messages of a person, and a note that they were read."""
    messages = list(
        Message.objects.filter(user=user).select_related("user", "reading").order_by("-id")[:MOST]
    )
    rows = load_rows(messages)
    entries = []
    for message in messages:
        row = rows.get((message.model, message.row_id))
        if row is not None:
            subject, body = words(message, row, "email")
            is_new, is_true = not hasattr(message, "reading"), is_still_true(message, row)
            entries.append(Entry(message, subject, body, is_new, is_true))
    new = [Reading(message=entry.message) for entry in entries if entry.is_new]
    Reading.objects.bulk_create(new, ignore_conflicts=True)
    return entries


def unread_count(user) -> int:
    return Message.objects.filter(user=user, reading=None).count()
