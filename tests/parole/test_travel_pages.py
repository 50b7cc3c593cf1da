"""The traveler's own pages and the two public ones: what they show, to whom, and what they keep."""

from datetime import UTC, date, datetime

import pytest

from cbpone.audit.models import Event
from cbpone.lib.references import new_reference
from cbpone.lib.seals import signature_of
from parole.models import I94, Arrival
from tests.breaking import change
from tests.factories import (
    make_airport_officer,
    make_arrival,
    make_authorization,
    make_beneficiary,
    make_reviewer,
)

pytestmark = pytest.mark.django_db
BORN = date(1994, 3, 21)


def typed_date(name, day):
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


def page_of(client, url, user=None):
    if user:
        client.force_login(user)
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def mine(clock):
    clock.at = datetime(2026, 3, 7, 17, tzinfo=UTC)
    authorization = make_authorization(valid_until=date(2026, 3, 31))
    change(authorization.beneficiary.traveler, document_number="HT1234567")
    return authorization


@pytest.fixture
def paroled(clock):
    clock.at = datetime(2026, 3, 7, 17, tzinfo=UTC)
    arrival = make_arrival(decided=True)
    change(arrival.beneficiary.traveler, document_number="HT1234567")
    clock.forward(days=24)
    return arrival


def notice(row):
    return f"/cases/{row.beneficiary.reference}/authorization/"


# --- Notice -------------------------------------------------------------------------------


def test_notice_shows_number_last_day_and_only_the_end_of_the_passport(client, mine):
    page = page_of(client, notice(mine), mine.beneficiary.user)

    assert mine.reference in page
    assert "31 March 2026" in page
    assert "24 days" in page
    assert "ends in 4567" in page
    assert "HT1234567" not in page
    assert f'aria-label="QR code of travel authorization {mine.reference}"' in page
    assert "It does not promise that the airline lets you board, or that you are paroled" in page


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("used", "This authorization was used"),
        ("expired", "This authorization has expired"),
        ("cancelled", "This authorization was cancelled"),
    ],
)
def test_notice_that_ended_says_so_and_carries_no_code(client, status, words):
    ended = make_authorization(status=status)

    page = page_of(client, notice(ended), ended.beneficiary.user)

    assert words in page
    assert "Not valid for travel" in page
    assert "QR code of travel" not in page
    assert "Buy your own ticket" not in page


def test_notice_past_its_last_day_says_so_before_the_hourly_run_ends_it(client, mine, clock):
    clock.at = datetime(2026, 4, 1, 8, tzinfo=UTC)

    page = page_of(client, notice(mine), mine.beneficiary.user)

    assert "It was valid through 31 March 2026. Do not travel with it." in page
    assert "QR code of travel" not in page


def test_notice_shows_the_newest_authorization(client):
    old = make_authorization(status="expired")
    case = old.beneficiary
    change(case, status="ata_pending")
    change(case, status="ata_approved")
    case.refresh_from_db()
    new = make_authorization(case)

    page = page_of(client, notice(new), case.user)

    assert new.reference in page
    assert old.reference not in page


def test_pages_of_a_case_are_for_its_person_only(client, paroled):
    case = paroled.beneficiary
    urls = [f"/cases/{case.reference}/{name}/" for name in ("authorization", "i94", "tb")]
    others = (make_beneficiary(claimed=True).user, case.request.owner)

    for user in (*others, make_reviewer(), make_airport_officer()):
        client.force_login(user)
        assert {client.get(url).status_code for url in urls} == {404}
    client.logout()
    assert {client.get(url).status_code for url in urls} == {302}
    assert client.post(urls[2], typed_date("day", date(2026, 3, 8))).status_code == 302
    assert Arrival.objects.get().tb_reported_on is None


@pytest.mark.parametrize("name", ["authorization", "i94", "tb"])
def test_pages_before_there_is_anything_are_not_found(client, name):
    case = make_beneficiary(status="ata_pending")
    client.force_login(case.user)

    assert client.get(f"/cases/{case.reference}/{name}/").status_code == 404


# --- Check for carriers -------------------------------------------------------------------


def check(client, number, born=BORN):
    data = {"number": number} | typed_date("birth_date", born)
    return client.post("/travel/check/", data).content.decode()


def test_check_of_a_valid_authorization_says_yes_the_day_and_nothing_else(client, mine):
    page = check(client, mine.reference.lower())

    person = mine.beneficiary.traveler
    assert "Yes. It is valid through 31 March 2026." in page
    assert person.given_names not in page
    assert person.surnames not in page
    assert "1234567" not in page
    event = Event.objects.get(verb="verified")
    assert (event.row_id, event.by, event.case) == (
        str(mine.pk), None, mine.beneficiary.reference,
    )  # fmt: skip


@pytest.mark.parametrize("status", ["used", "expired", "cancelled"])
def test_check_of_an_ended_authorization_says_no(client, status):
    ended = make_authorization(status=status)

    page = check(client, ended.reference)

    assert "No. There is no valid authorization" in page
    assert not Event.objects.filter(verb="verified").exists()


def test_check_answers_the_same_for_a_wrong_birth_date_and_an_unknown_number(client, mine):
    wrong = check(client, mine.reference, date(1994, 3, 22))
    unknown = check(client, new_reference("T"), date(1994, 3, 22))

    assert "No. There is no valid authorization" in wrong
    cut = slice(wrong.index("<main"), wrong.index("<form method"))
    assert wrong[cut] == unknown[unknown.index("<main") : unknown.index("<form method")]


def test_check_compares_the_birth_date_of_the_person_not_what_the_supporter_wrote(client, mine):
    change(mine.beneficiary.written, birth_date=date(1990, 1, 1))

    assert "No. There is no valid" in check(client, mine.reference, date(1990, 1, 1))


def test_check_on_the_last_day_is_yes_while_it_lasts_at_any_airport(client, mine, clock):
    clock.at = datetime(2026, 4, 1, 6, 59, tzinfo=UTC)
    assert "Yes. It is valid" in check(client, mine.reference)

    clock.at = datetime(2026, 4, 1, 7, 0, tzinfo=UTC)
    assert "No. There is no valid" in check(client, mine.reference)


def test_check_of_one_number_is_limited(client, mine):
    for day in range(1, 11):
        check(client, mine.reference, date(1990, 1, day))

    page = check(client, mine.reference)

    assert "Somebody tried this many times" in page
    assert "Yes. It is valid" not in page


def test_check_opened_from_our_code_fills_in_the_number(client, mine):
    url = f"/travel/check/{mine.reference}/{signature_of('authorization', mine.reference)}/"

    page = page_of(client, url)

    assert f'value="{mine.reference}"' in page
    assert "is not ours" not in page


@pytest.mark.parametrize("signature", ["A" * 16, "x", "é", "日本"])
def test_check_opened_from_a_forged_code_says_so(client, mine, signature):
    page = page_of(client, f"/travel/check/{mine.reference}/{signature}/")

    assert "This QR code is not ours" in page
    assert f'value="{mine.reference}"' not in page


def test_check_keeps_what_was_typed(client):
    page = check(client, "A-2222-2222")

    assert "This is not one of our numbers" in page
    assert 'value="A-2222-2222"' in page
    assert 'value="1994"' in page


# --- I-94 ---------------------------------------------------------------------------------


def test_i94_page_shows_the_record(client, paroled):
    case, record_of = paroled.beneficiary, I94.objects.get()

    page = page_of(client, f"/cases/{case.reference}/i94/", case.user)

    for words in (record_of.number, "7 March 2026", "6 March 2028", "DT", str(case.traveler),
                  "Born 21 March 1994", "Haiti", "Miami International Airport"):  # fmt: skip
        assert words in page
    assert "Have it by 5 June 2026" in page
    assert "HT1234567" not in page


def test_i94_page_of_a_denied_person_is_not_found(client):
    case = make_beneficiary(status="parole_denied")
    denied = make_arrival(make_authorization(case, status="used"))
    change(denied, decided_at=denied.arrived_at, decided_by=denied.checked_by, denial="nta")
    client.force_login(case.user)

    assert client.get(f"/cases/{case.reference}/i94/").status_code == 404
    assert client.get(f"/cases/{case.reference}/tb/").status_code == 404


def retrieve(client, **others):
    number = I94.objects.get().number
    data = {"number": number, "document_number": "ht 1234567"} | typed_date("birth_date", BORN)
    return client.post("/i94/", data | others).content.decode()


def test_retrieve_shows_the_record_without_an_account(client, paroled):
    page = retrieve(client)

    assert I94.objects.get().number in page
    assert "7 March 2026" in page
    assert Event.objects.get(verb="verified").by is None


@pytest.mark.parametrize(
    "other", [{"number": "000000000A1"}, {"document_number": "HT1"}, {"birth_date_day": "22"}]
)
def test_retrieve_with_a_wrong_answer_says_one_thing_and_shows_nothing(client, paroled, other):
    page = retrieve(client, **other)

    assert "We found no record with these three answers together" in page
    assert "<title>Nothing found: " in page
    assert "7 March 2026" not in page
    assert str(paroled.beneficiary.traveler) not in page
    assert "ht 1234567" in page or "HT1" in page


def test_retrieve_is_limited(client, paroled):
    for _try in range(10):
        retrieve(client, document_number="HT1")

    page = retrieve(client)

    assert "Somebody tried this many times" in page
    assert "7 March 2026" not in page


def test_public_pages_are_never_stored_and_put_nothing_into_the_address(client, paroled):
    for url in ("/i94/", "/travel/check/"):
        response = client.get(url)
        assert "no-store" in response.headers["Cache-Control"]
        assert 'method="get"' not in response.content.decode()


# --- Tuberculosis test --------------------------------------------------------------------


def test_tb_day_is_reported_and_shown(client, paroled):
    case = paroled.beneficiary
    client.force_login(case.user)

    response = client.post(f"/cases/{case.reference}/tb/", typed_date("day", date(2026, 3, 20)))

    assert response.url == f"/cases/{case.reference}/i94/"
    assert Arrival.objects.get().tb_reported_on == date(2026, 3, 20)
    page = page_of(client, response.url)
    assert "Tuberculosis test reported: 20 March 2026." in page


def test_tb_day_out_of_reach_is_told_and_kept(client, paroled):
    case = paroled.beneficiary
    client.force_login(case.user)

    response = client.post(f"/cases/{case.reference}/tb/", typed_date("day", date(2026, 3, 6)))

    page = response.content.decode()
    assert response.status_code == 200
    assert "from 7 March 2026 to 31 March 2026" in page
    assert 'value="6"' in page
    assert Arrival.objects.get().tb_reported_on is None


def test_tb_page_of_a_baby_says_there_is_nothing_to_do(client, paroled):
    case = paroled.beneficiary
    change(case.traveler, birth_date=date(2025, 3, 7))

    page = page_of(client, f"/cases/{case.reference}/tb/", case.user)

    assert "do not need this test" in page
    assert '<form method="post" novalidate' not in page
    assert "blood test" not in page_of(client, f"/cases/{case.reference}/i94/")


def test_i94_page_after_the_end_says_so(client, paroled, clock):
    case = paroled.beneficiary
    clock.at = datetime(2028, 3, 7, 12, tzinfo=UTC)

    page = page_of(client, f"/cases/{case.reference}/i94/", case.user)

    assert "This parole has ended" in page


def test_pages_ask_the_database_few_times(client, paroled, django_assert_max_num_queries):
    case = paroled.beneficiary
    client.force_login(case.user)

    for name in ("authorization", "i94", "tb"):
        with django_assert_max_num_queries(8):
            client.get(f"/cases/{case.reference}/{name}/")


def test_verb_by_another_method_is_refused(client, paroled):
    case = paroled.beneficiary
    client.force_login(case.user)

    for name in ("authorization", "i94"):
        assert client.post(f"/cases/{case.reference}/{name}/").status_code == 405
    assert client.delete(f"/cases/{case.reference}/tb/").status_code == 405


def test_case_page_says_that_the_blood_test_is_due_and_then_that_it_was_reported(client, paroled):
    url = f"/cases/{paroled.beneficiary.reference}/"
    due = page_of(client, url, paroled.beneficiary.user)

    Arrival.objects.filter(pk=paroled.pk).update(tb_reported_on=date(2026, 3, 20))

    assert "You have a blood test for tuberculosis by" in due
    assert "You reported the tuberculosis test." in page_of(client, url)
