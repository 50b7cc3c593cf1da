"""The I-94 record: its number, and finding it again without an account."""

import secrets
import string
from datetime import date

from django.db import IntegrityError, transaction

from cbpone.audit.log import record
from cbpone.audit.verbs import Verb
from cbpone.lib.limits import count_try
from cbpone.travelers.identity import tidy
from parole.models import I94, Arrival

TRIES, WITHIN_SECONDS = 10, 3600


def new_number() -> str:
    """Nine digits, a letter, a digit, as CBP numbers records since May 2019. Says nothing else."""
    digits = f"{secrets.randbelow(10**9):09}"
    return f"{digits}{secrets.choice(string.ascii_uppercase)}{secrets.randbelow(10)}"


def make_record(*, arrival: Arrival, until: date) -> I94:
    """Inside the transaction of the decision. A number that is taken is drawn again."""
    for _try in range(5):
        try:
            with transaction.atomic():
                return I94.objects.create(
                    number=new_number(),
                    arrival=arrival,
                    admitted_on=arrival.day,
                    admitted_until=until,
                )
        except IntegrityError:
            if I94.objects.filter(arrival=arrival).exists():
                raise
    raise RuntimeError("five I-94 numbers in a row were taken")


def read_number(text: str) -> str:
    """As it is stored, whatever blanks and dashes were typed."""
    return "".join(char for char in text.upper() if char.isalnum())


def records():
    """With everything a page of a record shows."""
    return I94.objects.select_related(
        "arrival__airport", "arrival__authorization__beneficiary__traveler"
    )


def retrieve(*, number: str, birth_date: date, document_number: str, by=None) -> I94 | None:
    """The record of exactly this number, birth date and passport, or None, whichever is wrong.

    Refuses with TooMany: ten tries an hour for one I-94 number, and ten for one passport.
    """
    number, passport = read_number(number), tidy(document_number)
    count_try("i94", number, most=TRIES, seconds=WITHIN_SECONDS)
    count_try("i94_passport", passport, most=TRIES, seconds=WITHIN_SECONDS)
    found = records().filter(number=number).first()
    if not found:
        return None
    traveler = found.arrival.beneficiary.person
    if traveler.birth_date != birth_date or tidy(traveler.document_number) != passport:
        return None
    record(Verb.VERIFIED, on=found, by=by)
    return found
