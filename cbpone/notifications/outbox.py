"""The outbox: a rule writes what to tell, in its own transaction; one task sends it afterwards."""

import logging
import time
from collections.abc import Callable
from datetime import timedelta

from django.apps import apps
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat
from django.template.loader import render_to_string
from django.utils import translation
from kombu.exceptions import OperationalError

from cbpone.lib import clock
from cbpone.notifications.models import Delivery, Message
from cbpone.notifications.sms import send_sms
from cbpone.notifications.statuses import DeliveryStatus, Template

log = logging.getLogger(__name__)
PAUSES_MINUTES = (2, 4, 8, 16, 32, 60)  # after each failure; the last one again and again
GIVE_UP_AFTER = timedelta(days=7)
BATCH = 200
PUT_OFF = timedelta(hours=1)
NUDGE_EVERY_SECONDS = 1.0
_last_nudge = 0.0
# How to read the rows a message can be about, given by the app that owns them.
ROWS: dict[str, Callable] = {}


def was_told(template: Template, model) -> Exists:
    """For a query on `model`: whether a row's own message of this kind was queued already."""
    key = Concat(Value(_key(template, model)), Cast(OuterRef("pk"), CharField()))
    return Exists(Message.objects.filter(dedupe_key=key))


def _key(template: Template, model) -> str:
    return f"{template}:{model._meta.label_lower}:"


@transaction.atomic
def notify(*, user, template: Template, about, sms_to=None, dedupe="", stays_true=False) -> Message:
    """Queue one message about a row of the running transaction. The same key is never told twice.

    `sms_to` is what carries `phone` and `text_messages`, where the person wants texts too. What
    `stays_true`, such as a receipt, is sent whatever becomes of the row.
    """
    now = clock.now()
    message, new = Message.objects.get_or_create(
        dedupe_key=dedupe or f"{_key(template, about)}{about.pk}",
        defaults={
            "user": user,
            "template": template,
            "model": about._meta.label_lower,
            "row_id": str(about.pk),
            "row_status": "" if stays_true else getattr(about, "status", ""),
            "created_at": now,
        },
    )
    if new:
        channels = ["email"]
        if sms_to and sms_to.text_messages and sms_to.phone:
            channels.append("sms")
        Delivery.objects.bulk_create(
            Delivery(message=message, channel=name, next_try_at=now) for name in channels
        )
        transaction.on_commit(nudge)
    return message


def nudge() -> None:
    """Ask the worker to send soon. At most once a second: the task takes all that waits."""
    global _last_nudge
    if time.monotonic() - _last_nudge < NUDGE_EVERY_SECONDS:
        return
    _last_nudge = time.monotonic()
    from cbpone.notifications.tasks import send_messages

    try:
        send_messages.apply_async(retry=False, countdown=1)
    except (OperationalError, OSError):
        log.warning("broker not reached; the regular run will send")


def load_rows(messages) -> dict[tuple[str, str], object]:
    """The rows these messages speak of, one query for each kind."""
    wanted: dict[str, set[str]] = {}
    for message in messages:
        wanted.setdefault(message.model, set()).add(message.row_id)
    found: dict[tuple[str, str], object] = {}
    for model, ids in wanted.items():
        rows = ROWS[model]() if model in ROWS else apps.get_model(model)._base_manager.all()
        found |= {(model, str(row.pk)): row for row in rows.filter(pk__in=ids)}
    return found


def is_still_true(message: Message, row) -> bool:
    return row is not None and message.row_status in ("", getattr(row, "status", ""))


def is_still_wanted(channel: str, row) -> bool:
    """A phone number or the consent to texts may have been taken back since it was queued."""
    return channel != "sms" or bool(row.text_messages and row.phone)


def words(message: Message, row, channel: str) -> tuple[str, str]:
    """Subject and text in the reader's language. Subjects are neutral; see the look and words."""
    user = message.user
    with translation.override(user.language or settings.LANGUAGE_CODE):
        context = {"row": row, "user": user, "site": settings.SITE_URL}
        suffix = "sms" if channel == "sms" else "txt"
        body = render_to_string(f"messages/{message.template}.{suffix}", context)
        return str(Template(message.template).label), body.strip() + "\n"


def send_messages(*, now=None) -> int:
    """Send what is due. One delivery is locked, sent and marked at a time; returns how many."""
    now = now or clock.now()
    due = Delivery.objects.filter(status=DeliveryStatus.WAITING, next_try_at__lte=now)
    ids = due.order_by("next_try_at", "id").values_list("pk", flat=True)[:BATCH]
    return sum(_send_or_put_off(pk, now) for pk in ids)


def _send_or_put_off(pk: int, now) -> bool:
    """One message that cannot be made is a bug to mend; it must not hold up everyone else's."""
    try:
        return _send(pk, now)
    except Exception as error:
        log.exception("delivery %s was put off", pk)
        Delivery.objects.filter(pk=pk, status=DeliveryStatus.WAITING).update(
            problem=type(error).__name__, next_try_at=now + PUT_OFF
        )
        return False


def _send(pk: int, now) -> bool:
    """Locks the row, so that two workers never send the same; the mail goes out under the lock.

    The only network call inside a transaction: without the lock two workers would send twice.
    """
    with transaction.atomic():
        waiting = Delivery.objects.select_for_update(skip_locked=True, of=("self",))
        delivery = waiting.filter(pk=pk, status=DeliveryStatus.WAITING).first()
        if not delivery:
            return False
        message = Message.objects.select_related("user").get(pk=delivery.message_id)
        row = load_rows([message]).get((message.model, message.row_id))
        if not (is_still_true(message, row) and is_still_wanted(delivery.channel, row)):
            delivery.status = DeliveryStatus.OUTDATED
            delivery.save(update_fields=["status"])
            return False
        return _hand_over(delivery, message, row, now)


def pause_after(attempts: int) -> timedelta:
    return timedelta(minutes=PAUSES_MINUTES[min(attempts, len(PAUSES_MINUTES)) - 1])


def _hand_over(delivery: Delivery, message: Message, row, now) -> bool:
    subject, body = words(message, row, delivery.channel)
    delivery.attempts += 1
    try:
        if delivery.channel == "sms":
            send_sms(to=row.phone, text=body)
        else:
            EmailMultiAlternatives(subject, body, to=[message.user.email]).send()
    except OSError as error:  # SMTPException is one too
        delivery.problem = type(error).__name__
        delivery.next_try_at = now + pause_after(delivery.attempts)
        if now - message.created_at >= GIVE_UP_AFTER:
            delivery.status = DeliveryStatus.FAILED
        delivery.save()
        return False
    delivery.status, delivery.sent_at = DeliveryStatus.SENT, now
    delivery.subject, delivery.body, delivery.problem = subject, body, ""
    delivery.save()
    return True
