"""Values that stand are refused a change, whoever asks."""

from datetime import date

import pytest

from cbpone.lib import clock
from tests.audit.tripping import check_trips
from tests.breaking import change
from tests.factories import (
    make_arrival,
    make_authorization,
    make_beneficiary,
    make_cap,
    make_officer,
    make_process,
    make_request,
    make_selection,
    make_user,
    make_written,
)
from tests.parole.rows import cap_change, decision, made, paper

pytestmark = pytest.mark.django_db
NOW, DAY = clock.now(), date(2023, 5, 1)


def filed(**values):
    change(make_request(status="pending"), **values)


def reported(**values):
    change(make_cap(month=DAY, reported_at=NOW), **values)


def person(**values):
    change(make_beneficiary(claimed=True, photo=False), **values)


def authorization(**values):
    change(make_authorization(), **values)


def arrival(**values):
    change(make_arrival(decided=True), **values)


REQUEST = "parole_supportrequest.reference_set_once"
FILED = "parole_supportrequest.filed"
BENEFICIARY = "parole_beneficiary.reference_set_once"
AUTHORIZATION = "parole_authorization.reference_set_once"
ARRIVAL = "parole_arrival.authorization_id_set_once"
CAP = "parole_monthlycap.month_set_once"
REPORTED = "parole_monthlycap.reported"
CHANGE = "parole_capchange.month_set_once"
DECISION = "parole_decision.closed"
PAPER = "parole_paper.file_set_once"
TRIPS = [
    ("parole_supportrequest.status_moves", lambda: filed(status="draft")),
    (REQUEST, lambda: change(make_request(), reference="S-2222-2222")),
    (REQUEST, lambda: change(make_request(), owner=make_user())),
    (REQUEST, lambda: filed(filing_number=9_000_001)),
    (REQUEST, lambda: filed(filed_at=clock.now())),
    (REQUEST, lambda: change(make_request(status="selected"), selection=make_selection(DAY))),
    (FILED, lambda: filed(process=make_process("CU"))),
    (FILED, lambda: filed(principal=make_request(), principal_relation="child")),
    (FILED, lambda: filed(filer_type="organization")),
    (FILED, lambda: filed(organization="Somebody else")),
    (FILED, lambda: filed(lives="elsewhere")),
    (FILED, lambda: filed(housing_street="Other street 1")),
    (FILED, lambda: filed(housing_city="Tampa")),
    (FILED, lambda: filed(housing_state="TX")),
    (FILED, lambda: filed(housing_zip="33602")),
    (FILED, lambda: filed(bedrooms=9)),
    (FILED, lambda: filed(occupants=1)),
    (FILED, lambda: filed(plan_reception="Rewritten.")),
    (FILED, lambda: filed(plan_housing="Rewritten.")),
    (FILED, lambda: filed(plan_work="Rewritten.")),
    (FILED, lambda: filed(plan_school="Rewritten.")),
    (FILED, lambda: filed(plan_health="Rewritten.")),
    (FILED, lambda: filed(signed_name="Somebody else")),
    (FILED, lambda: filed(pair_key="f" * 64)),
    (FILED, lambda: filed(filed_ip="198.51.100.7")),
    ("parole_beneficiary.status_moves", lambda: person(status="ata_approved")),
    (BENEFICIARY, lambda: person(reference="B-2222-2222")),
    (BENEFICIARY, lambda: person(request=make_request(complete=False))),
    (BENEFICIARY, lambda: person(user=make_user())),
    (BENEFICIARY, lambda: person(written=make_written())),
    (BENEFICIARY, lambda: person(traveler=make_written())),
    (
        "parole_authorization.status_moves",
        lambda: change(make_authorization(status="used"), status="valid", ended_at=None),
    ),
    (AUTHORIZATION, lambda: authorization(reference="T-2222-2222")),
    (AUTHORIZATION, lambda: authorization(beneficiary=make_beneficiary())),
    (AUTHORIZATION, lambda: authorization(process=make_process("CU"))),
    (AUTHORIZATION, lambda: authorization(month=DAY)),
    (AUTHORIZATION, lambda: authorization(approved_at=NOW)),
    (AUTHORIZATION, lambda: authorization(approved_by=make_officer())),
    (AUTHORIZATION, lambda: authorization(valid_until=DAY)),
    (ARRIVAL, lambda: arrival(authorization=make_authorization())),
    (ARRIVAL, lambda: arrival(airport_id=2)),
    (ARRIVAL, lambda: arrival(arrived_at=NOW)),
    (ARRIVAL, lambda: arrival(decided_at=NOW)),
    (CAP, lambda: change(make_cap(), month=DAY)),
    (CAP, lambda: change(make_cap(make_process()), process=make_process("CU"))),
    (CAP, lambda: reported(reported_at=None)),
    (REPORTED, lambda: reported(cap=40_000)),
    (REPORTED, lambda: reported(used=1)),
    (REPORTED, lambda: reported(quota=1)),
    (REPORTED, lambda: reported(selected=1)),
    (
        "parole_capchange.status_moves",
        lambda: change(
            cap_change(status="declined", closed_by=make_officer(), closed_at=NOW),
            status="agreed",
        ),
    ),
    (CHANGE, lambda: change(cap_change(), month=DAY)),
    (CHANGE, lambda: change(cap_change(process=make_process()), process=None)),
    (CHANGE, lambda: change(cap_change(), cap=7)),
    (CHANGE, lambda: change(cap_change(quota=9), quota=7)),
    (CHANGE, lambda: change(cap_change(), reason="Another")),
    (CHANGE, lambda: change(cap_change(), proposed_by=make_officer())),
    ("parole_decision.status_moves", lambda: change(made(), status="declined")),
    (DECISION, lambda: change(made(), request=make_request())),
    (DECISION, lambda: change(made(), outcome="fraud_hold")),
    (DECISION, lambda: change(made(), reason="false")),
    (DECISION, lambda: change(made(), letter="Rewritten.")),
    (DECISION, lambda: change(made(), proposed_by=make_officer())),
    (DECISION, lambda: change(made(), closed_by=make_officer())),
    (PAPER, lambda: change(paper(), file="papers/00/other.pdf")),
    (PAPER, lambda: change(paper(), request=make_request())),
    (PAPER, lambda: change(paper(removed_at=NOW), removed_at=None)),
]


@pytest.mark.parametrize(("trigger", "attempt"), TRIPS)
def test_value_that_stands_is_refused_a_change(trigger, attempt):
    check_trips(trigger, attempt)


def test_proposed_decision_may_be_mended():
    row = decision()

    change(row, letter="Mended.")

    row.refresh_from_db()
    assert row.letter == "Mended."
