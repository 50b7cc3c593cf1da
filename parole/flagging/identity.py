"""Who the supporter says to be: Social Security number and A-number."""

import re
from collections.abc import Iterator

from cbpone.lib.vault import unseal
from cbpone.travelers.identity import tidy
from parole.choices import Signal
from parole.flagging.case import Case, Lead, person_of, receipts, some
from parole.models import DeceasedNumber, Supporter

# Printed on sample cards, or typed by people who have none: 078-05-1120 came with wallets, and
# 219-09-9999 with a pamphlet (Social Security Administration, "Social Security numbers").
PLACEHOLDERS = {"123456789", "987654321", "078051120", "219099999"}
# Second part of taxpayer numbers (ITIN), which people without a number write here in good faith.
ITIN_GROUPS = {*range(50, 66), *range(70, 89), *range(90, 93), *range(94, 100)}
RUNS = "01234567890123456789", "98765432109876543210"


def ssn_form(case: Case) -> Iterator[Lead]:
    """A number that was never given to anybody. None at all is no lead.

    The review of 2024 met numbers such as 111111111 and 123456789 among the 1,000 most used.
    """
    rule = broken_rule(unseal(case.supporter.ssn_sealed))
    if rule:
        yield Lead(Signal.SSN_FORM, "", {"rule": rule})


def broken_rule(number: str) -> str:
    """Which rule a number breaks (20 CFR 422.103; SSA RM 10201.035); nothing if it can exist."""
    digits = "".join(char for char in number if char.isdigit())
    area, group, serial = digits[:3], digits[3:5], digits[5:]
    if not number:
        return ""
    if len(digits) != 9:
        return "length"
    if digits in PLACEHOLDERS or len(set(digits)) == 1:
        return "placeholder"
    if area >= "900":
        return "itin" if int(group) in ITIN_GROUPS else "area"
    rules = {"area": area in ("000", "666"), "group": group == "00", "serial": serial == "0000"}
    return next((name for name, broken in rules.items() if broken), "")


def ssn_shared(case: Case) -> Iterator[Lead]:
    """One number under another name or birth date.

    The 1,000 most used numbers of the review of 2024 stood on forms of many people.
    """
    if not case.supporter.ssn_digest:
        return
    rows = Supporter.objects.filter(
        ssn_digest=case.supporter.ssn_digest, request__filed_at__isnull=False
    ).exclude(pk=case.supporter.pk)
    others = [row for row in some(rows.select_related("request")) if differ(row, case.supporter)]
    if others:
        evidence = {
            "people": len({person_of(row) for row in others}) + 1,
            "requests": len(others) + 1,
            "receipts": receipts([row.request for row in others], case),
        }
        yield Lead(Signal.SSN_SHARED, "", evidence)


def differ(one: Supporter, other: Supporter) -> bool:
    """Two people, as far as one can see. A second name or surname left out is no difference."""
    if one.birth_date and other.birth_date and one.birth_date != other.birth_date:
        return True
    names = [{tidy(word) for word in re.split(r"[\s-]+", row.full_name)} for row in (one, other)]
    fewer, more = sorted(names, key=len)
    return fewer != more and not (len(fewer) > 1 and fewer < more)


def ssn_deceased(case: Case) -> Iterator[Lead]:
    """The number of a deceased person, from the list that `import_deceased` reads.

    In the review of 2024, 24 of the 1,000 most used numbers.
    """
    number = case.supporter.ssn_digest
    if number and DeceasedNumber.objects.filter(ssn_digest=number).exists():
        yield Lead(Signal.SSN_DECEASED, "", {"on_list": True})


def a_number(case: Case) -> Iterator[Lead]:
    """An A and 7 to 9 digits, or it is no A-number. Spaces and dashes do not matter.

    The review of 2024 found 1,085 A-numbers that were never issued.
    """
    written = case.supporter.a_number
    plain = re.sub(r"[\s.#-]", "", written).upper()
    digits = plain.removeprefix("A")
    if not plain:
        return
    if not re.fullmatch(r"A[0-9]{7,9}", plain):
        yield Lead(Signal.A_NUMBER, "", {"rule": "form", "written": written})
    elif len(set(digits)) == 1 or any(digits in run for run in RUNS):
        yield Lead(Signal.A_NUMBER, "", {"rule": "placeholder", "written": written})
