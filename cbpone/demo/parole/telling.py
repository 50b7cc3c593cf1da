"""What supporters and beneficiaries were told, as the rules would have told it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cbpone.accounts.models import User
from cbpone.demo.shelf import save_in_chunks
from cbpone.notifications.models import Delivery, Message
from cbpone.notifications.outbox import load_rows, words
from cbpone.notifications.statuses import Template

OWN_KEYS = (
    Template.INVITATION,
    Template.CASE_SUBMITTED,
    Template.CASE_SENT_BACK,
    Template.ATA_WAITING,
)


@dataclass
class Told:
    template: Template
    about: object
    user: User
    at: datetime
    status: str = ""
    is_waiting: bool = False  # the worker sends it, so that it is in the demo's mailbox


class ParoleTelling:
    def __init__(self) -> None:
        self.told: list[Told] = []

    def tell(self, template: Template, *, about, user: User, at: datetime, **how) -> None:
        self.told.append(Told(template, about, user, at, **how))

    def save(self, progress) -> None:
        self.told.sort(key=lambda one: one.at)
        messages = [_message(one) for one in self.told]
        save_in_chunks(Message, messages, progress)
        rows = load_rows(messages)
        deliveries = []
        for one, message in zip(self.told, messages, strict=True):
            row = Delivery(message=message, channel="email", next_try_at=message.created_at)
            row.status, row.attempts, row.subject, row.body, row.problem = "waiting", 0, "", "", ""
            if not one.is_waiting:
                about = rows[(message.model, message.row_id)]
                row.subject, row.body = words(message, about, "email")
                row.status, row.attempts = "sent", 1
                row.sent_at = message.created_at + timedelta(seconds=4)
            deliveries.append(row)
        save_in_chunks(Delivery, deliveries, progress)


def _message(one: Told) -> Message:
    """Keyed as the rules key theirs, so that no task tells it again."""
    label, template = one.about._meta.label_lower, one.template  # type: ignore[attr-defined]
    pk = one.about.pk  # type: ignore[attr-defined]
    key = f"{template.value}:{label}:{pk}"
    if template in OWN_KEYS:
        key = f"{template.value}:{pk}:{one.at.isoformat()}"
    return Message(
        user=one.user,
        template=template.value,
        model=label,
        row_id=str(pk),
        row_status=one.status,
        dedupe_key=key,
        created_at=one.at,
    )
