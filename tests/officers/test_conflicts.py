"""The page of conflicts: declaring one, and supervisors who end them."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cbpone.audit.models import Conflict
from tests.factories import (
    make_auditor,
    make_beneficiary,
    make_officer,
    make_port,
    make_registration,
    make_reviewer,
    make_supervisor,
    make_travel_officer,
    make_user,
)
from tests.factories.office_duties import make_conflict

pytestmark = pytest.mark.django_db
URL, END = "/officers/conflicts/", "/officers/conflicts/end/"
BIRTH = {"birth_date_day": "21", "birth_date_month": "3", "birth_date_year": "1994"}


def declare(client, **typed):
    return client.post(URL, {"relation": "family"} | typed)


def test_declare_a_case_by_its_number(client, officer):
    number = make_registration(complete=False).reference
    client.force_login(officer)

    response = declare(client, case=number.lower().replace("-", ""))

    row = Conflict.objects.get()
    assert response.url == URL
    assert (row.officer, row.case, row.name, row.relation) == (officer, number, "", "family")


def test_declare_a_relative_by_name_and_birth_date(client, officer):
    client.force_login(officer)

    declare(client, name=" José Núñez\u200b ", relation="self", **BIRTH)

    row = Conflict.objects.get()
    assert (row.case, row.name, row.plain_name) == ("", "José Núñez", "jose nunez")
    assert (row.birth_date, row.relation) == (date(1994, 3, 21), "self")


def test_declare_a_request_counts_for_its_case_too(client):
    officer, case = make_travel_officer(), make_beneficiary(status="attested")
    client.force_login(officer)

    declare(client, case=case.request.reference)

    page = client.get(URL).content.decode()
    assert case.reference in page
    assert case.request.reference in page


def test_number_of_the_address_stands_in_the_form(client, officer):
    client.force_login(officer)

    page = client.get(URL, {"case": '"><b>R-7K4M-92QX'}).content.decode()

    assert 'value="&quot;&gt;&lt;b&gt;R-7K4M-92QX"' in page


WRONG = [
    ({}, "Give the number of the case, or a name."),
    ({"case": "R-7K4M-92QY"}, "This is not a whole number of a case."),
    ({"case": "A-2222-2222"}, "This is not a whole number of a case."),
    ({"case": "{}", "name": "Ana Lopez", **BIRTH}, "Give a number or a person, not both at once."),
    ({"name": "Ana Lopez"}, "Names repeat. Add the day, the month and the year."),
    (BIRTH, "Add the name of the person."),
    (
        {"name": "Ana Lopez", **BIRTH, "birth_date_day": "31", "birth_date_month": "2"},
        "no such day",
    ),
    ({"name": "Ana Lopez", **BIRTH, "relation": ""}, "Say who this is to you."),
    ({"name": "Ana Lopez", **BIRTH, "relation": "boss"}, "Choose one from the list."),
    ({"name": "A" * 201, **BIRTH}, "Use 200 letters or fewer"),
]


@pytest.mark.parametrize(("typed", "said"), WRONG)
def test_declare_with_something_missing_says_what_and_keeps_it(client, officer, typed, said):
    number = make_registration(complete=False).reference
    typed = {name: value.format(number) for name, value in typed.items()}
    client.force_login(officer)

    page = declare(client, **typed).content.decode()

    assert said in page
    assert all(value in page for name, value in typed.items() if name != "relation")
    assert not Conflict.objects.exists()


def test_declare_the_same_again_says_so(client, officer):
    row = make_conflict(officer)
    client.force_login(officer)

    page = declare(client, case=row.case).content.decode()

    assert "You have declared this already." in page
    assert Conflict.objects.count() == 1


def test_page_shows_ones_own_and_not_those_of_others(client, officer):
    own = [make_conflict(officer), make_conflict(officer, ended_by=make_supervisor())]
    other = make_conflict(make_officer(make_port()))
    client.force_login(officer)

    page = client.get(URL).content.decode()

    assert all(row.case in page for row in own)
    assert other.case not in page
    assert END not in page


def test_supervisor_ends_what_an_officer_of_the_port_declared(client, officer, supervisor):
    row = make_conflict(officer, name="Marie Joseph")
    client.force_login(supervisor)
    page = client.get(URL).content.decode()

    response = client.post(END, {"conflict": row.pk})

    row.refresh_from_db()
    assert "Marie Joseph, 21 March 1994" in page
    assert response.url == URL
    assert row.ended_by == supervisor
    assert "Marie Joseph" not in client.get(URL).content.decode()


def test_end_of_ones_own_or_what_has_ended_is_refused(client, officer, supervisor):
    own, ended = make_conflict(supervisor), make_conflict(officer, ended_by=make_supervisor())
    client.force_login(supervisor)

    for row, said in ((own, "Another supervisor ends it"), (ended, "This has changed since")):
        page = client.post(END, {"conflict": row.pk}, follow=True).content.decode()
        assert said in page
    assert Conflict.objects.standing().get() == own


@pytest.mark.parametrize("key", ["", "0", "x", "9" * 30])
def test_end_of_nothing_or_of_another_port_is_not_found(client, officer, key):
    row = make_conflict(officer)
    client.force_login(make_supervisor(make_port("laredo")))

    assert client.post(END, {"conflict": key}).status_code == 404
    assert client.post(END, {"conflict": row.pk}).status_code == 404
    assert Conflict.objects.standing().get() == row


@pytest.mark.parametrize("make", [make_officer, make_reviewer, make_auditor])
def test_end_by_others_is_refused(client, officer, make):
    row = make_conflict(officer)
    client.force_login(make())

    assert client.post(END, {"conflict": row.pk}).status_code == 403
    assert Conflict.objects.standing().get() == row


def test_auditor_reads_all_and_ends_none(client, officer, auditor):
    row = make_conflict(officer)
    client.force_login(auditor)

    page = client.get(URL).content.decode()

    assert row.case in page
    assert END not in page


def test_page_is_for_officers(client):
    client.force_login(make_user())

    assert client.get(URL).status_code == 403
    assert client.get(END).status_code == 403


def test_list_asks_as_much_for_three_as_for_one(
    client, port, supervisor, django_assert_num_queries
):
    def more():
        make_conflict(supervisor, ended_by=make_supervisor())
        make_conflict(make_officer(port))
        make_conflict(make_officer(port), name="Ana Lopez")

    more()
    client.force_login(supervisor)
    client.get(URL)  # permissions and session are read once
    with CaptureQueriesContext(connection) as first:
        client.get(URL)
    more()
    more()

    with django_assert_num_queries(len(first)):
        client.get(URL)
