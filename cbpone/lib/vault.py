"""Values that are stored sealed: read only by who has the key, found again by a digest."""

import hashlib
import hmac
from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


def _fernet() -> MultiFernet:
    return MultiFernet([Fernet(_key("seal", key)) for key in settings.FIELD_KEYS])


def _key(purpose: str, secret: str) -> bytes:
    return urlsafe_b64encode(hashlib.sha256(f"{purpose}:{secret}".encode()).digest())


def seal(text: str) -> bytes:
    """The text, encrypted with the newest of FIELD_KEYS."""
    return _fernet().encrypt(text.encode()) if text else b""


def unseal(sealed) -> str:
    """The text again, whichever of FIELD_KEYS sealed it."""
    return _fernet().decrypt(bytes(sealed)).decode() if sealed else ""


def seal_bytes(data: bytes) -> bytes:
    """As for text; one line of letters."""
    return _fernet().encrypt(data)


def unseal_bytes(sealed: bytes) -> bytes:
    return _fernet().decrypt(sealed)


def digest(text: str) -> str:
    """The same 64 characters for the same text, made with a key, so that nobody can try them out.

    Always made with the oldest key, or numbers stored before a change of keys were not found.
    """
    key = _key("digest", settings.FIELD_KEYS[-1])
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest() if text else ""
