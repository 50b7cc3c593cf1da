"""Finding people by number, scanned text or name, without names in any address."""

import pytest

from cbpone.audit.models import Event
from scheduling.tickets import qr_text
from tests.breaking import change
from tests.factories import (
    make_airport_officer,
    make_authorization,
    make_parole_supervisor,
    make_request,
    make_reviewer,
    make_travel_officer,
)


def searched():
    return Event.objects.filter(verb="searched")


@pytest.mark.parametrize("how", ["reference", "spaced", "qr", "name"])
def test_find_by_number_code_or_name(client, officer, family, how):
    client.force_login(officer)
    person = family.attendances.first().traveler
    typed = {
        "reference": family.reference,
        "spaced": family.reference.lower().replace("-", " "),
        "qr": qr_text(family),
        "name": person.given_names,
    }[how]

    page = client.post("/officers/find/", {"q": typed}, follow=True)

    assert family.reference in page.content.decode()
    assert searched().get().by == officer


@pytest.mark.parametrize("typed", ["acuna nunez", "ACUÑA", "Núñez jose", "josé"])
def test_find_by_name_ignores_accents_and_case(client, officer, family, typed):
    client.force_login(officer)
    person = family.attendances.first().traveler
    person.given_names, person.surnames = "José", "Acuña Núñez"
    person.save()

    page = client.post("/officers/find/", {"q": typed}).content.decode()

    assert "José Acuña Núñez" in page


def test_find_forged_code_finds_nothing(client, officer, family):
    client.force_login(officer)
    forged = qr_text(family)[:-4] + "ZZZ/"

    page = client.post("/officers/find/", {"q": forged}).content.decode()

    assert "Nothing found" in page


def test_find_does_not_reach_other_ports(client, other_officer, family):
    client.force_login(other_officer)
    person = family.attendances.first().traveler

    page = client.post("/officers/find/", {"q": person.given_names}).content.decode()

    assert "Nothing found" in page


@pytest.mark.parametrize("typed", ["\0", "Ana\0", "Ana\r\n", "\x1bAna", "\x02"])
def test_find_leaves_out_what_can_not_be_printed(client, officer, family, typed):
    client.force_login(officer)

    response = client.post("/officers/find/", {"q": typed})

    assert response.status_code == 200
    assert (family.reference in response.content.decode()) == ("Ana" in typed)


def test_find_by_get_searches_nothing(client, officer, family):
    client.force_login(officer)

    page = client.get("/officers/find/", {"q": family.reference})

    assert page.status_code == 200
    assert family.reference not in page.content.decode()
    assert not searched().exists()


@pytest.mark.parametrize("url", ["/officers/", "/officers/find/", "/officers/board/san-ysidro/"])
def test_find_form_puts_nothing_into_the_address(client, officer, family, url):
    client.force_login(officer)

    page = client.get(url).content.decode()

    assert '<form method="post" action="/officers/find/"' in page
    assert 'method="get"' not in page


def test_find_goes_on_to_the_page_of_a_number(client, officer, family):
    client.force_login(officer)

    response = client.post("/officers/find/", {"q": family.reference})

    assert response.url == f"/officers/appointments/{family.reference}/"


@pytest.mark.parametrize(
    ("role", "leads_to"),
    [
        (make_reviewer, [302, 200, 200]),  # decided by another: asks for a reason
        (make_travel_officer, [200, 302, 302]),
        (make_airport_officer, [200, 302, 302]),
        (make_parole_supervisor, [302, 302, 302]),
    ],
)
def test_find_numbers_of_parole_as_far_as_the_role_sees_them(client, db, role, leads_to):
    authorization = make_authorization()
    case = authorization.beneficiary
    client.force_login(role())

    numbers = (case.request.reference, case.reference, authorization.reference)
    got = [client.post("/officers/find/", {"q": number}).status_code for number in numbers]

    assert got == leads_to


# --- People -------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["turned round", "misspelled", "document", "phone"])
def test_find_a_person_by_whatever_is_known(client, officer, family, how):
    client.force_login(officer)
    person = family.attendances.first().traveler
    person.given_names, person.surnames = "Yeferson José", "González Peña"
    person.document_number = "V-123 456"
    person.save()
    typed = {
        "turned round": "pena yeferson",
        "misspelled": "jeferson gonsales",
        "document": "v123456",
        "phone": family.registration.phone.removeprefix("+52"),
    }[how]

    page = client.post("/officers/find/", {"q": typed}).content.decode()

    assert family.reference in page


def test_find_supporter_by_a_number_only_for_reviewers(client, officer, db):
    request = make_request(status="selected")
    change(request.supporter, a_number="A012345678")

    found = []
    for person in (make_reviewer(), officer):
        client.force_login(person)
        page = client.post("/officers/find/", {"q": "a012 345 678"}).content.decode()
        found.append(request.reference in page)

    assert found == [True, False]


def test_find_by_whole_number_outside_the_scope_asks_for_a_reason(client, other_officer, family):
    client.force_login(other_officer)
    case = family.registration.reference

    page = client.post("/officers/find/", {"q": case})

    assert page.url in (f"/officers/look/{case}/", f"/officers/registrations/{case}/reserve/")


def test_find_says_when_a_name_is_too_common(client, officer, family, monkeypatch):
    monkeypatch.setattr("officers.finding.MOST_NAMED", 1)
    client.force_login(officer)

    page = client.post("/officers/find/", {"q": "lopez"}).content.decode()

    assert "Type another part of the name" in page
