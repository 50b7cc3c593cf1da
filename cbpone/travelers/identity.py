"""When are two records the same person? By document, or by name, birth date and birth place."""

import hashlib
import unicodedata


def tidy(text: str) -> str:
    """Letters and digits alone, without accents, in one case, so that spellings meet.

    A text without any, such as "-" for a town nobody knows, stays as it is.
    """
    plain = unicodedata.normalize("NFKD", text)
    return "".join(char for char in plain if char.isalnum()).casefold() or text.strip()


def identity_of(traveler) -> str:
    """A 64 character key; the same for two records of one person. Empty while facts are missing."""
    # "none" or "-" is no number: it would make one person of all who write it.
    if any(char.isdigit() for char in traveler.document_number):
        facts = ["document", traveler.nationality.code, tidy(traveler.document_number)]
    else:
        name = "".join(sorted(tidy(traveler.given_names + " " + traveler.surnames)))
        birth = traveler.birth_date and traveler.birth_date.isoformat()
        facts = ["name", name, birth, traveler.birth_country.code, tidy(traveler.birth_city)]
    if not all(facts):
        return ""
    return hashlib.sha256("|".join(facts).encode()).hexdigest()
