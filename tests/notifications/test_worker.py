"""A real Celery worker on the real broker sends what a rule has queued."""

import time

import pytest
from celery.contrib.testing.worker import start_worker

from cbpone import celery_app
from cbpone.notifications import outbox
from cbpone.notifications.models import Delivery
from scheduling.booking import book
from tests.factories import make_registration, make_slot

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_message_leaves_after_commit(monkeypatch, mailoutbox):
    monkeypatch.setattr(outbox, "NUDGE_EVERY_SECONDS", 0)
    mine = make_registration()
    slot = make_slot()
    celery_app.control.purge()

    with start_worker(celery_app, pool="solo", perform_ping_check=False, shutdown_timeout=20):
        reference = book(slot_id=slot.pk, by=mine.owner)
        for _ in range(100):
            if mailoutbox:
                break
            time.sleep(0.1)

    assert reference in mailoutbox[0].body
    assert mailoutbox[0].to == [mine.owner.email]
    assert Delivery.objects.get().status == "sent"
