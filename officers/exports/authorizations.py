"""Travel authorizations with the person, and what became of them at the airport."""

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
from officers.statuses import ExportKind
from officers.travel import decidable
from parole.choices import ArrivalDenial, DenialReason
from parole.models import Authorization
from parole.statuses import AuthorizationStatus, BeneficiaryStatus

COLUMNS = [
    gettext_lazy("Authorization number"),
    gettext_lazy("Case number"),
    gettext_lazy("Process"),
    gettext_lazy("Counts for the month"),
    gettext_lazy("State"),
    gettext_lazy("State of the case"),
    gettext_lazy("Approved (Washington time)"),
    gettext_lazy("Valid through"),
    gettext_lazy("Ended (Washington time)"),
    gettext_lazy("Why it ended"),
    gettext_lazy("Given names"),
    gettext_lazy("Surnames"),
    gettext_lazy("Date of birth"),
    gettext_lazy("Nationality"),
    gettext_lazy("Passport"),
    gettext_lazy("Airport"),
    gettext_lazy("Arrived (Washington time)"),
    gettext_lazy("Parole denied"),
]
PERSON = ["given_names", "surnames", "birth_date", "nationality", "document_number"]
PATHS = [
    "reference", "beneficiary__reference", "process__country", "month", "status",
    "beneficiary__status", "approved_at", "valid_until", "ended_at", "reason",
    *(f"beneficiary__traveler__{name}" for name in PERSON),
    "arrival__airport__code", "arrival__arrived_at", "arrival__denial",
]  # fmt: skip


class AuthorizationFilters(FilterForm):
    status = choice_of(gettext_lazy("State"), AuthorizationStatus.choices, gettext_lazy("All"))
    field_order = ["first_day", "last_day", "status", "format", "reason"]


def sources(user, values: dict) -> list[Source]:
    """By the day of the approval, on the office's calendar."""
    begins, ends = instants_of(values, settings.PAROLE_ZONE)
    cases = decidable(user).values("pk")
    rows = Authorization.objects.filter(
        beneficiary__in=cases, approved_at__gte=begins, approved_at__lt=ends
    )
    status = values.get("status")
    rows = rows.filter(status=status) if status else rows
    return [Source(rows.order_by("approved_at", "pk").values(*PATHS), _cells)]


def _cells(row: dict) -> list[Cell]:
    return [
        row["reference"],
        row["beneficiary__reference"],
        row["process__country"],
        row["month"],
        word(AuthorizationStatus, row["status"]),
        word(BeneficiaryStatus, row["beneficiary__status"]),
        office_time(row["approved_at"]),
        row["valid_until"],
        office_time(row["ended_at"]),
        word(DenialReason, row["reason"]),
        *(row[f"beneficiary__traveler__{name}"] for name in PERSON),
        row["arrival__airport__code"],
        office_time(row["arrival__arrived_at"]),
        word(ArrivalDenial, row["arrival__denial"]),
    ]


KIND = Kind(
    key=ExportKind.AUTHORIZATIONS,
    permission="officers.export_requests",
    form=AuthorizationFilters,
    hint=gettext_lazy("A row for each authorization, by the day it was given, with the arrival."),
    columns=COLUMNS,
    sources=sources,
)
