"""What every list of the back office has: a bounded count, named times, search by number."""

from datetime import timedelta
from functools import cache
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.core.paginator import Paginator
from django.db import models
from django.utils.functional import cached_property, lazy
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cbpone.lib import clock
from cbpone.lib.references import read_reference

SHORTEST = 5  # "R-7K4": with fewer too many begin so
MOST_ROWS = 5_000  # that can be turned through; beyond are filters and numbers


class NearCount(Paginator):
    """Counts one page further than is asked for: there are millions of rows, and counting them
    takes longer than showing fifty.
    """

    most = MOST_ROWS

    def reach(self, page: str) -> None:
        """`page` as it was asked for; what is no number is the first."""
        number = int(page) if page.isascii() and page.isdecimal() and len(page) < 9 else 1
        self.most = min((max(number, 1) + 1) * self.per_page + 1, MOST_ROWS)

    @cached_property
    def count(self):
        return self.object_list.order_by()[: self.most].count()

    @property
    def is_capped(self) -> bool:
        return self.count == self.most

    @property
    def more_than(self) -> int:
        return self.most - 1


class Rows(ChangeList):
    """Sorted by other columns only where the list says so: two million rows take seconds."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.title = capfirst(self.opts.verbose_name_plural)

    def get_ordering(self, request, queryset):
        if not self.sortable_by:
            self.params = {name: said for name, said in self.params.items() if name != ORDER_VAR}
        return super().get_ordering(request, queryset)


@cache
def in_utc(model: type[models.Model], name: str):
    """A column of times with their zone in its heading."""
    field: Any = model._meta.get_field(name)

    @admin.display(
        description=lazy(lambda: _("%s (UTC)") % field.verbose_name, str)(), ordering=name
    )
    def shown(row):
        at = getattr(row, name)
        return f"{at:%Y-%m-%d %H:%M}" if at else None

    shown.__name__ = name
    return shown


def with_zones(model: type[models.Model], columns) -> list:
    """Columns of moments say their zone; the rest stays as it is."""
    moments = {one.name for one in model._meta.fields if isinstance(one, models.DateTimeField)}
    return [in_utc(model, one) if one in moments else one for one in columns]


class NumberSearch(admin.ModelAdmin):
    """Mix into a list: found by a whole number spelled in any way, or by how it begins, in
    SHORTEST signs or more.

    `at` is that number, seen from a row; `kind` its letter.
    """

    search_fields = ["reference"]
    at, kind = "reference", ""

    def get_search_results(self, request, queryset, search_term):
        typed = search_term.strip()
        if not typed:
            return queryset, False
        number = read_reference(typed, self.kind)
        if number:
            return queryset.filter(**{self.at: number}), False
        if len(typed) < SHORTEST:
            return queryset.none(), False
        return queryset.filter(**{f"{self.at}__startswith": typed.upper()}), False


class DayFilter(admin.SimpleListFilter):
    """A span of days; the drop-down of every day there ever was would read the whole table."""

    title, parameter_name = gettext_lazy("day"), "days"
    column = "day"
    SPANS = {
        "ahead": (gettext_lazy("from today on"), 0, None),
        "week": (gettext_lazy("the last 7 days"), -7, 0),
        "month": (gettext_lazy("the last 31 days"), -31, 0),
        "earlier": (gettext_lazy("earlier"), None, -31),
    }

    def lookups(self, request, model_admin):
        return [(key, label) for key, (label, _first, _last) in self.SPANS.items()]

    def queryset(self, request, queryset):
        if self.value() not in self.SPANS:
            return queryset
        _label, first, last = self.SPANS[self.value()]
        today, wanted = clock.now().date(), {}
        if first is not None:
            wanted[f"{self.column}__gte"] = today + timedelta(days=first)
        if last is not None:
            wanted[f"{self.column}__lt"] = today + timedelta(days=last)
        return queryset.filter(**wanted)


class MonthFilter(DayFilter):
    title, parameter_name, column = gettext_lazy("month"), "months", "month"
    SPANS = {
        "now": (gettext_lazy("this month and later"), -31, None),
        "year": (gettext_lazy("the last 12 months"), -366, None),
        "earlier": (gettext_lazy("earlier"), None, -366),
    }
