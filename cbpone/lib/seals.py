"""Short signatures on what we print, so that anybody can ask us whether we made it."""

import hashlib
import hmac
from base64 import b32encode

from django.conf import settings

SIGNATURE = 16  # characters of base32: 80 bits


def signature_of(purpose: str, text: str, secret: str = "") -> str:
    """Made with the key of today; a signature for one purpose is none for another."""
    key = hashlib.sha256(purpose.encode() + (secret or settings.SECRET_KEY).encode()).digest()
    return b32encode(hmac.new(key, text.encode(), hashlib.sha256).digest())[:SIGNATURE].decode()


def is_ours(purpose: str, text: str, signature: str) -> bool:
    """Signed with today's key, or with one of those it has replaced."""
    given = signature.upper().encode()
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(
        hmac.compare_digest(signature_of(purpose, text, one).encode(), given) for one in keys
    )
