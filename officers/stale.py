"""Nobody saves over what they have not seen.

A form carries the version of its row. Whoever saves locks the row, compares, and refuses when it
is another one; the page then shows who changed what, what stands now, and everything typed.

    <input type="hidden" name="version" value="{{ version }}">    version_of(row, FIELDS)
    check_fresh(locked_row, request.POST.get("version", ""), FIELDS)    in the same transaction
    {% include "officers/_stale.html" %}                          `stale`: what was raised
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.db import models
from django.db.models import Max
from django.utils.formats import date_format, localize
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cbpone.audit.models import Event
from cbpone.lib.errors import Refused
from cbpone.lib.keys import read_key

MOST_CHANGES = 20
EMPTY = "–"


@dataclass(frozen=True)
class Line:
    """One field of a row: what stands now and what was typed."""

    label: str
    now: str
    typed: str = ""


class Stale(Refused):
    """Another version stands. `version` is the one to save over on purpose, having seen it."""

    code = "stale"
    sentence = gettext_lazy(
        "Somebody else changed this after you opened it. Nothing of yours is saved yet."
    )

    def __init__(self, *, version: str, changes: list[Event], lines: list[Line]) -> None:
        super().__init__()
        self.version, self.changes, self.lines = version, changes, lines


def version_of(row: models.Model, fields: Iterable[str]) -> str:
    """What these fields hold, and the last event of the row, so that later ones can be shown."""
    last = Event.objects.about(row).aggregate(last=Max("id"))["last"] or 0
    return f"{_digest(row, fields)}.{last}"


def check_fresh(row: models.Model, version: str, fields: Iterable[str], typed=None) -> None:
    """Refuses with Stale. `row` is locked; `typed` maps fields to what was typed.

    Without a version nothing can be said of what was seen, so that is refused too.
    """
    fields = list(fields)
    seen, _dot, last = version.partition(".")
    if seen == _digest(row, fields):
        return
    newer = Event.objects.about(row).filter(id__gt=read_key(last)).select_related("by")
    changes = list(newer.order_by("-id")[:MOST_CHANGES])
    typed = typed or {}
    lines = [
        Line(_label(row, name), words_of(row, name), _words(typed[name]) if name in typed else "")
        for name in fields
    ]
    raise Stale(version=version_of(row, fields), changes=changes, lines=lines)


def _digest(row: models.Model, fields: Iterable[str]) -> str:
    values = {name: row._meta.get_field(name).value_to_string(row) for name in fields}  # type: ignore[union-attr]
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:32]


def _label(row: models.Model, name: str) -> str:
    return str(row._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def words_of(row: models.Model, name: str) -> str:
    """A field as people read it."""
    shown: Any = getattr(row, f"get_{name}_display", None)
    return _words(shown() if shown else getattr(row, name))


def _words(value: Any) -> str:
    if value in (None, ""):
        return EMPTY
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, date) and not isinstance(value, datetime):
        return date_format(value, "j F Y")
    return str(localize(value))


class VersionField(forms.CharField):
    widget = forms.HiddenInput

    def has_changed(self, initial, data):
        return False


class FreshForm(forms.BaseModelForm):
    """Mixed into the form of a row that exists. On POST the row was locked before."""

    stale: Stale | None = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        columns = self.instance._meta.concrete_fields
        self.compared = [one.name for one in columns if not one.primary_key]
        version = "" if self.is_bound else version_of(self.instance, self.compared)
        self.fields["version"] = VersionField(required=False, initial=version)

    def clean(self):
        try:
            check_fresh(self.instance, self.cleaned_data.pop("version", ""), self.compared)
        except Stale as stale:
            stale.lines = [
                Line(_label(self.instance, name), self._now(name), self._typed(name))
                for name in self.fields
                if name in self.compared
            ]
            self.stale = stale
            self.data = self.data.copy()
            self.data["version"] = stale.version
            self.add_error(None, forms.ValidationError(str(stale), code=stale.code))
        return super().clean()

    def _now(self, name: str) -> str:
        """What a form leaves out of its fields, such as a key, is not shown here either."""
        return EMPTY if self.initial.get(name) == "" else words_of(self.instance, name)

    def _typed(self, name: str) -> str:
        """As it was typed; what could be read in the words of the column beside it."""
        text = self[name].data
        for code, label in getattr(self.fields[name], "choices", None) or []:
            if str(code) == str(text):
                return str(label)
        return _words(self.cleaned_data.get(name, text))
