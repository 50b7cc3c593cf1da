"""A filed request as its supporter sees it: the line, letters, answers, nothing of the person."""

import gzip

import pytest

from cbpone.audit.log import record
from cbpone.audit.verbs import Verb
from cbpone.notifications.outbox import notify, words
from cbpone.notifications.statuses import Template
from parole import filing
from parole.models import Decision, SupportRequest
from tests.factories import (
    make_arrival,
    make_authorization,
    make_beneficiary,
    make_request,
    make_reviewer,
    make_user,
)
from tests.parole.rows import decision, made, paper

pytestmark = pytest.mark.django_db
STILL = "Nothing is needed from you now."
NO_TURN = ("received", "pending", "selected", "fraud_hold")


def url(request, page=""):
    return f"/support/requests/{request.reference}/{page}"


@pytest.fixture
def see(client):
    """The text of a page, seen by the owner of the request."""

    def look(request, page=""):
        client.force_login(request.owner)
        return client.get(url(request, page)).content.decode()

    return look


def asked(**values):
    request = make_request(status="more_info", **values)
    letter = made(
        request=request, outcome="more_info", reason="income_unproven", letter="Send the return."
    )
    return request, letter


# --- The line -------------------------------------------------------------------------------


@pytest.mark.parametrize("status", NO_TURN)
def test_line_says_truly_that_nothing_is_needed(see, status):
    page = see(make_request(status=status))

    assert STILL in page
    assert page.count('class="line-now') == 1
    assert "Your turn" not in page


@pytest.mark.parametrize("status", ["more_info", "fingerprints"])
def test_line_says_when_it_is_your_turn(see, status):
    page = see(make_request(status=status))

    assert "It is your turn" in page
    assert STILL not in page
    assert page.count("line-turn") == 1


@pytest.mark.parametrize("status", ["not_confirmed", "withdrawn"])
def test_line_of_what_has_ended_has_no_next_step(see, status):
    page = see(make_request(status=status))

    assert "line-next" not in page
    assert "line-now" not in page
    assert "Withdraw this request" not in page


def test_line_shows_the_own_number_and_promises_no_day(see):
    request = make_request(status="pending", filing_number=4711)

    page = see(request)

    assert "order of filing is 4,711" in page or "order of filing is 4711" in page
    assert "nobody can make it faster" in page


def test_line_tells_how_the_request_was_chosen(see):
    drawn = see(make_request(status="selected", picked="draw"))
    in_order = see(make_request(status="selected"))

    assert "was drawn for review" in drawn
    assert "in the order of filing." in in_order


STEPS = [
    ("invited", "We invited Luz Rey by e-mail."),
    ("details_confirmed", "Luz Rey accepted the invitation."),
    ("photo_submitted", "Luz Rey answers questions and sends a photo."),
    ("ata_pending", "Luz Rey sent everything to the officers."),
    ("ata_denied", "The officers decide. They write to Luz Rey"),
]


@pytest.mark.parametrize(("status", "sentence"), STEPS)
def test_line_tells_the_steps_of_the_person(see, status, sentence):
    request = make_request(status="confirmed", person={"given_names": "Luz", "surnames": "Rey"})
    make_beneficiary(status=status, request=request)

    assert sentence in see(request)


def test_line_tells_of_travel_and_arrival(see):
    travel, arrival = make_authorization(), make_arrival()

    before = see(travel.beneficiary.request)
    after = see(arrival.authorization.beneficiary.request)

    assert "Travel was authorized." in before
    assert "arrived at the airport." in after


@pytest.mark.parametrize("page", ["", "print/", "history/"])
def test_supporter_never_sees_what_the_person_wrote(see, page):
    row = make_beneficiary(status="ata_denied", street="Calle Secreta 9", denial_reason="vetting")
    row.traveler.surnames, row.traveler.document_number = "Otherwise", "SECRET99"
    row.traveler.save()

    shown = see(row.request, page)

    for secret in ("Calle Secreta", "Otherwise", "SECRET99", "vetting", "denied", row.reference):
        assert secret not in shown


def test_letters_that_were_sent_are_shown_and_proposals_are_not(see):
    request, _letter = asked()
    officer = make_reviewer(name="Olga Officer")
    decision(request=request, letter="Only a thought.", proposed_by=officer, note="Internal.")

    page = see(request)

    assert "Send the return." in page
    for secret in ("Only a thought.", "Internal.", "Olga"):
        assert secret not in page


@pytest.mark.parametrize(
    ("template", "status", "sentence"),
    [
        ("request_received", "received", "We received your request on"),
        ("request_withdrawn", "withdrawn", "is withdrawn, as you asked on"),
    ],
)
def test_messages_say_what_happened_and_where_to_look(template, status, sentence):
    request = make_request(status=status)
    message = notify(user=request.owner, template=Template(template), about=request)

    subject, body = words(message, request, "email")
    _subject, sms = words(message, request, "sms")

    assert sentence in body
    assert request.reference in body
    assert "/support/requests/" in body
    assert request.reference not in subject + sms
    assert len(sms.strip()) <= 160


# --- Print and history -----------------------------------------------------------------------


def test_print_shows_everything_and_four_digits_of_the_number(see):
    request = make_request(status="pending", supporter={"street": "12 Elm Street"})

    page = see(request, "print/")

    assert "12 Elm Street" in page
    assert "$64,000" in page
    assert request.plan_work in page
    assert f"ends in {request.supporter.ssn_last}" in page
    assert request.supporter.ssn_digest not in page
    assert "Change" not in page


def test_print_of_a_draft_is_not_found(client, applicant):
    client.force_login(applicant)

    assert client.get(url(make_request(applicant), "print/")).status_code == 404


def test_history_names_no_officer_and_keeps_their_notes(see):
    request = make_request(status="selected")
    officer = make_reviewer(name="Olga Officer")
    record(Verb.SAVED, on=request, by=request.owner, note="address: street, zip")
    record(Verb.TAKEN, on=request, by=officer, note="looks odd")
    record(Verb.FLAGGED, on=request, note="serial")
    record(Verb.JUDGED, on=request, by=officer, note="serial: fraud")

    page = see(request, "history/")

    assert "You saved a page: Where you live" in page
    assert "An officer took the case" in page
    for secret in ("Olga", "looks odd", "serial", "judged", "found leads"):
        assert secret not in page


# --- Answering --------------------------------------------------------------------------------


def test_answer_is_sent_once_and_leads_to_the_line(client):
    request, letter = asked()
    client.force_login(request.owner)

    client.post(url(request, "answer/"), {"text": "Here it is."})
    again = client.post(url(request, "answer/"), {"text": "Something else."}, follow=True)

    letter.refresh_from_db()
    assert letter.answer == "Here it is."
    assert "Nothing is asked of you" in again.content.decode()
    assert SupportRequest.objects.get().status == "selected"


def test_answer_page_shows_the_letter_the_day_and_the_papers(see, clock):
    request, letter = asked()
    Decision.objects.filter(pk=letter.pk).update(asked_until=clock.at.replace(2026, 12, 24).date())
    paper(request=request, kind="answer", name="w2-2025.pdf")

    page = see(request, "answer/")

    for what in ("Send the return.", "24 December 2026", "w2-2025.pdf"):
        assert what in page


def test_answer_without_words_is_told_and_not_sent(client):
    request, letter = asked()
    client.force_login(request.owner)

    shown = client.post(url(request, "answer/"), {"text": " "})

    letter.refresh_from_db()
    assert shown.context["form"].errors["text"]
    assert letter.answered_at is None


def test_answer_is_kept_while_papers_are_added(client):
    request, _letter = asked()
    client.force_login(request.owner)

    away = client.post(url(request, "answer/"), {"text": "Half an ans", "papers": "1"})

    assert away.url == url(request, "papers/")
    assert "Half an ans" in client.get(url(request, "answer/")).content.decode()
    assert SupportRequest.objects.get().status == "more_info"


# --- Withdrawing and correcting ---------------------------------------------------------------


def test_withdraw_asks_first_and_then_ends_it(client):
    request = make_request(status="pending")
    client.force_login(request.owner)

    asks = client.get(url(request, "withdraw/")).content.decode()
    still = SupportRequest.objects.get().status
    done = client.post(url(request, "withdraw/"), follow=True).content.decode()

    assert "Withdraw your request for" in asks
    assert still == "pending"
    assert "Your request is withdrawn." in done
    assert SupportRequest.objects.get().status == "withdrawn"


def test_withdraw_after_travel_was_authorized_is_told(client):
    request = make_authorization().beneficiary.request
    client.force_login(request.owner)

    shown = client.post(url(request, "withdraw/"), follow=True).content.decode()

    assert "Travel is authorized already" in shown
    assert SupportRequest.objects.get().status == "confirmed"


def test_address_is_corrected_and_a_mistake_is_kept(client, monkeypatch):
    monkeypatch.setattr(filing.inviting, "send_again", lambda **values: None)
    row = make_beneficiary(status="invited")
    client.force_login(row.request.owner)

    wrong = client.post(url(row.request, "address/"), {"email": "marie@"})
    client.post(url(row.request, "address/"), {"email": "marie@example.net"})

    row.refresh_from_db()
    assert 'value="marie@"' in wrong.content.decode()
    assert row.written_email == "marie@example.net"


def test_address_after_it_was_accepted_is_told(client):
    row = make_beneficiary(status="details_confirmed")
    client.force_login(row.request.owner)

    shown = client.post(url(row.request, "address/"), {"email": "x@example.net"}, follow=True)

    assert "has accepted the invitation" in shown.content.decode()


@pytest.mark.parametrize("below", ["", "answer/", "withdraw/", "address/", "print/", "history/"])
def test_officer_who_may_review_sees_no_supporters_page(client, below):
    client.force_login(make_reviewer())

    assert client.get(url(make_request(status="more_info"), below)).status_code == 404


@pytest.mark.parametrize("below", ["print/", "history/"])
def test_page_to_read_takes_no_post(client, below):
    request = make_request(make_user(), status="pending")
    client.force_login(request.owner)

    assert client.post(url(request, below)).status_code == 405


def test_longest_page_stays_small(client):
    request = make_request(plan_reception="Nous serons tous là. " * 180)
    client.force_login(request.owner)

    page = client.get(url(request, "check/")).content

    assert len(gzip.compress(page)) < 10_000


def test_papers_of_a_filed_request_do_not_say_it_is_being_filed(see):
    request = make_request(status="pending")

    page = see(request, "papers/")

    assert f"Your request for {request.beneficiary.written}" in page
    assert "You are filing for" not in page


@pytest.mark.parametrize("page", ["", "answer/"])
def test_late_answer_is_still_invited(see, clock, page):
    request, letter = asked()
    Decision.objects.filter(pk=letter.pk).update(asked_until=clock.at.date())
    assert "You can still answer" not in see(request, page)

    clock.forward(days=2)

    assert "You can still answer" in see(request, page)


@pytest.mark.parametrize(
    ("status", "offered"), [("withdrawn", True), ("not_confirmed", True), ("pending", False)]
)
def test_ended_request_leads_to_a_new_one(see, status, offered):
    assert ("Begin a new request" in see(make_request(status=status))) is offered
