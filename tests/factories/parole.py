"""Requests, beneficiaries and authorizations in any status, written past the rules."""

import hashlib
from datetime import date, timedelta
from itertools import count

from django.conf import settings

from cbpone.accounts.models import User
from cbpone.accounts.roles import (
    AIRPORT_OFFICER,
    PAROLE_REVIEWER,
    PAROLE_SUPERVISOR,
    TRAVEL_OFFICER,
)
from cbpone.lib import clock
from cbpone.lib.references import new_reference
from cbpone.lib.vault import digest, seal
from cbpone.travelers.models import Traveler
from parole.models import (
    I94,
    Airport,
    Arrival,
    Attestation,
    Authorization,
    Beneficiary,
    DrawSeed,
    MonthlyCap,
    ParolePage,
    Process,
    Selection,
    Supporter,
    SupportRequest,
)
from parole.statuses import BENEFICIARY_MOVES, IN_REVIEW
from tests.factories.families import make_photo
from tests.factories.people import make_officer, make_user

_numbers = count(1)


def make_reviewer(**values) -> User:
    return make_officer(role=PAROLE_REVIEWER, **values)


def make_travel_officer(**values) -> User:
    return make_officer(role=TRAVEL_OFFICER, **values)


def make_airport_officer(**values) -> User:
    return make_officer(role=AIRPORT_OFFICER, **values)


def make_parole_supervisor(**values) -> User:
    return make_officer(role=PAROLE_SUPERVISOR, **values)


def make_process(country="HT") -> Process:
    """One of the four that migrations bring."""
    return Process.objects.get(country=country)


def this_month() -> date:
    return clock.today_in(settings.PAROLE_ZONE).replace(day=1)


def make_cap(process=None, *, cap=30_000, used=0, month=None, **values) -> MonthlyCap:
    """The cap of this month; `process` None is the one of all nationalities together."""
    values = {"quota": 30_000 if process is None else None} | values
    return MonthlyCap.objects.create(
        month=month or this_month(), process=process, cap=cap, used=used, **values
    )


def make_selection(day=None, **values) -> Selection:
    day = day or clock.today_in(settings.PAROLE_ZONE)
    found = Selection.objects.filter(day=day).first()
    if found:
        return found
    secret = hashlib.sha256(str(day).encode()).digest()
    seed = DrawSeed.objects.create(
        day=day, seed=secret, commitment=hashlib.sha256(secret).hexdigest()
    )
    none = {"wanted": 0, "pool_size": 0, "in_order": 0, "drawn": 0}
    hashes = {"pool_sha256": "0" * 64, "result_sha256": "0" * 64}
    return Selection.objects.create(
        day=day, month=day.replace(day=1), seed=seed, **none | hashes | values
    )


def make_written(country="HT", **values) -> Traveler:
    """The beneficiary as a supporter writes one."""
    number = next(_numbers)
    return Traveler.objects.create(
        **{
            "given_names": f"Marie {number}",
            "surnames": "Joseph",
            "birth_date": date(1994, 3, 21),
            "sex": "female",
            "birth_city": "Jacmel",
            "birth_country": country,
            "nationality": country,
            "document_type": "passport",
            "document_number": f"PP{number:07}",
            "document_country": country,
            "marital_status": "single",
            "document_expires_on": clock.now().date() + timedelta(days=900),
        }
        | values
    )


def make_supporter(request: SupportRequest, *, ssn="", **values) -> Supporter:
    number = next(_numbers)
    ssn = ssn or f"2{number % 100:02}45{1000 + number % 8999}"
    return Supporter.objects.create(
        **{
            "request": request,
            "given_names": f"Paul {number}",
            "surnames": "Benoit",
            "birth_date": date(1980, 7, 2),
            "sex": "male",
            "birth_country": "HT",
            "citizenship": "US",
            "status": "citizen",
            "ssn_sealed": seal(ssn),
            "ssn_digest": digest(ssn),
            "ssn_last": ssn[-4:],
            "street": f"{number} NE 2nd Avenue",
            "city": "Miami",
            "state": "FL",
            "zip": "33137",
            "mailing_same": "yes",
            "phone": f"+1305555{number % 10000:04}",
            "email": request.owner.email,
            "employment": "employed",
            "employer": "Mercy Hospital",
            "occupation": "nurse",
            "annual_income": 64_000,
            "household_size": 3,
            "household_income": 71_000,
            "dependants": 1,
            "tax_year": clock.now().year - 1,
            "tax_income": 63_500,
        }
        | values
    )


def make_request(
    owner=None, *, status="draft", complete=True, country="HT", taken_by=None, **values
) -> SupportRequest:
    """A supporter's request in any status, with its supporter and beneficiary.

    Not `complete`: just begun, without answers. `supporter` and `beneficiary` may be dictionaries
    of values for those rows, `person` one for the traveler the supporter wrote about.
    """
    owner = owner or make_user()
    about = {name: values.pop(name, {}) for name in ("supporter", "beneficiary", "person")}
    filed = status not in ("draft",) and values.get("filed_at", ...) is not None
    facts = _facts(status, country, filed, taken_by) if complete else {}
    written = make_written(country, **about["person"]) if complete else Traveler.objects.create()
    request = SupportRequest.objects.create(
        **{"reference": new_reference("S"), "owner": owner, "status": status} | facts | values
    )
    if complete:
        make_supporter(request, **about["supporter"])
        answers = {
            "relation": "sibling",
            "written_street": "Rue Capois 12, Port-au-Prince",
            "written_country": country,
            "written_email": f"beneficiary{next(_numbers)}@example.org",
            "stay_months": 24,
        }
    else:
        Supporter.objects.create(request=request)
        answers = {}
    Beneficiary.objects.create(
        reference=new_reference("B"),
        request=request,
        written=written,
        **answers | about["beneficiary"],
    )
    return request


def _facts(status, country, filed, taken_by) -> dict:
    now = clock.now()
    facts = {
        "process": make_process(country),
        "filer_type": "alone",
        "has_preparer": "no",
        "lives": "with_me",
        "bedrooms": 3,
        "occupants": 3,
        "plan_reception": f"I meet my sister at the airport and take her home. {next(_numbers)}",
        "plan_housing": "She has her own room in our house for as long as she needs it.",
        "plan_work": "I help her with the papers for work and with English classes.",
        "plan_school": "The adult school is three streets away.",
        "plan_health": "Our clinic takes new patients.",
    }
    if filed:
        number = next(_numbers)
        facts |= {
            "filing_number": number,
            "filed_at": now,
            "signed_name": "Paul Benoit",
            "pair_key": f"{number:064x}",
        }
    if status in (*IN_REVIEW, "confirmed", "not_confirmed"):
        facts |= {"selection": make_selection(), "picked": "order", "picked_rank": 1}
    if taken_by:
        facts |= {"taken_by": taken_by, "taken_at": now}
    if status in ("confirmed", "not_confirmed"):
        facts |= {"decided_by": taken_by or make_reviewer(), "decided_at": now}
    if status == "withdrawn":
        facts |= {"withdrawn_at": now}
    return facts


def make_beneficiary(
    user=None, *, status="invited", request=None, country="HT", claimed=None, photo=True, **values
) -> Beneficiary:
    """The person of a confirmed request, in any status. Invited ones are claimed when asked so."""
    request = request or make_request(
        status="pending" if status == "written" else "confirmed", country=country
    )
    row = request.beneficiary
    now = clock.now()
    if claimed is None:
        claimed = status not in ("written", "invited", "closed") or user is not None
    facts: dict = {"status": status}
    if status != "written":
        facts["invited_at"] = now
    if claimed:
        facts |= {
            "user": user or make_user(),
            "claimed_at": now,
            "traveler": make_written(
                country,
                given_names=row.written.given_names,
                document_number=row.written.document_number,
            ),
            "street": "Rue Capois 12, Port-au-Prince",
            "country": country,
            "phone": "+50937001234",
        }
    if status not in ("written", "invited", "details_confirmed", "closed"):
        facts |= {"attested_at": now, "attested_name": "Marie Joseph"}
    if status not in ("written", "invited", "details_confirmed", "attested", "photo_submitted",
                      "closed"):  # fmt: skip
        facts |= {"submitted_at": now}
    if status == "closed":
        facts |= {"closed_at": now}
    for name, value in (facts | values).items():
        setattr(row, name, value)
    _put(row)
    if claimed and status not in ("invited",):
        _answer(row)
        if photo:
            make_photo(row.traveler)
    return row


def _put(row: Beneficiary) -> None:
    """The row in its status, along the table of moves, which the database guards."""
    now = clock.now()
    for step in _way("written", row.status, BENEFICIARY_MOVES):
        row.status = step
        row.closed_at = now if step == "closed" else None
        row.save()


def _way(start: str, end: str, moves) -> list[str]:
    """The shortest way from one status to another, the start among it."""
    ways = [[start]]
    while ways:
        way = ways.pop(0)
        if way[-1] == end:
            return way
        ways += [[*way, step] for step in sorted(moves[way[-1]]) if step not in way]
    raise ValueError(end)


def _answer(row: Beneficiary) -> None:
    Attestation.objects.create(
        beneficiary=row,
        outside_us="yes",
        passport_valid="yes",
        other_country="no",
        removal_order="no",
        irregular_entry="no",
        interdicted="no",
        flies_on_own="yes",
        measles="done",
        polio="done",
        covid="done",
        tb_agreed=True,
    )
    ParolePage.objects.bulk_create(
        ParolePage(beneficiary=row, key=key, saved_at=clock.now())
        for key in ("details", "passport", "where", "eligibility", "vaccination", "family")
    )


def make_authorization(
    beneficiary=None, *, status="valid", month=None, valid_until=None, **values
) -> Authorization:
    """An authorization and the beneficiary it belongs to; caps are not touched."""
    own = {
        "valid": "ata_approved",
        "used": "travelled",
        "expired": "ata_expired",
        "cancelled": "ata_cancelled",
    }[status]
    beneficiary = beneficiary or make_beneficiary(status=own)
    now = clock.now()
    today = clock.today_in(settings.PAROLE_ZONE)
    return Authorization.objects.create(
        **{
            "reference": new_reference("T"),
            "beneficiary": beneficiary,
            "process": beneficiary.request.process,
            "month": month or this_month(),
            "status": status,
            "approved_at": now,
            "approved_by": make_travel_officer(),
            "valid_until": valid_until or today + timedelta(days=90),
            "ended_at": None if status == "valid" else now,
        }
        | values
    )


def make_arrival(authorization=None, *, decided=False, **values) -> Arrival:
    """Stood at Miami; not decided unless said so, then paroled with an I-94."""
    authorization = authorization or make_authorization(
        make_beneficiary(status="paroled" if decided else "travelled"), status="used"
    )
    now, officer = clock.now(), make_airport_officer()
    done = {"decided_at": now, "decided_by": officer} if decided else {}
    arrival = Arrival.objects.create(
        **{
            "authorization": authorization,
            "airport": Airport.objects.get(code="MIA"),
            "arrived_at": now,
            "checked_by": officer,
        }
        | done
        | values
    )
    if decided:
        day = clock.today_in("America/New_York")
        I94.objects.create(
            number=f"{next(_numbers):09}A1",
            arrival=arrival,
            admitted_on=day,
            admitted_until=day + timedelta(days=730),
        )
    return arrival
