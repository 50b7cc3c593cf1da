"""Support requests with their supporter and person. No money, no Social Security number."""

from django.conf import settings
from django.utils.translation import gettext_lazy

from officers.exports.base import (
    FilterForm,
    Kind,
    Source,
    choice_of,
    instants_of,
    office_time,
    word,
)
from officers.exports.writing import Cell
from officers.reviews import reviewable
from officers.statuses import ExportKind
from parole.choices import Picked
from parole.statuses import RequestStatus

COLUMNS = [
    gettext_lazy("Receipt number"),
    gettext_lazy("Process"),
    gettext_lazy("State"),
    gettext_lazy("Filed (Washington time)"),
    gettext_lazy("Chosen on"),
    gettext_lazy("How it was chosen"),
    gettext_lazy("With officer"),
    gettext_lazy("Decided (Washington time)"),
    gettext_lazy("Given names of the supporter"),
    gettext_lazy("Surnames of the supporter"),
    gettext_lazy("State where the supporter lives"),
    gettext_lazy("Given names of the person"),
    gettext_lazy("Surnames of the person"),
    gettext_lazy("Date of birth of the person"),
    gettext_lazy("Nationality of the person"),
    gettext_lazy("Passport of the person"),
]
OFFICER = ["taken_by__name", "taken_by__email"]
PERSON = ["given_names", "surnames", "birth_date", "nationality", "document_number"]
SUPPORTER = ["given_names", "surnames", "state"]
PATHS = [
    "reference", "process__country", "status", "filed_at", "selection__day", "picked",
    "decided_at", *OFFICER, *(f"supporter__{name}" for name in SUPPORTER),
    *(f"beneficiary__written__{name}" for name in PERSON),
]  # fmt: skip


class RequestFilters(FilterForm):
    status = choice_of(
        gettext_lazy("State"),
        [choice for choice in RequestStatus.choices if choice[0] != RequestStatus.DRAFT],
        gettext_lazy("All"),
    )
    field_order = ["first_day", "last_day", "status", "format", "reason"]


def sources(user, values: dict) -> list[Source]:
    """By the day of filing, on the office's calendar."""
    begins, ends = instants_of(values, settings.PAROLE_ZONE)
    rows = reviewable(user).filter(filed_at__gte=begins, filed_at__lt=ends)
    status = values.get("status")
    rows = rows.filter(status=status) if status else rows
    return [Source(rows.order_by("filed_at", "pk").values(*PATHS), _cells)]


def _cells(row: dict) -> list[Cell]:
    name, email = (row[path] for path in OFFICER)
    return [
        row["reference"],
        row["process__country"],
        word(RequestStatus, row["status"]),
        office_time(row["filed_at"]),
        row["selection__day"],
        word(Picked, row["picked"]),
        name or email,
        office_time(row["decided_at"]),
        *(row[f"supporter__{name}"] for name in SUPPORTER),
        *(row[f"beneficiary__written__{name}"] for name in PERSON),
    ]


KIND = Kind(
    key=ExportKind.REQUESTS,
    permission="officers.export_requests",
    form=RequestFilters,
    hint=gettext_lazy("A row for each request, by the day it was filed. No money in it."),
    columns=COLUMNS,
    sources=sources,
)
