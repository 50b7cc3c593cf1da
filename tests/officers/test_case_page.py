"""One page that tells a registration's whole story, and the page of an appointment of it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cbpone.audit.conflicts import declare
from cbpone.audit.models import Event
from cbpone.notifications.outbox import notify, send_messages
from scheduling import attendance
from tests.factories import make_appointment, make_photo, make_registration, make_request, make_slot
from tests.factories.office_likenesses import make_likeness, make_person
from tests.factories.office_ports import make_walk_in
from tests.factories.office_urgent import make_urgent


def text(response) -> str:
    return " ".join(response.content.decode().split())


def case_of(row) -> str:
    return f"/officers/registrations/{row.case}/"


def test_case_page_tells_the_story_and_notes_who_looked(client, officer, family):
    client.force_login(officer)

    client.get(case_of(family))
    page = text(client.get(case_of(family)))

    assert f"<b>{officer}</b> looked at this" in page
    assert "Tijuana" in page
    assert Event.objects.filter(verb="viewed", by=officer).count() == 2


def test_case_page_shows_walk_ins_and_urgent_requests(client, officer, family, port):
    walk_in = make_walk_in(port, registration=family.registration, why="danger")
    make_urgent(family.registration, port=port, status="refused")
    client.force_login(officer)

    page = text(client.get(case_of(family)))

    assert f"/officers/walk-ins/{walk_in.reference}/" in page
    assert "In danger, could not wait" in page
    assert "My daughter has a fever since Monday." in page
    assert "It can wait for the usual places" in page


def test_case_page_shows_the_words_as_they_were_sent(client, officer, family, clock):
    owner = family.registration.owner
    notify(user=owner, template="booked", about=family)
    send_messages(now=clock.at)
    notify(user=owner, template="no_show", about=family)
    client.force_login(officer)

    page = text(client.get(case_of(family)))

    assert page.count("<details>") == 1
    assert "The words as they were sent (E-mail)" in page
    assert f"Your number is {family.reference}." in page
    assert "E-mail: waiting to be sent" in page


def test_case_page_leaves_out_what_the_account_was_told_as_a_supporter(client, officer, family):
    owner = family.registration.owner
    request = make_request(owner, status="pending")
    notify(user=owner, template="registered", about=family.registration)
    notify(user=owner, template="request_received", about=request)
    client.force_login(officer)

    page = text(client.get(case_of(family)))

    assert "News about your registration" in page
    assert "News about your request" not in page


def test_case_page_shows_whom_its_people_are_like(client, officer, family):
    mine = family.registration.people().first().traveler
    row = make_likeness(mine, make_person())
    client.force_login(officer)

    page = text(client.get(case_of(family)))

    assert "Likely duplicates" in page
    assert "Compare" in page
    assert str(row.second if row.first == mine else row.first) in page


def test_case_page_says_the_criteria_in_words(client, officer, family):
    client.force_login(officer)

    page = text(client.get(case_of(family)))

    assert "No safe place to live or shelter in Mexico" in page
    assert "no_shelter" not in page


def test_case_page_of_another_port_is_not_found(client, other_officer, family):
    client.force_login(other_officer)

    assert client.get(case_of(family)).status_code == 404


def test_case_page_after_a_walk_in_is_seen_by_its_port(client, officer, port):
    row = make_walk_in(port, registration=make_registration())
    client.force_login(officer)

    assert row.reference in text(client.get(case_of(row)))


@pytest.mark.parametrize("page_of", [case_of, lambda row: f"/officers/appointments/{row}/"])
def test_pages_lead_to_the_declaration_of_a_conflict(client, officer, family, page_of):
    client.force_login(officer)

    page = text(client.get(page_of(family)))

    assert f"/officers/conflicts/?case={family.case}" in page


def test_family_page_offers_no_disposition_to_who_stands_too_near(client, officer, today):
    row = make_appointment(slot=today, status="checked_in", checked_in_by=officer)
    declare(by=officer, relation="friend", case=row.case)
    client.force_login(officer)
    url = f"/officers/appointments/{row.reference}/"

    typed = {"person": row.attendances.first().pk, "disposition": "paroled"}
    page = text(client.post(url + "dispose/", typed))

    assert "You said that you stand too near to this case." in page
    assert 'name="disposition"' not in page
    assert "Call the family in" in page
    assert not row.attendances.exclude(disposition="").exists()


def test_family_page_of_the_own_family_says_so(client, officer, today):
    row = make_appointment(
        make_registration(officer), today, status="checked_in", checked_in_by=officer
    )
    client.force_login(officer)

    page = text(client.get(f"/officers/appointments/{row.reference}/"))

    assert "This is your own family. Another officer decides." in page


def add_story(family, port, officer, number):
    for _ in range(number):
        row = make_appointment(family, make_slot(port), status="cancelled")
        notify(user=family.owner, template="cancelled", about=row)
        make_walk_in(port, registration=family, status="left")
        make_urgent(family, port=port, status="refused")
        notify(user=family.owner, template="no_show", about=row)


def test_case_page_has_a_constant_number_of_queries(client, supervisor, port):
    client.force_login(supervisor)
    counts = []
    for people in (1, 6):
        family = make_registration(people=people)
        for member in family.people():
            make_photo(member.traveler)
        add_story(family, port, supervisor, people)
        client.get(case_of(family))
        with CaptureQueriesContext(connection) as queries:
            client.get(case_of(family))
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 25


def test_family_page_has_a_constant_number_of_queries(client, officer, today, clock):
    client.force_login(officer)
    clock.at = today.starts_at
    counts = []
    for people in (1, 6):
        row = make_appointment(make_registration(people=people, photos=True), today)
        attendance.check_in(appointment=row, by=officer)
        url = f"/officers/appointments/{row.reference}/"
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 22
