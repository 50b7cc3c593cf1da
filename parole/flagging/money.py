"""Money, and how many one supporter takes on."""

from collections.abc import Iterator

from django.conf import settings

from parole.choices import KnownKind, Signal
from parole.flagging.case import Case, Lead, receipts
from parole.flagging.supporters import requests_of
from parole.guidelines import poverty_ratio

ENOUGH_PERCENT = 100  # of the poverty guideline, over everybody the supporter carries


def income(case: Case) -> Iterator[Lead]:
    """No income written, or below the poverty guideline for everybody supported.

    A finding of the review of 2024. A guideline that is not on file yet says nothing.
    """
    ratio = poverty_ratio(case.request)
    if not case.supporter.income:
        yield Lead(Signal.INCOME, "", {"missing": True, "people": ratio.people})
    elif ratio.percent is not None and ratio.percent < ENOUGH_PERCENT:
        evidence = {
            "income": ratio.income,
            "needed": ratio.dollars_needed,
            "percent": ratio.percent,
            "people": ratio.people,
        }
        yield Lead(Signal.INCOME, "", evidence)


def serial(case: Case) -> Iterator[Lead]:
    """Many requests of one supporter, whatever became of them.

    In the review of 2024, 3,218 supporters filed 100,948 forms, 31 each. The account of an
    organization whose e-mail address is known good is no lead.
    """
    if case.is_known_good(KnownKind.EMAIL, case.request.owner.email.strip().lower()):
        return
    mine = requests_of(case)
    if len(mine) >= settings.FLAG_SERIAL_REQUESTS:
        evidence = {
            "requests": len(mine),
            "accounts": len({one.request.owner_id for one in mine}),
            "receipts": receipts([one.request for one in mine], case),
        }
        yield Lead(Signal.SERIAL, "", evidence)
