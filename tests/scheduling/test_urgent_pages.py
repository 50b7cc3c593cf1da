"""The pages on which a family asks for an urgent place: kept text, states, wrong times."""

import pytest

from scheduling.models import UrgentRequest
from tests.factories import make_appointment, make_officer, make_port, make_registration, make_slot
from tests.factories.office_urgent import make_urgent
from tests.officers.reviewing import queries

pytestmark = pytest.mark.django_db
PAGE, BACK = "/urgent/", "/urgent/withdraw/"
SAID = "My son is <ill>.\r\nHe needs care."


@pytest.fixture
def mine(applicant, client):
    client.force_login(applicant)
    return make_registration(applicant)


def typed(port, **values):
    return {"port": port.pk, "urgency": "medical", "said": SAID} | values


def test_page_says_where_help_is_now_and_offers_the_first_choice(client, mine, port):
    page = client.get(PAGE).content.decode()

    assert 'In the United States call <a href="tel:911">911</a>' in page
    assert 'In Mexico call <a href="tel:911">911</a>' in page
    assert f'<option value="{port.pk}" selected>' in page


def test_ask_is_one_press_and_leads_to_its_state(client, mine, port):
    response = client.post(PAGE, typed(port), follow=True)

    row = UrgentRequest.objects.get()
    page = response.content.decode()
    assert (row.registration, row.port, row.said) == (mine, port, SAID.replace("\r\n", "\n"))
    assert response.redirect_chain == [(PAGE, 302)]
    assert "an officer reads it" in page
    assert "My son is &lt;ill&gt;." in page
    assert 'name="said"' not in page


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"port": ""}, "Choose a port."),
        ({"port": "x"}, "Choose one from the list."),
        ({"urgency": ""}, "Choose one."),
        ({"said": " "}, "Write what happened. One sentence is enough."),
        ({"said": "a" * 1001}, "Use 1000 letters or fewer."),
    ],
)
def test_ask_with_a_mistake_keeps_everything_typed(client, mine, port, wrong, words):
    page = client.post(PAGE, typed(port) | wrong).content.decode()

    kept = typed(port) | wrong
    assert words in page
    assert "<title>Error:" in page
    assert kept["said"].replace("<", "&lt;").replace(">", "&gt;") in page
    assert ("checked" in page) == bool(kept["urgency"])
    assert not UrgentRequest.objects.exists()


def test_line_ends_count_as_one_letter(client, mine, port):
    client.post(PAGE, typed(port, said="a\r\n" * 500))

    assert len(UrgentRequest.objects.get().said) == 999


def test_ask_twice_shows_the_second_text_for_copying(client, mine, port):
    client.post(PAGE, typed(port))

    page = client.post(PAGE, typed(port, said="Now he is worse.")).content.decode()

    assert "Your family has asked already." in page
    assert "This was not sent" in page
    assert "Now he is worse." in page
    assert UrgentRequest.objects.count() == 1


def test_port_that_closes_meanwhile_can_not_be_chosen(client, mine, port):
    closed = make_port("laredo", is_open=False)

    page = client.post(PAGE, typed(closed)).content.decode()

    assert "Choose one from the list." in page
    assert "My son is" in page


def test_family_that_has_not_signed_is_told_so(client, applicant):
    client.force_login(applicant)
    make_registration(applicant, signed=False)

    page = client.get(PAGE).content.decode()

    assert "Finish and sign your registration first." in page
    assert 'name="said"' not in page


def test_family_at_the_port_is_sent_to_the_officer_there(client, mine):
    make_appointment(mine, status="checked_in", checked_in_by=make_officer())

    assert "Tell the officer there" in client.get(PAGE).content.decode()


def test_family_with_an_appointment_reads_that_it_stays(client, mine):
    row = make_appointment(mine, make_slot(make_port("laredo")))

    page = client.get(PAGE).content.decode()

    assert f"You have Laredo, {row.slot.local_start:%A} {row.slot.local_start.day}" in page


def test_answer_is_on_the_page_word_for_word(client, mine):
    make_urgent(mine, status="refused", letter="Hello Ana,\n\nNot this time.")

    page = client.get(PAGE).content.decode()

    assert "<p>Hello Ana,</p>\n\n<p>Not this time.</p>" in page
    assert "Ask again" in page


def test_granted_place_is_linked(client, mine):
    row = make_urgent(mine, status="granted")

    assert f"/appointments/{row.appointment.reference}/" in client.get(PAGE).content.decode()


def test_withdraw_asks_first_then_takes_it_back(client, mine):
    row = make_urgent(mine)

    page = client.get(BACK).content.decode()
    client.post(BACK)

    row.refresh_from_db()
    assert "Take the urgent request back?" in page
    assert row.status == "withdrawn"


@pytest.mark.parametrize("status", [None, "granted", "refused", "withdrawn"])
def test_withdraw_at_the_wrong_time_is_a_sentence(client, mine, status):
    if status:
        make_urgent(mine, status=status)

    opened, pressed = client.get(BACK), client.post(BACK, follow=True)

    assert opened.url == PAGE
    assert "There is an answer already" in pressed.content.decode()


@pytest.mark.parametrize("url", [PAGE, BACK])
def test_pages_are_for_a_registration_of_ones_own(client, applicant, officer, url):
    make_urgent()
    for user in (applicant, officer):
        client.force_login(user)
        assert client.get(url).status_code == client.post(url).status_code == 404


def test_case_page_links_to_it_and_tells_the_state(client, mine):
    before = client.get("/case/").content.decode()
    make_urgent(mine)
    after = client.get("/case/").content.decode()

    assert 'href="/urgent/"' in before
    assert "in your own words" in before
    assert "Urgent request: an officer reads it" in after


def test_case_page_of_a_draft_does_not(client, applicant):
    client.force_login(applicant)
    make_registration(applicant, signed=False)

    assert 'href="/urgent/"' not in client.get("/case/").content.decode()


def test_booking_page_links_to_it(client, mine):
    make_slot(capacity=0)

    assert 'href="/urgent/"' in client.get("/appointments/book/").content.decode()


@pytest.mark.parametrize("url", [PAGE, "/case/"])
def test_pages_have_a_constant_number_of_queries(client, mine, url):
    make_urgent(mine, status="refused")
    make_urgent(mine)
    one = queries(client, url)

    make_urgent(mine, status="withdrawn")
    make_urgent(mine, status="refused", port=make_port("laredo"))

    assert queries(client, url) == one
