"""People who ask for something now, at a port or by parole, as the comparison reads them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q

from cbpone.travelers.identity import tidy
from officers.duplicates.names import words_of
from parole.models import Beneficiary
from parole.statuses import OPEN, BeneficiaryStatus, RequestStatus
from scheduling.models import Member
from scheduling.statuses import RegistrationStatus

SIGNED = (RegistrationStatus.REGISTERED, RegistrationStatus.CHANGING)
ASKS = (*OPEN, RequestStatus.CONFIRMED)
LOOK_ALIKE = str.maketrans("OI", "01")  # one sign each: people read them off worn paper
# What ended. Whoever it ended for may ask the other way, and is nobody's duplicate for it.
ENDED = (
    BeneficiaryStatus.CLOSED,
    BeneficiaryStatus.ATA_DENIED,
    BeneficiaryStatus.ATA_CANCELLED,
    BeneficiaryStatus.PAROLE_DENIED,
)


@dataclass
class Record:
    """`families` names whatever keeps two records from being a pair: one of them in common."""

    pk: int
    case: str
    search_name: str
    words: list[str]
    all_words: list[str]
    birth_date: date | None
    sex: str
    birth_city: str
    birth_country: str
    document: str
    document_kind: tuple[str, str]
    twin: int | None = None  # the other record of the same case, written by somebody else
    phones: set[str] = field(default_factory=set)
    address: str = ""
    street: str = ""  # the address in Mexico as it is written
    families: set[str] = field(default_factory=set)


def document_key(number: str) -> str:
    """Letters and digits alone, in one case, as blocking.DOCUMENT. "none" or "-" is no number."""
    if not re.search("[0-9]", number):
        return ""
    return re.sub("[^A-Z0-9]", "", number.upper()).translate(LOOK_ALIKE)


def read_records(travelers: Iterable[int]) -> dict[int, Record]:
    """Those of these travelers who ask for something now, in two queries."""
    ids = list(travelers)
    members = Member.objects.present().filter(
        traveler__in=ids,
        registration__status__in=SIGNED,
        registration__seniority_at__isnull=False,
    )
    found = {
        row.traveler_id: _of_member(row)
        for row in members.select_related("traveler", "registration")
    }
    asking = Beneficiary.objects.filter(request__status__in=ASKS).exclude(status__in=ENDED)
    people = asking.filter(Q(traveler__in=ids) | Q(written__in=ids, traveler=None))
    for row in people.select_related("traveler", "written", "request"):
        found[row.person.pk] = _of_beneficiary(row)
    return found


def _record(traveler: Any, case: str) -> Record:  # countries have codes unknown to the stubs
    name = words_of(f"{traveler.given_names} {traveler.surnames}")
    return Record(
        pk=traveler.pk,
        case=case,
        search_name=traveler.search_name,
        words=name,
        all_words=name + words_of(traveler.other_names),
        birth_date=traveler.birth_date,
        sex=traveler.sex,
        birth_city=traveler.birth_city,
        birth_country=traveler.birth_country.code,
        document=document_key(traveler.document_number),
        document_kind=(traveler.document_type, traveler.document_country.code),
    )


def _of_member(row: Member) -> Record:
    family = row.registration
    record = _record(row.traveler, family.reference)
    record.families = {family.reference}
    record.phones = {family.phone} - {""}
    if family.mexico_address:
        record.street = family.mexico_address
        record.address = tidy(family.mexico_address + family.mexico_city)
    return record


def case_of(row: Beneficiary) -> str:
    """What the officers who work on it know it by: the request, until the person is invited."""
    written = row.status == BeneficiaryStatus.WRITTEN
    return row.request.reference if written else row.reference


def _of_beneficiary(row: Beneficiary) -> Record:
    """A supporter files for a whole family, one request for each; a guardian leads children."""
    record = _record(row.person, case_of(row))
    with_whom = f"with {row.guardian_id or row.pk}"
    record.families = {row.reference, f"by {row.request.owner_id}", with_whom}
    record.phones = {row.phone, row.written_phone} - {""}
    record.twin = row.written_id if row.traveler_id else None
    return record
