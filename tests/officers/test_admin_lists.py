"""Every list of the records: how much it asks, what odd addresses do, and what it shows to whom."""

import re
from datetime import timedelta

import pytest
from django.contrib.admin import ShowFacets
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cbpone.audit.log import record
from cbpone.audit.models import Event
from cbpone.audit.verbs import Verb
from cbpone.lib import clock as the_clock
from officers.admin.base import OfficerAdmin
from officers.admin.listing import NearCount
from officers.site import site
from tests.factories import (
    make_appointment,
    make_auditor,
    make_officer,
    make_parole_supervisor,
    make_port,
    make_registration,
    make_request,
    make_reviewer,
    make_slot,
    make_supervisor,
    make_user,
)
from tests.factories.office_ports import make_walk_in
from tests.factories.office_urgent import make_urgent
from tests.officers.admin_rows import ROWS
from tests.parole.rows import decision, made

pytestmark = pytest.mark.django_db
MODELS = {model._meta.label_lower: model for model in site._registry}
LISTS = sorted(MODELS)


def url_of(label: str) -> str:
    return f"/officers/{label.replace('.', '/')}/"


@pytest.fixture
def boss(client, db):
    user = make_user(is_staff=True, is_superuser=True)
    client.force_login(user)
    return user


def queries(client, url) -> int:
    client.get(url)  # warm: permissions and content types are remembered
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


def test_every_list_has_rows_to_try():
    assert set(ROWS) == set(MODELS)


@pytest.mark.parametrize("label", LISTS)
def test_list_has_a_constant_number_of_queries(client, boss, label):
    ROWS[label]()
    one = queries(client, url_of(label))

    ROWS[label]()
    ROWS[label]()

    assert queries(client, url_of(label)) == one


@pytest.mark.parametrize("label", LISTS)
def test_list_counts_so_far_and_no_further(label):
    admin = site._registry[MODELS[label]]

    assert isinstance(admin, OfficerAdmin)
    assert admin.paginator is NearCount
    assert not admin.show_full_result_count
    assert not admin.date_hierarchy
    assert admin.show_facets is ShowFacets.NEVER
    assert not admin.list_max_show_all


ODD = [
    "p=zz", "p=99999", "p=-1", "o=99", "o=zz.1", "e=1", "all=", "q=%F0%9F%98%80", "q=R-",
    "days=x", "verb=x", "months=x", "id__gt=zz", "_facets=x", "status__exact=x",
]  # fmt: skip


@pytest.mark.parametrize("label", LISTS)
def test_odd_addresses_break_nothing(client, boss, label):
    ROWS[label]()

    answers = {one: client.get(f"{url_of(label)}?{one}", follow=True).status_code for one in ODD}

    assert set(answers.values()) <= {200, 400}, answers


@pytest.mark.parametrize("label", LISTS)
def test_row_opens(client, boss, label):
    row = ROWS[label]()

    page = client.get(f"{url_of(label)}{row.pk}/change/")

    assert page.status_code in (200, 302)
    assert "/records/" not in getattr(page, "url", "")  # admin's way to say: no such row


@pytest.mark.parametrize("label", LISTS)
def test_times_name_their_zone(client, boss, label):
    ROWS[label]()

    page = client.get(url_of(label)).content.decode()

    moments = re.findall(r"\d\d:\d\d</", page)
    assert not moments or "(UTC)" in page or "at the port" in page or "port&#x27;s clock" in page


@pytest.mark.parametrize(
    ("page", "counted"),
    [("", 101), ("1", 101), ("2", 151), ("19", 1001), ("999999", 5000), ("zz", 101), ("-4", 101)],
)
def test_paginator_counts_a_page_further_than_asked(page, counted):
    pages = NearCount(list(range(9_000)), 50)

    pages.reach(page)

    assert pages.most == counted


def test_list_says_more_where_it_has_not_counted(client, boss, monkeypatch):
    monkeypatch.setattr("officers.admin.people.RegistrationAdmin.list_per_page", 1)
    for _ in range(4):
        make_registration(complete=False)

    first = client.get("/officers/scheduling/registration/")
    last = client.get("/officers/scheduling/registration/?p=4")

    assert first.context["cl"].result_count == 3
    assert "more than 2 registrations" in first.content.decode()
    assert "4 registrations" in last.content.decode()


def test_big_list_is_sorted_as_it_is(client, boss):
    made = [make_registration(complete=False).pk for _ in range(3)]

    for asked in ("", "?o=1", "?o=-2"):
        page = client.get(f"/officers/scheduling/registration/{asked}")
        assert [row.pk for row in page.context["cl"].result_list] == made[::-1]


# --- filters and search -------------------------------------------------------------------


def shown(client, url) -> set:
    return {row.pk for row in client.get(url).context["cl"].result_list}


@pytest.mark.parametrize("spelled", [str, str.lower, lambda number: f" {number[2:]} "])
def test_whole_number_is_found_spelled_in_any_way(client, boss, spelled):
    mine, _other = make_appointment(), make_appointment()

    found = shown(client, f"/officers/scheduling/appointment/?q={spelled(mine.reference)}")

    assert found == {mine.pk}


def test_number_is_found_by_how_it_begins(client, boss):
    mine, _other = (make_appointment(reference=f"A-7K4M-92Q{end}") for end in "XY")

    assert shown(client, "/officers/scheduling/appointment/?q=a-7k4m-92qx") == {mine.pk}
    assert len(shown(client, "/officers/scheduling/appointment/?q=A-7K4")) == 2


def test_search_reads_no_table_from_end_to_end(client, boss):
    make_appointment()
    with CaptureQueriesContext(connection) as asked:
        client.get("/officers/scheduling/appointment/?q=A-7K4")
        client.get("/officers/audit/event/?q=A-7K4")

    assert not [one["sql"] for one in asked if "UPPER(" in one["sql"] and "%A-7K4%" in one["sql"]]


SPANS = {"ahead": {0, 3}, "week": {-1}, "month": {-1, -20}, "earlier": {-40}}


@pytest.mark.parametrize("span", SPANS)
def test_days_are_filtered_by_spans(client, boss, span):
    for ahead in (-40, -20, -1, 0, 3):
        make_slot(starts_at=the_clock.now() + timedelta(days=ahead))
    today = the_clock.now().date()

    page = client.get(f"/officers/scheduling/slot/?days={span}")

    days = {(row.day - today).days for row in page.context["cl"].result_list}
    assert days <= {day + off for day in SPANS[span] for off in (-1, 0, 1)}
    assert days


def test_events_are_filtered_by_any_verb_there_is(client, boss):
    page = client.get("/officers/audit/event/?verb=paroled")

    (spec,) = page.context["cl"].filter_specs
    assert len(spec.lookup_choices) == len(Verb.values)


def test_filters_ask_nothing_of_the_rows(client, boss):
    """Choices of a filter are known beforehand: reading them off the rows reads every row."""
    with CaptureQueriesContext(connection) as asked:
        for label in LISTS:
            client.get(url_of(label))

    assert not [one["sql"] for one in asked if "DISTINCT" in one["sql"].upper()]


@pytest.fixture
def booked(port):
    """Families of this port: expected, gone eight days ago; and one of another port."""
    days = {"soon": make_slot(port), "gone": make_slot(port, days_ahead=-9)}
    found = {name: make_appointment(slot=slot) for name, slot in days.items()}
    return found | {"other": make_appointment(slot=make_slot(make_port("laredo")))}


def test_registrations_are_those_of_these_days_and_others_by_number(client, port, booked):
    client.force_login(make_supervisor(port))
    url = "/officers/scheduling/registration/"
    rows = {name: row.registration for name, row in booked.items()}

    assert shown(client, url) == {rows["soon"].pk}
    assert shown(client, f"{url}?q={rows['gone'].reference}") == {rows["gone"].pk}
    assert shown(client, f"{url}?q={rows['gone'].reference[:8]}") == {rows["gone"].pk}
    assert shown(client, f"{url}?q={rows['other'].reference}") == set()


def test_registrations_of_walk_ins_and_urgent_requests_are_shown(client, port):
    client.force_login(make_supervisor(port))
    came, asked = make_registration(), make_registration()
    make_walk_in(port, registration=came)
    make_walk_in(port)
    make_urgent(asked, port=port)

    assert shown(client, "/officers/scheduling/registration/") == {came.pk, asked.pk}


def test_events_of_a_case_long_gone_are_found_by_its_number(client, port, booked):
    client.force_login(make_supervisor(port))
    events = {name: record(Verb.SIGNED, on=row.registration).pk for name, row in booked.items()}
    url = "/officers/audit/event/"

    assert shown(client, url) == {events["soon"]}
    assert shown(client, f"{url}?q={booked['gone'].registration.reference}") == {events["gone"]}
    assert shown(client, f"{url}?q={booked['other'].registration.reference}") == set()
    assert shown(client, f"{url}?q=R-1") == set()


def test_events_older_than_two_weeks_are_found_by_number(client, port, booked, officer):
    client.force_login(make_supervisor(port))
    old = Event.objects.create(
        at=the_clock.now() - timedelta(days=15), verb="searched", model="x", row_id="1", by=officer,
        case=booked["soon"].registration.reference,
    )  # fmt: skip

    assert shown(client, "/officers/audit/event/") == set()
    assert shown(client, f"/officers/audit/event/?q={old.case}") == {old.pk}
    assert client.get(f"/officers/audit/event/{old.pk}/change/").status_code == 200


def test_decisions_of_a_reviewer_are_their_own_and_proposals(client):
    mine, other = make_reviewer(), make_reviewer()
    by_me = decision(
        request=make_request(status="selected"), proposed_by=mine, status="made", closed_by=mine,
        closed_at=the_clock.now(), outcome="more_info", reason="plan",
    )  # fmt: skip
    proposal = decision(outcome="not_confirm", reason="false", proposed_by=other)
    made(request=make_request(status="selected"))
    client.force_login(mine)

    assert shown(client, "/officers/parole/decision/") == {by_me.pk, proposal.pk}


# --- who sees what ------------------------------------------------------------------------

NEW = {
    "audit.access": {"supervisor", "auditor", "parole_supervisor"},
    "audit.conflict": {"supervisor", "auditor", "parole_supervisor"},
    "audit.seal": {"auditor"},
    "officers.bulkrun": {"auditor"},
    "officers.export": {"auditor"},
    "officers.likeness": {"officer", "supervisor", "reviewer", "parole_supervisor"},
    "officers.massmessage": {"auditor"},
    "scheduling.urgentrequest": {"officer", "supervisor"},
    "scheduling.walkin": {"officer", "supervisor"},
}


@pytest.fixture
def people(port):
    return {
        "officer": make_officer(port),
        "supervisor": make_supervisor(port),
        "auditor": make_auditor(),
        "reviewer": make_reviewer(),
        "parole_supervisor": make_parole_supervisor(),
    }


@pytest.mark.parametrize("label", NEW)
def test_list_is_for_these_roles(client, people, label):
    row = ROWS[label]()
    seen, opened = set(), set()
    for role, user in people.items():
        client.force_login(user)
        if client.get(url_of(label)).status_code == 200:
            seen.add(role)
        if client.get(f"{url_of(label)}{row.pk}/change/").status_code == 200:
            opened.add(role)

    assert seen == NEW[label]
    assert opened <= seen


@pytest.mark.parametrize("label", NEW)
@pytest.mark.parametrize("verb", ["add/", "{}/delete/"])
def test_nobody_adds_or_removes_what_rules_write(client, boss, label, verb):
    row = ROWS[label]()

    assert client.get(url_of(label) + verb.format(row.pk)).status_code == 403
    assert client.post(url_of(label) + verb.format(row.pk)).status_code == 403
    assert client.post(f"{url_of(label)}{row.pk}/change/", {"reason": "x"}).status_code == 403


@pytest.mark.parametrize("label", ["scheduling.walkin", "scheduling.urgentrequest"])
def test_rows_of_another_port_are_not_shown(client, people, label, port):
    make = {"scheduling.walkin": make_walk_in, "scheduling.urgentrequest": make_urgent}[label]
    make(port=make_port("laredo"))
    mine = make(port=port)
    client.force_login(people["supervisor"])

    assert shown(client, url_of(label)) == {mine.pk}


def test_what_a_family_wrote_is_not_in_the_records(client, boss):
    row = ROWS["scheduling.urgentrequest"]()

    page = client.get(f"/officers/scheduling/urgentrequest/{row.pk}/change/").content.decode()

    assert row.said not in page
    assert row.letter not in page


def test_first_page_of_the_records_has_no_empty_box(client, boss):
    page = client.get("/officers/records/").content.decode()

    assert "Recent actions" not in page
    assert "/officers/audit/seal/" in page
