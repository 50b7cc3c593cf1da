"""Counts tries in the shared cache, keyed by what is tried, so that guessing does not pay."""

import hashlib

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from cbpone.lib.errors import Refused


class TooMany(Refused):
    code = "too_many"
    sentence = _("Somebody tried this many times. Wait an hour, then try again.")


def count_try(what: str, key: str, *, most: int, seconds: int) -> None:
    """Raises TooMany after `most` tries of this key within `seconds`."""
    name = f"tries:{what}:{hashlib.sha256(key.encode()).hexdigest()[:32]}"
    cache.add(name, 0, seconds)
    try:
        tries = cache.incr(name)
    except ValueError:  # it ran out between the two calls
        return
    if tries > most:
        raise TooMany
