"""Deciding on the review pages: the letter to edit, the second person, lists of the back office."""

import pytest
from django.utils.html import linebreaks

from cbpone.audit.models import Event
from cbpone.notifications.models import Message
from cbpone.notifications.outbox import words
from parole.letters import draft_letter
from parole.models import Decision, SupportRequest
from tests.breaking import change
from tests.factories import make_parole_supervisor, make_request, make_reviewer
from tests.facts import told
from tests.officers.reviewing import QUEUE, get, page_of, post, queries
from tests.parole.reviewing import decide, make_flag

pytestmark = pytest.mark.django_db
EDITED = "Hello Paul,\r\n\r\n  we read <this> & that.\r\nÑandú ends it."
SENT = EDITED.replace("\r\n", "\n")


@pytest.fixture
def reviewer(db):
    return make_reviewer()


@pytest.fixture
def second(db):
    return make_reviewer()


@pytest.fixture
def case(reviewer):
    return make_request(status="selected", taken_by=reviewer)


@pytest.fixture
def proposal(case, reviewer):
    return decide(case, "not_confirm", reviewer, note="For colleagues only")


def test_letter_is_drafted_for_the_decision_and_the_reason(client, reviewer, case):
    page = get(client, reviewer, page_of(case, "decide") + "?choice=not_confirm:housing")

    for line in draft_letter(case, "not_confirm", "housing").splitlines():
        assert line in page
    assert "Read it once more" in page
    assert "Propose the refusal" not in page
    event = Event.objects.of_case(case.reference).get()
    assert (event.verb, event.note, event.by) == ("viewed", "letter", reviewer)


def test_letter_is_read_once_more_as_the_message_it_becomes(client, reviewer, case):
    change(case.supporter, text_messages=True)
    typed = {"choice": "more_info:plan", "letter": EDITED, "note": "Call on Monday"}

    page = post(client, reviewer, page_of(case, "decide"), **typed).content.decode()

    for text in (
        "A letter about your request",
        "we read &lt;this&gt; &amp; that.",
        "All of this is free.",
        "They get a text message too.",
        "Call on Monday",
        "Decide and send the letter",
        'name="choice" value="more_info:plan"',
    ):
        assert text in page
    assert not Decision.objects.exists()
    assert told(case.owner) == []


def test_letter_is_changed_after_the_last_look(client, reviewer, case):
    typed = {"choice": "more_info:plan", "letter": EDITED, "change": "1", "confirm": "1"}

    page = post(client, reviewer, page_of(case, "decide"), **typed).content.decode()

    assert "Read it once more" in page
    assert "we read &lt;this&gt; &amp; that." in page
    assert not Decision.objects.exists()


def test_letter_goes_out_word_for_word_as_edited(client, reviewer, case):
    typed = {"choice": "more_info:plan", "letter": EDITED, "note": "Call on Monday"}
    looked = post(client, reviewer, page_of(case, "decide"), **typed).content.decode()

    response = post(client, reviewer, page_of(case, "decide"), **typed, confirm="1")

    assert response.url == page_of(case)
    decision = Decision.objects.get()
    assert (decision.status, decision.letter, decision.note) == ("made", SENT, "Call on Monday")
    message = Message.objects.get(user=case.owner)
    assert words(message, decision, "email")[1].startswith(SENT + "\n\n")
    assert linebreaks(words(message, decision, "email")[1], autoescape=True) in looked
    assert "Call on Monday" not in words(message, decision, "email")[1]


def test_refusal_is_proposed_and_nothing_is_sent(client, reviewer, case):
    typed = {"choice": "not_confirm:income_low", "letter": EDITED, "confirm": "1"}
    post(client, reviewer, page_of(case, "decide"), **typed)

    decision = Decision.objects.get()
    assert (decision.status, decision.reason) == ("proposed", "income_low")
    assert told(case.owner) == []
    page = get(client, reviewer, page_of(case))
    assert "A refusal waits for a second person" in page
    assert "Write the letter" not in page
    assert "Read it and answer" not in page


def stale(case, reviewer):
    change(case, taken_by=None, taken_at=None)


def lead_found(case, reviewer):
    make_flag(case)


@pytest.mark.parametrize("confirmed", [{}, {"confirm": "1"}])
@pytest.mark.parametrize("happened", [stale, lead_found])
def test_letter_that_is_refused_stays_as_it_was_edited(client, reviewer, case, happened, confirmed):
    happened(case, reviewer)

    typed = {"choice": "not_confirm:income_low", "letter": EDITED, "note": "Not yet"} | confirmed
    page = post(client, reviewer, page_of(case, "decide"), **typed).content.decode()

    assert "we read &lt;this&gt; &amp; that." in page
    assert "Not yet" in page
    assert "Read it once more" in page
    assert 'value="not_confirm:income_low"' in page
    assert not Decision.objects.exists()


def test_letter_that_is_empty_is_said_beside_it(client, reviewer, case):
    typed = {"choice": "confirm:meets", "letter": "  ", "note": "Not yet"}
    page = post(client, reviewer, page_of(case, "decide"), **typed).content.decode()

    assert "Write what they have to know." in page
    assert "Not yet" in page
    assert not Decision.objects.exists()


@pytest.mark.parametrize("choice", ["", "confirm", "confirm:income_low", "not_confirm:", "x:y:z"])
def test_letter_for_no_real_choice_leads_back_to_the_case(client, reviewer, case, choice):
    client.force_login(reviewer)

    response = client.get(page_of(case, "decide"), {"choice": choice}, follow=True)

    assert response.redirect_chain[-1][0] == page_of(case)
    assert "Choose a decision and a reason that go together." in response.content.decode()


def test_letter_is_not_begun_while_a_lead_has_no_verdict(client, reviewer, case):
    make_flag(case)
    client.force_login(reviewer)

    url = page_of(case, "decide")
    refused = client.get(url, {"choice": "confirm:meets"}, follow=True).content.decode()

    assert "Leads without a verdict: 1." in refused
    assert client.get(url, {"choice": "more_info:plan"}).status_code == 200


def test_letter_of_somebody_elses_case_is_not_begun(client, second, case):
    client.force_login(second)

    response = client.get(page_of(case, "decide"), {"choice": "confirm:meets"})

    assert (response.status_code, response.url) == (302, page_of(case))


def test_second_person_sees_letter_note_and_leads(client, reviewer, second, case):
    make_flag(case, "crowded", "fraud", reviewer, evidence={"bedrooms": 2})
    decide(case, "not_confirm", reviewer, note="For colleagues only")

    page = get(client, second, page_of(case, "agree"))

    for text in ("“Ñandú” &amp; &lt;b&gt;all&lt;/b&gt;", "For colleagues only", "Bedrooms", "Seen"):
        assert text in page
    assert "All of this is free." in page  # the whole message, not the letter alone
    assert "Record the verdict" not in page
    assert Event.objects.filter(verb="viewed", by=second, note="proposal").count() == 1


@pytest.mark.parametrize("make", [make_reviewer, make_parole_supervisor])
def test_second_person_agrees_and_the_letter_goes(client, case, proposal, make):
    by = make()

    response = post(client, by, page_of(case, "agree"), decision=proposal.pk)

    assert response.url == "/officers/reviews/"
    case.refresh_from_db()
    assert (case.status, case.decided_by) == ("not_confirmed", by)
    assert told(case.owner) == [("request_decision", ["email"])]


def test_second_person_does_not_agree_and_the_reviewer_reads_why(
    client, reviewer, second, case, proposal
):
    page = post(client, second, page_of(case, "decline"), decision=proposal.pk, note="")
    assert "Write why. It stays on record." in page.content.decode()

    post(client, second, page_of(case, "decline"), decision=proposal.pk, note="Ask for a lease")

    proposal.refresh_from_db()
    assert proposal.status == "declined"
    page = get(client, reviewer, page_of(case))
    assert "A second person did not agree" in page
    assert "Ask for a lease" in page
    assert "Write the letter" in page


@pytest.mark.parametrize("verb", ["agree", "decline"])
def test_who_proposed_is_no_second_person(client, reviewer, case, proposal, verb):
    client.force_login(reviewer)
    typed = {"decision": proposal.pk, "note": "x"}

    page = client.post(page_of(case, verb), typed, follow=True).content.decode()

    assert "It takes a second person." in page
    proposal.refresh_from_db()
    assert proposal.status == "proposed"
    assert client.get(page_of(case, "agree")).url == page_of(case)


@pytest.mark.parametrize("verb", ["agree", "decline"])
def test_answer_to_another_proposal_than_the_one_read_is_refused(
    client, reviewer, second, case, proposal, verb
):
    change(proposal, status="declined", closed_by=second, closed_at=proposal.proposed_at)
    newer = decide(case, "not_confirm", reviewer)
    client.force_login(second)

    typed = {"decision": proposal.pk, "note": "x"}
    page = client.post(page_of(case, verb), typed, follow=True).content.decode()

    assert "This has changed since you opened the page." in page
    newer.refresh_from_db()
    assert newer.status == "proposed"
    assert SupportRequest.objects.get().status == "selected"


def test_proposal_for_a_request_that_was_withdrawn_waits_for_nobody(
    client, reviewer, second, case, proposal
):
    change(case, status="withdrawn", withdrawn_at=proposal.proposed_at)

    page = get(client, make_parole_supervisor(), page_of(case))

    assert "A refusal waits for a second person" not in page
    assert page_of(case, "agree") not in get(client, second, QUEUE)
    client.force_login(second)
    assert client.get(page_of(case, "agree")).status_code == 404


@pytest.mark.parametrize(("verb", "name"), [("decide", "letter"), ("decline", "note")])
def test_words_about_a_case_that_was_withdrawn_meanwhile_are_shown_for_copying(
    client, second, case, verb, name
):
    change(case, taken_by=None, taken_at=None)
    change(case, status="withdrawn", withdrawn_at=case.filed_at)

    page = post(client, second, page_of(case, verb), **{name: EDITED}).content.decode()

    assert "This case has moved on" in page
    assert "we read &lt;this&gt; &amp; that." in page
    assert f"/officers/look/{case.reference}/" in page


def test_agreeing_without_a_proposal_leads_back_to_the_case(client, second, case):
    client.force_login(second)

    for response in (client.get(page_of(case, "agree")), client.post(page_of(case, "agree"))):
        assert response.url == page_of(case)


def test_words_of_who_did_not_agree_too_late_are_shown(client, second, case):
    page = post(client, second, page_of(case, "decline"), note="Ask for a <lease>")

    page = page.content.decode()
    assert "This has changed since you opened the page." in page
    assert "You typed: Ask for a &lt;lease&gt;" in page


LISTS = ["/officers/parole/supportrequest/", "/officers/parole/decision/"]


@pytest.mark.parametrize("url", LISTS)
def test_lists_are_for_roles_that_review(client, officer, auditor, reviewer, case, url):
    for user in (officer, auditor):
        client.force_login(user)
        assert client.get(url).status_code == 403
    client.force_login(reviewer)
    assert client.get(f"{url}add/").status_code == 403


@pytest.mark.parametrize("url", LISTS)
def test_rows_of_lists_open_the_review(client, reviewer, case, url):
    decision = decide(case, "more_info", reviewer)
    row = decision if "decision" in url else case
    client.force_login(reviewer)

    assert client.get(f"{url}{row.pk}/change/").url == page_of(case)


@pytest.mark.parametrize("url", LISTS)
def test_lists_leave_out_drafts_and_ones_own(client, reviewer, second, case, url):
    own = make_request(reviewer, status="selected", taken_by=second)
    for row, by in ((case, reviewer), (own, second)):
        decide(row, "more_info", by)
    draft = make_request()

    page = get(client, reviewer, url)

    assert case.reference in page
    assert own.reference not in page
    assert draft.reference not in page


@pytest.mark.parametrize("url", LISTS)
def test_lists_are_searched_by_a_receipt_number_or_how_it_begins(client, reviewer, case, url):
    other = make_request(status="selected", taken_by=reviewer)
    for row in (case, other):
        decide(row, "more_info", reviewer)

    found = get(client, reviewer, f"{url}?q={case.reference.lower().replace('-', ' ')}")
    half = get(client, reviewer, f"{url}?q={case.reference[:6]}")
    letter = get(client, reviewer, f"{url}?q={case.reference[:1]}")

    for page in (found, half):
        assert f">{case.reference}<" in page
        assert other.reference not in page
    assert f">{case.reference}<" not in letter


@pytest.mark.parametrize("url", LISTS)
def test_lists_ask_the_same_number_of_questions_for_one_row_and_for_three(
    client, reviewer, case, url
):
    decide(case, "more_info", reviewer)
    client.force_login(make_parole_supervisor())
    before = queries(client, url)

    for _ in range(2):
        decide(make_request(status="selected", taken_by=reviewer), "more_info", reviewer)

    assert queries(client, url) == before
