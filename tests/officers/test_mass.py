"""Messages to many: who gets them, two persons, taking back with a correction."""

import threading
from datetime import timedelta

import pytest
from django.core import mail

from cbpone.audit.models import Event
from cbpone.lib import clock as hands
from cbpone.lib.errors import MovedOn, NotAllowed
from cbpone.notifications.inbox import read_inbox
from cbpone.notifications.models import Delivery, Message
from cbpone.notifications.outbox import send_messages
from officers import mass as rules
from officers.models import MassMessage
from tests.breaking import change
from tests.factories import (
    make_appointment,
    make_auditor,
    make_officer,
    make_port,
    make_registration,
    make_slot,
    make_supervisor,
)
from tests.factories.office_mass import make_mass
from tests.race import at_once, kinds

WORDS = {"en": "Come to the other door."}


@pytest.fixture
def other(port):
    """The second person."""
    return make_supervisor(port)


def booked(port, **values):
    return make_appointment(slot=make_slot(port, days_ahead=0), **values).registration


def released(port, supervisor, other):
    mass = make_mass(port, by=supervisor, status="proposed")
    rules.release(mass=mass, by=other)
    rules.queue_messages()
    return mass


# --- Who gets it --------------------------------------------------------------------------


def test_recipients_are_families_booked_at_the_port_in_these_days(port):
    family = booked(port)
    booked(make_port("laredo"))
    make_appointment(slot=make_slot(port, days_ahead=1))
    booked(port, status="cancelled")
    booked(port, status="no_show")

    assert list(rules.recipients(make_mass(port))) == [family]


def test_recipients_of_a_message_to_the_absent_are_those_who_did_not_come(port):
    family = booked(port, status="no_show")
    booked(port)

    assert list(rules.recipients(make_mass(port, audience="absent"))) == [family]


def test_recipients_of_a_message_to_those_who_wait_want_this_port_and_have_no_time(port):
    family, elsewhere = make_registration(), make_registration()
    make_registration(status="draft", seniority_at=None, signed_at=None)
    change(elsewhere.preferences.get(), port=make_port("laredo"))
    booked(port)
    mass = make_mass(port, audience="waiting", first_day=None, last_day=None)

    assert list(rules.recipients(mass)) == [family]


def test_by_language_counts_those_without_one_as_readers_of_the_first(port, settings):
    settings.LANGUAGES = [("en", "English"), ("es", "Español")]
    change(booked(port).owner, language="es")
    change(booked(port).owner, language="")
    change(booked(port).owner, language="xx")

    assert rules.by_language(make_mass(port)) == [("English", 2), ("Español", 1)]


# --- Two persons --------------------------------------------------------------------------


def test_write_keeps_the_words_of_every_language(port, supervisor, settings):
    settings.LANGUAGES = [("en", "English"), ("es", "Español")]
    day = hands.today_in(port.zone)
    values = {"title": "Late", "audience": "booked", "port": port}
    values |= {"first_day": day, "last_day": day}

    with pytest.raises(rules.WordsMissing):
        rules.write(values=values, texts=WORDS, by=supervisor)
    assert not MassMessage.objects.exists()

    mass = rules.write(values=values, texts=WORDS | {"es": "La otra puerta."}, by=supervisor)
    assert mass.status == "draft"
    assert set(mass.texts.values_list("language", "body")) == {
        ("en", "Come to the other door."),
        ("es", "La otra puerta."),
    }
    assert Event.objects.filter(verb="mass_written", by=supervisor).count() == 1


@pytest.mark.parametrize("make", [make_officer, lambda port: make_auditor()])
def test_write_without_the_permission_is_refused(port, make):
    with pytest.raises(NotAllowed):
        rules.write(values={"port": port}, texts=WORDS, by=make(port))


def test_write_for_a_port_of_others_is_refused(port):
    with pytest.raises(NotAllowed):
        rules.write(values={"port": port}, texts=WORDS, by=make_supervisor(make_port("laredo")))


def test_rewrite_of_a_draft_another_has_changed_is_refused(port, supervisor, other):
    mass = make_mass(port, by=supervisor)
    values = {"title": "A", "audience": "booked", "port": port}
    values |= {"first_day": mass.first_day, "last_day": mass.last_day}
    rules.rewrite(mass=mass, values=values, texts=WORDS, version=1, by=other)

    with pytest.raises(MovedOn):
        rules.rewrite(mass=mass, values=values | {"title": "B"}, texts=WORDS, version=1, by=other)

    mass.refresh_from_db()
    assert (mass.title, mass.version) == ("A", 2)


def test_propose_to_nobody_is_refused(port, supervisor):
    with pytest.raises(rules.NobodyToTell):
        rules.propose(mass=make_mass(port, by=supervisor), by=supervisor)


def test_release_takes_a_second_person(port, supervisor, other):
    booked(port)
    mass = make_mass(port, by=supervisor)
    rules.propose(mass=mass, by=supervisor)

    with pytest.raises(rules.SamePerson):
        rules.release(mass=mass, by=supervisor)
    with pytest.raises(NotAllowed):
        rules.release(mass=mass, by=make_supervisor(make_port("laredo")))

    rules.release(mass=mass, by=other)
    assert (mass.status, mass.released_by, mass.counted) == ("released", other, 1)


def test_release_fixes_who_gets_it(port, supervisor, other):
    family = booked(port)
    mass = released(port, supervisor, other)
    booked(port)

    rules.queue_messages()

    assert [row.registration for row in mass.recipients.all()] == [family]
    assert [row.user for row in Message.objects.all()] == [family.owner]


def test_decline_makes_it_a_draft_with_the_reason(port, supervisor, other):
    mass = make_mass(port, by=supervisor, status="proposed")

    rules.decline(mass=mass, note="Name the door.", by=other)

    assert mass.status == "draft"
    assert Event.objects.get(verb="mass_declined").note == "Name the door."


def test_queue_messages_twice_tells_once_by_mail_and_text(port, supervisor, other):
    family = booked(port)
    change(family, text_messages=True)
    released(port, supervisor, other)

    rules.queue_messages()
    send_messages()

    assert sorted(Delivery.objects.values_list("channel", "status")) == [
        ("email", "sent"),
        ("sms", "sent"),
    ]
    assert mail.outbox[0].to == [family.owner.email]
    assert "The port opens at ten." in mail.outbox[0].body


# --- Taking back --------------------------------------------------------------------------


def test_recall_stops_what_waits_and_corrects_only_who_got_it(port, supervisor, other):
    got, waits, reads = booked(port), booked(port), booked(port)
    mass = released(port, supervisor, other)
    now = hands.now()
    Delivery.objects.exclude(message__user=got.owner).update(next_try_at=now + timedelta(hours=1))
    send_messages()
    read_inbox(reads.owner)
    mail.outbox.clear()

    rules.recall(mass=mass, texts={"en": "The usual door."}, by=supervisor)
    rules.queue_messages()
    send_messages(now=now + timedelta(hours=2))

    told = {one.to[0]: one.body for one in mail.outbox}
    assert set(told) == {got.owner.email, reads.owner.email}
    assert all("The usual door." in body for body in told.values())
    stopped = Delivery.objects.filter(message__user=waits.owner)
    assert [row.status for row in stopped] == ["outdated"]
    assert rules.progress(mass) == {
        "sent": 1, "waiting": 0, "failed": 0, "stopped": 2, "corrected": 2,
    }  # fmt: skip


def test_recall_before_all_are_queued_tells_nobody_any_more(port, supervisor, other):
    booked(port)
    mass = make_mass(port, by=supervisor, status="proposed")
    rules.release(mass=mass, by=other)

    rules.recall(mass=mass, texts=WORDS, by=other)
    rules.queue_messages()

    assert not Message.objects.exists()


def test_inbox_says_that_a_message_taken_back_is_not_current(port, supervisor, other):
    family = booked(port)
    mass = released(port, supervisor, other)
    rules.recall(mass=mass, texts=WORDS, by=other)

    assert [entry.is_true for entry in read_inbox(family.owner)] == [False]


def test_recall_twice_is_refused(port, supervisor, other):
    booked(port)
    mass = released(port, supervisor, other)
    again = MassMessage.objects.get(pk=mass.pk)
    rules.recall(mass=mass, texts=WORDS, by=other)

    with pytest.raises(rules.NotReleased):
        rules.recall(mass=again, texts=WORDS, by=other)


# --- Races --------------------------------------------------------------------------------


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_release_by_two_at_once_goes_out_once():
    port = make_port("san-ysidro")
    writer, *others = [make_supervisor(port) for _ in range(3)]
    family = booked(port)
    mass = make_mass(port, by=writer, status="proposed")

    def press(by):
        return lambda: rules.release(mass=MassMessage.objects.get(pk=mass.pk), by=by)

    assert kinds(at_once([press(by) for by in others])) == ["MovedOn", "ok"]
    assert [row.registration for row in mass.recipients.all()] == [family]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_queue_messages_by_two_workers_beside_a_recall_tells_no_one_wrongly():
    port = make_port("san-ysidro")
    writer, other = make_supervisor(port), make_supervisor(port)
    for _ in range(6):
        booked(port)
    mass = make_mass(port, by=writer, status="proposed")
    rules.release(mass=mass, by=other)
    recalled = threading.Event()

    def recall():
        rules.recall(mass=MassMessage.objects.get(pk=mass.pk), texts=WORDS, by=other)
        recalled.set()

    outcomes = at_once([rules.queue_messages, rules.queue_messages, recall])
    assert recalled.is_set()
    assert kinds(outcomes) == ["ok"] * 3
    rules.queue_messages()
    send_messages()

    sent = Delivery.objects.filter(status="sent")
    got = set(sent.filter(message__template="mass").values_list("message__user", flat=True))
    corrected = sent.filter(message__template="mass_recall").values_list("message__user", flat=True)
    assert set(corrected) == got


# --- Pages --------------------------------------------------------------------------------


def typed(port, **values):
    day = hands.today_in(port.zone)
    parts = {"day": day.day, "month": day.month, "year": day.year}
    dates = {f"{end}_day_{part}": n for end in ("first", "last") for part, n in parts.items()}
    words = {"title": "Late", "audience": "booked", "port": port.pk, "text_en": "Come at ten."}
    return words | dates | values


def test_pages_lead_from_the_draft_to_the_release(client, port, supervisor, other):
    booked(port)
    client.force_login(supervisor)
    page = client.post("/officers/to-many/write/", typed(port)).url
    assert "Send to" not in client.get(page).content.decode()
    client.post(f"{page}propose/")
    client.force_login(other)

    assert "Send to 1 family" in client.get(page).content.decode()
    client.post(f"{page}release/")

    assert MassMessage.objects.get().status == "released"


def test_write_with_a_mistake_keeps_everything_typed(client, port, supervisor):
    client.force_login(supervisor)

    response = client.post("/officers/to-many/write/", typed(port, title=""))

    assert "Come at ten." in response.content.decode()
    assert not MassMessage.objects.exists()


def test_edit_over_a_newer_draft_shows_both_and_saves_the_second_time(
    client, port, supervisor, other
):
    mass = make_mass(port, by=supervisor)
    page = f"/officers/to-many/{mass.reference}/edit/"
    client.force_login(supervisor)
    client.post(page, typed(port, title="Theirs", text_en="Theirs.", version=1))

    stale = client.post(page, typed(port, title="Mine", text_en="Mine.", version=1))

    shown = stale.content.decode()
    assert "Theirs." in shown
    assert "Mine." in shown
    client.post(page, typed(port, title="Mine", text_en="Mine.", version=2))
    mass.refresh_from_db()
    assert mass.title == "Mine"


def test_recall_page_asks_for_the_correction(client, port, supervisor, other):
    booked(port)
    mass = released(port, supervisor, other)
    client.force_login(supervisor)

    client.post(f"/officers/to-many/{mass.reference}/recall/", {"text_en": ""})
    mass.refresh_from_db()
    assert mass.status == "released"

    client.post(f"/officers/to-many/{mass.reference}/recall/", {"text_en": "Door two."})
    mass.refresh_from_db()
    assert mass.status == "recalled"


def test_message_of_another_port_is_not_found(client, port, supervisor):
    mass = make_mass(make_port("laredo"))
    client.force_login(supervisor)

    assert client.get(f"/officers/to-many/{mass.reference}/").status_code == 404
    assert client.post(f"/officers/to-many/{mass.reference}/release/").status_code == 404
