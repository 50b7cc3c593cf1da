"""An invitation as a person meets it, and as machines do that open every link."""

import re
from datetime import date

import pytest
from django.conf import settings

from cbpone.audit.models import Event
from cbpone.notifications.models import Delivery
from cbpone.notifications.outbox import send_messages
from parole import inviting
from parole.models import Beneficiary
from tests.factories import (
    make_beneficiary,
    make_travel_officer,
    make_user,
)
from tests.facts import events, told
from tests.parole.casework import (
    ANSWERS,
    SIGNATURE,
    day,
    fresh,
    page,
    picture,
    url,
)
from tests.photos.senders import send_form

pytestmark = pytest.mark.django_db
CHILD = date(2015, 6, 1)


def test_whole_way_from_the_message_to_the_officers(client, mailoutbox):
    row = make_beneficiary(status="written")
    inviting.invite(beneficiary=row, by=make_travel_officer())
    send_messages()
    link = re.search(r"/invitation/\S+", mailoutbox[-1].body).group()

    birth = client.post(link).url
    accept = client.post(birth, day("birth_date", 21, 3, 1994)).url
    login = client.get(accept).url
    confirm = client.post(login, {"email": row.written_email, "next": accept}).url
    code = re.search(r"\b\d{6}\b", mailoutbox[-1].body).group()
    assert client.post(confirm, {"code": code, "next": accept}).url == accept
    at = client.post(accept, {"number": row.reference}).url
    assert at == url(row)
    for key, answers in ANSWERS.items():
        at = client.post(page(row, key), answers).url
    send_form(client, fresh(row).traveler, fresh(row).user, field="camera")
    client.post(url(row, "passport/"), {"file": picture()})
    assert client.post(url(row, "check/"), SIGNATURE).url == url(row, "send/")
    client.post(url(row, "send/"))

    row = fresh(row)
    assert (row.status, row.attested_name) == ("ata_pending", "Marie Joseph")
    fields = list(row.corrections.values_list("field", flat=True))
    assert sorted(fields) == ["document_expires_on", "document_number", "given_names"]
    assert [template for template, _channels in told(row.user)] == ["invitation", "case_submitted"]
    assert "We have everything" in client.get(url(row)).content.decode()


# --- The invitation -------------------------------------------------------------------------


@pytest.fixture
def row(db):
    return make_beneficiary()


def path_of(row) -> str:
    return inviting.link_of(row).removeprefix(settings.SITE_URL)


def test_scanners_that_open_every_link_change_nothing(client, row):
    address = path_of(row)
    before = fresh(row).__dict__ | {"_state": None}

    for _ in range(3):
        for path in (address, f"{address}birth/", "/invitation/", "/invitation/accept/"):
            assert client.get(path).status_code in (200, 302)
            assert client.head(path).status_code in (200, 302)

    assert fresh(row).__dict__ | {"_state": None} == before
    assert Event.objects.count() == Delivery.objects.count() == 0
    assert client.post(f"{address}birth/", day("birth_date", 21, 3, 1994)).status_code == 302


def test_invitation_page_names_nobody(client, row):
    shown = client.get(path_of(row)).content.decode()

    for word in (row.written.given_names, row.request.supporter.given_names, "Haiti", "1994"):
        assert word not in shown


@pytest.mark.parametrize("tail", ["", "birth/"])
def test_link_of_an_older_address_or_of_nobody_is_gone(client, row, tail):
    old = path_of(row)
    Beneficiary.objects.filter(pk=row.pk).update(written_email="right@example.org")

    for path in (old, "/invitation/B-7K4M-92QX/AAAAAAAAAAAAAAAA/"):
        for answer in (client.get(path + tail), client.post(path + tail)):
            assert answer.status_code == 404
            assert "Begin with the number" in answer.content.decode()


def test_wrong_birth_date_is_told_and_kept_as_typed(client, row):
    path = path_of(row) + "birth/"

    shown = client.post(path, day("birth_date", 22, 3, 1994)).content.decode()

    assert "does not belong to the case number" in shown
    assert 'value="22"' in shown
    assert "invitations_proved" not in client.session


def test_birth_dates_tried_too_often_are_refused(client, row):
    path = path_of(row) + "birth/"
    for number in range(6):
        client.post(path, day("birth_date", 1 + number, 3, 1994))

    shown = client.post(path, day("birth_date", 21, 3, 1994))

    assert "Wait an hour" in shown.content.decode()
    assert fresh(row).user is None


def test_number_on_paper_leads_to_the_same_button(client, row):
    client.force_login(make_user())

    typed = {"number": row.reference.lower()} | day("birth_date", 21, 3, 1994)
    accept = client.post("/invitation/", typed).url

    shown = client.get(accept).content.decode()
    assert f"Accept for {row.written}" in shown
    assert str(row.request.supporter) in shown
    assert fresh(row).user is None


def test_accept_without_the_birth_date_is_refused(client, row):
    client.force_login(make_user())

    answer = client.post("/invitation/accept/", {"number": row.reference})

    assert answer.url == "/invitation/"
    assert fresh(row).user is None


def prove(client, row) -> None:
    client.post("/invitation/", {"number": row.reference} | day("birth_date", 21, 3, 1994))


def test_accept_after_the_address_was_corrected_needs_the_new_link(client, row):
    client.force_login(make_user())
    prove(client, row)
    Beneficiary.objects.filter(pk=row.pk).update(written_email="right@example.org")

    client.post("/invitation/accept/", {"number": row.reference})

    assert fresh(row).user is None


def test_accept_by_the_supporter_is_told_why_not(client, row):
    client.force_login(row.request.owner)
    prove(client, row)

    answer = client.post("/invitation/accept/", {"number": row.reference}, follow=True)

    assert "You filed this request yourself" in answer.content.decode()
    assert fresh(row).user is None


def test_accept_what_another_account_accepted_is_refused(client, row):
    client.force_login(make_user())
    prove(client, row)
    inviting.claim(beneficiary=row, user=make_user())

    answer = client.post("/invitation/accept/", {"number": row.reference}, follow=True)

    assert "was accepted already" in answer.content.decode()
    assert client.get(url(row)).status_code == 404


def test_accept_pressed_twice_leads_to_the_case(client, row):
    client.force_login(make_user())
    prove(client, row)

    for _ in range(2):
        assert client.post("/invitation/accept/", {"number": row.reference}).url == url(row)

    assert len(events(row)) == 1


@pytest.mark.parametrize(
    ("values", "words"),
    [({"claimed": True}, "accepted already"), ({"status": "closed"}, "has ended")],
)
def test_link_of_a_settled_invitation_says_so(client, values, words):
    row = make_beneficiary(**values)

    shown = client.get(path_of(row)).content.decode()

    assert words in shown
    assert "<form method" not in shown.split("<main")[1].split("</main")[0]


def test_proved_and_signed_in_elsewhere_finds_the_way_back(client, row):
    prove(client, row)
    client.force_login(make_user())
    prove(client, row)

    shown = client.get("/invitation/").content.decode()

    assert 'href="/invitation/accept/"' in shown


def test_birth_date_to_come_is_a_slip_and_no_try(client, row):
    path = path_of(row) + "birth/"
    for number in range(6):
        shown = client.post(path, day("birth_date", 1 + number, 3, 2090)).content.decode()
        assert "This day is still to come." in shown

    assert client.post(path, day("birth_date", 21, 3, 1994)).status_code == 302
