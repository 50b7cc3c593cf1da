"""What is in each export: the rows of who asked, and nothing of anybody else's."""

from datetime import timedelta

import pytest

from cbpone.audit.log import record
from cbpone.audit.models import Event
from cbpone.audit.verbs import Verb
from cbpone.lib import clock as the_clock
from tests.breaking import change
from tests.factories import (
    make_appointment,
    make_auditor,
    make_authorization,
    make_beneficiary,
    make_parole_supervisor,
    make_port,
    make_request,
    make_reviewer,
    make_slot,
)
from tests.factories.office_ports import make_walk_in
from tests.officers.exporting import lines_of
from tests.parole.reviewing import decide

pytestmark = pytest.mark.django_db


def test_appointments_have_a_row_for_each_person(supervisor, officer, port):
    slot = make_slot(port, days_ahead=0, at="13:30")
    family = make_appointment(slot=slot, status="completed", checked_in_by=officer)
    first = family.registration.people()[0].traveler

    rows = lines_of("appointments", supervisor)

    assert len(rows) == 3
    assert (
        rows[0]
        | {
            "Port": "San Ysidro",
            "Day": str(slot.day),
            "Time at the port": "13:30",
            "Time zone": "San Diego time",
            "Number": family.reference,
            "Registration number": family.registration.reference,
            "State": "done",
            "Why no appointment": "",
            "Given names": first.given_names,
            "Surnames": "Lopez",
            "Date of birth": "1990-05-04",
            "Nationality": "VE",
            "Document": "Passport",
            "Document number": first.document_number,
            "Disposition": "Notice to appear, paroled",
        }
        == rows[0]
    )
    assert rows[0]["Checked in"]
    assert rows[0]["Recorded"]


def test_appointments_have_people_who_came_without_one(supervisor, officer, port):
    walk_in = make_walk_in(port, people=1, by=officer)

    [row] = lines_of("appointments", supervisor)

    assert row["Number"] == walk_in.reference
    assert row["State"] == "waits"
    assert row["Why no appointment"] == "Asked for a place, got none"
    assert row["Registration number"] == ""
    assert row["Disposition"] == "none yet"


def test_appointments_are_of_own_ports_and_asked_days_and_states(supervisor, officer, port):
    booked = make_appointment(slot=make_slot(port, days_ahead=1))
    cancelled = make_appointment(slot=make_slot(port, days_ahead=2), status="cancelled")
    make_appointment(slot=make_slot(port, days_ahead=20))
    make_appointment(slot=make_slot(make_port("laredo")))
    walk_in = make_walk_in(port, people=1, by=officer)

    def numbers(**filters):
        return {row["Number"] for row in lines_of("appointments", supervisor, **filters)}

    both = {booked.reference, cancelled.reference}
    assert numbers() == both | {walk_in.reference}
    assert numbers(port="san-ysidro") == both | {walk_in.reference}
    assert numbers(port="laredo") == set()
    assert numbers(status="booked") == {booked.reference}
    assert numbers(status="without") == {walk_in.reference}
    day = str(booked.slot.day)
    assert numbers(first_day=day, last_day=day) == {booked.reference}


def test_appointments_leave_out_who_left_the_family(supervisor, port):
    family = make_appointment(slot=make_slot(port))
    change(family.attendances.first(), left_at=the_clock.now())

    assert len(lines_of("appointments", supervisor)) == 2


def test_requests_have_no_money_and_no_draft(db):
    boss, reviewer = make_parole_supervisor(), make_reviewer()
    case = make_request(
        status="selected", taken_by=reviewer, supporter={"ssn": "212451234", "bank": 98_765}
    )
    make_request()
    make_request(boss, status="pending")

    [row] = lines_of("requests", boss)

    assert row["Receipt number"] == case.reference
    assert row["Process"] == "HT"
    assert row["State"] == "chosen for review"
    assert row["With officer"] == str(reviewer)
    assert row["Surnames of the supporter"] == "Benoit"
    assert row["Surnames of the person"] == "Joseph"
    assert not {"212451234", "98765", "98,765", "64000"} & set(row.values())


def test_requests_by_state_and_day_of_filing(db):
    boss = make_parole_supervisor()
    case = make_request(status="pending")
    make_request(status="received")
    long_ago = the_clock.now() - timedelta(days=40)
    make_request(status="pending", filed_at=long_ago)

    rows = lines_of("requests", boss, status="pending")

    assert [row["Receipt number"] for row in rows] == [case.reference]


def test_authorizations_tell_what_became_of_them(db):
    boss = make_parole_supervisor()
    row = make_authorization()
    make_authorization(status="cancelled", reason="vetting")

    found, ended = lines_of("authorizations", boss)

    assert found["Authorization number"] == row.reference
    assert found["Case number"] == row.beneficiary.reference
    assert (found["State"], found["State of the case"]) == ("valid", "travel authorized")
    assert found["Passport"] == row.beneficiary.traveler.document_number
    assert ended["Why it ended"] == "A check before travel came back with a concern"
    assert [one["State"] for one in lines_of("authorizations", boss, status="valid")] == ["valid"]


def test_authorizations_leave_out_what_the_officer_has_a_part_in(db):
    boss = make_parole_supervisor()
    own = make_request(boss, status="confirmed")
    make_authorization(make_beneficiary(request=own, status="ata_approved"))

    assert lines_of("authorizations", boss) == []


def test_events_are_the_log_word_for_word(auditor, officer, port):
    family = make_appointment(slot=make_slot(port))
    event = record(Verb.VIEWED, on=family, by=officer, before="a", after="b", note="=1+1")

    row = next(row for row in lines_of("events", auditor) if row["Event"] == str(event.pk))

    assert (
        row
        | {
            "When (UTC)": f"{event.at:%Y-%m-%d %H:%M:%S}",
            "Who": str(officer),
            "E-mail address": officer.email,
            "What": "looked at this",
            "Code": "viewed",
            "Case": family.case,
            "Kind of row": "scheduling.appointment",
            "Row": str(family.pk),
            "From": "a",
            "To": "b",
            "Note": "'=1+1",
        }
        == row
    )


def test_events_by_what_happened(auditor, officer, port):
    family = make_appointment(slot=make_slot(port))
    for verb in (Verb.VIEWED, Verb.PRINTED):
        record(verb, on=family, by=officer)

    assert {row["Code"] for row in lines_of("events", auditor, verb="printed")} == {"printed"}
    assert "export_asked" in {row["Code"] for row in lines_of("events", auditor)}


def counted(user) -> dict[tuple[str, str], str]:
    return {
        (row["Port or process"], row["What is counted"]): row["Number"]
        for row in lines_of("numbers", user)
    }


def test_numbers_count_people_and_hide_few(officer, port):
    slot = make_slot(port, days_ahead=0, capacity=40)
    for _ in range(2):
        make_appointment(slot=slot, status="completed", checked_in_by=officer)
    make_appointment(slot=slot, status="no_show")
    make_appointment(slot=slot, status="cancelled")
    make_walk_in(port, people=1, by=officer, status="completed")

    assert counted(make_auditor()) == {
        ("San Ysidro", "with an appointment"): "9",
        ("San Ysidro", "came to their appointment"): "6",
        ("San Ysidro", "did not come"): "3",
        ("San Ysidro", "came without an appointment"): "1",
        ("San Ysidro", "with an appointment: Notice to appear, paroled"): "6",
        ("San Ysidro", "without an appointment: Notice to appear, paroled"): "fewer than 5",
    }


def test_numbers_of_parole_are_by_process(db):
    make_request(status="received", country="CU")
    reviewer = make_reviewer()
    decide(make_request(status="selected", taken_by=reviewer), "more_info", reviewer)
    make_authorization()

    found = counted(make_auditor())

    assert found["CU", "requests filed"] == "1"
    assert found["HT", "travel authorized"] == "1"
    assert found["HT", "decisions: Ask for more information"] == "fewer than 5"


def test_numbers_hold_no_person(officer, port):
    family = make_appointment(slot=make_slot(port))
    text = str(lines_of("numbers", make_auditor()))

    traveler = family.registration.people()[0].traveler
    assert not any(word in text for word in (traveler.surnames, family.reference, "R-"))


def test_export_is_on_record_as_one(supervisor, port):
    """Making a file of people puts the export on record, not each person."""
    make_appointment(slot=make_slot(port))

    lines_of("appointments", supervisor)

    verbs = set(Event.objects.values_list("verb", flat=True))
    assert verbs == {"export_asked", "export_made", "export_fetched"}
