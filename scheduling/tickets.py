"""What stands on a ticket: the signed QR text, the calendar file, how to get there."""

from datetime import UTC, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from cbpone.lib import qr
from cbpone.lib.references import read_reference
from cbpone.lib.seals import is_ours, signature_of
from scheduling.models import Appointment

TICKET = "ticket"  # what the signature is for


def qr_text(appointment: Appointment) -> str:
    """An address that opens the check page; only we can make its last part."""
    reference = appointment.reference
    return f"{settings.SITE_URL}/check/{reference}/{signature_of(TICKET, reference)}/"


def is_signed(reference: str, signature: str) -> bool:
    """Made with today's key, or with one of those it has replaced."""
    return is_ours(TICKET, reference, signature)


def read_qr(text: str) -> str | None:
    """The appointment number in a scanned text, if the signature is ours. A bare number passes."""
    parts = [part for part in text.strip().split("/") if part]
    if len(parts) >= 2 and (reference := read_reference(parts[-2], "A")):
        return reference if is_signed(reference, parts[-1]) else None
    return read_reference(text, "A")


def qr_svg(appointment: Appointment) -> str:
    return qr.svg(qr_text(appointment), _("QR code of appointment %s") % appointment.reference)


def _ics_text(text: str) -> str:
    for char in "\\;,":
        text = text.replace(char, "\\" + char)
    return text.replace("\n", "\\n")


def _fold(line: str) -> str:
    """Lines of at most 75 octets (RFC 5545, 3.1)."""
    octets, parts = line.encode(), []
    while len(octets) > 73:
        cut = 73
        while octets[cut] & 0xC0 == 0x80:  # never inside one character
            cut -= 1
        parts.append(octets[:cut].decode())
        octets = octets[cut:]
    return "\r\n ".join([*parts, octets.decode()])


def calendar_file(appointment: Appointment) -> str:
    """An iCalendar event (RFC 5545) in UTC, an hour long, with a reminder the day before."""
    slot, port = appointment.slot, appointment.slot.port
    stamp = "%Y%m%dT%H%M%SZ"
    start = slot.starts_at.astimezone(UTC)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//CBP One Portal//EN",
        "BEGIN:VEVENT",
        f"UID:{appointment.reference}@cbp-one-portal",
        f"DTSTAMP:{appointment.booked_at:{stamp}}",
        f"DTSTART:{start:{stamp}}",
        f"DTEND:{start + timedelta(hours=1):{stamp}}",
        "SUMMARY:" + _ics_text(_("Appointment at %s") % port.name),
        "LOCATION:" + _ics_text(f"{port.site}, {port.name}, {port.state}"),
        "DESCRIPTION:" + _ics_text(_("Your number: %s") % appointment.reference),
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "TRIGGER:-P1D",
        "DESCRIPTION:" + _ics_text(_("Tomorrow: appointment at %s") % port.name),
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "\r\n".join(_fold(line) for line in lines) + "\r\n"
