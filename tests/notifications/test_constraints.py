from itertools import product

import pytest
from django.db.models import ProtectedError

from cbpone.lib import clock
from cbpone.notifications.models import Delivery, Message
from cbpone.notifications.outbox import notify
from cbpone.notifications.statuses import DELIVERY_MOVES, DeliveryStatus
from tests.audit.tripping import check_trips
from tests.breaking import change, check_refuses, is_refused
from tests.factories import make_registration, make_user

pytestmark = pytest.mark.django_db
SENT = {"status": "sent", "sent_at": clock.now()}


def message(**values) -> Message:
    registration = make_registration(complete=False)
    return notify(
        **{"user": registration.owner, "template": "registered", "about": registration} | values
    )


def delivery(**values) -> Delivery:
    values = {"message": message(), "channel": "sms"} | values
    return Delivery.objects.create(**values)


BREAKS = [
    ("message_template_known", lambda: message(template="spam")),
    ("delivery_once_a_channel", lambda: delivery(channel="email")),
    ("delivery_status_known", lambda: delivery(status="lost")),
    ("delivery_channel_known", lambda: delivery(channel="pigeon")),
    ("delivery_sent_has_time", lambda: delivery(status="sent")),
    ("delivery_sent_has_time", lambda: delivery(status="waiting", sent_at=clock.now())),
]


@pytest.mark.parametrize(("constraint", "attempt"), BREAKS)
def test_constraint_holds(constraint, attempt):
    check_refuses(constraint, attempt)


@pytest.mark.parametrize(
    ("before", "after"),
    [(a, b) for a, b in product(DeliveryStatus.values, repeat=2) if a != b],
)
def test_delivery_moves_only_along_the_table(before, after):
    def sent_at(status):
        return clock.now() if status == "sent" else None

    row = delivery(status=before, sent_at=sent_at(before))

    refused = is_refused(lambda: change(row, status=after, sent_at=sent_at(after)))

    row.refresh_from_db()
    assert refused == (after not in DELIVERY_MOVES[before])
    assert row.status == (before if refused else after)


def sent() -> Delivery:
    return delivery(status="sent", sent_at=clock.now(), subject="News", body="As it was sent.")


FINAL = "notifications_delivery.final"
TRIPS = [
    ("notifications_delivery.status_moves", lambda: change(delivery(status="failed"), **SENT)),
    (FINAL, lambda: change(sent(), body="Rewritten.")),
    (FINAL, lambda: change(sent(), subject="Rewritten")),
    (FINAL, lambda: change(sent(), sent_at=clock.now())),
    (FINAL, lambda: change(sent(), message=message())),
    (FINAL, lambda: change(delivery(status="outdated"), body="Never sent.")),
]


@pytest.mark.parametrize(("trigger", "attempt"), TRIPS)
def test_delivery_that_is_over_is_refused_a_change(trigger, attempt):
    check_trips(trigger, attempt)


def test_table_names_every_status():
    assert set(DELIVERY_MOVES) == set(DeliveryStatus.values)


def test_message_outlives_its_reader():
    user = make_user()
    message(user=user)

    with pytest.raises(ProtectedError):
        user.delete()
