"""What people are told about travel: the words as they are sent, made from the rows."""

from datetime import date

import pytest
from django.core import mail

from cbpone.notifications.outbox import notify, send_messages
from cbpone.notifications.sms import MemoryBackend
from cbpone.notifications.statuses import Template
from parole import travel
from parole.models import TravelLetter
from tests.breaking import change
from tests.factories import (
    make_authorization,
    make_beneficiary,
    make_cap,
    make_travel_officer,
)
from tests.parole.rows import travel_letter
from tests.parole.waiting import make_queued, make_taken

pytestmark = pytest.mark.django_db
NAMES = {"given_names": "Maria", "surnames": "Joseph & Sons"}


def sent(template, about, user) -> str:
    notify(user=user, template=template, about=about)
    send_messages()
    (message,) = mail.outbox
    assert message.to == [user.email]
    assert "Joseph" not in message.subject
    return message.body


def named(row):
    change(row.traveler, **NAMES)
    return row


def test_approved_tells_number_last_day_and_that_nothing_is_promised():
    row = make_authorization(valid_until=date(2027, 2, 28))
    named(row.beneficiary)

    text = sent(Template.ATA_APPROVED, row, row.beneficiary.user)

    assert "Maria Joseph & Sons is authorized to travel" in text
    assert row.reference in text
    assert "valid through 28 February 2027" in text
    assert "does not promise it" in text
    assert f"/{row.beneficiary.reference}/" in text


def test_waiting_tells_the_place_as_it_is_now():
    first, second = make_queued(), make_queued(hours=1)

    text = sent(Template.ATA_WAITING, named(second), second.user)

    assert "under the process for Haiti: 2." in text
    assert "Do not buy a ticket yet." in text
    assert first.reference not in text


def test_waiting_is_not_sent_once_travel_is_authorized():
    officer = make_travel_officer()
    cap = make_cap(cap=1, used=1)
    case = make_taken(officer)
    with pytest.raises(travel.numbers.CapFull):
        travel.approve(beneficiary=case, by=officer)
    change(cap, cap=2)
    travel.take_next(by=officer)
    case.refresh_from_db()
    travel.approve(beneficiary=case, by=officer)

    assert send_messages() == 1

    assert "is authorized to travel" in mail.outbox[0].body


def test_denied_tells_the_reason_and_what_is_open():
    row = named(make_beneficiary(status="ata_denied", denial_reason="vetting"))

    text = sent(Template.ATA_DENIED, row, row.user)

    assert "Why: A check before travel came back with a concern." in text
    assert "asking for asylum" in text


def test_cancelled_tells_which_and_why():
    row = make_authorization(status="cancelled", reason="error")

    text = sent(Template.ATA_CANCELLED, row, named(row.beneficiary).user)

    assert f"The travel authorization {row.reference} of Maria" in text
    assert "Why: It was given by mistake." in text


def test_expired_tells_how_to_ask_again():
    row = make_authorization(status="expired", valid_until=date(2026, 2, 3))

    text = sent(Template.ATA_EXPIRED, row, row.beneficiary.user)

    assert "It was valid through 3 February 2026." in text
    assert "in one press" in text


def test_sent_back_tells_what_the_officer_wrote():
    row = make_beneficiary(
        status="photo_submitted", sent_back_note="The photo is dark & small.", photo=False
    )

    text = sent(Template.CASE_SENT_BACK, row, row.user)

    assert "The officer wrote: The photo is dark & small." in text


LETTERS = {"denied": "ata_denied", "cancelled": "ata_cancelled", "sent_back": "case_sent_back"}
LETTER = "This is about you.\n\n  “Ñandú” & <b>all</b>."


@pytest.mark.parametrize("about", LETTERS)
def test_letter_goes_out_word_for_word(about):
    row = travel_letter(about=about, letter=LETTER)

    text = sent(Template(LETTERS[about]), row, row.beneficiary.user)

    assert text.startswith(LETTER + "\n\nLook at your case: ")
    assert "All of this is free." in text


def test_letter_that_asks_for_something_is_not_sent_once_it_is_done():
    row = travel_letter(about="sent_back")
    notify(user=row.beneficiary.user, template=Template.CASE_SENT_BACK, about=row)

    change(row.beneficiary, status="ata_approved")

    assert send_messages() == 0
    assert mail.outbox == []


TEMPLATES = ["case_sent_back", "ata_approved", "ata_waiting", "ata_denied", "ata_cancelled",
             "ata_expired"]  # fmt: skip


def test_text_message_of_a_letter_is_short_and_names_nobody():
    row = travel_letter()
    change(row.beneficiary, text_messages=True)
    row = TravelLetter.objects.get(pk=row.pk)

    notify(user=row.beneficiary.user, template=Template.ATA_DENIED, about=row, sms_to=row)
    send_messages()

    ((_to, text),) = MemoryBackend.sent
    assert len(text.strip()) <= 160


@pytest.mark.parametrize("template", TEMPLATES)
def test_text_message_is_short_and_names_nobody(template):
    row = make_authorization()
    person = row.beneficiary
    change(person, text_messages=True)
    about = person if template in ("case_sent_back", "ata_waiting", "ata_denied") else row
    about.refresh_from_db()

    notify(user=person.user, template=Template(template), about=about, sms_to=about)
    send_messages()

    ((_to, text),) = MemoryBackend.sent
    assert len(text.strip()) <= 160
    assert "\n" not in text.strip()
    assert person.traveler.surnames not in text
