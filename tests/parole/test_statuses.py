"""Every pair of statuses, legal and illegal, tried on the database."""

from itertools import product

import pytest

from cbpone.lib import clock
from parole.statuses import (
    AUTHORIZATION_MOVES,
    BENEFICIARY_MOVES,
    CAP_CHANGE_MOVES,
    DECISION_MOVES,
    REQUEST_MOVES,
    AuthorizationStatus,
    BeneficiaryStatus,
    CapChangeStatus,
    DecisionStatus,
    RequestStatus,
)
from tests.breaking import change, is_refused
from tests.factories import make_authorization, make_beneficiary, make_request, make_selection

pytestmark = pytest.mark.django_db


def pairs(statuses):
    return [(a, b) for a, b in product(statuses.values, repeat=2) if a != b]


def test_tables_name_every_status():
    for table, statuses in (
        (REQUEST_MOVES, RequestStatus),
        (BENEFICIARY_MOVES, BeneficiaryStatus),
        (AUTHORIZATION_MOVES, AuthorizationStatus),
        (DECISION_MOVES, DecisionStatus),
        (CAP_CHANGE_MOVES, CapChangeStatus),
    ):
        assert set(table) == set(statuses.values)
        assert set().union(*table.values()) <= set(statuses.values)


def facts_of_request(row, after: str) -> dict:
    """What the constraints ask of a request in this status, as far as it may be changed."""
    now = clock.now()
    facts: dict = {"withdrawn_at": now if after == "withdrawn" else None}
    if row.filed_at is None and after not in ("draft", "withdrawn"):
        facts |= {"filed_at": now, "filing_number": 9_000_000 + row.pk, "pair_key": f"{row.pk:064}"}
        facts |= {"signed_name": "Paul Benoit"}
    if after in ("selected", "more_info", "fingerprints", "fraud_hold") and not row.selection_id:
        facts |= {"selection": make_selection(), "picked": "draw", "picked_rank": 2}
    if after in ("confirmed", "not_confirmed"):
        if not row.selection_id:
            facts |= {"selection": make_selection(), "picked": "draw", "picked_rank": 2}
        facts |= {"decided_at": now, "decided_by": make_request().owner}
    elif after != "withdrawn":
        facts |= {"decided_at": None, "decided_by": None}
    return facts


@pytest.mark.parametrize(("before", "after"), pairs(RequestStatus))
def test_request_moves_only_along_the_table(before, after):
    row = make_request(status=before)
    facts = facts_of_request(row, after)

    refused = is_refused(lambda: change(row, status=after, **facts))

    row.refresh_from_db()
    assert refused == (after not in REQUEST_MOVES[before])
    assert row.status == (before if refused else after)


def facts_of_beneficiary(row, after: str) -> dict:
    now = clock.now()
    return {
        "closed_at": now if after == "closed" else None,
        "invited_at": row.invited_at or now,
        "attested_at": row.attested_at or now,
        "submitted_at": row.submitted_at or now,
    }


@pytest.mark.parametrize(("before", "after"), pairs(BeneficiaryStatus))
def test_beneficiary_moves_only_along_the_table(before, after):
    row = make_beneficiary(status=before, claimed=True, photo=False)
    facts = facts_of_beneficiary(row, after)

    refused = is_refused(lambda: change(row, status=after, **facts))

    row.refresh_from_db()
    assert refused == (after not in BENEFICIARY_MOVES[before])
    assert row.status == (before if refused else after)


@pytest.mark.parametrize(("before", "after"), pairs(AuthorizationStatus))
def test_authorization_moves_only_along_the_table(before, after):
    row = make_authorization(status=before)
    ended = None if after == "valid" else clock.now()

    refused = is_refused(lambda: change(row, status=after, ended_at=ended))

    row.refresh_from_db()
    assert refused == (after not in AUTHORIZATION_MOVES[before])
    assert row.status == (before if refused else after)
