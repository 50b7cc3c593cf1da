from datetime import date, timedelta
from hashlib import sha256

import pytest

from cbpone.lib import clock
from parole.models import (
    I94,
    Attestation,
    Authorization,
    Beneficiary,
    Carried,
    Correction,
    CoSupporter,
    DrawSeed,
    ParolePage,
    Selection,
)
from tests.breaking import change, check_refuses
from tests.factories import (
    make_arrival,
    make_authorization,
    make_beneficiary,
    make_cap,
    make_officer,
    make_process,
    make_request,
    make_selection,
    make_traveler,
    make_user,
)
from tests.factories.parole import this_month
from tests.parole.rows import (
    cap_change,
    decision,
    flag,
    guideline,
    judged,
    known_good,
    made,
    paper,
    passport,
    travel_letter,
)

pytestmark = pytest.mark.django_db
NOW = clock.now()
DAY = date(2023, 5, 17)


def twice(make):
    for _ in range(2):
        make()


def filed(**values):
    return change(make_request(status="pending"), **values)


def draft(**values):
    return change(make_request(), **values)


def same_pair():
    first = make_request(status="pending")
    make_request(status="selected", pair_key=first.pair_key)


def reviewed(status="selected", **values):
    return change(make_request(status=status), **values)


def supporter(**values):
    return change(make_request().supporter, **values)


def page(**values):
    return ParolePage.objects.create(**{"key": "you"} | values)


def page_twice():
    request = make_request()
    twice(lambda: page(request=request))


def person(before="invited", claimed=True, **values):
    return change(make_beneficiary(status=before, claimed=claimed, photo=False), **values)


def lost_person():
    request = make_request()
    Beneficiary.objects.create(
        reference="B-2222-2222", request=request, written=make_traveler(), status="lost"
    )


def lost_authorization():
    row = make_beneficiary(status="ata_approved", photo=False)
    Authorization.objects.create(
        reference="T-2222-2222",
        beneficiary=row,
        process=make_process(),
        month=this_month(),
        status="lost",
        approved_at=NOW,
        approved_by=make_officer(),
        valid_until=DAY,
    )


def correction(**values):
    row = values.pop("of", None) or make_beneficiary(claimed=True)
    return Correction.objects.create(**{"beneficiary": row, "field": "surnames"} | values)


def correction_twice():
    row = make_beneficiary(claimed=True)
    twice(lambda: correction(of=row))


def attestation(**values):
    return Attestation.objects.create(beneficiary=make_beneficiary(claimed=True), **values)


def flag_twice():
    request = make_request()
    twice(lambda: flag(request=request))


def two_proposed():
    request = make_request(status="selected")
    twice(lambda: decision(request=request))


def refusal_alone():
    officer = make_officer()
    made(outcome="not_confirm", reason="false", proposed_by=officer, closed_by=officer)


def paper_twice():
    request = make_request()
    twice(lambda: paper(request=request, source_sha256="a" * 64))


def two_live():
    row = make_authorization().beneficiary
    make_authorization(row)


def authorization(status="valid", **values):
    return change(make_authorization(status=status), **values)


def seed(**values):
    secret = b"s" * 32
    values = {"day": DAY, "seed": secret, "commitment": sha256(secret).hexdigest()} | values
    return DrawSeed.objects.create(**values)


def selection(**values):
    numbers = {"wanted": 4, "pool_size": 4, "in_order": 2, "drawn": 2}
    hashes = {"pool_sha256": "0" * 64, "result_sha256": "0" * 64}
    return Selection.objects.create(
        day=DAY, month=DAY.replace(day=1), seed=seed(), **numbers | hashes | values
    )


def agreed_alone():
    row = cap_change()
    change(row, status="agreed", closed_by=row.proposed_by, closed_at=NOW)


def record(**values):
    arrival = make_arrival()
    values = {
        "number": "123456789A1",
        "admitted_on": DAY,
        "admitted_until": date(2025, 5, 17),
    } | values
    return I94.objects.create(arrival=arrival, **values)


def month_of_ht(**values):
    return make_cap(make_process("HT"), **values)


BREAKS = [
    # Requests
    (
        "request_status_known|request_filed_is_whole",
        lambda: make_request(status="lost"),
    ),
    ("request_one_open_a_pair", same_pair),
    ("request_filed_is_whole", lambda: draft(filed_at=NOW)),
    ("request_filed_is_whole", lambda: draft(filing_number=77)),
    ("request_filed_is_whole", lambda: make_request(status="received", process=None)),
    ("request_filed_is_whole", lambda: make_request(status="received", signed_name="")),
    ("request_filed_is_whole", lambda: make_request(status="received", pair_key="")),
    (
        "request_principal_has_relation",
        lambda: draft(principal=make_request()),
    ),
    ("request_principal_has_relation", lambda: draft(principal_relation="child")),
    (
        "request_principal_is_another",
        lambda: (lambda row: change(row, principal=row, principal_relation="child"))(
            make_request()
        ),
    ),
    ("request_picked_is_whole", lambda: reviewed(picked="")),
    ("request_picked_is_whole", lambda: filed(picked="draw")),
    ("request_picked_is_whole", lambda: reviewed(picked_rank=None)),
    ("request_reviewed_was_picked", lambda: filed(status="selected")),
    ("request_taken_has_who_and_when", lambda: reviewed(taken_at=NOW)),
    ("request_taken_has_who_and_when", lambda: reviewed(taken_by=make_officer())),
    (
        "request_nobody_reviews_their_own",
        lambda: (lambda row: change(row, taken_by=row.owner, taken_at=NOW))(
            make_request(status="selected")
        ),
    ),
    ("request_decided_has_who_and_when", lambda: reviewed("confirmed", decided_at=None)),
    (
        "request_decided_has_who_and_when",
        lambda: reviewed(decided_at=NOW, decided_by=make_officer()),
    ),
    (
        "request_decision_is_signed",
        lambda: reviewed("confirmed", decided_by=None, decided_at=None),
    ),
    ("request_withdrawn_has_time", lambda: draft(withdrawn_at=NOW)),
    ("request_withdrawn_has_time", lambda: make_request(status="withdrawn", withdrawn_at=None)),
    ("request_choices_known", lambda: draft(filer_type="robot")),
    ("request_choices_known", lambda: draft(lives="nowhere")),
    ("request_choices_known", lambda: draft(has_preparer="?")),
    # Supporters
    ("supporter_choices_known", lambda: supporter(sex="?")),
    ("supporter_choices_known", lambda: supporter(status="king")),
    ("supporter_choices_known", lambda: supporter(mailing_same="?")),
    ("supporter_choices_known", lambda: supporter(employment="?")),
    ("supporter_ssn_is_whole", lambda: supporter(ssn_last="")),
    ("supporter_ssn_is_whole", lambda: supporter(ssn_digest="")),
    ("supporter_born_in_living_memory", lambda: supporter(birth_date=date(1899, 12, 31))),
    ("supporter_money_possible", lambda: supporter(annual_income=1_000_000_001)),
    ("supporter_household_possible", lambda: supporter(household_size=0)),
    ("supporter_household_possible", lambda: supporter(household_size=41)),
    (
        "co_supporter_status_known",
        lambda: CoSupporter.objects.create(request=make_request(), status="king"),
    ),
    (
        "carried_form_known",
        lambda: Carried.objects.create(request=make_request(), name="Ana", form="I-1"),
    ),
    ("carried_has_name", lambda: Carried.objects.create(request=make_request())),
    # Pages and papers
    ("parole_page_once", page_twice),
    ("parole_page_of_one_side", lambda: page()),
    (
        "parole_page_of_one_side",
        lambda: page(request=make_request(), beneficiary=make_beneficiary()),
    ),
    ("parole_page_typed_has_time", lambda: page(request=make_request(), typed={"a": ["b"]})),
    ("parole_page_typed_has_time", lambda: page(request=make_request(), typed_at=NOW)),
    (
        "paper_of_one_side|paper_kind_of_its_side",
        lambda: paper(request=make_request(), beneficiary=make_beneficiary(claimed=True)),
    ),
    ("paper_kind_of_its_side", lambda: paper(kind="passport")),
    ("paper_kind_of_its_side", lambda: change(passport(), kind="tax_return")),
    ("paper_format_known", lambda: paper(format="HTML")),
    ("paper_pages_possible", lambda: paper(pages=0)),
    ("paper_pages_possible", lambda: paper(pages=61)),
    ("paper_same_file_once", paper_twice),
    # Beneficiaries
    (
        "beneficiary_status_known|beneficiary_invited_has_time|beneficiary_on_the_way_was_claimed",
        lost_person,
    ),
    ("beneficiary_claimed_is_whole", lambda: person(claimed=False, claimed_at=NOW)),
    ("beneficiary_claimed_is_whole", lambda: person(claimed_at=None)),
    (
        "beneficiary_on_the_way_was_claimed",
        lambda: person(claimed=False, status="details_confirmed"),
    ),
    ("beneficiary_invited_has_time", lambda: person(invited_at=None)),
    (
        "beneficiary_waits_attested_and_submitted",
        lambda: person("ata_pending", attested_at=None),
    ),
    (
        "beneficiary_waits_attested_and_submitted",
        lambda: person("ata_approved", submitted_at=None),
    ),
    ("beneficiary_queued_has_who_and_when", lambda: person("ata_pending", queued_at=NOW)),
    (
        "beneficiary_queued_has_who_and_when",
        lambda: person("invited", queued_at=NOW, queued_by=make_officer()),
    ),
    ("beneficiary_taken_has_who_and_when", lambda: person("ata_pending", taken_at=NOW)),
    (
        "beneficiary_nobody_decides_their_own",
        lambda: (lambda row: change(row, taken_by=row.user, taken_at=NOW))(
            make_beneficiary(status="ata_pending", photo=False)
        ),
    ),
    ("beneficiary_closed_has_time", lambda: person("closed", closed_at=None)),
    ("beneficiary_closed_has_time", lambda: person(closed_at=NOW)),
    ("beneficiary_guardian_has_relation", lambda: person(guardian=make_beneficiary())),
    ("beneficiary_guardian_has_relation", lambda: person(guardian_relation="parent")),
    (
        "beneficiary_guardian_is_another",
        lambda: (lambda row: change(row, guardian=row, guardian_relation="parent"))(
            make_beneficiary()
        ),
    ),
    ("beneficiary_denial_reason_known", lambda: person(denial_reason="mood")),
    ("beneficiary_relation_known", lambda: person(relation="boss")),
    ("beneficiary_stay_possible", lambda: person(stay_months=25)),
    ("beneficiary_stay_possible", lambda: person(stay_months=0)),
    ("attestation_answers_known", lambda: attestation(outside_us="?")),
    ("attestation_answers_known", lambda: attestation(polio="?")),
    ("correction_once_a_field", correction_twice),
    (
        "correction_verdict_known|correction_judged_has_who_and_when",
        lambda: correction(verdict="?"),
    ),
    ("correction_judged_has_who_and_when", lambda: correction(verdict="accepted")),
    ("correction_judged_has_who_and_when", lambda: correction(judged_at=NOW)),
    # Reviews
    ("flag_once", flag_twice),
    ("flag_signal_known", lambda: flag(signal="hunch")),
    (
        "flag_verdict_known|flag_judged_has_who_when_and_why",
        lambda: flag(**judged(verdict="guilty")),
    ),
    ("flag_judged_has_who_when_and_why", lambda: flag(verdict="fraud")),
    ("flag_judged_has_who_when_and_why", lambda: flag(**judged(note=""))),
    ("flag_judged_has_who_when_and_why", lambda: flag(**judged(), cleared_at=NOW)),
    (
        "decision_status_known|decision_closed_has_who_and_when",
        lambda: decision(status="lost"),
    ),
    ("decision_outcome_known", lambda: decision(outcome="maybe")),
    ("decision_reason_known", lambda: decision(reason="mood")),
    ("decision_has_letter", lambda: decision(letter="")),
    ("decision_refusal_by_two_people", refusal_alone),
    ("decision_closed_has_who_and_when", lambda: decision(closed_at=NOW)),
    ("decision_closed_has_who_and_when", lambda: decision(status="declined")),
    ("decision_answer_has_time", lambda: decision(answer="Here it is.")),
    ("decision_answer_has_time", lambda: decision(answered_at=NOW)),
    ("decision_one_proposed", two_proposed),
    # Lists
    ("guideline_once_a_year", lambda: twice(guideline)),
    ("guideline_states_known", lambda: guideline(states="PR")),
    ("guideline_possible", lambda: guideline(year=1999)),
    ("guideline_possible", lambda: guideline(first_person=0)),
    ("known_good_once", lambda: twice(known_good)),
    ("known_good_kind_known", lambda: known_good(kind="face")),
    # Processes, months and draws
    (
        "process_closes_after_it_opens",
        lambda: change(make_process(), closed_on=date(2023, 1, 6)),
    ),
    ("process_letter_is_one", lambda: change(make_process(), letter="h")),
    ("cap_once_a_month", lambda: twice(make_cap)),
    ("cap_once_a_month", lambda: twice(month_of_ht)),
    ("cap_never_passed", lambda: make_cap(cap=3, used=4)),
    ("cap_never_passed", lambda: change(make_cap(cap=3, used=2), cap=1)),
    ("quota_never_passed", lambda: make_cap(quota=3, selected=4)),
    ("cap_month_is_its_first_day", lambda: make_cap(month=date(2023, 5, 2))),
    ("quota_of_all_is_set", lambda: make_cap(quota=None)),
    (
        "cap_change_status_known|cap_change_closed_has_who_and_when",
        lambda: cap_change(status="lost"),
    ),
    ("cap_change_by_two_people", agreed_alone),
    ("cap_change_closed_has_who_and_when", lambda: cap_change(closed_at=NOW)),
    ("cap_change_has_reason", lambda: cap_change(reason="")),
    ("cap_change_month_is_its_first_day", lambda: cap_change(month=DAY)),
    ("cap_change_one_proposed", lambda: twice(cap_change)),
    ("seed_is_the_one_committed_to", lambda: seed(commitment="0" * 64)),
    ("selection_within_the_day", lambda: selection(wanted=3)),
    ("selection_within_the_pool", lambda: selection(pool_size=3)),
    # Travel
    ("authorization_one_live", two_live),
    ("authorization_status_known|authorization_ended_has_time", lost_authorization),
    (
        "authorization_month_is_its_first_day",
        lambda: make_authorization(month=this_month() + timedelta(days=1)),
    ),
    ("authorization_reason_known", lambda: authorization(reason="mood")),
    ("authorization_ended_has_time", lambda: authorization(ended_at=NOW)),
    ("authorization_ended_has_time", lambda: authorization("used", ended_at=None)),
    ("authorization_used_is_not_given_back", lambda: authorization("used", given_back=True)),
    (
        "arrival_decided_has_who_and_when",
        lambda: change(make_arrival(), decided_at=NOW),
    ),
    ("arrival_decided_has_who_and_when", lambda: change(make_arrival(), denial="ercf")),
    (
        "arrival_denial_known",
        lambda: change(make_arrival(), denial="lost", decided_at=NOW, decided_by=make_officer()),
    ),
    ("i94_number_is_one", lambda: record(number="12345678901")),
    ("i94_at_most_two_years", lambda: record(admitted_until=date(2025, 5, 18))),
    ("i94_at_most_two_years", lambda: record(admitted_until=DAY)),
    ("travelletter_about_known", lambda: travel_letter(about="approved")),
    ("travelletter_says_something", lambda: travel_letter(letter="")),
]


@pytest.mark.parametrize(("constraint", "attempt"), BREAKS)
def test_constraint_holds(constraint, attempt):
    check_refuses(constraint, attempt)


def test_constraints_let_a_refused_pair_file_again():
    first = make_request(status="not_confirmed")

    assert make_request(status="pending", pair_key=first.pair_key).is_open


def test_constraints_let_one_person_have_several_requests_from_others():
    make_request(status="pending")

    assert make_request(status="pending").is_open


def test_selection_of_a_day_is_one():
    assert make_selection() == make_selection()


def test_account_that_was_invited_and_never_came_is_kept(clock):
    from cbpone.accounts.entry import purge_unused_accounts
    from cbpone.notifications.outbox import notify

    row = make_beneficiary()
    invited = make_user(last_login=None)
    notify(user=invited, template="invitation", about=row)

    assert purge_unused_accounts(older_than=clock.at + timedelta(days=1)) == 0
