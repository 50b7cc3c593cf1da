"""The notice of a travel authorization: its signed QR code, and until when it is good."""

from datetime import date, datetime

from django.conf import settings
from django.utils.translation import gettext as _

from cbpone.lib import clock, qr
from cbpone.lib.references import read_reference
from cbpone.lib.seals import is_ours, signature_of
from parole.models import Airport, Authorization
from parole.references import AUTHORIZATION
from parole.statuses import AuthorizationStatus

SEAL = "authorization"  # what the signature is for


def qr_text(authorization: Authorization) -> str:
    """An address that opens the check page; only we can make its last part."""
    reference = authorization.reference
    return f"{settings.SITE_URL}/travel/check/{reference}/{signature_of(SEAL, reference)}/"


def is_signed(reference: str, signature: str) -> bool:
    """Made with today's key, or with one of those it has replaced."""
    return is_ours(SEAL, reference, signature)


def _scanned(text: str) -> tuple[str, str] | None:
    """The number and the signature in a scanned address, ours or not."""
    parts = [part for part in text.strip().split("/") if part]
    if len(parts) >= 2 and (reference := read_reference(parts[-2], AUTHORIZATION)):
        return reference, parts[-1]
    return None


def read_qr(text: str) -> str | None:
    """The authorization number in a scanned text, if we signed it. A bare number passes."""
    scanned = _scanned(text)
    if scanned:
        return scanned[0] if is_signed(*scanned) else None
    return read_reference(text, AUTHORIZATION)


def is_forged(text: str) -> bool:
    """Looks like the QR code of a notice, and we did not make it."""
    scanned = _scanned(text)
    return scanned is not None and not is_signed(*scanned)


def qr_svg(authorization: Authorization) -> str:
    label = _("QR code of travel authorization %s") % authorization.reference
    return qr.svg(qr_text(authorization), label)


def earliest_day(at: datetime | None = None) -> date:
    """Today where the day lasts longest: who lands in Honolulu on the last day arrives in time."""
    zones = Airport.objects.order_by().values_list("zone", flat=True).distinct()
    return min(clock.today_in(zone, at) for zone in [settings.PAROLE_ZONE, *zones])


def is_current(authorization: Authorization) -> bool:
    """Somebody may still travel with it, to one airport at least."""
    is_valid = authorization.status == AuthorizationStatus.VALID
    return is_valid and authorization.valid_until >= earliest_day()
