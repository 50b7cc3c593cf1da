"""Names without accents and case, the same in the database and here, so that spellings meet."""

import unicodedata

# Letters of Latin alphabets that people leave out of typed names; the rest stays as it is.
LETTERS = "áàâäãåāăąçćčďéèêëēėęěğíìîïīįıłñńňóòôöõøōőřśšşșťțúùûüūůűųýÿźžż"


def _plain(letter: str) -> str:
    return {"ı": "i", "ł": "l", "ø": "o"}.get(letter) or unicodedata.normalize("NFD", letter)[0]


PLAIN = "".join(_plain(letter) for letter in LETTERS)
TABLE = str.maketrans(LETTERS, PLAIN)


def spelled_plainly(text: str) -> str:
    return unicodedata.normalize("NFC", text).lower().translate(TABLE)
