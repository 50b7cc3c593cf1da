"""The log, word for word, for auditors. Codes stay codes."""

from django.utils.translation import gettext_lazy

from cbpone.audit.models import Event
from cbpone.audit.verbs import Verb
from cbpone.lib import clock
from officers.exports.base import FilterForm, Kind, Source, choice_of, instants_of, word
from officers.exports.writing import Cell
from officers.seeing import events_visible_to
from officers.statuses import ExportKind

ZONE = "UTC"  # events are of every port
COLUMNS = [
    gettext_lazy("Event"),
    gettext_lazy("When (UTC)"),
    gettext_lazy("Who"),
    gettext_lazy("E-mail address"),
    gettext_lazy("What"),
    gettext_lazy("Code"),
    gettext_lazy("Case"),
    gettext_lazy("Kind of row"),
    gettext_lazy("Row"),
    gettext_lazy("From"),
    gettext_lazy("To"),
    gettext_lazy("Note"),
]
PATHS = [
    "pk", "at", "by__name", "by__email", "verb", "case", "model", "row_id", "before", "after",
    "note",
]  # fmt: skip


class EventFilters(FilterForm):
    verb = choice_of(gettext_lazy("What happened"), Verb.choices, gettext_lazy("Everything"))
    field_order = ["first_day", "last_day", "verb", "format", "reason"]


def sources(user, values: dict) -> list[Source]:
    begins, ends = instants_of(values, ZONE)
    rows = Event.objects.filter(at__gte=begins, at__lt=ends) & events_visible_to(user)
    verb = values.get("verb")
    rows = rows.filter(verb=verb) if verb else rows
    return [Source(rows.order_by("pk").values(*PATHS), _cells)]


def _cells(row: dict) -> list[Cell]:
    return [
        row["pk"],
        f"{clock.wall_time(row['at'], ZONE):%Y-%m-%d %H:%M:%S}",
        row["by__name"],
        row["by__email"],
        word(Verb, row["verb"]),
        row["verb"],
        *(row[name] for name in ("case", "model", "row_id", "before", "after", "note")),
    ]


KIND = Kind(
    key=ExportKind.EVENTS,
    permission="officers.export_events",
    form=EventFilters,
    hint=gettext_lazy("A row for each event you may see. Days and times are in UTC."),
    columns=COLUMNS,
    sources=sources,
)
