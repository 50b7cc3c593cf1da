"""The notice's QR code: what we made, what somebody made up, and until when it is good."""

from datetime import UTC, date, datetime

import pytest

from cbpone.lib.references import new_reference
from cbpone.lib.seals import signature_of
from parole.models import Airport
from parole.notices import is_current, is_forged, is_signed, qr_svg, qr_text, read_qr
from tests.factories import make_authorization

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine():
    return make_authorization()


def test_qr_text_is_an_address_that_leads_back_to_the_number(mine, settings):
    text = qr_text(mine)

    assert text.startswith(f"{settings.SITE_URL}/travel/check/{mine.reference}/")
    assert read_qr(text) == mine.reference
    assert not is_forged(text)


def test_qr_text_in_capitals_or_with_blanks_is_understood(mine):
    assert read_qr(f"  {qr_text(mine).upper()}\n") == mine.reference


def test_qr_of_another_number_with_this_signature_is_forged(mine):
    forged = qr_text(mine).replace(mine.reference, new_reference("T"))

    assert read_qr(forged) is None
    assert is_forged(forged)


def test_qr_with_one_character_of_the_signature_changed_is_forged(mine):
    text = qr_text(mine).rstrip("/")
    other = "A" if text[-1] != "A" else "B"

    assert read_qr(text[:-1] + other) is None
    assert is_forged(text[:-1] + other)


def test_signature_of_an_appointment_is_none_for_an_authorization(mine):
    assert not is_signed(mine.reference, signature_of("ticket", mine.reference))


def test_qr_signed_before_the_key_was_changed_is_read(mine, settings):
    text = qr_text(mine)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-that-nobody-here-knows"

    assert read_qr(text) == mine.reference
    settings.SECRET_KEY_FALLBACKS = []
    assert read_qr(text) is None


@pytest.mark.parametrize("text", ["", "/", "//", "https://example.org/", "Marie", "A-2222-2222"])
def test_text_that_is_no_notice_is_none_and_no_forgery(text):
    assert read_qr(text) is None
    assert not is_forged(text)


def test_qr_picture_says_what_it_is(mine):
    svg = qr_svg(mine)

    assert f'aria-label="QR code of travel authorization {mine.reference}"' in svg
    assert "style=" not in svg


# 7 March 2026 is over at 05:00 UTC of the 8th in New York, at 08:00 in Los Angeles.
@pytest.mark.parametrize(
    ("at", "current"),
    [
        (datetime(2026, 3, 8, 4, 59, tzinfo=UTC), True),
        (datetime(2026, 3, 8, 7, 59, tzinfo=UTC), True),
        (datetime(2026, 3, 8, 8, 0, tzinfo=UTC), False),
    ],
)
def test_notice_is_current_until_its_last_day_is_over_at_every_airport(clock, at, current):
    mine = make_authorization(valid_until=date(2026, 3, 7))
    clock.at = at

    assert is_current(mine) is current


def test_notice_of_an_airport_further_west_stays_current(clock):
    Airport.objects.create(
        code="HNL", name="Inouye", city="Honolulu", state="HI", zone="Pacific/Honolulu"
    )
    mine = make_authorization(valid_until=date(2026, 3, 7))
    clock.at = datetime(2026, 3, 8, 9, 59, tzinfo=UTC)

    assert is_current(mine)


@pytest.mark.parametrize("status", ["used", "expired", "cancelled"])
def test_notice_that_ended_is_not_current(status):
    assert not is_current(make_authorization(status=status))
