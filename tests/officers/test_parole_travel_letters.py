"""Decisions on travel with a letter: a reason, the letter, a last look. Nothing typed is lost."""

import pytest
from django.urls import reverse
from django.utils.html import linebreaks

from cbpone.audit.models import Event
from cbpone.notifications.models import Message
from cbpone.notifications.outbox import send_messages, words
from parole.models import Authorization, Beneficiary, MonthlyCap, TravelLetter
from parole.travel_letters import draft
from tests.breaking import change
from tests.factories import (
    make_airport_officer,
    make_authorization,
    make_cap,
    make_parole_supervisor,
    make_reviewer,
    make_travel_officer,
    make_user,
)
from tests.facts import told
from tests.parole.waiting import make_taken

pytestmark = pytest.mark.django_db
TRAVEL = "/officers/travel/"
EDITED = "This is about you.\r\n\r\n  we read <this> & that.\r\nÑandú ends it."
SENT = EDITED.replace("\r\n", "\n")
KINDS = ["deny", "send_back", "cancel"]
REASON = {"deny": "vetting", "send_back": "photo", "cancel": "error"}
ABOUT = {"deny": "denied", "send_back": "sent_back", "cancel": "cancelled"}
STATUS = {"deny": "ata_denied", "send_back": "photo_submitted", "cancel": "ata_cancelled"}
TEMPLATE = {"deny": "ata_denied", "send_back": "case_sent_back", "cancel": "ata_cancelled"}


@pytest.fixture
def officer(client):
    user = make_travel_officer()
    client.force_login(user)
    return user


@pytest.fixture(params=KINDS)
def kind(request):
    return request.param


@pytest.fixture
def row(kind, officer):
    """What the address names: the case that the officer holds, or a valid authorization."""
    if kind == "cancel":
        make_cap(cap=5, used=1)
        return make_authorization()
    return make_taken(officer)


def case_of(row) -> Beneficiary:
    return Beneficiary.objects.get(pk=getattr(row, "beneficiary", row).pk)


def url(kind, row) -> str:
    return reverse(f"officers:travel_{kind}", args=[row.reference])


def typed(kind, **values) -> dict:
    return {"reason": REASON[kind], "letter": EDITED} | values


def text_of(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def untouched(row) -> bool:
    case = case_of(row)
    return (
        case.status in ("ata_pending", "ata_approved")
        and not TravelLetter.objects.exists()
        and told(case.user) == []
    )


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (make_user, 403),
        (make_reviewer, 403),
        (make_airport_officer, 403),
        (make_parole_supervisor, 200),
    ],
)
def test_letter_is_for_those_who_decide(client, kind, row, make, code):
    client.force_login(make())
    address = url(kind, row) + f"?reason={REASON[kind]}"

    # A supervisor reads the case of another officer, and is led back to it.
    expected = 302 if code == 200 and kind != "cancel" else code
    assert client.get(address).status_code == expected
    if code == 403:
        assert client.post(url(kind, row), typed(kind, confirm="1")).status_code == 403
    assert untouched(row)


def test_letter_is_drafted_for_the_reason(client, kind, row, officer):
    page = text_of(client.get(url(kind, row), {"reason": REASON[kind]}))

    number = row.reference if kind == "cancel" else ""
    for line in draft(case_of(row), ABOUT[kind], REASON[kind], number).splitlines():
        assert line in page
    event = Event.objects.of_case(case_of(row).reference).get()
    assert (event.verb, event.note, event.by) == ("viewed", "letter", officer)


def test_letter_without_a_reason_asks_for_it(client, kind, row):
    for reason in ("", "mood"):
        page = text_of(client.get(url(kind, row), {"reason": reason}))
        assert "Choose a reason." in page
        assert "Read it once more" not in page


def test_letter_is_read_once_more_as_the_message_it_becomes(client, kind, row):
    change(case_of(row), text_messages=True)

    page = text_of(client.post(url(kind, row), typed(kind)))

    for text in (
        "News about your case",
        "we read &lt;this&gt; &amp; that.",
        "Look at your case:",
        "They get a text message too.",
        "Send this letter?",
    ):
        assert text in page
    assert untouched(row)


def test_letter_is_changed_after_the_last_look(client, kind, row):
    page = text_of(client.post(url(kind, row), typed(kind, change="1", confirm="1")))

    assert "Read it once more" in page
    assert "we read &lt;this&gt; &amp; that." in page
    assert untouched(row)


def test_letter_goes_out_word_for_word_as_it_was_shown(client, kind, row, officer):
    looked = text_of(client.post(url(kind, row), typed(kind)))

    response = client.post(url(kind, row), typed(kind, confirm="1"))

    case, letter = case_of(row), TravelLetter.objects.get()
    home = reverse("officers:travel_case", args=[case.reference]) if kind == "cancel" else TRAVEL
    assert (response.status_code, response.url) == (302, home)
    assert case.status == STATUS[kind]
    assert (letter.beneficiary, letter.about, letter.letter) == (case, ABOUT[kind], SENT)
    assert (letter.language, letter.written_by) == ("en", officer)
    assert told(case.user) == [(TEMPLATE[kind], ["email"])]
    body = words(Message.objects.get(user=case.user), letter, "email")[1]
    assert body.startswith(SENT + "\n\n")
    assert linebreaks(body, autoescape=True) in looked


@pytest.mark.parametrize("letter", ["", "  \r\n "])
def test_letter_that_is_empty_is_said_beside_it(client, kind, row, letter):
    page = text_of(client.post(url(kind, row), typed(kind, letter=letter, confirm="1")))

    assert "The letter is empty." in page
    assert untouched(row)


@pytest.mark.parametrize("confirmed", [{}, {"confirm": "1"}])
def test_letter_that_comes_too_late_stays_as_it_was_edited(client, kind, row, confirmed):
    if kind == "cancel":
        change(row, status="used", ended_at=row.approved_at)
    else:
        change(row, taken_by=None, taken_at=None)

    page = text_of(client.post(url(kind, row), typed(kind, **confirmed)))

    assert "Read it once more" in page
    assert "we read &lt;this&gt; &amp; that." in page
    assert not TravelLetter.objects.exists()
    assert client.get(url(kind, row), {"reason": REASON[kind]}).status_code == 302


@pytest.mark.parametrize("kind", ["deny", "send_back"])
def test_letter_about_a_case_that_left_the_queue_is_shown_for_copying(client, kind, officer):
    row = make_taken(officer)
    client.post(url("send_back", row), typed("send_back", confirm="1"))

    page = text_of(client.post(url(kind, row), typed(kind, confirm="1")))

    assert "This case has moved on" in page
    assert "we read &lt;this&gt; &amp; that." in page
    assert TravelLetter.objects.count() == 1


def test_cancel_gives_the_number_back_and_is_not_done_twice(client, officer):
    make_cap(cap=5, used=1)
    row = make_authorization()
    assert row.reference in text_of(client.get(url("cancel", row)))

    client.post(url("cancel", row), typed("cancel", confirm="1"))
    again = client.post(url("cancel", row), typed("cancel", confirm="1"))

    assert Authorization.objects.get().status == "cancelled"
    assert MonthlyCap.objects.get().used == 0
    assert "There is nothing to cancel." in text_of(again)
    assert TravelLetter.objects.count() == 1


def test_case_shows_the_letters_and_the_messages_as_they_were_sent(client, officer):

    row = make_taken(officer)
    client.post(url("deny", row), typed("deny", confirm="1"))
    send_messages()

    page = text_of(client.get(reverse("officers:travel_case", args=[row.reference])))

    assert page.count("we read &lt;this&gt; &amp; that.") == 2  # the letter, and the mail
    for text in ("E-mail: sent", f"to {row.user.email}", "All of this is free."):
        assert text in page
