"""Cases that wait for a decision on travel."""

from datetime import timedelta

from parole.models import Beneficiary, Paper
from tests.factories import make_beneficiary, make_travel_officer


def make_taken(officer, **values) -> Beneficiary:
    """A case that this officer holds."""
    row = make_beneficiary(status="ata_pending", **values)
    row.taken_by, row.taken_at = officer, row.submitted_at
    row.save()
    return row


def make_queued(country="HT", hours=0, taken_by=None) -> Beneficiary:
    """Decided in a full month, some hours from now."""
    row = make_beneficiary(status="ata_pending", country=country)
    row.queued_at, row.queued_by = row.submitted_at + timedelta(hours=hours), make_travel_officer()
    if taken_by:
        row.taken_by, row.taken_at = taken_by, row.submitted_at
    row.save()
    return row


def prove(case, kind="relationship", format="PDF") -> Paper:
    """A paper the person has sent."""
    return Paper.objects.create(
        beneficiary=case, kind=kind, file=f"papers/x.{format.lower()}", format=format,
        name="page", pages=1, size=10, source_sha256="0" * 64, added_by=case.user,
    )  # fmt: skip
