"""Check answers: what was written, with the page where each line can be changed."""

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

EMPTY = ("", None)


@dataclass
class Line:
    label: str
    value: str
    url: str = ""


def lines_of(form: type, row, url: str) -> list[Line]:
    """A line for each field of the form that was answered or has to be."""
    lines = []
    for name, field in form.base_fields.items():  # type: ignore[attr-defined]
        value = shown(row, name)
        if value not in EMPTY or name in form.needed:  # type: ignore[attr-defined]
            lines.append(Line(str(field.label), value, url))
    return lines


def shown(row, name: str) -> str:
    """A stored answer as people read it."""
    value = getattr(row, name)
    display = getattr(row, f"get_{name}_display", None)
    if display:
        return str(display() or "")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if hasattr(value, "isoformat"):
        return date_format(value, "j F Y")
    if hasattr(value, "name"):  # a country
        return str(value.name)
    return "" if value is None else str(value)
