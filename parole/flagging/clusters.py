"""One address, phone, mailbox or connection for many: quiet when officers know what it is."""

import hashlib
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.functions import Lower

from parole.choices import KnownKind, Signal
from parole.flagging.case import (
    KEY_LENGTH,
    Case,
    Lead,
    person_of,
    receipts,
    some,
    surname_of,
)
from parole.models import Beneficiary, Supporter, SupportRequest


def at_address(key: str) -> tuple[QuerySet, QuerySet]:
    """Filed with this address as the supporter's own, and as that of the housing."""
    own = Supporter.objects.filter(address_key=key, request__filed_at__isnull=False)
    return own, SupportRequest.objects.filed().filter(housing_key=key)


def with_phone(phone: str) -> tuple[QuerySet, QuerySet]:
    """Filed with this phone as the supporter's, and as the beneficiary's."""
    filed = {"request__filed_at__isnull": False}
    return (
        Supporter.objects.filter(phone=phone, **filed),
        Beneficiary.objects.filter(written_phone=phone, **filed),
    )


def with_email(email: str) -> QuerySet:
    """Filed with this as the beneficiary's mailbox, whatever the case of its letters."""
    rows = Beneficiary.objects.alias(mailbox=Lower("written_email"))
    return rows.filter(mailbox=email, request__filed_at__isnull=False)


def from_connection(ip: str) -> QuerySet:
    return SupportRequest.objects.filed().filter(filed_ip=ip)


def email_key(email: str) -> str:
    long = len(email) > KEY_LENGTH
    return hashlib.sha256(email.encode()).hexdigest() if long else email


def address_cluster(case: Case) -> Iterator[Lead]:
    """Many different supporters live in, or offer housing in, one building.

    In the review of 2024, 100 addresses stood on more than 19,000 forms; about 600 on one
    warehouse.
    """
    for key in case.address_keys:
        if case.is_known_good(KnownKind.ADDRESS, key):
            continue
        own, housing = at_address(key)
        supporters = list(some(own.select_related("request")))
        supporters += [row.supporter for row in some(housing.select_related("supporter"))]
        people = {person_of(row) for row in supporters}
        if len(people) >= settings.FLAG_ADDRESS_SUPPORTERS:
            requests = _requests(supporters)
            yield Lead(
                Signal.ADDRESS_CLUSTER,
                key,
                {
                    "supporters": len(people),
                    "requests": len(requests),
                    "receipts": receipts(requests, case),
                },
            )


def phone_cluster(case: Case) -> Iterator[Lead]:
    """One phone of many supporters, or of beneficiaries of many surnames.

    In the review of 2024, one phone of 200 supporters stood on more than 2,000 forms, and one
    beneficiary's phone on 626 forms with 238 surnames.
    """
    phones = dict.fromkeys([case.supporter.phone, case.beneficiary.written_phone])
    for phone in phones:
        if not phone or case.is_known_good(KnownKind.PHONE, phone):
            continue
        of_supporters, of_beneficiaries = with_phone(phone)
        supporters = list(some(of_supporters.select_related("request")))
        written = list(some(of_beneficiaries.select_related("request", "written")))
        people, surnames = {person_of(s) for s in supporters}, {surname_of(b) for b in written}
        found, members = {}, []
        if len(people) >= settings.FLAG_PHONE_SUPPORTERS:
            found["supporters"] = len(people)
            members += supporters
        if len(surnames) >= settings.FLAG_PHONE_SURNAMES:
            found["surnames"] = len(surnames)
            members += written
        if found:
            requests = _requests(members)
            more = {"requests": len(requests), "receipts": receipts(requests, case)}
            yield Lead(Signal.PHONE_CLUSTER, phone, found | more)


def email_cluster(case: Case) -> Iterator[Lead]:
    """One mailbox for beneficiaries of many surnames, or that of the supporter.

    Invitations go to this mailbox, so whoever reads it holds the case. The review of 2024 gives
    no figure for it.
    """
    email = case.beneficiary_email
    if not email or case.is_known_good(KnownKind.EMAIL, email):
        return
    rows = list(some(with_email(email).select_related("request", "written")))
    surnames = {surname_of(row) for row in rows}
    found: dict = {}
    if len(surnames) >= settings.FLAG_EMAIL_PEOPLE:
        requests = _requests(rows)
        found = {
            "surnames": len(surnames),
            "requests": len(requests),
            "receipts": receipts(requests, case),
        }
    if email in case.supporter_emails:
        found |= {"same_as_supporter": True}
    if found:
        yield Lead(Signal.EMAIL_CLUSTER, email_key(email), found)


def ip_cluster(case: Case) -> Iterator[Lead]:
    """Many requests of different accounts from one connection.

    In the review of 2024 one connection sent 2.2 forms on average, and one in Tijuana 1,328.
    """
    ip = str(case.request.filed_ip or "")
    if not ip or case.is_known_good(KnownKind.IP, ip):
        return
    rows = list(some(from_connection(ip).only("reference", "owner_id")))
    accounts = {row.owner_id for row in rows}
    if len(rows) >= settings.FLAG_IP_REQUESTS and len(accounts) > 1:
        evidence = {
            "requests": len(rows),
            "accounts": len(accounts),
            "receipts": receipts(rows, case),
        }
        yield Lead(Signal.IP_CLUSTER, ip, evidence)


def _requests(rows: Iterable[Supporter | Beneficiary]) -> list[SupportRequest]:
    return list({row.request_id: row.request for row in rows}.values())
