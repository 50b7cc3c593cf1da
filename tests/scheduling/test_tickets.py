from datetime import UTC, datetime

import pytest

from cbpone.lib.references import new_reference
from scheduling.tickets import calendar_file, is_signed, qr_svg, qr_text, read_qr
from tests.factories import make_appointment, make_port, make_registration, make_slot

pytestmark = pytest.mark.django_db


@pytest.fixture
def booked():
    slot = make_slot(make_port("san-ysidro"), starts_at=datetime(2027, 3, 14, 15, tzinfo=UTC))
    return make_appointment(make_registration(people=1), slot)


def test_qr_text_is_an_address_that_leads_back_to_the_number(booked, settings):
    text = qr_text(booked)

    assert text.startswith(f"{settings.SITE_URL}/check/{booked.reference}/")
    assert read_qr(text) == booked.reference


def test_qr_text_read_in_capitals_or_with_blanks_is_understood(booked):
    assert read_qr(f"  {qr_text(booked).upper()}\n") == booked.reference


def test_qr_of_another_number_with_this_signature_is_forged(booked):
    forged = qr_text(booked).replace(booked.reference, new_reference("A"))

    assert read_qr(forged) is None


def test_qr_with_one_character_of_the_signature_changed_is_forged(booked):
    text = qr_text(booked).rstrip("/")
    other = "A" if text[-1] != "A" else "B"

    assert read_qr(text[:-1] + other) is None


def test_qr_signed_with_another_key_is_forged(booked, settings):
    text = qr_text(booked)
    settings.SECRET_KEY = "another-key-that-nobody-here-knows"

    assert read_qr(text) is None


def test_qr_signed_before_the_key_was_changed_is_read(booked, settings):
    text = qr_text(booked)
    settings.SECRET_KEY_FALLBACKS = ["an-older-one", settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-that-nobody-here-knows"

    assert read_qr(text) == booked.reference
    assert read_qr(qr_text(booked)) == booked.reference
    assert qr_text(booked) != text


@pytest.mark.parametrize("signature", ["", "x", "é", "日本", "%00", "A" * 16, "A" * 99])
def test_signature_that_is_none_of_ours_is_refused(booked, signature):
    assert not is_signed(booked.reference, signature)
    assert read_qr(f"https://x.example/check/{booked.reference}/{signature or 'x'}/") is None


def test_number_alone_is_read_too(booked):
    assert read_qr(booked.reference.lower()) == booked.reference


@pytest.mark.parametrize("text", ["", "/", "//", "https://example.org/", "hello", "R-2222-2222"])
def test_text_that_is_no_ticket_is_none(text):
    assert read_qr(text) is None


def test_qr_picture_says_what_it_is(booked):
    svg = qr_svg(booked)

    assert svg.startswith("<svg ")
    assert f'aria-label="QR code of appointment {booked.reference}"' in svg
    assert "style=" not in svg


def test_calendar_file_is_an_hour_in_utc(booked):
    lines = calendar_file(booked).split("\r\n")

    assert lines[0] == "BEGIN:VCALENDAR"
    assert "DTSTART:20270314T150000Z" in lines
    assert "DTEND:20270314T160000Z" in lines
    assert f"DTSTAMP:{booked.booked_at.astimezone(UTC):%Y%m%dT%H%M%SZ}" in lines
    assert f"UID:{booked.reference}@cbp-one-portal" in lines
    assert lines[-2:] == ["END:VCALENDAR", ""]


def test_calendar_file_escapes_what_would_end_a_value(booked):
    booked.slot.port.site = "Bridge; 1, north\\south"

    text = calendar_file(booked)

    assert "LOCATION:Bridge\\; 1\\, north\\\\south\\, San Ysidro\\, CA" in text


@pytest.mark.parametrize("letter", ["x", "ñ", "橋", "🚪"])
def test_calendar_file_folds_lines_at_seventy_five_octets(booked, letter):
    site = booked.slot.port.site = letter * 200

    text = calendar_file(booked)

    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    assert site in text.replace("\r\n ", "")
