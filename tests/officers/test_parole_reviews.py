"""The review pages: who may see and press what, what is shown, what is kept as typed."""

import uuid
from datetime import timedelta

import pytest

from cbpone.audit.access import open_case
from cbpone.audit.models import Event
from cbpone.lib import clock as the_clock
from officers import reviews
from parole.models import Decision, Paper, PovertyGuideline, SupportRequest
from tests.factories import (
    make_beneficiary,
    make_parole_supervisor,
    make_request,
    make_reviewer,
    make_selection,
    make_travel_officer,
)
from tests.facts import events
from tests.officers.reviewing import QUEUE, get, page_of, post, queries
from tests.parole.reviewing import LETTER, decide, make_flag

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer(db):
    return make_reviewer()


@pytest.fixture
def second(db):
    return make_reviewer()


@pytest.fixture
def case(reviewer):
    return make_request(status="selected", taken_by=reviewer)


PAGES = ["", "decide/?choice=confirm:meets", "agree/"]
VERBS = ["leads", "decide", "put-back", "resume", "agree", "decline"]


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_for_roles_that_review(client, officer, applicant, auditor, case, page):
    for user in (officer, applicant, auditor, make_travel_officer(), case.owner):
        client.force_login(user)
        assert client.get(page_of(case) + page).status_code == 403
        assert client.get(QUEUE).status_code == 403

    assert not Event.objects.filter(verb="viewed").exists()


@pytest.mark.parametrize("verb", VERBS)
def test_verbs_are_for_roles_that_review(client, officer, applicant, auditor, case, verb):
    flag = make_flag(case)
    for user in (officer, applicant, auditor, make_travel_officer()):
        typed = {"flag": flag.pk, "verdict": "explained", "note": "x", "choice": "confirm:meets"}
        response = post(client, user, page_of(case, verb), letter=LETTER, **typed)
        assert response.status_code == 403
        assert post(client, user, f"{QUEUE}take/").status_code == 403

    assert events(case) == []


@pytest.mark.parametrize("verb", ["take", "leads", "put-back", "resume", "decline"])
def test_verbs_are_not_pages(client, reviewer, case, verb):
    client.force_login(reviewer)

    url = f"{QUEUE}take/" if verb == "take" else page_of(case, verb)
    assert client.get(url).status_code == 405


@pytest.mark.parametrize("page", PAGES)
def test_pages_of_a_draft_an_unknown_or_an_own_request_are_not_found(client, reviewer, page):
    own = make_request(reviewer, status="selected")
    for case in (make_request(), own):
        client.force_login(reviewer)
        assert client.get(page_of(case) + page).status_code == 404
    assert client.get(f"{QUEUE}S-2222-2222/").status_code == 404


def test_take_opens_the_case(client, reviewer):
    case = make_request(status="selected")

    response = post(client, reviewer, f"{QUEUE}take/")

    assert response.url == page_of(case)
    assert SupportRequest.objects.get().taken_by == reviewer


def test_take_when_nobody_waits_says_so(client, reviewer):
    client.force_login(reviewer)

    response = client.post(f"{QUEUE}take/", follow=True)

    assert "Nobody waits." in response.content.decode()


def test_queue_counts_each_state_and_says_how_old_it_is(client, reviewer, case):
    day = the_clock.today_in("America/New_York") - timedelta(days=3)
    make_request(status="selected", selection=make_selection(day))
    make_request(status="more_info")
    make_request(reviewer, status="selected")

    page = get(client, reviewer, QUEUE)

    lines = {
        line.label: (line.requests, line.free, line.days) for line in reviews.numbers(reviewer)
    }
    assert lines == {
        "chosen for review": (2, 1, 3),
        "waiting for more information": (1, 1, 0),
        "waiting for fingerprints": (0, 0, 0),
        "held while a question is looked into": (0, 0, 0),
    }
    assert "(3 days)" in page
    assert f"Go on with {case.reference}" in page


def test_queue_shows_refusals_to_those_who_may_agree(client, reviewer, second, case):
    decide(case, "not_confirm", reviewer)
    link = f'href="{page_of(case, "agree")}"'

    assert link in get(client, second, QUEUE)
    assert link in get(client, make_parole_supervisor(), QUEUE)
    own = get(client, reviewer, QUEUE)
    assert link not in own
    assert "waits for a second person" in own


def test_queue_shows_questions_whose_day_has_passed(client, reviewer, second, case, clock):
    decide(case, "more_info", reviewer)
    assert "Questions whose day has passed" not in get(client, second, QUEUE)

    clock.forward(days=32)

    assert "Questions whose day has passed" in get(client, second, QUEUE)
    assert "day has passed" in get(client, reviewer, QUEUE)


def test_waiting_gives_the_home_page_its_numbers(reviewer, second, case, officer, auditor):
    make_request(status="selected")
    proposal = make_request(status="selected", taken_by=second)
    decide(proposal, "not_confirm", second)

    assert reviews.waiting(reviewer) == {"free": 1, "own": 1, "proposals": 1, "url": QUEUE}
    assert [reviews.waiting(user) for user in (officer, auditor)] == [None, None]


def add_rows(user, second):
    """One more line of every list on the queue."""
    make_request(status="selected", taken_by=user)
    decide(make_request(status="selected", taken_by=second), "not_confirm", second)
    late = make_request(status="selected", taken_by=second)
    decide(late, "more_info", second)
    day = the_clock.today_in("America/New_York") - timedelta(days=1)
    Decision.objects.filter(request=late).update(asked_until=day)


def test_queue_asks_the_same_number_of_questions_for_one_row_and_for_three(
    client, reviewer, second
):
    client.force_login(reviewer)
    add_rows(reviewer, second)
    before = queries(client, QUEUE)

    add_rows(reviewer, second)
    add_rows(reviewer, second)

    assert queries(client, QUEUE) == before


def test_case_shows_everything_filed_and_is_on_record(client, reviewer):
    case = make_request(
        status="selected",
        taken_by=reviewer,
        supporter={"ssn": "212451234", "annual_income": 64_000, "bank": 12_500},
        beneficiary={"written_email": "marie@example.org"},
        plan_work="I know <b>people</b> who hire.",
        filed_ip="203.0.113.9",
    )

    page = get(client, reviewer, page_of(case))

    for text in (
        "$64,000", "$12,500", "marie@example.org", "ends in 1234", "203.0.113.9",
        "I know &lt;b&gt;people&lt;/b&gt; who hire.", "U.S. citizen or national", "Jacmel",
    ):  # fmt: skip
        assert text in page
    assert "212451234" not in page
    assert [row[:1] + row[3:] for row in events(case)] == [("viewed", reviewer.pk)]


def test_case_says_that_the_guideline_decides_nothing(client, reviewer, case):
    PovertyGuideline.objects.update_or_create(
        year=case.filed_at.year,
        states="48",
        defaults={"first_person": 10_000, "each_further": 5_000, "source": "made up"},
    )

    page = get(client, reviewer, page_of(case))

    # A household of three and the person: 25,000 against an income of 71,000.
    for text in ("<dd>284</dd>", "<dd>$25,000</dd>", "It is never a reason by itself."):
        assert text in page


def test_case_says_when_there_is_no_guideline_for_the_year(client, reviewer, case):
    PovertyGuideline.objects.all().delete()

    page = get(client, reviewer, page_of(case))

    assert "There is no poverty guideline for" in page
    assert "percent of the guideline" not in page


def test_case_links_its_papers_but_not_those_taken_out(client, reviewer, case):
    kept, gone = (
        Paper.objects.create(
            request=case, kind="tax_return", file="papers/x.jpeg", format="JPEG", name=name,
            pages=2, size=10, source_sha256=name[0] * 64, added_by=case.owner, removed_at=removed,
        )
        for name, removed in (("Tax 2025", None), ("Wrong one", the_clock.now()))
    )  # fmt: skip

    page = get(client, reviewer, page_of(case))

    assert str(kept.reference) in page
    assert "Tax 2025" in page
    assert str(gone.reference) not in page


def test_case_says_in_words_what_the_computer_saw(client, reviewer, case):
    other = make_request(status="fraud_hold")
    own = make_request(reviewer, status="pending")
    outside = make_request(status="pending")
    numbers = [other.reference, own.reference, outside.reference]
    make_flag(
        case, "phone_cluster", key="+13055550100",
        evidence={"surnames": 238, "requests": 1626, "receipts": numbers, "odd_one": "x"},
    )  # fmt: skip
    make_flag(case, "ssn_form", evidence={"rule": "placeholder"})
    make_flag(case, "income", evidence={"income": 9000, "percent": 44, "missing": True})

    page = get(client, reviewer, page_of(case))

    for text in (
        "+13055550100", "Different surnames", "238", "1,626", "Odd one", "$9,000", "yes",
        "digits that people write in place of a real number",
    ):  # fmt: skip
        assert text in page
    assert f'<a class="nowrap" href="{page_of(other)}">{other.reference}</a>' in page
    assert f'<span class="nowrap">{own.reference}</span>' in page
    assert f'<a class="nowrap" href="/officers/look/{outside.reference}/">' in page
    assert "3 without a verdict" in page


def test_case_shows_what_else_the_account_has_filed(client, reviewer, case):
    seen = make_request(case.owner, status="more_info")
    outside = make_request(case.owner, status="confirmed", person={"given_names": "Solange"})
    draft = make_request(case.owner)
    invited = make_request(case.owner, status="confirmed")
    make_beneficiary(reviewer, request=invited)

    page = get(client, reviewer, page_of(case))

    assert "This account has filed 2 other requests." in page
    assert page_of(seen) in page
    assert f'<a href="/officers/look/{outside.reference}/">{outside.reference}</a>' in page
    for text in (page_of(outside), "Solange", draft.reference, invited.reference):
        assert text not in page


def test_case_outside_the_queue_opens_after_a_look_with_a_reason(client, reviewer):
    case = make_request(status="confirmed")
    client.force_login(reviewer)
    assert client.get(page_of(case)).status_code == 404

    open_case(case=case.reference, reason="The supporter calls", by=reviewer)

    assert case.reference in get(client, reviewer, page_of(case))


@pytest.mark.parametrize("status", ["pending", "confirmed", "not_confirmed", "withdrawn"])
def test_case_of_every_status_is_open_to_supervisors(client, status):
    case = make_request(status=status)

    assert case.reference in get(client, make_parole_supervisor(), page_of(case))


def test_case_of_another_officer_can_be_read_but_not_worked_on(client, second, case):
    make_flag(case)

    page = get(client, second, page_of(case))

    for words in ("Record the verdict", "Write the letter", "Put the case back"):
        assert words not in page


def test_case_asks_the_same_number_of_questions_for_one_row_and_for_three(client, reviewer, case):
    def add(n):
        make_flag(case, "phone_cluster", "explained", reviewer, key=f"{n}")
        make_request(case.owner, status="pending")
        case.co_supporters.create(given_names=f"Ann {n}", surnames="B")
        case.carried.create(name=f"Jo {n}")

    client.force_login(reviewer)
    add(1)
    before = queries(client, page_of(case))

    add(2)
    add(3)

    assert queries(client, page_of(case)) == before


def test_verdict_is_recorded_and_shown(client, reviewer, case):
    flag = make_flag(case)

    typed = {"flag": flag.pk, "verdict": "explained", "note": "Four cousins"}
    response = post(client, reviewer, page_of(case, "leads"), **typed)

    assert response.url == page_of(case)
    flag.refresh_from_db()
    assert (flag.verdict, flag.note, flag.judged_by) == ("explained", "Four cousins", reviewer)
    assert "Change the verdict" in get(client, reviewer, page_of(case))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"note": "A long story"}, "Choose one of the verdicts."),
        ({"verdict": "fraud", "note": ""}, "Write why. It stays on record."),
    ],
)
def test_verdict_that_is_half_an_answer_is_kept_as_typed(client, reviewer, case, typed, said):
    flag = make_flag(case)

    page = post(client, reviewer, page_of(case, "leads"), flag=flag.pk, **typed).content.decode()

    assert said in page
    assert typed["note"] in page
    flag.refresh_from_db()
    assert flag.verdict == ""


def test_verdict_of_another_officer_is_refused_and_kept_as_typed(client, second, case):
    flag = make_flag(case)

    typed = {"flag": flag.pk, "verdict": "explained", "note": "A long story"}
    page = post(client, second, page_of(case, "leads"), **typed).content.decode()

    assert "Only the one who took it can do this." in page
    assert "A long story" in page


@pytest.mark.parametrize("number", ["", "x", "²", "9" * 30, str(uuid.uuid4())])
def test_verdict_on_a_lead_of_another_case_is_not_found(client, reviewer, case, number):
    elsewhere = make_flag(make_request(status="selected"))

    for flag in (number, elsewhere.pk):
        typed = {"flag": flag, "verdict": "explained", "note": "x"}
        assert post(client, reviewer, page_of(case, "leads"), **typed).status_code == 404


def test_put_back_needs_a_reason_and_frees_the_case(client, reviewer, case):
    page = post(client, reviewer, page_of(case, "put-back"), note="").content.decode()
    assert "Write why. It stays on record." in page

    response = post(client, reviewer, page_of(case, "put-back"), note="I know them")

    assert response.url == QUEUE
    assert SupportRequest.objects.get().taken_by is None


def test_resume_goes_on_with_the_review(client, reviewer):
    case = make_request(status="more_info", taken_by=reviewer)
    assert "Go on with the review" in get(client, reviewer, page_of(case))

    response = post(client, reviewer, page_of(case, "resume"), note="It came by mail")

    assert response.url == page_of(case)
    assert SupportRequest.objects.get().status == "selected"


@pytest.mark.parametrize(("verb", "status"), [("put-back", "selected"), ("resume", "more_info")])
def test_note_that_is_refused_is_kept_as_typed(client, reviewer, second, verb, status):
    case = make_request(status=status, taken_by=reviewer)

    page = post(client, second, page_of(case, verb), note="A long story").content.decode()

    assert "Only the one who took it can do this." in page
    assert "A long story" in page
