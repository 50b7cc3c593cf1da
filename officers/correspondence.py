"""What people were told about one case: every message, and what became of it on each channel."""

from collections.abc import Iterable

from django.db.models import Q

from cbpone.notifications.models import Message

MOST = 50


def messages_about(rows: Iterable, users: Iterable) -> list[Message]:
    """To these accounts, about these rows, the newest first, with their deliveries.

    Asked for by account: messages have no index by row.
    """
    about = Q(pk__in=[])
    for row in rows:
        about |= Q(model=row._meta.label_lower, row_id=str(row.pk))
    told = Message.objects.filter(about, user__in=[user for user in users if user])
    found = told.select_related("user").prefetch_related("deliveries").order_by("-id")
    return list(found[:MOST])
