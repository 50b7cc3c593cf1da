"""A filed request as the signals look at it, and what a signal says."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import F, Q, QuerySet

from cbpone.travelers.identity import tidy
from parole.choices import KnownKind, Lives, Signal
from parole.models import Beneficiary, KnownGood, Supporter, SupportRequest

RECEIPTS_SHOWN = 10
ROWS_READ = 2_000  # of one cluster; from there on "2,000" says enough
KEY_LENGTH = 64


class Lead(NamedTuple):
    """Evidence: numbers seen and receipt numbers, never a Social Security number."""

    signal: Signal
    key: str
    evidence: dict[str, Any]


@dataclass(frozen=True)
class Case:
    request: SupportRequest
    supporter: Supporter
    beneficiary: Beneficiary

    @cached_property
    def person(self) -> tuple[str, date | None]:
        return person_of(self.supporter)

    @property
    def home_key(self) -> str:
        """The building where the beneficiary is to live."""
        elsewhere = self.request.lives == Lives.ELSEWHERE
        return self.request.housing_key if elsewhere else self.supporter.address_key

    @property
    def address_keys(self) -> list[str]:
        keys = (self.supporter.address_key, self.request.housing_key)
        return list(dict.fromkeys(key for key in keys if key))

    @cached_property
    def beneficiary_email(self) -> str:
        return self.beneficiary.written_email.strip().lower()

    @cached_property
    def supporter_emails(self) -> set[str]:
        owner = self.request.owner
        return {email.strip().lower() for email in (self.supporter.email, owner.email) if email}

    @cached_property
    def _known_good(self) -> set[tuple[str, str]]:
        values = {
            KnownKind.ADDRESS: self.address_keys,
            KnownKind.PHONE: [self.supporter.phone, self.beneficiary.written_phone],
            KnownKind.EMAIL: [self.beneficiary_email, *self.supporter_emails],
            KnownKind.IP: [str(self.request.filed_ip or "")],
        }
        asked = Q()
        for kind, some in values.items():
            asked |= Q(kind=kind, value__in=[value for value in some if value])
        return set(KnownGood.objects.filter(asked).values_list("kind", "value"))

    def is_known_good(self, kind: KnownKind, value: str) -> bool:
        return (str(kind), value) in self._known_good


def person_of(supporter: Supporter) -> tuple[str, date | None]:
    """Who a supporter is, as written: name and birth date, whatever the spelling."""
    return tidy(supporter.given_names + supporter.surnames), supporter.birth_date


def surname_of(beneficiary: Beneficiary) -> str:
    written = beneficiary.written
    return tidy(written.surnames or written.given_names)


def some(rows: QuerySet) -> QuerySet:
    """The earliest of a cluster. Sorted by an expression, or PostgreSQL may walk the whole
    primary key in the hope of finding members soon."""
    return rows.order_by(F("id") + 0)[:ROWS_READ]


def receipts(requests: Iterable[SupportRequest], case: Case) -> list[str]:
    """Receipt numbers of the earliest other requests."""
    others = {row.pk: row.reference for row in requests if row.pk != case.request.pk}
    return [others[pk] for pk in sorted(others)][:RECEIPTS_SHOWN]
