"""The pages of looks outside the scope: asking, and a supervisor's list with its verdicts."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cbpone.audit.models import Access, Event
from tests.factories import (
    make_airport_officer,
    make_appointment,
    make_auditor,
    make_beneficiary,
    make_officer,
    make_parole_supervisor,
    make_port,
    make_registration,
    make_request,
    make_reviewer,
    make_slot,
    make_supervisor,
    make_travel_officer,
    make_user,
)
from tests.factories.office_duties import make_access, make_conflict

pytestmark = pytest.mark.django_db
REASON = "The family stands at our port."
LIST, JUDGE = "/officers/looks/", "/officers/looks/judge/"


def url(case) -> str:
    return reverse("officers:access_open", args=[case.reference])


@pytest.fixture
def family(port):
    return make_appointment(slot=make_slot(make_port("laredo"))).registration


@pytest.fixture
def look(officer) -> Access:
    return make_access(officer)


def test_open_asks_why_and_tells_nothing_of_the_case(client, officer, family):
    client.force_login(officer)

    page = client.get(url(family)).content.decode()

    assert "Why do you need to look at this case?" in page
    assert "8 hours" in page
    assert str(family.people().first().traveler) not in page
    assert not Access.objects.exists()


CASES = {
    "R": (lambda: make_registration(), "officers:case"),
    "S": (lambda: make_request(status="confirmed"), "officers:review"),
    "B": (lambda: make_beneficiary(status="attested"), "officers:travel_case"),
}


@pytest.mark.parametrize("kind", CASES)
def test_open_with_a_reason_leads_to_the_page_of_the_case(client, port, kind):
    roles = {"R": lambda: make_officer(port), "S": make_reviewer, "B": make_travel_officer}
    make, page = CASES[kind]
    officer, case = roles[kind](), make()
    client.force_login(officer)
    shown = reverse(page, args=[case.reference])
    before = client.get(shown).status_code

    response = client.post(url(case), {"reason": REASON})

    assert (before, response.url) == (404, shown)
    assert client.get(shown).status_code == 200
    assert Access.objects.get().reason == REASON
    assert Event.objects.get(verb="access_opened").case == case.reference


def test_open_without_a_reason_asks_again(client, officer, family):
    client.force_login(officer)

    page = client.post(url(family), {"reason": "  "}).content.decode()

    assert "Write why you need to look. A supervisor reads it today." in page
    assert not Access.objects.exists()


def test_open_with_too_long_a_reason_keeps_it(client, officer, family):
    client.force_login(officer)

    page = client.post(url(family), {"reason": "x" * 301}).content.decode()

    assert "Use 300 letters or fewer" in page
    assert "x" * 301 in page
    assert not Access.objects.exists()


def test_open_of_what_is_in_scope_or_open_already_shows_it_at_once(client, officer, port, family):
    own = make_appointment(slot=make_slot(port)).registration
    make_access(officer, family.reference)
    client.force_login(officer)

    for case in (own, family):
        assert client.get(url(case)).url == reverse("officers:case", args=[case.reference])


def test_open_in_conflict_says_so_and_offers_no_form(client, officer, family):
    make_conflict(officer, case=family.reference)
    client.force_login(officer)

    pages = [client.get(url(family)), client.post(url(family), {"reason": REASON})]

    for page in pages:
        assert "stand too near to this case" in page.content.decode()
        assert 'name="reason"' not in page.content.decode()
    assert not Access.objects.exists()


@pytest.mark.parametrize(
    ("make", "answer"),
    [
        (make_user, 403),
        (make_auditor, 403),
        (make_airport_officer, 403),
        (make_reviewer, 404),
        (make_parole_supervisor, 404),
    ],
)
def test_open_by_others_is_refused(client, family, make, answer):
    client.force_login(make())

    assert client.get(url(family)).status_code == answer
    assert client.post(url(family), {"reason": REASON}).status_code == answer
    assert not Access.objects.exists()


@pytest.mark.parametrize("number", ["R-2222-2222", "R", "X-2222-2222", "r-7k4m"])
def test_open_of_no_case_is_not_found(client, officer, number):
    client.force_login(officer)

    assert client.get(f"/officers/look/{number}/").status_code == 404


def test_list_has_todays_looks_first_then_those_not_judged(client, clock, officer, supervisor):
    old = {"opened_at": clock.at - timedelta(days=2), "until": clock.at - timedelta(days=1)}
    past = make_access(officer, judged_by=supervisor, note="Right.", **old)
    waiting = make_access(officer, **old)
    today = make_access(officer)
    client.force_login(supervisor)

    page = client.get(LIST).content.decode()

    places = [page.index(row.case) for row in (today, waiting, past)]
    assert places == sorted(places)
    assert page.count('name="verdict"') == 2 * 2  # two choices for each that waits
    assert "it was needed" in page
    assert "San Diego time" in page
    assert Event.objects.get(verb="viewed").by == supervisor


def test_list_of_an_auditor_has_no_forms(client, auditor, look):
    client.force_login(auditor)

    page = client.get(LIST).content.decode()

    assert look.case in page
    assert "<form" not in page.partition("<main")[2].partition("</main")[0]
    assert client.post(JUDGE, {"access": look.pk, "verdict": "needed"}).status_code == 403


def test_list_leaves_ones_own_look_to_another(client, supervisor):
    own = make_access(supervisor)
    client.force_login(supervisor)

    page = client.get(LIST).content.decode()

    assert "not judged yet" in page
    assert 'name="verdict"' not in page
    client.post(JUDGE, {"access": own.pk, "verdict": "needed"})
    own.refresh_from_db()
    assert own.verdict == ""


@pytest.mark.parametrize("make", [make_user, make_officer, make_reviewer, make_airport_officer])
def test_list_is_for_supervisors_and_auditors(client, look, make):
    client.force_login(make())

    assert client.get(LIST).status_code == 403
    assert client.post(JUDGE, {"access": look.pk, "verdict": "needed"}).status_code == 403


def test_judge_records_the_verdict(client, supervisor, look):
    client.force_login(supervisor)

    response = client.post(JUDGE, {"access": look.pk, "verdict": "not_needed", "note": "Why?"})

    look.refresh_from_db()
    assert response.url == LIST
    assert (look.verdict, look.note, look.judged_by) == ("not_needed", "Why?", supervisor)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"note": "I wonder."}, "Say whether it was needed."),
        ({"verdict": "fine", "note": "I wonder."}, "Choose one from the list."),
        ({"verdict": "not_needed"}, "Say why it was not needed. It stays on record."),
        ({"verdict": "needed", "note": "I wonder." * 40}, "Use 300 letters or fewer"),
    ],
)
def test_judge_with_something_missing_keeps_what_was_typed(client, supervisor, look, typed, said):
    make_access(look.officer)
    client.force_login(supervisor)

    page = client.post(JUDGE, {"access": look.pk} | typed).content.decode()

    look.refresh_from_db()
    assert page.count(said) == 2  # above, and beside the field
    assert typed.get("note", "") in page
    assert look.verdict == ""


def test_judge_what_another_judged_meanwhile_is_refused(client, supervisor, look):
    make_access(look.officer)
    client.force_login(supervisor)
    first = {"access": look.pk, "verdict": "needed", "note": ""}
    client.post(JUDGE, first)

    page = client.post(JUDGE, first | {"verdict": "not_needed", "note": "Why?"}).content.decode()

    look.refresh_from_db()
    assert "This has changed since you opened the page" in page
    assert look.verdict == "needed"


@pytest.mark.parametrize("key", ["", "0", "x", "9" * 30])
def test_judge_of_no_look_or_one_of_another_port_is_not_found(client, look, key):
    client.force_login(make_supervisor(make_port("laredo")))

    assert client.post(JUDGE, {"access": key, "verdict": "needed"}).status_code == 404
    assert client.post(JUDGE, {"access": look.pk, "verdict": "needed"}).status_code == 404


def test_judge_by_get_is_no_page(client, supervisor):
    client.force_login(supervisor)

    assert client.get(JUDGE).status_code == 405


def test_list_asks_as_much_for_three_looks_as_for_one(
    client, clock, port, officer, supervisor, django_assert_num_queries
):
    old = {"opened_at": clock.at - timedelta(days=2), "until": clock.at - timedelta(days=1)}

    def more():
        for values in ({}, old, {"judged_by": supervisor}, {"judged_by": supervisor} | old):
            make_access(make_officer(port), **values)

    more()
    client.force_login(supervisor)
    client.get(LIST)  # permissions and session are read once
    with CaptureQueriesContext(connection) as first:
        client.get(LIST)
    more()
    more()

    with django_assert_num_queries(len(first)):
        client.get(LIST)
