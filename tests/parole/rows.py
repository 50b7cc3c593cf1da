"""Rows around a request, written past the rules, for tests of what the database refuses."""

from itertools import count

from cbpone.lib import clock
from parole.models import (
    CapChange,
    Decision,
    Flag,
    KnownGood,
    Paper,
    PovertyGuideline,
    TravelLetter,
)
from tests.factories import (
    make_beneficiary,
    make_parole_supervisor,
    make_request,
    make_reviewer,
    make_travel_officer,
)
from tests.factories.parole import this_month

_numbers = count(1)


def paper(**values) -> Paper:
    values = {
        "kind": "tax_return",
        "file": "papers/00/x.pdf",
        "format": "PDF",
        "name": "tax.pdf",
        "pages": 2,
        "size": 1000,
        "source_sha256": f"{next(_numbers):064x}",
    } | values
    if "beneficiary" not in values:
        values.setdefault("request", make_request())
    case = values.get("request") or values["beneficiary"]
    owner = getattr(case, "owner", None) or case.user
    return Paper.objects.create(added_by=owner, **values)


def passport(**values) -> Paper:
    beneficiary = values.pop("beneficiary", None) or make_beneficiary(claimed=True)
    return paper(beneficiary=beneficiary, kind="passport", **values)


def flag(**values) -> Flag:
    values = {"signal": "serial"} | values
    return Flag.objects.create(request=values.pop("request", None) or make_request(), **values)


def judged(**values) -> dict:
    return {
        "verdict": "explained",
        "note": "A shelter.",
        "judged_by": make_reviewer(),
        "judged_at": clock.now(),
    } | values


def decision(**values) -> Decision:
    values = {
        "outcome": "confirm",
        "reason": "meets",
        "letter": "We confirm it.",
        "proposed_by": make_reviewer(),
    } | values
    request = values.pop("request", None) or make_request(status="selected")
    return Decision.objects.create(request=request, **values)


def made(**values) -> Decision:
    officer = make_reviewer()
    values = {"proposed_by": officer, "closed_by": officer} | values
    return decision(status="made", closed_at=clock.now(), **values)


def travel_letter(**values) -> TravelLetter:
    values = {"about": "denied", "letter": "Travel is not authorized."} | values
    beneficiary = values.pop("beneficiary", None) or make_beneficiary(status="ata_pending")
    values.setdefault("written_by", make_travel_officer())
    return TravelLetter.objects.create(beneficiary=beneficiary, **values)


def cap_change(**values) -> CapChange:
    values = {
        "month": this_month(),
        "cap": 100,
        "reason": "More flights",
        "proposed_by": make_parole_supervisor(),
    } | values
    return CapChange.objects.create(**values)


def guideline(**values) -> PovertyGuideline:
    values = {"year": 2026, "first_person": 16_000, "each_further": 5_600} | values
    return PovertyGuideline.objects.create(**values)


def known_good(**values) -> KnownGood:
    return KnownGood.objects.create(**{"kind": "phone", "value": "+13055550000"} | values)
