"""Short public references: letters and digits that no one mixes up when reading aloud.

`R-7K4M-92QX`: a kind, seven random characters of 29 (about 1.7e10), one check character,
so that a slip of the pen is noticed before anyone is looked up.
"""

import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRTUVWXY"  # 29, a prime: one slip or one swap always shows
LENGTH = 8
CONFUSABLE = str.maketrans({"0": "Q", "O": "Q", "1": "J", "I": "J", "L": "J", "S": "5", "Z": "2"})


def _check(body: str) -> str:
    total = sum((place + 1) * ALPHABET.index(char) for place, char in enumerate(body))
    return ALPHABET[total % len(ALPHABET)]


def new_reference(kind: str) -> str:
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    code = body + _check(body)
    return f"{kind}-{code[:4]}-{code[4:]}"


def read_reference(text: str, kind: str) -> str | None:
    """The reference a person meant, or None. Case, spaces and dashes do not matter."""
    code = "".join(char for char in text.upper() if char.isalnum()).translate(CONFUSABLE)
    if len(code) == LENGTH + 1 and code[0] == kind.translate(CONFUSABLE):
        code = code[1:]
    if len(code) != LENGTH or any(char not in ALPHABET for char in code):
        return None
    if _check(code[:-1]) != code[-1]:
        return None
    return f"{kind}-{code[:4]}-{code[4:]}"


def code_from(digest: str, length: int) -> str:
    """A code without kind or check character, made of a hexadecimal digest: always the same."""
    number, chars = int(digest, 16), ""
    for _place in range(length):
        number, at = divmod(number, len(ALPHABET))
        chars += ALPHABET[at]
    return chars


def read_code(text: str) -> str:
    """Such a code as it was meant. Case, spaces and dashes do not matter."""
    return "".join(char for char in text.upper() if char.isalnum()).translate(CONFUSABLE)
