"""What every kind of export answers: who may make it, its filters, its columns and its rows."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cbpone.lib import clock
from cbpone.lib.forms import AskingForm, DateField
from cbpone.lib.summary import Line
from officers.exports.writing import Cell
from officers.statuses import ExportFormat
from scheduling.models import Port

BATCH = 2000  # rows fetched and told about at once
NOT_FILTERS = ("format", "reason")


@dataclass(frozen=True)
class Source:
    """Rows as dictionaries, and a row as cells."""

    rows: QuerySet
    cells: Callable[[dict], list[Cell]]

    def lines(self) -> Iterator[list[Cell]]:
        for row in self.rows.iterator(chunk_size=BATCH):
            yield self.cells(row)


class FilterForm(AskingForm, forms.Form):
    """The days are asked, so that nobody takes out more people than they need."""

    first_day = DateField(label=_("From this day"))
    last_day = DateField(label=_("Through this day"))
    format = forms.ChoiceField(
        label=_("File"), choices=ExportFormat.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Why you need this file"),
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("It stays on record together with your name."),
        error_messages={"required": _("Write why. It stays on record.")},
    )
    needed = ("first_day", "last_day", "format", "reason")

    def __init__(self, *args, user, **kwargs):
        self.user = user
        super().__init__(*args, **kwargs)

    def clean(self):
        data = super().clean()
        first, last = data.get("first_day"), data.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The last day must not be before the first."))
        return data

    @property
    def filters(self) -> dict[str, str]:
        """What was chosen, as it is kept with the export."""
        found = {name: self.cleaned_data[name] for name in self.fields if name not in NOT_FILTERS}
        return {name: str(value) for name, value in found.items() if value}


def choice_of(label, choices, empty) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[("", empty), *choices])


class PortFilterForm(FilterForm):
    """With a port of the officer's own."""

    port = forms.ChoiceField(label=_("Port"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        ports = Port.objects.visible_to(self.user).values_list("slug", "name")
        self.fields["port"].choices = [("", _("All your ports")), *ports]


@dataclass(frozen=True)
class Kind:
    key: str
    permission: str
    form: type[FilterForm]
    hint: Any  # lazy
    columns: Sequence[Any]  # lazy
    sources: Callable[[Any, dict], list[Source]]  # of a user and the filters

    def is_for(self, user) -> bool:
        return user.is_active and user.is_staff and user.has_perm(self.permission)


def days_of(values: dict) -> tuple[date, date]:
    return date.fromisoformat(values["first_day"]), date.fromisoformat(values["last_day"])


def instants_of(values: dict, zone: str) -> tuple[datetime, datetime]:
    """From the first midnight to the one after the last day, on the clock of the zone."""
    first, last = days_of(values)
    after = last + timedelta(days=1)
    return clock.wall_clock(first, time(0), zone), clock.wall_clock(after, time(0), zone)


def word(choices, code: str) -> str:
    return _word(choices, code, get_language()) if code else ""


@cache
def _word(choices, code: str, language) -> str:
    """Looked up once in each language: there are many rows and few words."""
    return str(choices(code).label)


def office_time(at: datetime | None) -> datetime | None:
    """On the clock that all of the parole processes have."""
    return clock.wall_time(at, settings.PAROLE_ZONE) if at else None


def described(form: type[FilterForm], values: dict) -> list[Line]:
    """The filters in words."""
    return [
        Line(str(field.label), _filter_word(field, values[name]))
        for name, field in form.base_fields.items()
        if values.get(name)
    ]


def _filter_word(field, value: str) -> str:
    if isinstance(field, DateField):
        return date_format(date.fromisoformat(value), "j F Y")
    words = dict(getattr(field, "choices", ()))
    return str(words.get(value) or _port_name(value))


def _port_name(slug: str) -> str:
    port = Port.objects.filter(slug=slug).first()
    return port.name if port else slug
