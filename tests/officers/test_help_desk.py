"""The help desk: finding one person exactly, what is told of them, and what is not."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cbpone.accounts.roles import HELP_DESK, PERMISSIONS
from cbpone.audit.models import Event
from cbpone.lib import clock as clock_module
from cbpone.notifications.models import Delivery
from cbpone.notifications.outbox import notify
from officers import help_desk
from parole.statuses import BeneficiaryStatus, RequestStatus
from scheduling.statuses import RegistrationStatus
from tests.audit.rows import walk_in
from tests.breaking import change
from tests.factories import (
    make_appointment,
    make_authorization,
    make_beneficiary,
    make_member,
    make_officer,
    make_photo,
    make_port,
    make_registration,
    make_request,
    make_slot,
    make_user,
)
from tests.factories.office_duties import make_delivery

pytestmark = pytest.mark.django_db
FIND = "/officers/help/"


@pytest.fixture
def helper(db):
    return make_officer(role=HELP_DESK)


@pytest.fixture
def signed_in(client, helper):
    client.force_login(helper)
    return client


def page_of(person) -> str:
    return reverse("officers:help_person", args=[person.reference])


def read(client, person) -> str:
    return client.get(page_of(person)).content.decode()


def of_walk_in():
    registration = make_registration()
    row = walk_in()
    return type(row).objects.create(
        reference="W-2222-2222",
        port=row.port,
        day=row.day,
        why="danger",
        written_by=row.written_by,
        registration=registration,
    ), registration.owner


def numbered(make, owner):
    def row_and_owner():
        row = make()
        return row, owner(row)

    return row_and_owner


NUMBERS = {
    "registration": numbered(make_registration, lambda row: row.owner),
    "appointment": numbered(make_appointment, lambda row: row.registration.owner),
    "walk-in": of_walk_in,
    "request": numbered(lambda: make_request(status="pending"), lambda row: row.owner),
    "draft": numbered(make_request, lambda row: row.owner),
    "case": numbered(lambda: make_beneficiary(status="attested"), lambda row: row.user),
    "authorization": numbered(make_authorization, lambda row: row.beneficiary.user),
}


@pytest.mark.parametrize("row_and_owner", NUMBERS.values(), ids=NUMBERS)
def test_find_by_a_number_leads_to_who_holds_it(signed_in, helper, row_and_owner):
    row, owner = row_and_owner()
    typed = row.reference.lower().replace("-", " ")

    response = signed_in.post(FIND, {"q": typed})

    assert response.url == page_of(owner)
    event = Event.objects.get(verb="searched")
    assert (event.by, event.note) == (helper, typed)


@pytest.mark.parametrize("typed", ["maria@example.org", " MARIA@Example.org "])
def test_find_by_the_whole_address(signed_in, typed):
    person = make_user("maria@example.org")

    assert signed_in.post(FIND, {"q": typed}).url == page_of(person)


def test_find_an_invited_person_before_they_accept(signed_in):
    case = make_beneficiary(status="invited")
    person = make_user(case.written_email.upper())

    assert signed_in.post(FIND, {"q": case.reference}).url == page_of(person)
    assert case.reference in read(signed_in, person)


NOBODY = {
    "part of an address": lambda: "maria",
    "an address": lambda: "other@example.org",
    "domain": lambda: "@example.org",
    "an officer": lambda: make_officer().email,
    "a name": lambda: str(make_registration().people().first().traveler),
    "a case not invited yet": lambda: make_beneficiary(status="written").reference,
    "an invitation without an account": lambda: make_beneficiary(status="invited").reference,
    "a walk-in without an account": lambda: walk_in().reference,
    "a number of nothing": lambda: "R-2222-2222",
    "control signs": lambda: "R-7K4M\0-92QX",
}


@pytest.mark.parametrize("typed", NOBODY.values(), ids=NOBODY)
def test_find_anything_less_than_exact_finds_nobody(signed_in, typed):
    make_user("maria@example.org")

    response = signed_in.post(FIND, {"q": typed()})

    assert response.status_code == 200
    assert 'class="error"' in response.content.decode()


def test_find_by_get_searches_nothing(signed_in):
    person = make_user("maria@example.org")

    page = signed_in.get(FIND, {"q": person.email}).content.decode()

    assert person.email not in page
    assert not Event.objects.filter(verb="searched").exists()


def test_page_tells_where_a_registration_stands_and_its_appointment(signed_in, helper):
    slot = make_slot(make_port("laredo"), at="09:30")
    row = make_appointment(slot=slot)
    person = row.registration.owner

    page = read(signed_in, person)

    assert f"<h1>{row.registration.people().first().traveler}</h1>" in page
    assert "It is signed, and the family has an appointment." in page
    assert f"{row.reference}: Laredo" in page
    assert "09:30 (" in page
    assert slot.port.zone_name in page
    viewed = Event.objects.get(verb="viewed")
    assert (viewed.by, viewed.row_id, viewed.case) == (
        helper,
        str(person.pk),
        row.registration.reference,
    )


def test_page_of_an_account_without_anything_says_so(signed_in):
    person = make_user("maria@example.org", last_login=None)

    page = read(signed_in, person)

    assert "has begun nothing yet" in page
    assert "never" in page
    assert "None yet." in page


def test_page_tells_of_requests_and_cases(signed_in):
    person = make_user()
    request = make_request(person, status="pending")
    case = make_beneficiary(person, status="ata_pending")

    page = read(signed_in, person)

    assert request.reference in page
    assert "It waits to be chosen for review. Nobody can say when." in page
    assert case.reference in page
    assert "Officers have it. Nothing is needed from the person now." in page


def test_sentences_are_there_for_every_status():
    assert set(help_desk.REGISTRATION) == set(RegistrationStatus.values)
    assert set(help_desk.SUPPORT) == set(RequestStatus.values)
    assert set(help_desk.TRAVEL) == set(BeneficiaryStatus.values) - {"written"}


def test_page_holds_no_answer_document_photo_or_birth_date(signed_in):
    person = make_user()
    family = make_registration(owner=person, us_contact="Aunt Rosa", emergency_name="Uncle Juan")
    second = make_member(family).traveler
    change(second, given_names="Xiomara")
    photo = make_photo(second)
    first = family.people().first().traveler
    request = make_request(person, status="selected")
    case = make_beneficiary(person, status="attested")
    delivery = make_delivery(family, status="sent", body="The words of it.")

    page = read(signed_in, person)

    hidden = [
        "Aunt Rosa", "Uncle Juan", "Xiomara", str(photo.reference), first.document_number,
        str(first.birth_date.year), family.mexico_city, request.plan_school,
        str(request.beneficiary.written), case.street, case.request.supporter.surnames,
        delivery.body,
    ]  # fmt: skip
    assert [one for one in hidden if one in page] == []


def test_page_shows_each_message_with_what_became_of_it(signed_in):
    row = make_registration(text_messages=True)
    notify(user=row.owner, template="registered", about=row, sms_to=row)
    email, text = Delivery.objects.order_by("channel")
    change(email, status="sent", sent_at=clock_module.now())
    change(text, status="failed")

    page = read(signed_in, row.owner)

    assert page.count("News about your registration") == 3  # two rows, and the button of one
    assert "Text message" in page
    assert "1 message could not be sent." in page
    assert page.count("Send again") == 1


def test_send_again_lets_it_wait(signed_in, helper):
    delivery = make_delivery()
    person = delivery.message.user

    response = signed_in.post(page_of(person) + "send-again/", {"delivery": delivery.pk})

    delivery.refresh_from_db()
    assert response.url == page_of(person)
    assert delivery.status == "waiting"
    assert Event.objects.get(verb="resent").by == helper
    assert "Send again" not in read(signed_in, person)


def test_send_again_of_what_waits_already_is_refused(signed_in):
    delivery = make_delivery(status="waiting")
    url = page_of(delivery.message.user) + "send-again/"

    page = signed_in.post(url, {"delivery": delivery.pk}, follow=True).content.decode()

    assert "This has changed since you opened the page" in page
    assert not Event.objects.filter(verb="resent").exists()


@pytest.mark.parametrize("key", ["", "0", "x", "9" * 30])
def test_send_again_of_nothing_or_of_another_person_is_not_found(signed_in, key):
    delivery, other = make_delivery(), make_user()

    for url, pk in ((delivery.message.user, key), (other, delivery.pk)):
        answer = signed_in.post(page_of(url) + "send-again/", {"delivery": pk})
        assert answer.status_code == 404
    assert Delivery.objects.get().status == "failed"


def test_pages_of_officers_and_of_nobody_are_not_found(signed_in):
    assert signed_in.get(page_of(make_officer())).status_code == 404
    nobody = "/officers/help/2f0b3c0e-0000-4000-8000-000000000000/"
    assert signed_in.get(nobody).status_code == 404


@pytest.mark.parametrize("role", [role for role in PERMISSIONS if role != HELP_DESK])
def test_help_is_for_the_help_desk(client, role):
    delivery = make_delivery()
    page = page_of(delivery.message.user)
    client.force_login(make_officer(role=role))

    assert client.get(FIND).status_code == 403
    assert client.post(FIND, {"q": delivery.message.user.email}).status_code == 403
    assert client.get(page).status_code == 403
    assert client.post(page + "send-again/", {"delivery": delivery.pk}).status_code == 403
    assert client.get(page + "send-again/").status_code == 405
    assert Delivery.objects.get().status == "failed"


def test_page_asks_as_much_for_three_of_each_as_for_one(signed_in, django_assert_num_queries):
    person = make_user()
    family = make_registration(owner=person)

    def more():
        make_appointment(family, status="cancelled")
        make_request(person, status="pending")
        make_beneficiary(person, status="attested")
        for about in (family, person):
            key = f"test:{Delivery.objects.count()}"
            notify(user=person, template="registered", about=about, dedupe=key)

    more()
    read(signed_in, person)  # permissions and session are read once
    with CaptureQueriesContext(connection) as first:
        read(signed_in, person)
    more()
    more()

    with django_assert_num_queries(len(first)):
        read(signed_in, person)
