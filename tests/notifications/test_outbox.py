import smtplib
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction
from kombu.exceptions import OperationalError

from cbpone.notifications import outbox
from cbpone.notifications.models import Delivery, Message
from cbpone.notifications.outbox import GIVE_UP_AFTER, notify, send_messages
from cbpone.notifications.sms import MemoryBackend
from cbpone.notifications.statuses import Template
from cbpone.notifications.tasks import send_messages as task
from scheduling.booking import cancel
from tests.breaking import change
from tests.factories import (
    make_appointment,
    make_port,
    make_registration,
    make_request,
    make_slot,
    make_user,
)
from tests.facts import told
from tests.race import at_once

pytestmark = pytest.mark.django_db


def tell(row, template=Template.BOOKED, **values) -> Message:
    return notify(
        user=row.registration.owner, template=template, about=row, sms_to=row.registration, **values
    )


@pytest.fixture
def booked():
    return make_appointment()


@pytest.fixture
def mail_down(monkeypatch):
    """The mail server does not answer; returns what brings it back."""

    def refuse(self, messages):
        raise smtplib.SMTPServerDisconnected

    real = EmailBackend.send_messages
    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    return lambda: monkeypatch.setattr(EmailBackend, "send_messages", real)


def test_notify_queues_one_message_about_the_row(booked, clock):
    message = tell(booked)

    assert Message.objects.get() == message
    assert (message.user, message.template) == (booked.registration.owner, "booked")
    assert (message.model, message.row_id) == ("scheduling.appointment", str(booked.pk))
    assert (message.row_status, message.created_at) == ("booked", clock.at)
    delivery = Delivery.objects.get()
    assert (delivery.channel, delivery.status) == ("email", "waiting")
    assert (delivery.attempts, delivery.next_try_at) == (0, clock.at)


def test_notify_twice_tells_once(booked):
    first = tell(booked)

    assert tell(booked) == first

    assert Message.objects.count() == Delivery.objects.count() == 1


def test_notify_with_another_key_tells_again(booked):
    tell(booked)
    tell(booked, dedupe="again")

    assert Message.objects.count() == 2


@pytest.mark.parametrize(
    ("wants", "phone", "channels"),
    [
        (True, "+526641234567", ["email", "sms"]),
        (True, "", ["email"]),
        (False, "+526641234567", ["email"]),
    ],
)
def test_notify_queues_a_text_only_when_asked_for(wants, phone, channels):
    row = make_appointment(make_registration(text_messages=wants, phone=phone))

    tell(row)

    assert told(row.registration.owner) == [("booked", channels)]


def test_notify_without_its_deliveries_leaves_no_message(booked, monkeypatch):
    def fail(rows):
        raise RuntimeError("a bug")

    monkeypatch.setattr(Delivery.objects, "bulk_create", fail)

    with pytest.raises(RuntimeError):
        tell(booked)

    assert not Message.objects.exists()


def test_notify_in_a_transaction_that_fails_sends_nothing(booked, mailoutbox):
    with transaction.atomic():
        tell(booked)
        transaction.set_rollback(True)

    assert send_messages() == 0
    assert mailoutbox == []
    assert not Message.objects.exists()


def test_send_writes_the_mail_and_keeps_the_words(booked, mailoutbox, clock):
    tell(booked)

    assert send_messages() == 1

    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == (
        [booked.registration.owner.email],
        "News about your appointment",
    )
    assert booked.reference in mail.body
    row = Delivery.objects.get()
    assert (row.status, row.sent_at, row.attempts) == ("sent", clock.at, 1)
    assert (row.subject, row.body, row.problem) == (mail.subject, mail.body, "")


def test_send_again_sends_nothing(booked, mailoutbox):
    tell(booked)
    send_messages()

    assert send_messages() == 0
    task()

    assert len(mailoutbox) == 1


def test_send_says_the_time_on_the_ports_clock(mailoutbox):
    slot = make_slot(make_port("san-ysidro"), starts_at=datetime(2027, 6, 18, 15, tzinfo=UTC))
    tell(make_appointment(slot=slot))

    send_messages()

    assert "Friday 18 June 2027, 08:00, San Diego time" in mailoutbox[0].body


def test_send_in_the_language_of_the_reader(mailoutbox, clock):
    user = make_user(language="es")
    slot = make_slot(starts_at=datetime(2027, 6, 18, 15, tzinfo=UTC))
    tell(make_appointment(make_registration(user), slot))

    send_messages()

    assert "viernes 18 junio 2027" in mailoutbox[0].body


def test_send_text_message_when_asked(mailoutbox):
    family = make_registration(text_messages=True, phone="+526641234567")
    row = make_appointment(family)
    tell(row)

    assert send_messages() == 2

    ((number, text),) = MemoryBackend.sent
    assert number == "+526641234567"
    assert row.reference in text
    assert len(text) <= 160
    assert len(mailoutbox) == 1


@pytest.mark.parametrize("taken_back", [{"phone": ""}, {"text_messages": False}])
@pytest.mark.parametrize("about", ["registration", "appointment"])
def test_send_text_message_that_is_not_wanted_any_more_is_not_sent(about, taken_back, mailoutbox):
    family = make_registration(text_messages=True, phone="+526641234567")
    row = family if about == "registration" else make_appointment(family)
    notify(user=family.owner, template=Template.REGISTERED, about=row, sms_to=family)
    type(family).objects.update(**taken_back)

    assert send_messages() == 1

    assert MemoryBackend.sent == []
    assert len(mailoutbox) == 1
    rows = Delivery.objects.order_by("id").values_list("channel", "status")
    assert list(rows) == [("email", "sent"), ("sms", "outdated")]


def test_send_what_is_no_longer_true_is_not_sent(booked, mailoutbox, clock):
    tell(booked)
    cancel(appointment=booked, by=booked.registration.owner)

    assert send_messages() == 1

    assert [mail.body for mail in mailoutbox if "cancelled" in mail.body] == [mailoutbox[0].body]
    rows = Delivery.objects.order_by("id").values_list("message__template", "status")
    assert list(rows) == [("booked", "outdated"), ("cancelled", "sent")]


def test_send_about_a_row_that_is_gone_is_not_sent(mailoutbox, applicant):
    Message.objects.create(
        user=applicant,
        template="booked",
        model="scheduling.appointment",
        row_id="0",
        dedupe_key="k",
    )
    Delivery.objects.create(message=Message.objects.get(), channel="email")

    assert send_messages() == 0

    assert Delivery.objects.get().status == "outdated"


def test_send_when_the_mail_server_is_down_tries_again_later(booked, mail_down, clock, mailoutbox):
    tell(booked)

    assert send_messages() == 0

    row = Delivery.objects.get()
    assert (row.status, row.attempts, row.problem) == ("waiting", 1, "SMTPServerDisconnected")
    assert row.next_try_at == clock.at + timedelta(minutes=2)
    mail_down()
    assert send_messages() == 0
    clock.forward(minutes=2)
    assert send_messages() == 1
    row.refresh_from_db()
    assert (row.status, row.attempts, row.problem) == ("sent", 2, "")
    assert len(mailoutbox) == 1


def test_send_waits_longer_after_each_failure_up_to_an_hour(booked, mail_down, clock):
    tell(booked)
    pauses = []

    for _attempt in range(9):
        send_messages()
        pauses.append((Delivery.objects.get().next_try_at - clock.at) / timedelta(minutes=1))
        clock.at = Delivery.objects.get().next_try_at

    assert pauses == [2, 4, 8, 16, 32, 60, 60, 60, 60]
    assert Delivery.objects.get().status == "waiting"


def test_send_after_days_without_a_mail_server_still_sends(booked, mail_down, clock, mailoutbox):
    tell(booked)
    Delivery.objects.update(attempts=8, next_try_at=clock.at)
    clock.at += GIVE_UP_AFTER - timedelta(hours=2)
    assert send_messages() == 0

    mail_down()
    clock.forward(hours=1)

    assert send_messages() == 1
    assert len(mailoutbox) == 1


def test_send_gives_up_after_a_week(booked, mail_down, clock):
    tell(booked)
    clock.at += GIVE_UP_AFTER

    assert send_messages() == 0

    assert Delivery.objects.get().status == "failed"
    assert send_messages() == 0


def test_send_goes_on_when_one_message_can_not_be_made(booked, mailoutbox, clock, monkeypatch):
    tell(booked)
    other = make_appointment()
    tell(other)
    real = outbox.words

    def words(message, row, channel):
        if row == booked:
            raise KeyError("a bug")
        return real(message, row, channel)

    monkeypatch.setattr(outbox, "words", words)

    assert send_messages() == 1

    assert [mail.to for mail in mailoutbox] == [[other.registration.owner.email]]
    first = Delivery.objects.order_by("id").first()
    assert (first.status, first.problem) == ("waiting", "KeyError")
    assert first.next_try_at == clock.at + timedelta(hours=1)


def test_send_takes_the_oldest_first(monkeypatch, mailoutbox, clock):
    monkeypatch.setattr(outbox, "BATCH", 2)
    rows = [make_appointment(make_registration(people=1)) for _ in range(3)]
    for row in reversed(rows):
        tell(row)
        clock.forward(seconds=1)

    assert send_messages() == 2

    assert [mail.to for mail in mailoutbox] == [
        [row.registration.owner.email] for row in rows[:0:-1]
    ]


def test_nudge_asks_the_worker_at_most_once_a_second(monkeypatch):
    asked = []
    monkeypatch.setattr(task, "apply_async", lambda **how: asked.append(how))
    monkeypatch.setattr(outbox, "NUDGE_EVERY_SECONDS", 1.0)
    monkeypatch.setattr(outbox, "_last_nudge", time.monotonic() - 5)

    for _ in range(3):
        outbox.nudge()

    assert asked == [{"retry": False, "countdown": 1}]


def test_nudge_without_a_broker_is_no_error(monkeypatch, caplog):
    def fail(**how):
        raise OperationalError("no broker")

    monkeypatch.setattr(task, "apply_async", fail)
    monkeypatch.setattr(outbox, "NUDGE_EVERY_SECONDS", 0)

    outbox.nudge()

    assert "the regular run will send" in caplog.text


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_send_twice_at_once_sends_each_mail_once(mailoutbox):
    owners = set()
    for _ in range(10):
        row = make_appointment(make_registration(people=1))
        owners.add(row.registration.owner.email)
        tell(row)

    outcomes = at_once([send_messages] * 4)

    assert sum(outcomes) == 10
    assert sorted(mail.to[0] for mail in mailoutbox) == sorted(owners)
    assert set(Delivery.objects.values_list("status", "attempts")) == {("sent", 1)}


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_notify_twice_at_once_tells_once(booked):
    outcomes = at_once([lambda: tell(booked)] * 4)

    assert outcomes == [Message.objects.get()] * 4
    assert Delivery.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_notify_nudges_only_after_the_commit(booked, monkeypatch):
    nudged = []
    monkeypatch.setattr(outbox, "nudge", lambda: nudged.append(True))

    with transaction.atomic():
        tell(booked)
        assert nudged == []

    assert nudged == [True]


def test_send_messages_sends_a_receipt_though_the_row_has_moved_on(mailoutbox):
    request = make_request(status="received")
    notify(user=request.owner, template="request_received", about=request, stays_true=True)
    change(request, status="pending")

    assert send_messages() == 1
    assert request.reference in mailoutbox[0].body
