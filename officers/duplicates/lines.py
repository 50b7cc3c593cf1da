"""The two sides of a pair, line by line, with what differs said in a word."""

from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cbpone.travelers.identity import tidy
from officers.duplicates.sides import Side

SAME = gettext_lazy("same")
SPELLED = gettext_lazy("spelled differently")
DIFFERS = gettext_lazy("differs")
ONE_SIDE = gettext_lazy("only on one side")
CHIPS: dict[Any, str] = {
    SAME: "chip-done",
    SPELLED: "chip-now",
    DIFFERS: "chip-late",
    ONE_SIDE: "chip-todo",
}
WRITTEN = ("given_names", "surnames", "other_names")


@dataclass
class Line:
    label: str
    left: str
    right: str
    word: Any = ""  # lazy

    @property
    def chip(self) -> str:
        return CHIPS.get(self.word, "")


def compared(sides: list[Side]) -> list[Line]:
    """What the computer compared too, and what only people can weigh."""
    first, second = sides
    lines = [
        _line(label, left, right)
        for (label, left), (_label, right) in zip(_facts(first), _facts(second), strict=True)
    ]
    others = zip(_circumstances(first), _circumstances(second), strict=True)
    return lines + [Line(label, left, right) for (label, left), (_label, right) in others]


def _line(label: str, left: str, right: str) -> Line:
    return Line(label, left, right, _word(left, right))


def _word(left: str, right: str):
    if not left and not right:
        return ""
    if not left or not right:
        return ONE_SIDE
    if left == right:
        return SAME
    return SPELLED if tidy(left) == tidy(right) else DIFFERS


def _facts(side: Side) -> list[tuple[str, str]]:
    who: Any = side.traveler  # countries have names, which the stubs do not know
    names = [(_name_of(who, field), getattr(who, field)) for field in WRITTEN]
    born = date_format(who.birth_date, "j F Y") if who.birth_date else ""
    return [
        *names,
        (_("Date of birth"), born),
        (_("Sex"), who.get_sex_display()),
        (_("Town or village of birth"), who.birth_city),
        (_("Country of birth"), who.birth_country.name),
        (_("Nationality"), who.nationality.name),
        (_("Document"), who.get_document_type_display()),
        (_("Document number"), who.document_number),
        (_("Country that gave the document"), who.document_country.name),
        (_("Phone"), _phone(side)),
        (_("Where they are now"), _whereabouts(side)),
    ]


def _name_of(who, field: str) -> str:
    return str(who._meta.get_field(field).verbose_name).capitalize()


def _phone(side: Side) -> str:
    if side.registration:
        return side.registration.phone
    case = side.beneficiary
    return (case.phone or case.written_phone) if case else ""


def _whereabouts(side: Side) -> str:
    family, case = side.registration, side.beneficiary
    parts: list[Any] = []
    if family:
        parts = [family.mexico_address, family.mexico_city, family.mexico_state]
    elif case:
        country: Any = case.country or case.written_country
        parts = [case.street or case.written_street, country.name]
    return ", ".join(part for part in parts if part)


def _circumstances(side: Side) -> list[tuple[str, str]]:
    return [
        (_("Asks for"), _process(side)),
        (_("State"), side.state),
        (_("Since"), _since(side)),
        (_("Appointments"), "\n".join(_appointment(row) for row in side.appointments)),
    ]


def _process(side: Side) -> str:
    if side.registration:
        wished = side.registration.preferences.all()
        return _("An appointment at a port: %s") % ", ".join(str(one.port) for one in wished)
    return str(side.beneficiary.request.process or "") if side.beneficiary else ""


def _since(side: Side) -> str:
    at = side.registration and side.registration.seniority_at
    if side.beneficiary:
        at = side.beneficiary.request.filed_at
    return date_format(at, "j F Y") if at else ""


def _appointment(row) -> str:
    port = row.slot.port
    when = date_format(row.slot.local_start, "j F Y, H:i")
    return f"{port}, {when} ({port.zone_name}), {row.reference}: {row.get_status_display()}"
