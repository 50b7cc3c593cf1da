"""A supporter's way as a person meets it: from the first page to the signature."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cbpone.lib.vault import digest, unseal
from parole.models import Carried, CoSupporter, ParolePage, Supporter, SupportRequest
from parole.questions.support import QUESTIONS
from tests.factories import make_process, make_request, make_user
from tests.facts import events, told
from tests.parole.drafts import make_ready

pytestmark = pytest.mark.django_db


def day(name, day, month, year):
    return {f"{name}_day": str(day), f"{name}_month": str(month), f"{name}_year": str(year)}


ANSWERS = {
    "name": {"given_names": "Paul", "surnames": "Benoit"},
    "birth": day("birth_date", 2, 7, 1980)
    | {"sex": "male", "birth_country": "HT", "citizenship": "US"},
    "status": {"status": "citizen", "has_ssn": "yes", "ssn": "245-99-1234"},
    "contact": {"phone": "305 555 0134", "text_messages": "on", "email": "paul@example.org"},
    "address": {
        "street": "12 NE 2nd Avenue, Apt 4", "city": "Miami", "state": "FL", "zip": "33137",
        "mailing_same": "yes",
    },
    "person": {"given_names": "Marie", "surnames": "Joseph"},
    "person_birth": day("birth_date", 21, 3, 1994)
    | {"sex": "female", "birth_city": "Jacmel", "birth_country": "HT", "marital_status": "single"},
    "passport": {"nationality": "HT", "document_number": "pp 123456", "document_country": "HT"}
    | day("document_expires_on", 1, 2, 2031),
    "process": {"way": "own"},
    "person_contact": {
        "relation": "sibling", "written_email": "marie@example.org",
        "written_phone": "+509 37 00 1234", "written_street": "Rue Capois 12, Port-au-Prince",
        "written_country": "HT",
    },
    "stay": {"stay_months": "24", "own_money": "", "own_dependants": ""},
    "filer": {"filer_type": "alone"},
    "work": {
        "employment": "employed", "employer": "Mercy Hospital", "occupation": "nurse",
        "annual_income": "$64,000.00",
    },
    "household": {
        "household_size": "3", "household_income": "71,000", "dependants": "1",
        "tax_year": "2024", "tax_income": "63500",
    },
    "assets": {"bank": "8 000", "securities": "1.500"},
    "housing": {"lives": "with_me", "bedrooms": "3", "occupants": "3"},
    "plan": {
        "plan_reception": "I meet her at the airport.", "plan_housing": "She has her own room.",
        "plan_work": "I help with papers and English classes.",
    },
    "preparer": {"has_preparer": "no"},
}  # fmt: skip
SIGN = {"undertakes": "on", "true": "on", "checks": "on", "name": "Paul Benoit"}


@pytest.fixture
def mine(applicant, client):
    client.force_login(applicant)
    return make_request(applicant, complete=False)


@pytest.fixture
def ready(applicant, client):
    client.force_login(applicant)
    return make_ready(applicant)


def url(request, page=""):
    return f"/support/requests/{request.reference}/{page}"


def page(request, key):
    return url(request, f"pages/{key}/")


def text(response):
    return response.content.decode()


# --- The whole way --------------------------------------------------------------------------


def test_whole_way_from_the_first_page_to_the_receipt(client, applicant):
    client.force_login(applicant)
    client.post("/support/requests/start/")
    mine = SupportRequest.objects.get()

    for key in QUESTIONS:
        if key in ANSWERS:
            assert client.post(page(mine, key), ANSWERS[key]).status_code == 302
    client.post(url(mine, "people/carried/"))
    assert "Sign and file for Marie Joseph" in text(client.get(url(mine, "check/")))
    done = client.post(url(mine, "check/"), SIGN, follow=True)

    mine.refresh_from_db()
    assert "Your request is signed and filed." in text(done)
    assert "Nothing is needed from you now." in text(done)
    assert (mine.status, mine.process, mine.signed_name) == (
        "received", make_process("HT"), "Paul Benoit",
    )  # fmt: skip
    assert mine.filed_ip == "127.0.0.1"
    assert told(applicant) == [("request_received", ["email", "sms"])]
    assert [one[0] for one in events(mine)][-1] == "filed"


def test_answers_are_stored_the_way_officers_need_them(client, mine):
    for key, answer in ANSWERS.items():
        client.post(page(mine, key), answer)

    mine.refresh_from_db()
    own, person = mine.supporter, mine.beneficiary
    assert (own.phone, own.annual_income, own.household_income, own.bank) == (
        "+13055550134", 64_000, 71_000, 8_000,
    )  # fmt: skip
    assert (own.ssn_last, own.ssn_digest, unseal(own.ssn_sealed)) == (
        "1234", digest("245991234"), "245991234",
    )  # fmt: skip
    assert len(own.address_key) == 64
    assert (person.written.document_type, person.written.document_number) == (
        "passport", "PP123456",
    )  # fmt: skip
    assert person.written_phone == "+50937001234"
    assert mine.process == make_process("HT")


def test_check_pressed_twice_shows_the_same_page(client, ready):
    first = client.post(url(ready, "check/"), SIGN)
    second = client.post(url(ready, "check/"), SIGN)

    assert first.url == second.url == url(ready)
    assert told(ready.owner) == [("request_received", ["email"])]


@pytest.mark.parametrize("left_out", list(SIGN))
def test_check_without_a_promise_or_name_is_not_filed_and_keeps_the_rest(client, ready, left_out):
    sent = {key: value for key, value in SIGN.items() if key != left_out}

    shown = client.post(url(ready, "check/"), sent)

    ready.refresh_from_db()
    assert ready.status == "draft"
    assert list(shown.context["form"].errors) == [left_out]
    assert ('value="Paul Benoit"' in text(shown)) == (left_out != "name")


def test_check_of_an_incomplete_draft_offers_no_signature(client, mine):
    assert "See what is missing" in text(client.get(url(mine, "check/")))

    client.post(url(mine, "check/"), SIGN)

    assert SupportRequest.objects.get().status == "draft"


def test_check_says_before_the_signature_what_stands_in_the_way(client, ready):
    person = ready.beneficiary.written
    make_request(
        ready.owner,
        status="pending",
        person={
            "given_names": person.given_names,
            "surnames": person.surnames,
            "birth_date": person.birth_date,
        },
    )

    shown = text(client.get(url(ready, "check/")))

    assert "You cannot file today" in shown
    assert "Sign and file" not in shown


def test_every_page_names_the_person(client, ready):
    pages = [page(ready, key) for key in QUESTIONS]
    lists = [url(ready, f"people/{key}/") for key in ("others", "carried")]
    rest = [url(ready), url(ready, "check/"), url(ready, "people/others/add/")]

    for address in [*pages, *lists, *rest]:
        assert f"You are filing for {ready.beneficiary.written}" in text(client.get(address))


def test_change_link_leads_back_to_the_answers(client, ready):
    shown = text(client.get(url(ready, "check/")))
    links = re.findall(r'href="([^"]*\?return=check)"', shown)

    response = client.post(page(ready, "filer"), {"filer_type": "alone", "return": "check"})

    assert f"{page(ready, 'filer')}?return=check" in links
    assert response.url == url(ready, "check/")


# --- Mistakes -------------------------------------------------------------------------------


def test_mistake_keeps_everything_typed_and_shows_it_on_any_device(client, mine):
    typed = ANSWERS["address"] | {"zip": "331", "city": "Miami Beach"}

    shown = client.post(page(mine, "address"), typed, follow=True)
    client.logout()
    client.force_login(mine.owner)
    later = client.get(page(mine, "address"))

    for response in (shown, later):
        assert "A ZIP code has 5 digits" in text(response)
        assert 'value="Miami Beach"' in text(response)
    assert Supporter.objects.get().city == ""


MISTAKES = [
    ("name", {}, "given_names"),
    ("birth", {"birth_date_year": "2090"}, "birth_date"),
    ("status", {"ssn": "12345"}, "ssn"),
    ("status", {"ssn": ""}, "ssn"),
    ("status", {"has_ssn": ""}, "has_ssn"),
    ("contact", {"phone": "12"}, "phone"),
    ("contact", {"email": "paul"}, "email"),
    ("address", {"mailing_same": "no"}, "mailing_street"),
    ("person_contact", {"written_phone": "3055550134"}, "written_phone"),
    ("person_contact", {"written_country": "US"}, "written_country"),
    ("process", {"way": "family"}, "way"),
    ("stay", {"stay_months": "25"}, "stay_months"),
    ("work", {"annual_income": "a lot"}, "annual_income"),
    ("work", {"employer": ""}, "employer"),
    ("household", {"household_size": "0"}, "household_size"),
    ("household", {"tax_year": "3024"}, "tax_year"),
    ("housing", {"lives": "elsewhere"}, "housing_street"),
    ("preparer", {"has_preparer": "yes"}, "preparer_name"),
    ("plan", {"plan_work": "x" * 4001}, "plan_work"),
]


@pytest.mark.parametrize(("key", "mistake", "field"), MISTAKES)
def test_mistake_is_told_beside_its_field_and_nothing_is_saved(client, mine, key, mistake, field):
    typed = (ANSWERS[key] | mistake) if mistake else {}

    shown = client.post(page(mine, key), typed, follow=True)

    assert field in shown.context["form"].errors
    assert ParolePage.objects.get(request=mine, key=key).saved_at is None


def test_number_is_never_kept_as_typed_and_asked_for_again(client, mine):
    typed = ANSWERS["status"] | {"status": ""}

    shown = client.post(page(mine, "status"), typed, follow=True)

    assert "245" not in str(ParolePage.objects.get().typed)
    assert "99-1234" not in text(shown)
    assert "ssn" in shown.context["form"].errors


def test_number_left_empty_keeps_the_one_we_have(client, mine):
    client.post(page(mine, "status"), ANSWERS["status"])

    shown = text(client.get(page(mine, "status")))
    client.post(page(mine, "status"), {"status": "lpr", "has_ssn": "yes", "ssn": ""})

    own = Supporter.objects.get()
    assert "ends in 1234" in shown
    assert "245" not in shown
    assert (own.status, own.ssn_last, own.ssn_digest) == ("lpr", "1234", digest("245991234"))


def test_no_number_is_fine_and_takes_the_old_one_away(client, mine):
    client.post(page(mine, "status"), ANSWERS["status"])

    client.post(page(mine, "status"), {"status": "tps", "has_ssn": "no"})

    own = Supporter.objects.get()
    assert (own.ssn_last, own.ssn_digest, bytes(own.ssn_sealed)) == ("", "", b"")


@pytest.mark.parametrize(
    ("typed", "dollars"),
    [
        ("64000", 64_000), ("$64,000", 64_000), ("64.000", 64_000), ("64 000.00", 64_000),
        ("1.064.000,50", 1_064_000), ("0", 0), ("64,5", None), ("64.5", None), ("-1", None),
        ("1,2,3", None), ("6e4", None), ("9999999999", None),
    ],
)  # fmt: skip
def test_sum_is_read_as_people_write_it_or_asked_for_again(client, mine, typed, dollars):
    client.post(page(mine, "work"), ANSWERS["work"] | {"annual_income": typed})

    assert Supporter.objects.get().annual_income == dollars


# --- Lists and drafts -----------------------------------------------------------------------


def test_people_are_added_and_taken_out(client, ready):
    other = {
        "given_names": "Rosa", "surnames": "Lima", "status": "lpr", "relation": "my wife",
        "annual_income": "30,000",
    } | day("birth_date", 1, 1, 1985)  # fmt: skip

    client.post(url(ready, "people/others/add/"), other)
    row = CoSupporter.objects.get()
    shown = text(client.get(url(ready, "people/others/")))
    client.post(url(ready, "people/others/remove/"), {"number": row.pk})

    assert (row.annual_income, row.request) == (30_000, ready)
    assert "Rosa Lima" in shown
    assert not CoSupporter.objects.exists()


def test_person_with_a_mistake_is_not_added_and_stays_typed(client, ready):
    shown = client.post(url(ready, "people/carried/add/"), {"name": "Ana Ruiz", "form": ""})

    assert 'value="Ana Ruiz"' in text(shown)
    assert not Carried.objects.exists()


@pytest.mark.parametrize("number", ["", "x", "-1", "٣", "9" * 30])
def test_people_remove_without_a_number_is_not_found(client, ready, number):
    response = client.post(url(ready, "people/carried/remove/"), {"number": number})

    assert response.status_code == 404


def test_second_draft_offers_the_first_ones_answers_until_they_are_saved(client, ready):
    client.post("/support/requests/start/")
    second = SupportRequest.objects.exclude(pk=ready.pk).get()

    shown = text(client.get(page(second, "address")))
    before = text(client.get(url(second)))
    client.post(page(second, "address"), ANSWERS["address"])
    after = text(client.get(page(second, "address")))

    assert "You wrote this before. Check it" in shown
    assert f'value="{ready.supporter.street}"' in shown
    assert "0 of " in before
    assert before.count("Go on</span>") == 8
    assert "You wrote this before" not in after


def test_drafts_stand_side_by_side_and_are_saved_apart(client, ready):
    second = make_ready(ready.owner, person={"given_names": "Luc"})

    client.post(page(second, "person"), {"given_names": "Lucie", "surnames": "Noel"})

    shown = text(client.get("/support/requests/"))
    assert "Lucie Noel" in shown
    assert str(ready.beneficiary.written) in shown


def test_discard_takes_the_draft_off_the_list(client, ready):
    client.post(url(ready, "discard/"))

    assert ready.reference not in text(client.get("/support/requests/"))
    assert client.get(url(ready)).status_code == 404


def test_family_of_another_nationality_follows_a_principal(client, ready):
    child = make_request(ready.owner, person={"nationality": "CO"}, process=None)

    shown = text(client.get(page(child, "process")))
    answer = {"way": "family", "principal": ready.reference, "relation": "spouse"}
    client.post(page(child, "process"), answer)

    child.refresh_from_db()
    assert "The process for" not in shown
    assert (child.principal, child.principal_relation) == (ready, "spouse")
    assert child.process == make_process("HT")


def test_grown_child_cannot_follow(client, ready):
    child = make_request(ready.owner, person={"nationality": "CO", "marital_status": "single"})

    answer = {"way": "family", "principal": ready.reference, "relation": "child"}
    shown = client.post(page(child, "process"), answer, follow=True)

    assert "relation" in shown.context["form"].errors
    child.refresh_from_db()
    assert child.principal is None


def test_another_supporters_person_cannot_be_followed(client, ready):
    strange = make_request()

    answer = {"way": "family", "principal": strange.reference, "relation": "spouse"}
    shown = client.post(page(ready, "process"), answer, follow=True)

    assert shown.context["form"].errors


# --- Who and when ---------------------------------------------------------------------------

BELOW = [
    "", "pages/name/", "people/carried/", "people/carried/add/", "check/", "discard/", "print/",
    "answer/", "withdraw/", "address/", "history/",
]  # fmt: skip


@pytest.mark.parametrize("below", BELOW)
@pytest.mark.parametrize("status", ["draft", "more_info"])
def test_stranger_finds_nothing(client, below, status):
    theirs = make_request(status=status)
    client.force_login(make_user())

    assert client.get(url(theirs, below)).status_code == 404
    assert client.post(url(theirs, below), SIGN).status_code in (404, 405)
    assert SupportRequest.objects.get().status == status


@pytest.mark.parametrize("below", [*BELOW, "people/carried/remove/"])
def test_nobody_signed_in_is_asked_to_sign_in(client, ready, below):
    client.logout()

    assert client.get(url(ready, below)).url.startswith("/accounts/")


@pytest.mark.parametrize("below", ["pages/name/", "people/carried/", "discard/"])
def test_pages_of_a_filed_request_lead_to_its_line_and_change_nothing(client, applicant, below):
    client.force_login(applicant)
    filed = make_request(applicant, status="pending")

    response = client.post(url(filed, below), {"given_names": "Other"}, follow=True)

    assert "This request is filed" in text(response)
    assert Supporter.objects.get().given_names == filed.supporter.given_names
    assert SupportRequest.objects.get().status == "pending"


def test_page_that_does_not_exist_is_not_found(client, ready):
    assert client.get(page(ready, "nothing")).status_code == 404
    assert client.get(url(ready, "people/nobody/")).status_code == 404
    assert client.get(url(ready, "people/nobody/add/")).status_code == 404


@pytest.mark.parametrize("address", ["/support/requests/start/", "people/carried/remove/"])
def test_verbs_by_get_are_refused(client, ready, address):
    address = address if address.startswith("/") else url(ready, address)

    assert client.get(address).status_code == 405


# --- Queries and size -----------------------------------------------------------------------


def queries(client, address):
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_list_asks_the_database_as_often_for_three_as_for_one(client, applicant):
    client.force_login(applicant)
    make_request(applicant, status="pending")
    one = queries(client, "/support/requests/")
    make_request(applicant, status="confirmed")
    make_request(applicant)

    assert queries(client, "/support/requests/") == one


@pytest.mark.parametrize("below", ["", "check/"])
def test_page_asks_as_often_for_three_people_as_for_one(client, ready, below):
    SupportRequest.objects.update(filer_type="with_others")
    CoSupporter.objects.create(request=ready, given_names="Rosa", relation="wife")
    Carried.objects.create(request=ready, name="Ana", form="I-134")
    one = queries(client, url(ready, below))
    for name in ("Eva", "Luz"):
        CoSupporter.objects.create(request=ready, given_names=name, relation="wife")
        Carried.objects.create(request=ready, name=name, form="I-134")

    assert queries(client, url(ready, below)) == one <= 20


def test_page_with_a_number_that_is_not_kept_does_not_say_everything_is(client, mine):
    client.post(page(mine, "status"), {"status": "", "has_ssn": "yes", "ssn": "245-99-1234"})

    shown = text(client.get(page(mine, "status")))

    assert "but not a Social Security number: type it once more." in shown
    assert "Everything you typed is still here." not in shown


def test_process_that_is_not_open_yet_says_how_to_go_on(client, applicant):
    client.force_login(applicant)
    mine = make_request(applicant, person={"nationality": "CO"}, process=None)

    client.post(page(mine, "process"), {})

    assert "Leave this page for now." in text(client.get(page(mine, "process")))
