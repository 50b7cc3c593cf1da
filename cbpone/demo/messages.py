"""What families were told: messages, how each was delivered, and whether it was read."""

from datetime import timedelta

from cbpone.demo.shelf import Stage, Told, save_in_chunks
from cbpone.notifications.models import Delivery, Message, Reading
from cbpone.notifications.outbox import GIVE_UP_AFTER, pause_after, words
from cbpone.notifications.statuses import Template
from scheduling.models import Appointment

FAILED_EVERY = 180  # one address in so many does not exist any more
QUICK = timedelta(seconds=10)  # a booking given up sooner was never announced


class Telling:
    def __init__(self, stage: Stage):
        self.rng, self.now = stage.chance("messages"), stage.now
        self.told = sorted(stage.shelf.told, key=lambda one: one.at)
        self.sent = 0

    def save(self, progress) -> None:
        messages = [_message(one) for one in self.told]
        save_in_chunks(Message, messages, progress)
        deliveries, readings = [], []
        for one, message in zip(self.told, messages, strict=True):
            made = [self._delivery(one, message, channel) for channel in _channels(one)]
            deliveries += made
            old = self.now - one.at > timedelta(hours=20)
            if self.rng.random() < 0.7 and old and made[0].status == "sent":
                read_at = one.at + timedelta(minutes=self.rng.randrange(2, 900))
                readings.append(Reading(message=message, read_at=read_at))
        save_in_chunks(Delivery, deliveries, progress)
        save_in_chunks(Reading, readings, progress)

    def _delivery(self, one: Told, message: Message, channel: str) -> Delivery:
        row = Delivery(message=message, channel=channel, attempts=1, problem="")
        row.subject = row.body = ""
        row.next_try_at = one.at
        pause = timedelta(seconds=self.rng.randrange(1, 12))
        if one.is_stuck and channel == "email":
            row.status, row.problem = "waiting", "SMTPServerDisconnected"
            _try_until(self.now, row, one)
        elif _was_given_up_at_once(one):
            row.status, row.attempts = "outdated", 0
        elif channel == "email" and self._fails(one):
            row.status, row.problem = "failed", "SMTPRecipientsRefused"
            _try_until(one.at + GIVE_UP_AFTER, row, one)
        else:
            row.status, row.sent_at = "sent", min(one.at + pause, self.now)
            row.subject, row.body = words(message, one.about, channel)
        return row

    def _fails(self, one: Told) -> bool:
        self.sent += 1
        old = self.now - one.at > GIVE_UP_AFTER + timedelta(hours=1)
        return old and self.sent % FAILED_EVERY == 20


def _try_until(end, row: Delivery, one: Told) -> None:
    row.next_try_at = one.at + pause_after(row.attempts)
    while row.next_try_at < end:
        row.attempts += 1
        row.next_try_at += pause_after(row.attempts)


def _channels(one: Told) -> list[str]:
    mine = one.registration
    return ["email", "sms"] if mine.text_messages and mine.phone else ["email"]


def _was_given_up_at_once(one: Told) -> bool:
    row = one.about
    if one.template != Template.BOOKED or not isinstance(row, Appointment):
        return False
    return row.ended_at is not None and row.ended_at - one.at < QUICK


def _message(one: Told) -> Message:
    """Keyed as the rules key theirs, so that no task tells it again."""
    about, template = one.about, one.template
    key = f"{template.value}:{about._meta.label_lower}:{about.pk}"
    if template in (Template.BOOKED, Template.CHANGED):
        key = f"booked:{about.reference}"
    return Message(
        user=one.registration.owner,
        template=template.value,
        model=about._meta.label_lower,
        row_id=str(about.pk),
        row_status=one.status,
        dedupe_key=key,
        created_at=one.at,
    )
