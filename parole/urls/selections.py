"""Addresses of the daily selection: for everybody, without signing in."""

from datetime import date

from django.urls import path, register_converter

from parole.views import selections


class Day:
    """A day as 2026-02-03; any other text is no address of ours."""

    regex = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


register_converter(Day, "day")

urlpatterns = [
    path("selections/", selections.selections, name="selections"),
    path("selections/verify_selection.py", selections.script, name="selection_script"),
    path("selections/<day:day>/", selections.selection, name="selection"),
    path("selections/<day:day>/pool.gz", selections.pool, name="selection_pool"),
    path("selections/<day:day>/result.txt", selections.result, name="selection_result"),
]
