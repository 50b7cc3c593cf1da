"""Small charts beside a table that holds the same numbers: SVG without script or inline style."""

import re
from collections.abc import Sequence

import leather
from django.utils.safestring import SafeString, mark_safe

leather.theme.margin = 0.02
leather.theme.background_color = "none"
leather.theme.tick_font_family = "inherit"
leather.theme.label_color = "currentColor"
leather.theme.tick_font_char_width = 7
WIDTH = 480  # pixels it is drawn for; it grows and shrinks with the page
BAR = 30  # of one bar, its gap included
SIZE = re.compile(r'<svg width="(\d+)" height="(\d+)"')
FRACTION = re.compile(r"(\d+\.\d)\d+")

Rows = Sequence[tuple[str, int]]


def bars(rows: Rows) -> SafeString:
    """One bar a row, with its name and number beside it. Empty when there is nothing to show."""
    if not _is_worth_it(rows):
        return SafeString("")
    chart = leather.Chart()
    named = [(number, f"{name}  {number:,}") for name, number in rows]
    chart.add_bars(named, fill_color="currentColor")
    chart.add_x_axis(ticks=[0])
    return _drawn(chart, height=BAR * len(rows) + 40)


def columns(rows: Rows) -> SafeString:
    """One column a row, such as the days of two weeks, with its name below."""
    if not _is_worth_it(rows):
        return SafeString("")
    chart = leather.Chart()
    chart.add_columns(list(rows), fill_color="currentColor")
    return _drawn(chart, height=170)


def _is_worth_it(rows: Rows) -> bool:
    return any(number for _name, number in rows)


def _drawn(chart, *, height: int) -> SafeString:
    svg = FRACTION.sub(r"\1", chart.to_svg(width=WIDTH, height=height))
    # Screen readers read the table beside it.
    svg = SIZE.sub(r'<svg class="chart" aria-hidden="true" viewBox="0 0 \1 \2"', svg, count=1)
    return mark_safe(svg)  # noqa: S308  # the library escapes the names
