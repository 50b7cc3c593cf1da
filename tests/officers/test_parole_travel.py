"""Pages of travel officers and of caps: who sees them, what they show, what the buttons do."""

import gzip
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cbpone.audit.access import open_case
from cbpone.audit.models import Event
from parole import caps
from parole.models import Attestation, Authorization, Beneficiary, CapChange, Correction, MonthlyCap
from tests.breaking import change
from tests.factories import (
    make_airport_officer,
    make_auditor,
    make_authorization,
    make_beneficiary,
    make_cap,
    make_officer,
    make_parole_supervisor,
    make_process,
    make_request,
    make_reviewer,
    make_travel_officer,
    make_user,
)
from tests.parole.waiting import make_queued, make_taken, prove

pytestmark = pytest.mark.django_db
TRAVEL, TAKE = "/officers/travel/", "/officers/travel/take/"
CAPS, PROPOSE = "/officers/caps/", "/officers/caps/propose/"


@pytest.fixture
def officer(client):
    user = make_travel_officer()
    client.force_login(user)
    return user


@pytest.fixture
def supervisor(client):
    user = make_parole_supervisor()
    client.force_login(user)
    return user


@pytest.fixture
def case(officer):
    make_cap(cap=5)
    return make_taken(officer)


def url(name, row) -> str:
    return reverse(f"officers:{name}", args=[row.reference])


def page(client, address) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def notes(response) -> list[tuple]:
    return [(note.level_tag, str(note)) for note in response.context["messages"]]


ROLES = {
    "travel": make_travel_officer,
    "supervisor": make_parole_supervisor,
    "airport": make_airport_officer,
    "reviewer": make_reviewer,
    "auditor": make_auditor,
    "port": make_officer,
    "traveler": make_user,
}


def seen_by(client, address, method="get") -> dict:
    found = {}
    for role, make in ROLES.items():
        client.force_login(make())
        found[role] = getattr(client, method)(address).status_code
    return found


def only(*roles, yes=200, no=403) -> dict:
    return {role: yes if role in roles else no for role in ROLES}


def test_travel_is_for_those_who_decide(client):
    assert seen_by(client, TRAVEL) == only("travel", "supervisor")
    assert seen_by(client, TAKE, "post") == only("travel", "supervisor", yes=302)


def test_travel_case_is_for_those_who_see_beneficiaries(client):
    case = make_beneficiary(status="ata_pending")

    assert seen_by(client, url("travel_case", case)) == only("travel", "supervisor", "airport")


def test_caps_are_seen_by_all_of_parole_and_auditors(client):
    answers = seen_by(client, CAPS)

    assert answers == only("travel", "supervisor", "reviewer", "auditor")


@pytest.mark.parametrize(
    ("address", "method"),
    [(PROPOSE, "get"), ("/officers/caps/agree/", "post"), ("/officers/caps/decline/", "post")],
)
def test_caps_are_changed_by_supervisors(client, address, method):
    yes = 200 if method == "get" else 404

    assert seen_by(client, address, method) == only("supervisor", yes=yes)


def test_travel_cancel_is_for_those_who_decide(client):
    row = make_authorization()

    assert seen_by(client, url("travel_cancel", row)) == only("travel", "supervisor")


@pytest.mark.parametrize("name", ["judge", "approve", "put_back"])
def test_travel_verbs_take_posts_only_and_refuse_who_does_not_hold_the_case(client, case, name):
    address = url(f"travel_{name}", case)
    Correction.objects.create(beneficiary=case, field="birth_date", before="a", after="b")
    typed = {"field": "birth_date", "verdict": "accepted", "note": "Why"}

    assert client.get(address).status_code == 405
    client.force_login(make_travel_officer())
    client.post(address, typed)

    assert Beneficiary.objects.get().status == "ata_pending"
    assert Beneficiary.objects.get().taken_by == case.taken_by
    assert Correction.objects.get().verdict == ""


@pytest.mark.parametrize("name", ["case", "approve", "deny"])
def test_own_and_supported_cases_are_not_there(client, officer, name):
    own = make_beneficiary(officer, status="ata_pending")
    supported = make_beneficiary(
        status="ata_pending", request=make_request(officer, status="confirmed")
    )

    for row in (own, supported):
        method = client.get if name == "case" else client.post
        assert method(url(f"travel_{name}", row)).status_code == 404


def test_travel_shows_the_numbers_of_the_month(client, officer):
    make_cap(cap=40, used=10)
    make_cap(make_process("HT"), cap=4, used=4)
    make_queued()
    make_beneficiary(status="ata_pending")
    make_taken(officer)

    response = client.get(TRAVEL)

    assert response.context["counts"] == {"waiting": 1, "queued": 1, "own": 1, "held": 1}
    shown = [(one.label, one.row.left, one.percent) for one in response.context["meters"]]
    assert shown == [("All nationalities", 30, 25), ("Haiti", 0, 100)]


def test_take_opens_the_case_and_says_when_nobody_waits(client, officer):
    row = make_beneficiary(status="ata_pending")

    assert client.post(TAKE).url == url("travel_case", row)
    client.post(url("travel_put_back", row), {"note": "Lunch"})
    change(row, status="ata_denied")
    response = client.post(TAKE, follow=True)

    assert notes(response)[-1] == ("success", "Nobody waits whose case you could take now.")


def test_case_shows_both_sides_the_photo_and_marks_leads(client, case):
    change(case.traveler, given_names="Marie-Claire")
    Correction.objects.create(
        beneficiary=case, field="given_names", before="Marie", after="Marie-Claire"
    )
    Attestation.objects.filter(beneficiary=case).update(removal_order="yes", measles="exception")

    response = client.get(url("travel_case", case))

    text = response.content.decode()
    assert "Marie-Claire" in text
    assert case.written.given_names in text
    assert reverse("photo", args=[case.traveler.photos.get().reference]) in text
    leads = [one.label for one in response.context["answers"] if one.is_lead]
    assert leads == ["Did the United States order your removal in the last five years?"]
    assert [one.label for one in response.context["health"] if one.is_lead] == ["Measles"]
    assert "Corrections without a verdict: 1" in text
    assert "Authorize travel</button>" not in text
    assert list(Event.objects.values_list("verb", "by")) == [("viewed", case.taken_by_id)]


@pytest.mark.parametrize(("returned", "leads"), [("yes", 1), ("no", 2), ("", 2)])
def test_case_marks_an_irregular_entry_by_what_followed(client, case, returned, leads):
    Attestation.objects.update(irregular_entry="yes", irregular_returned=returned)

    response = client.get(url("travel_case", case))

    assert sum(one.is_lead for one in response.context["answers"]) == leads


@pytest.mark.parametrize("status", ["ata_pending", "ata_denied", "ata_expired", "paroled"])
def test_case_of_who_has_sent_everything_is_open_to_travel_officers(client, officer, status):
    assert page(client, url("travel_case", make_beneficiary(status=status)))


@pytest.mark.parametrize("status", ["written", "invited", "photo_submitted", "closed"])
def test_case_of_who_has_not_opens_after_a_look_with_a_reason(client, officer, status):
    row = make_beneficiary(status=status)
    assert client.get(url("travel_case", row)).status_code == 404

    open_case(case=row.reference, reason="The person calls", by=officer)

    code = client.get(url("travel_case", row)).status_code
    assert code == (404 if status == "written" else 200)


def test_case_of_everybody_who_was_invited_is_open_to_supervisors(client, supervisor):
    for status in ("invited", "photo_submitted", "closed"):
        assert page(client, url("travel_case", make_beneficiary(status=status)))


def test_case_of_a_child_shows_the_guardian(client, officer):
    guardian = make_beneficiary(status="ata_approved")
    child = make_taken(officer, guardian=guardian, guardian_relation="parent")

    assert url("travel_case", guardian) in page(client, url("travel_case", child))
    assert url("travel_case", child) in page(client, url("travel_case", guardian))


def test_case_of_a_child_shows_no_name_of_a_guardian_outside_the_queue(client, officer):
    guardian = make_beneficiary(status="invited", claimed=True)
    change(guardian.traveler, given_names="Solange")
    child = make_taken(officer, guardian=guardian, guardian_relation="parent")

    text = page(client, url("travel_case", child))

    assert f'<a href="/officers/look/{guardian.reference}/">{guardian.reference}</a>' in text
    assert "Solange" not in text


def test_case_shows_the_page_of_the_passport_beside_the_photo(client, case):
    paper = prove(case, kind="passport", format="JPEG")

    text = page(client, url("travel_case", case))

    shown = f'<img src="{reverse("parole:paper", args=[paper.reference])}"'
    assert shown in text
    assert f"Page of the passport of {case.traveler}" in text


def test_judge_keeps_the_verdict(client, case):
    Correction.objects.create(beneficiary=case, field="birth_date", before="a", after="b")

    client.post(url("travel_judge", case), {"field": "birth_date", "verdict": "accepted"})

    assert Correction.objects.get().verdict == "accepted"
    assert client.post(url("travel_judge", case), {"field": "sex"}).status_code == 404


def test_approve_authorizes_and_goes_on(client, case):
    response = client.post(url("travel_approve", case), follow=True)

    made = Authorization.objects.get()
    assert response.redirect_chain == [(TRAVEL, 302)]
    said = f"Travel is authorized: {made.reference}. The person is told."
    assert notes(response) == [("success", said)]


def test_approve_in_a_full_month_tells_the_officer_the_place(client, case):
    MonthlyCap.objects.update(used=5)

    response = client.post(url("travel_approve", case), follow=True)

    ((level, text),) = notes(response)
    assert level == "warning"
    assert "place 1 among those who wait" in text
    assert Beneficiary.objects.get().queued_by == case.taken_by


def test_approve_that_is_refused_stays_on_the_case(client, case):
    case.traveler.photos.update(replaced_at=case.submitted_at)

    response = client.post(url("travel_approve", case), follow=True)

    assert response.redirect_chain == [(url("travel_case", case), 302)]
    assert notes(response)[0][0] == "error"


def test_put_back_by_a_supervisor_frees_the_case(client, case):
    client.force_login(make_parole_supervisor())

    client.post(url("travel_put_back", case), {"note": "The officer is away."})

    assert Beneficiary.objects.get().taken_by is None


TYPED = {"process": "all", "cap": "20", "quota": "30", "reason": "Fewer flights"}


def test_cap_is_proposed_and_agreed_by_two_people(client, supervisor):
    make_cap(cap=50)

    client.post(PROPOSE, TYPED | {"month": str(caps.month_of())})
    change = CapChange.objects.get()
    own = client.post("/officers/caps/agree/", {"change": change.pk}, follow=True)
    client.force_login(make_parole_supervisor())
    assert "Fewer flights" in page(client, CAPS)
    client.post("/officers/caps/agree/", {"change": change.pk})

    assert notes(own)[-1][0] == "error"
    assert MonthlyCap.objects.values_list("cap", "quota").get() == (20, 30)
    assert page(client, CAPS)


def test_cap_of_a_nationality_for_the_next_month_without_a_quota(client, supervisor):
    make_cap(cap=50)
    later = caps.month_after(caps.month_of())

    client.post(PROPOSE, TYPED | {"process": "ht", "quota": "", "month": str(later)})

    row = CapChange.objects.get()
    assert (row.process, row.month, row.cap, row.quota) == (make_process("HT"), later, 20, None)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"cap": "few"}, "Write only digits"),
        ({"cap": "-2"}, "too small"),
        ({"quota": ""}, "Say how many requests"),
        ({"cap": "4"}, "5 people are authorized"),
        ({"month": "1999-01-01"}, "Choose one from the list"),
        ({"process": "mx"}, "Choose one from the list"),
    ],
)
def test_cap_that_is_refused_keeps_what_was_typed(client, supervisor, typed, said):
    make_cap(cap=50, used=5)

    response = client.post(PROPOSE, TYPED | {"month": str(caps.month_of())} | typed)

    text = response.content.decode()
    assert said in text
    assert "Fewer flights" in text
    assert not CapChange.objects.exists()


def test_cap_proposal_is_taken_back_by_who_made_it(client, supervisor):
    make_cap(cap=50)
    client.post(PROPOSE, TYPED | {"month": str(caps.month_of())})

    client.post("/officers/caps/decline/", {"change": CapChange.objects.get().pk})

    assert CapChange.objects.get().status == "declined"


def make_world(n) -> None:
    for _ in range(n):
        row = make_taken(make_travel_officer())
        Correction.objects.create(beneficiary=row, field="sex", before="a", after="b")
        make_authorization()
    process = make_process(["CU", "HT", "VE"][n - 1])
    CapChange.objects.create(
        month=caps.month_of(), process=process, cap=n, reason="x", proposed_by=make_user()
    )


LISTS = [
    TRAVEL,
    CAPS,
    "/officers/parole/beneficiary/",
    "/officers/parole/authorization/",
    "/officers/parole/monthlycap/",
    "/officers/parole/capchange/",
    "/officers/parole/process/",
    "/officers/parole/arrival/",
    "/officers/parole/i94/",
]


@pytest.mark.parametrize("address", LISTS)
def test_lists_ask_as_much_for_three_rows_as_for_one(
    client, supervisor, address, django_assert_num_queries
):
    make_cap(cap=50)
    make_world(1)
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as first:
        page(client, address)
    make_world(3)
    make_cap(make_process("VE"), cap=50)

    with django_assert_num_queries(len(first)):
        page(client, address)


def test_case_page_asks_as_much_for_many_corrections(client, case, django_assert_num_queries):
    address = url("travel_case", case)
    Correction.objects.create(beneficiary=case, field="sex", before="a", after="b")
    client.get(address)
    with CaptureQueriesContext(connection) as first:
        page(client, address)
    for name in ("birth_date", "given_names", "country"):
        Correction.objects.create(beneficiary=case, field=name, before="a", after="b")

    with django_assert_num_queries(len(first)):
        page(client, address)


def test_records_open_the_page_of_the_case(client, officer):
    row = make_authorization()
    of_case = f"/officers/parole/beneficiary/{row.beneficiary.pk}/change/"
    of_row = f"/officers/parole/authorization/{row.pk}/change/"

    assert client.get(of_case).url == url("travel_case", row.beneficiary)
    assert client.get(of_row).url == url("travel_case", row.beneficiary)


def test_auditor_sees_the_facts_of_an_authorization_and_no_person(client):
    row = make_authorization()
    client.force_login(make_auditor())

    text = page(client, f"/officers/parole/authorization/{row.pk}/change/")

    assert row.reference in text
    assert row.beneficiary.traveler.surnames not in text


def test_records_leave_out_the_own_case(client, officer):
    own = make_authorization(make_beneficiary(officer, status="ata_approved"))
    other = make_authorization()

    for address in ("/officers/parole/authorization/", "/officers/parole/beneficiary/"):
        text = page(client, address)
        assert (other.reference in text) or (other.case in text)
        assert own.reference not in text
        assert own.case not in text


def test_record_is_found_by_a_number_typed_in_any_way(client, officer):
    row, other = make_beneficiary(status="ata_pending"), make_beneficiary(status="ata_pending")
    typed = row.reference.lower().replace("-", " ")

    found = client.get("/officers/parole/beneficiary/", {"q": typed}).context["cl"].result_list

    assert list(found) == [row]
    assert other.pk


def test_pages_stay_within_their_bytes(client, case):
    for n, name in enumerate(("sex", "birth_date", "given_names", "surnames")):
        Correction.objects.create(beneficiary=case, field=name, before="a", after=f"b{n}")
    make_queued(hours=1)
    change(case, submitted_at=case.submitted_at - timedelta(days=1))

    for address in (TRAVEL, CAPS, url("travel_case", case)):
        assert len(gzip.compress(page(client, address).encode())) <= 10_240
