"""The airport officer's pages: find, check in, decide; who may, and what is never lost."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cbpone.audit.models import Event
from officers import arrivals
from parole.models import I94, Airport, Arrival
from parole.notices import qr_text
from tests.breaking import change
from tests.factories import (
    make_airport_officer,
    make_arrival,
    make_authorization,
    make_beneficiary,
    make_parole_supervisor,
    make_reviewer,
    make_travel_officer,
)
from tests.facts import told
from tests.parole.rows import paper

pytestmark = pytest.mark.django_db
LIST = "/officers/airport/"
VERBS = ["check-in", "parole", "deny"]


@pytest.fixture
def inspector():
    return make_airport_officer()


@pytest.fixture
def desk(client, inspector):
    """A browser where the officer works at Miami."""
    client.force_login(inspector)
    client.post(f"{LIST}choose/", {"airport": "MIA"})
    return client


@pytest.fixture
def mine():
    return make_authorization()


@pytest.fixture
def here(clock):
    clock.at = datetime(2026, 3, 7, 17, tzinfo=UTC)
    return make_arrival()


def url_of(row, verb=""):
    return f"/officers/arrivals/{row.reference}/" + (f"{verb}/" if verb else "")


def until(day):
    return {"until_day": day.day, "until_month": day.month, "until_year": day.year}


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


def happened(verb):
    return Event.objects.filter(verb=verb)


# --- Roles --------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [make_reviewer, make_travel_officer])
def test_pages_are_not_for_other_officers(client, officer, auditor, supervisor, mine, make):
    for user in (make(), officer, auditor, supervisor):
        client.force_login(user)
        assert client.get(LIST).status_code == 403
        assert client.post(LIST, {"q": mine.reference}).status_code == 403
        assert client.post(f"{LIST}choose/", {"airport": "MIA"}).status_code == 403
        assert client.get(url_of(mine)).status_code == 403
        assert {client.post(url_of(mine, verb)).status_code for verb in VERBS} == {403}

    assert not Event.objects.filter(verb__in=["searched", "viewed", "travelled"]).exists()


def test_pages_are_not_for_applicants_nor_for_people_outside(client, mine):
    client.force_login(mine.beneficiary.user)
    assert client.get(LIST).status_code == 403
    assert client.get(url_of(mine)).status_code == 403
    client.logout()
    assert client.get(LIST).url.startswith("/accounts/login/")
    assert client.post(url_of(mine, "check-in")).url.startswith("/accounts/login/")
    assert not Arrival.objects.exists()


def test_pages_are_for_airport_officers_and_parole_supervisors(client, mine):
    for user in (make_airport_officer(), make_parole_supervisor()):
        client.force_login(user)
        assert client.get(LIST).status_code == 200
        assert client.get(url_of(mine)).status_code == 200


@pytest.mark.parametrize("verb", VERBS)
def test_verbs_by_get_are_refused_and_of_no_such_number_not_found(desk, mine, verb):
    assert desk.get(url_of(mine, verb)).status_code == 405
    assert desk.post(f"/officers/arrivals/T-2222-2222/{verb}/").status_code == 404


def test_person_an_officer_supports_is_not_shown_to_them(desk, mine, inspector):
    change(mine.beneficiary.request, status="withdrawn", withdrawn_at=mine.approved_at)
    supporter = mine.beneficiary.request.owner
    supporter.is_staff = True
    supporter.save()
    supporter.groups.set(inspector.groups.all())
    desk.force_login(supporter)

    assert desk.get(url_of(mine)).status_code == 404
    assert desk.post(url_of(mine, "check-in")).status_code == 404


def test_own_case_can_be_seen_and_not_checked_in(desk, mine, inspector):
    own = mine.beneficiary.user
    own.is_staff = True
    own.save()
    own.groups.set(inspector.groups.all())
    desk.force_login(own)
    desk.post(f"{LIST}choose/", {"airport": "MIA"})

    page = text_of(desk.get(url_of(mine)))
    after = text_of(desk.post(url_of(mine, "check-in"), follow=True))

    assert "This is your own case" in page
    assert "Check in Marie" not in page
    assert "This is your own case" in after
    assert not Arrival.objects.exists()


# --- The list -----------------------------------------------------------------------------


def test_airport_is_chosen_once_and_kept(client, inspector):
    client.force_login(inspector)

    assert "Where do you work today?" in text_of(client.get(LIST))
    response = client.post(f"{LIST}choose/", {"airport": "LAX"})

    assert response.url == LIST
    assert "Los Angeles International Airport" in text_of(client.get(LIST))


@pytest.mark.parametrize("code", ["", "XXX", "1"])
def test_airport_that_is_none_is_told(desk, code):
    page = text_of(desk.post(f"{LIST}choose/", {"airport": code}))

    assert "Choose an airport from the list." in page
    assert desk.session["airport"] == "MIA"


def test_list_is_of_today_on_the_clock_of_the_airport(desk, clock):
    clock.at = datetime(2026, 3, 8, 7, 30, tzinfo=UTC)  # 7 March, 23:30 in Los Angeles
    lax = Airport.objects.get(code="LAX")
    at = {
        "first": datetime(2026, 3, 7, 8, 0, tzinfo=UTC),  # midnight there
        "before": datetime(2026, 3, 7, 7, 59, tzinfo=UTC),
        "last": datetime(2026, 3, 8, 7, 59, tzinfo=UTC),
    }
    rows = {
        name: make_arrival(decided=True, airport=lax, arrived_at=one) for name, one in at.items()
    }
    elsewhere = make_arrival(decided=True, arrived_at=clock.at)
    desk.post(f"{LIST}choose/", {"airport": "LAX"})

    page = text_of(desk.get(LIST))

    assert "Saturday 7 March 2026" in page
    assert str(rows["first"]) in page
    assert str(rows["last"]) in page
    assert str(rows["before"]) not in page
    assert str(elsewhere) not in page


def test_list_keeps_who_waits_for_a_decision_since_yesterday(desk, here, clock):
    clock.forward(days=1)

    page = text_of(desk.get(LIST))

    assert str(here) in page
    assert "7 Mar 12:00" in page


def test_list_says_the_state_of_each_person(desk, here):
    make_arrival(decided=True)

    page = text_of(desk.get(LIST))

    assert '<span class="chip chip-now">arrived at the airport</span>' in page
    assert '<span class="chip chip-done">paroled into the United States</span>' in page
    assert "until 6 Mar 2028" in page


def test_list_asks_the_database_as_often_for_one_as_for_three(desk, here):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            desk.get(LIST)
        return len(queries)

    one = asked()
    for _person in range(2):
        make_arrival()
        make_arrival(decided=True)

    assert asked() == one


# --- Find ---------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["number", "code"])
def test_find_by_number_or_code_opens_the_person(desk, mine, inspector, how):
    typed = {"number": mine.reference.lower(), "code": qr_text(mine)}[how]

    response = desk.post(LIST, {"q": typed})

    assert response.url == url_of(mine)
    event = happened("searched").get()
    assert (event.by, event.note) == (inspector, typed)


@pytest.mark.parametrize("how", ["name", "passport"])
def test_find_by_name_or_passport_lists_who_may_travel(desk, mine, how):
    person = mine.beneficiary.traveler
    other = make_authorization()

    page = text_of(desk.post(LIST, {"q": person.given_names if how == "name" else
                                    person.document_number.lower()}))  # fmt: skip

    assert "1 person may travel" in page
    assert mine.reference in page
    assert other.reference not in page


def test_find_with_a_forged_code_says_so(desk, mine):
    page = text_of(desk.post(LIST, {"q": qr_text(mine)[:-4] + "ZZZ/"}))

    assert "This QR code is not ours" in page
    assert mine.reference + "<" not in page


@pytest.mark.parametrize("typed", ["Nobody Here", "\0x", "%", "T-2222-2222"])
def test_find_of_nobody_says_so(desk, mine, typed):
    assert "Nobody found who may travel now" in text_of(desk.post(LIST, {"q": typed}))


def test_find_by_get_searches_nothing(desk, mine):
    page = text_of(desk.get(LIST, {"q": mine.reference}))

    assert mine.reference not in page
    assert 'method="get"' not in page
    assert not happened("searched").exists()


def test_find_asks_the_database_as_often_for_one_as_for_three(desk):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            text_of(desk.post(LIST, {"q": "Joseph"}))
        return len(queries)

    make_authorization()
    one = asked()
    for _person in range(2):
        make_authorization()

    assert asked() == one


# --- One person ---------------------------------------------------------------------------


def test_page_shows_photo_passport_and_state_and_notes_who_looked(desk, mine, inspector):
    case = mine.beneficiary
    page_file = paper(beneficiary=case, kind="passport", format="JPEG", pages=1)
    scan = paper(beneficiary=case, kind="passport")
    photo = case.traveler.photos.get()

    page = text_of(desk.get(url_of(mine)))

    assert f"/photos/{photo.reference}/" in page
    assert f'<img src="/papers/{page_file.reference}/"' in page
    assert f'<a href="/papers/{scan.reference}/"' in page
    assert f'<img src="/papers/{scan.reference}/"' not in page
    assert case.traveler.document_number in page
    assert f"Check in {case.traveler} at Miami (MIA)" in page
    event = happened("viewed").get(row_id=str(mine.pk), model="parole.authorization")
    assert (event.by, event.case) == (inspector, case.reference)


def test_page_without_an_airport_asks_for_one(client, inspector, mine):
    client.force_login(inspector)

    page = text_of(client.get(url_of(mine)))
    after = text_of(client.post(url_of(mine, "check-in"), follow=True))

    assert "Choose your airport first" in page
    assert "Choose the airport where you work first." in after
    assert not Arrival.objects.exists()


@pytest.mark.parametrize("status", ["used", "expired", "cancelled"])
def test_page_of_an_ended_authorization_offers_no_check_in(desk, status):
    ended = make_authorization(status=status)

    page = text_of(desk.get(url_of(ended)))

    assert "No check-in with this authorization" in page
    assert "check-in/" not in page


def test_page_of_a_child_warns_and_leads_to_the_guardian(desk):
    adult = make_authorization()
    child = make_beneficiary(
        status="ata_approved", guardian=adult.beneficiary, guardian_relation="parent"
    )
    change(child.traveler, birth_date=date(2018, 1, 1))
    young = make_authorization(child)

    page = text_of(desk.get(url_of(young)))

    assert "A child without the parent or guardian" in page
    assert url_of(adult) in page
    assert "Check in " in page
    assert url_of(young) in text_of(desk.get(url_of(adult)))


def test_page_asks_the_database_as_often_for_three_children_as_for_one(desk, mine):
    def add_child():
        child = make_beneficiary(
            status="ata_approved", guardian=mine.beneficiary, guardian_relation="parent"
        )
        make_authorization(child)

    def asked():
        with CaptureQueriesContext(connection) as queries:
            text_of(desk.get(url_of(mine)))
        return len(queries)

    add_child()
    one = asked()
    add_child(), add_child()

    assert asked() == one


def test_check_in_records_the_arrival_once(desk, mine, inspector):
    first = text_of(desk.post(url_of(mine, "check-in"), follow=True))
    second = text_of(desk.post(url_of(mine, "check-in"), follow=True))

    made = Arrival.objects.get()
    assert (made.authorization, made.airport.code, made.checked_by) == (mine, "MIA", inspector)
    assert f"{mine.beneficiary.traveler} is checked in." in first
    assert "was used already" in second


def test_decision_before_the_check_in_is_refused(desk, mine):
    for verb in ("parole", "deny"):
        page = text_of(desk.post(url_of(mine, verb), follow=True))
        assert "Check this person in first." in page

    mine.beneficiary.refresh_from_db()
    assert mine.beneficiary.status == "ata_approved"


def test_parole_offers_two_years_and_makes_the_record(desk, here, inspector):
    page = text_of(desk.get(url_of(here.authorization)))
    assert 'value="2028"' in page

    after = text_of(
        desk.post(url_of(here.authorization, "parole"), until(date(2028, 3, 7)), follow=True)
    )

    i94 = I94.objects.get()
    assert i94.admitted_until == date(2028, 3, 7)
    assert f"Paroled. I-94 number: {i94.number}" in after
    assert "Paroled until 7 March 2028" in after
    assert "Not granted" not in after
    assert told(here.beneficiary.user) == [("paroled", ["email"])]


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2028, 3, 8), "Choose 7 March 2028 or an earlier day."),
        (date(2026, 3, 7), "Parole must end after today."),
    ],
)
def test_parole_out_of_reach_is_told_beside_the_field_and_kept(desk, here, day, words):
    page = text_of(desk.post(url_of(here.authorization, "parole"), until(day)))

    assert words in page
    assert f'value="{day.year}"' in page
    assert 'id="parole_until_error"' in page
    assert not I94.objects.exists()


def test_parole_pressed_twice_is_one_record(desk, here):
    url, typed = url_of(here.authorization, "parole"), until(date(2027, 1, 1))

    desk.post(url, typed)
    page = text_of(desk.post(url, until(date(2027, 2, 1)), follow=True))

    assert "is made already" in page
    assert I94.objects.get().admitted_until == date(2027, 1, 1)


def test_deny_needs_a_choice_and_a_note_and_keeps_what_was_typed(desk, here):
    url = url_of(here.authorization, "deny")

    without_choice = text_of(desk.post(url, {"note": "Said so twice"}))
    without_note = text_of(desk.post(url, {"denial": "nta", "note": " "}))

    assert "Choose what happens from the list." in without_choice
    assert "Said so twice" in without_choice
    assert "Write why. It stays on record." in without_note
    assert 'value="nta"' in without_note
    assert "checked" in without_note
    assert Arrival.objects.get().decided_at is None


def test_deny_is_recorded_and_shown(desk, here, inspector):
    typed = {"denial": "withdrawal", "note": "Wants to go home."}

    page = text_of(desk.post(url_of(here.authorization, "deny"), typed, follow=True))

    made = Arrival.objects.get()
    assert (made.denial, made.note, made.decided_by) == (*typed.values(), inspector)
    assert "Parole was not granted" in page
    assert "Withdrew the application for admission. Wants to go home." in page


def test_deny_after_somebody_else_decided_keeps_the_note(desk, here):
    change(here, decided_at=here.arrived_at, decided_by=make_airport_officer(), denial="nta")

    typed = {"denial": "withdrawal", "note": "A long note of mine"}
    page = text_of(desk.post(url_of(here.authorization, "deny"), typed))

    assert "is made already" in page
    assert "A long note of mine" in page
    assert Arrival.objects.get().denial == "nta"


def test_referral_of_a_child_is_offered_for_children_only(desk, here):
    words = "Child referred to Health and Human Services"

    assert words not in text_of(desk.get(url_of(here.authorization)))
    change(here.beneficiary.traveler, birth_date=date(2015, 1, 1))
    assert words in text_of(desk.get(url_of(here.authorization)))


# --- First page of the back office --------------------------------------------------------


def test_waiting_counts_who_is_not_decided(inspector, here):
    make_arrival(decided=True)

    assert arrivals.waiting(inspector) == {"undecided": 1, "url": LIST}


def test_waiting_is_nothing_for_whom_arrivals_are_no_work(officer, auditor):
    assert arrivals.waiting(officer) is None
    assert arrivals.waiting(auditor) is None


def test_events_of_the_person_are_told_with_their_time(desk, mine, clock):
    desk.post(url_of(mine, "check-in"))
    clock.forward(hours=1)

    page = text_of(desk.get(url_of(mine)))

    assert "recorded the arrival" in page
    assert "Miami time" in page
