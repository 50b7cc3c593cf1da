"""What a computer saw, in words: the stored evidence of a lead as lines a person reads."""

import re
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries

from officers.reviews import known
from parole.choices import Signal
from parole.models import Flag

RECEIPT = re.compile(r"S-[2-9A-Y]{4}-[2-9A-Y]{4}")
# What each signal means and how often it has a simple explanation; the numbers stand below it.
MEANING = {
    Signal.SSN_FORM: gettext_lazy("No such number is given out. Often two digits are swapped."),
    Signal.SSN_SHARED: gettext_lazy(
        "The same number stands on requests with another name or birth date. A married name, or a "
        "slip of the pen, explains many."
    ),
    Signal.SSN_DECEASED: gettext_lazy(
        "The number is on the list of people who have died. Such lists have mistakes, too."
    ),
    Signal.ADDRESS_CLUSTER: gettext_lazy(
        "Many requests name this address. A shelter, a church or a large house can be why."
    ),
    Signal.ADDRESS_KIND: gettext_lazy(
        "The address is on the list of places where nobody lives, such as a storage unit."
    ),
    Signal.CROWDED: gettext_lazy("More people would live there than the bedrooms seem to hold."),
    Signal.PHONE_CLUSTER: gettext_lazy(
        "Many requests name this phone. Helpers often write their own number."
    ),
    Signal.EMAIL_CLUSTER: gettext_lazy(
        "Many requests name this e-mail address. Helpers often write their own."
    ),
    Signal.IP_CLUSTER: gettext_lazy(
        "Many requests came from this connection. Libraries and offices of helpers share one."
    ),
    Signal.IP_ABROAD: gettext_lazy(
        "The request came from a connection outside the United States. People travel."
    ),
    Signal.TEXT_SIMILAR: gettext_lazy(
        "The plan reads almost as in other requests. Families and helpers often copy a good text."
    ),
    Signal.ZIP_STATE: gettext_lazy("The ZIP code belongs to another state, or to none."),
    Signal.A_NUMBER: gettext_lazy("An A-number has the letter A and seven to nine digits."),
    Signal.INCOME: gettext_lazy(
        "The money for everybody the supporter carries is missing or below the guideline."
    ),
    Signal.SERIAL: gettext_lazy(
        "This supporter has filed for many people. Large families and communities do."
    ),
}
LABELS = {
    "accounts": gettext_lazy("Different accounts"),
    "bedrooms": gettext_lazy("Bedrooms"),
    "country": gettext_lazy("Country of the connection"),
    "income": gettext_lazy("Income, dollars a year"),
    "missing": gettext_lazy("No income is written"),
    "name": gettext_lazy("What it is"),
    "needed": gettext_lazy("Guideline, dollars a year"),
    "occupants": gettext_lazy("People who live there now"),
    "on_list": gettext_lazy("On the list"),
    "people": gettext_lazy("People in all"),
    "percent": gettext_lazy("Income, percent of the guideline"),
    "promised": gettext_lazy("People this supporter brings there"),
    "receipts": gettext_lazy("Other receipt numbers"),
    "requests": gettext_lazy("Requests"),
    "rule": gettext_lazy("What does not fit"),
    "same_as_supporter": gettext_lazy("It is also the supporter's e-mail address"),
    "similarity": gettext_lazy("Words in common, percent"),
    "state": gettext_lazy("State that is written"),
    "supporters": gettext_lazy("Different supporters"),
    "surnames": gettext_lazy("Different surnames"),
    "which": gettext_lazy("Of which address"),
    "written": gettext_lazy("As it is written"),
    "zip": gettext_lazy("ZIP code"),
    "zip_states": gettext_lazy("States of that ZIP code"),
}
WORDS = {
    ("rule", "length"): gettext_lazy("it does not have nine digits"),
    ("rule", "placeholder"): gettext_lazy("digits that people write in place of a real number"),
    ("rule", "itin"): gettext_lazy("it is a taxpayer number, not a Social Security number"),
    ("rule", "area"): gettext_lazy("the first three digits are never given out"),
    ("rule", "group"): gettext_lazy("the two digits in the middle are never given out"),
    ("rule", "serial"): gettext_lazy("the last four digits are never given out"),
    ("rule", "form"): gettext_lazy("it is not written as A-numbers are"),
    ("which", "home"): gettext_lazy("where the supporter lives"),
    ("which", "mailing"): gettext_lazy("where the supporter gets mail"),
    ("which", "housing"): gettext_lazy("where the person would live"),
}
# Leads told apart by what they are about, which is not in their evidence.
ABOUT = {
    Signal.PHONE_CLUSTER: gettext_lazy("Phone"),
    Signal.IP_CLUSTER: gettext_lazy("Connection"),
    Signal.IP_ABROAD: gettext_lazy("Connection"),
}
CHIPS = {
    "": "chip-now",
    "explained": "chip-done",
    "fraud": "chip-late",
    "needs_evidence": "chip-todo",
}
YEARLY = ("income", "needed")


@dataclass
class Said:
    """One line of evidence: a label and either a text or receipt numbers."""

    label: str
    text: str = ""
    numbers: list[str] = field(default_factory=list)


@dataclass
class Lead:
    flag: Flag
    meaning: str
    lines: list[Said]

    @property
    def is_open(self) -> bool:
        return not self.flag.verdict

    @property
    def chip(self) -> str:
        return CHIPS[self.flag.verdict]


def read_leads(request, user) -> tuple[list[Lead], set[str], set[str]]:
    """The standing leads of a request; of the receipt numbers in them, those whose page opens, and
    those that open after a look with a reason.
    """
    flags = request.flags.standing().select_related("judged_by")
    leads = [_lead(flag) for flag in flags]
    named = {number for lead in leads for line in lead.lines for number in line.numbers}
    rows = known(user).filter(reference__in=named).values_list("reference", "in_scope")
    scopes = dict(rows)
    seen = {number for number, in_scope in scopes.items() if in_scope}
    return leads, seen, set(scopes) - seen


def _lead(flag: Flag) -> Lead:
    lines = said(flag.evidence)
    if flag.signal in ABOUT and flag.key:
        lines.insert(0, Said(str(ABOUT[Signal(flag.signal)]), flag.key))
    return Lead(flag, str(MEANING[Signal(flag.signal)]), lines)


def said(evidence: dict) -> list[Said]:
    """Lines in the order they were stored, whatever was stored; what is empty is left out."""
    lines = [_line(key, value) for key, value in evidence.items()]
    return [line for line in lines if line.text or line.numbers]


def _line(key: str, value) -> Said:
    label = str(LABELS.get(key) or key.replace("_", " ").capitalize())
    values = value if isinstance(value, list) else [value]
    numbers = [one for one in values if isinstance(one, str) and RECEIPT.fullmatch(one)]
    texts = [_text(key, one) for one in values if one not in numbers]
    return Said(label, ", ".join(text for text in texts if text), numbers)


def _text(key: str, value) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int):
        return f"${value:,}" if key in YEARLY else f"{value:,}"
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_text(name, one)}" for name, one in value.items())
    if key == "country" and value:
        return countries.name(value) or value
    return str(WORDS.get((key, value), "" if value is None else value))
