"""Lists that supervisors keep: typed as people write, kept as they are compared."""

import pytest

from cbpone.audit.models import Event
from parole.addresses import address_key
from parole.models import Airport, KnownGood, NonResidential, PovertyGuideline
from tests.factories import make_parole_supervisor, make_reviewer, make_travel_officer
from tests.officers.saving import save

pytestmark = pytest.mark.django_db
KEY = address_key("1603 NW 7th Avenue", "33136")
URL = "/officers/parole/{}/"


@pytest.fixture
def boss(client):
    user = make_parole_supervisor()
    client.force_login(user)
    return user


def add(client, model, **values):
    return client.post(URL.format(model) + "add/", values)


def change(client, row, **values):
    return save(client, URL.format(row._meta.model_name) + f"{row.pk}/change/", **values)


def problems(response) -> dict:
    return {name: list(said) for name, said in response.context["adminform"].form.errors.items()}


def noted() -> list[tuple]:
    rows = Event.objects.filter(verb="list_changed").order_by("id")
    return list(rows.values_list("by", "model", "note"))


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("phone", "(305) 555-0100", "+13055550100"),
        ("phone", "+52 664 123 4567", "+526641234567"),
        ("email", " Help@Parish.Example ", "help@parish.example"),
        ("ip", "192.0.2.40", "192.0.2.40"),
        ("ip", "2001:0DB8:0:0::1", "2001:db8::1"),
    ],
)
def test_known_good_value_is_kept_as_it_is_compared(client, boss, kind, typed, value):
    add(client, "knowngood", kind=kind, value=typed, name="Shelter")

    row = KnownGood.objects.get()
    assert (row.kind, row.value, row.name, row.added_by) == (kind, value, "Shelter", boss)
    assert noted() == [(boss.pk, "parole.knowngood", "Shelter: added")]


def test_known_good_address_is_typed_with_street_and_zip(client, boss):
    typed = {"street": "1603 N.W. 7th Ave, Apt 2", "zip": "33136-1000"}
    add(client, "knowngood", kind="address", name="Shelter", **typed)

    assert KnownGood.objects.get().value == KEY


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"kind": "phone", "value": "abc"}, "value"),
        ({"kind": "phone", "value": ""}, "value"),
        ({"kind": "email", "value": "nobody"}, "value"),
        ({"kind": "ip", "value": "300.1.1.1"}, "value"),
        ({"kind": "ip"}, "value"),
        ({"kind": "address", "street": "1603 NW 7th Avenue"}, "zip"),
        ({"kind": "address", "zip": "33136"}, "street"),
        ({"kind": "address", "value": "1603 NW 7th Avenue"}, "street"),
        ({"kind": "address", "street": "1 Oak Street", "zip": "333"}, "zip"),
        ({"kind": "", "value": "+13055550100"}, "kind"),
    ],
)
def test_known_good_that_cannot_be_read_is_not_kept(client, boss, typed, field):
    response = add(client, "knowngood", name="Shelter", **typed)

    assert response.status_code == 200
    assert list(problems(response)) == [field]
    assert not KnownGood.objects.exists()


def test_known_good_twice_is_not_kept(client, boss):
    KnownGood.objects.create(kind="phone", value="+13055550100", name="Shelter")

    response = add(client, "knowngood", kind="phone", value="305 555 0100", name="Again")

    assert problems(response) == {"value": ["This is on the list already."]}


def test_name_of_a_known_good_address_changes_without_typing_it_again(client, boss):
    row = KnownGood.objects.create(kind="address", value=KEY, name="Shelter")

    page = client.get(URL.format("knowngood") + f"{row.pk}/change/").content.decode()
    change(client, row, kind="address", name="Camillus House", value="", street="", zip="")

    row.refresh_from_db()
    assert KEY not in page
    assert (row.name, row.value, row.added_by) == ("Camillus House", KEY, None)


def test_kind_changed_to_address_asks_for_the_address(client, boss):
    row = KnownGood.objects.create(kind="phone", value="+13055550100", name="Shelter")

    response = change(client, row, kind="address", name="Shelter", value="+13055550100")

    assert list(problems(response)) == ["street"]


def test_known_good_is_removed_and_noted(client, boss):
    row = KnownGood.objects.create(kind="phone", value="+13055550100", name="Shelter")

    client.post(URL.format("knowngood") + f"{row.pk}/delete/", {"post": "yes"})

    assert not KnownGood.objects.exists()
    assert noted() == [(boss.pk, "parole.knowngood", "Shelter: removed")]


def test_address_where_nobody_lives_is_kept_and_changed(client, boss):
    add(client, "nonresidential", name="Mailbox shop", street="1603 NW 7th Ave", zip="33136")
    row = NonResidential.objects.get()
    assert row.address_key == KEY

    change(client, row, name="Mailboxes", street="", zip="")
    change(client, row, name="Mailboxes", street="1 Oak Street", zip="33137")

    row.refresh_from_db()
    assert (row.name, row.address_key) == ("Mailboxes", address_key("1 Oak Street", "33137"))
    assert [note for _by, _model, note in noted()] == [
        "Mailbox shop: added",
        "Mailboxes: What it is",
        "Mailboxes: Street and number, ZIP code",
    ]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({}, "street"),
        ({"street": "1 Oak Street"}, "zip"),
        ({"street": "1 Oak Street", "zip": "abc"}, "zip"),
        ({"street": "1603 NW 7th Ave.", "zip": "33136"}, "street"),
    ],
)
def test_address_missing_or_on_the_list_already_is_not_kept(client, boss, typed, field):
    NonResidential.objects.create(address_key=KEY, name="Mailbox shop")

    response = add(client, "nonresidential", name="Warehouse", **typed)

    assert list(problems(response)) == [field]
    assert NonResidential.objects.count() == 1


def test_guideline_of_a_new_year_and_of_alaska_is_added(client, boss):
    facts = {"first_person": 19_550, "each_further": 6_880, "source": "90 FR 5917"}
    add(client, "povertyguideline", year=2025, states="AK", **facts)

    row = PovertyGuideline.objects.get(states="AK")
    assert (row.year, row.dollars_for(3)) == (2025, 19_550 + 2 * 6_880)
    assert noted() == [(boss.pk, "parole.povertyguideline", "2025 Alaska: added")]


def test_guideline_of_a_year_that_is_there_is_not_added(client, boss):
    facts = {"first_person": 1, "each_further": 1, "source": "x"}

    response = add(client, "povertyguideline", year=2025, states="48", **facts)

    assert response.status_code == 200
    assert PovertyGuideline.objects.filter(year=2025).count() == 1


def test_guideline_is_changed_and_never_removed(client, boss):
    row = PovertyGuideline.objects.get(year=2025)
    facts = {"year": 2025, "states": "48", "each_further": 5_500, "source": "90 FR 5917"}

    change(client, row, first_person=15_651, **facts)
    refused = client.post(URL.format("povertyguideline") + f"{row.pk}/delete/", {"post": "yes"})

    row.refresh_from_db()
    assert row.first_person == 15_651
    assert noted()[0][2] == "2025 48 states and D.C.: Dollars for one person"
    assert refused.status_code == 403


def test_airport_is_added_with_its_code_in_capitals_and_a_zone_that_exists(client, boss):
    facts = {"name": "Luis Muñoz Marín", "city": "San Juan", "state": "PR"}
    facts |= {"zone": "America/Puerto_Rico", "zone_name": "San Juan time"}

    add(client, "airport", code="sju", **facts)
    no_zone = add(client, "airport", code="XXX", **facts | {"zone": "Mars/Olympus"})
    no_code = add(client, "airport", code="12", **facts)

    assert str(Airport.objects.get(code="SJU")) == "San Juan (SJU)"
    assert list(problems(no_zone)) == ["zone"]
    assert list(problems(no_code)) == ["code"]


def test_airport_keeps_its_code(client, boss):
    row = Airport.objects.get(code="MIA")
    facts = {"name": "Miami", "city": "Miami", "state": "FL", "zone_name": "Miami time"}

    change(client, row, code="XXX", zone="America/New_York", **facts)

    row.refresh_from_db()
    assert (row.code, row.name) == ("MIA", "Miami")


MODELS = ["knowngood", "nonresidential", "povertyguideline", "airport"]


@pytest.mark.parametrize("model", MODELS)
def test_supervisor_sees_and_may_add_each_list(client, boss, model):
    assert client.get(URL.format(model)).status_code == 200
    assert client.get(URL.format(model) + "add/").status_code == 200


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("make", [make_reviewer, make_travel_officer])
def test_other_officers_change_no_list(client, make, model):
    client.force_login(make())

    response = client.post(URL.format(model) + "add/", {"name": "Mine", "kind": "phone"})

    assert response.status_code == 403
    assert noted() == []


def test_reviewer_sees_what_is_known_good_without_a_form(client):
    KnownGood.objects.create(kind="phone", value="+13055550100", name="Shelter")
    client.force_login(make_reviewer())

    page = client.get(URL.format("knowngood")).content.decode()

    assert "Shelter" in page
    assert "+13055550100" in page


@pytest.mark.parametrize("number", [1, 3])
def test_list_of_known_good_asks_a_constant_number_of_questions(
    client, boss, number, django_assert_max_num_queries
):
    for n in range(number):
        KnownGood.objects.create(kind="phone", value=f"+1{n}", name="S", added_by=boss)

    with django_assert_max_num_queries(12):
        client.get(URL.format("knowngood"))
