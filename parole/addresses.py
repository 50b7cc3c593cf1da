"""When are two addresses the same building? Spelling, abbreviation and apartment do not matter."""

import hashlib
import re

from cbpone.travelers.identity import tidy

# USPS Publication 28, appendices B and C2: how people shorten the same words.
SHORT = {
    "street": "st",
    "str": "st",
    "avenue": "ave",
    "av": "ave",
    "boulevard": "blvd",
    "road": "rd",
    "drive": "dr",
    "lane": "ln",
    "court": "ct",
    "place": "pl",
    "terrace": "ter",
    "circle": "cir",
    "highway": "hwy",
    "parkway": "pkwy",
    "square": "sq",
    "trail": "trl",
    "north": "n",
    "south": "s",
    "east": "e",
    "west": "w",
    "northeast": "ne",
    "northwest": "nw",
    "southeast": "se",
    "southwest": "sw",
    "first": "1st",
    "second": "2nd",
    "third": "3rd",
    "fourth": "4th",
    "fifth": "5th",
}
UNIT = re.compile(
    r"(?:[\s,]+(?:apartment|apt|unit|suite|ste|floor|fl|room|rm|trailer|trlr|lot|bldg|building)\b"
    r"|[\s,]*#).*$"
)


def tidy_address(street: str) -> str:
    """The words of one building's address: `12 N.E. Second Avenue, Apt 4` is `12 ne 2nd ave`.

    The apartment is left out on purpose, so that a whole building is found as one.
    """
    text = street.casefold().replace(".", "").replace("'", "").strip()
    text = UNIT.sub("", text) or text
    words = [tidy(word) for word in re.split(r"[\s,;/-]+", text)]
    return " ".join(SHORT.get(word, word) for word in words if word)


def address_key(street: str, zip_code: str) -> str:
    """64 characters, the same for one building however it is written. Empty while facts miss."""
    building, area = tidy_address(street), "".join(c for c in zip_code if c.isdigit())[:5]
    if not building or not area:
        return ""
    return hashlib.sha256(f"{building}|{area}".encode()).hexdigest()
