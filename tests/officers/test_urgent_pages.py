"""The desk for urgent requests: who sees what, kept text, wrong times, the way to an answer."""

import pytest

from cbpone.audit import conflicts
from cbpone.audit.models import Event
from scheduling.models import UrgentRequest
from tests.factories import (
    make_appointment,
    make_auditor,
    make_officer,
    make_photo,
    make_port,
    make_registration,
    make_reviewer,
    make_slot,
)
from tests.factories.office_urgent import make_urgent
from tests.facts import taken
from tests.officers.reviewing import get, post, queries

pytestmark = pytest.mark.django_db
LETTER = "Hello Ana,\r\n\r\nNot <this> time."


@pytest.fixture
def held(officer):
    return make_urgent(taken_by=officer)


@pytest.fixture
def reserve(port):
    return make_slot(port, reserve=5)


def page_of(row, verb="") -> str:
    return f"/officers/urgent/{row.case}/{verb and verb + '/'}"


VERBS = ["", "grant", "refuse"]


@pytest.mark.parametrize("verb", VERBS)
def test_pages_are_for_roles_that_decide(client, applicant, held, verb):
    for user in (applicant, held.registration.owner, make_auditor(), make_reviewer()):
        assert post(client, user, page_of(held, verb)).status_code in (403, 405)
        if verb != "grant":
            assert client.get(page_of(held, verb)).status_code == 403

    assert not Event.objects.filter(verb="viewed").exists()


@pytest.mark.parametrize("verb", VERBS)
def test_officers_of_another_port_find_nothing(client, other_officer, held, verb):
    client.force_login(other_officer)

    assert client.get(page_of(held, verb)).status_code in (404, 405)
    assert post(client, other_officer, page_of(held, verb)).status_code in (404, 405)


@pytest.mark.parametrize("verb", ["", "grant"])
def test_pages_know_their_method(client, officer, held, verb):
    client.force_login(officer)
    wrong = client.get if verb else client.post

    assert wrong(page_of(held, verb)).status_code == 405


def test_page_shows_the_family_its_words_and_its_appointment(client, officer, held, reserve):
    booked = make_appointment(held.registration, make_slot(make_port("laredo")))
    photo = make_photo(held.registration.people().first().traveler)

    page = get(client, officer, page_of(held))

    assert held.said in page
    assert all(str(member.traveler) in page for member in held.registration.people())
    assert f"Laredo, {booked.slot.local_start:%A}" in page
    assert "Move the family from Laredo" in page
    assert "San Diego time), 5 in reserve" in page
    assert client.get(f"/photos/{photo.reference}/").status_code == 200
    assert Event.objects.filter(verb="viewed", case=held.case, by=officer).count() == 1


def test_photo_of_the_family_is_for_who_answers(client, other_officer, held):
    photo = make_photo(held.registration.people().first().traveler)

    for user in (other_officer, make_officer(role="Help desk")):
        client.force_login(user)
        assert client.get(f"/photos/{photo.reference}/").status_code == 404


def test_page_of_what_nobody_holds_shows_no_forms(client, officer, reserve):
    page = get(client, officer, page_of(make_urgent()))

    assert "Only the officer who holds it can answer." in page
    assert "Write the letter" not in page


def test_page_without_room_in_reserve_says_what_to_do(client, officer, held):
    page = get(client, officer, page_of(held))

    assert "No time at your ports has enough places in reserve" in page
    assert "Write the letter" in page


def test_page_offers_the_soonest_times_only(client, officer, held, port):
    for ahead in (2, 3):
        for hour in range(8, 18):
            for minute in ("00", "30"):
                make_slot(port, days_ahead=ahead, at=f"{hour:02}:{minute}", reserve=5)
    last = make_slot(port, days_ahead=4, reserve=5)

    page = get(client, officer, page_of(held))
    refused = post(client, officer, page_of(held, "grant"), slot=last.pk).content.decode()

    assert page.count('type="radio" name="slot"') == 40
    assert "That time is not free any more." in refused


def test_page_of_who_holds_it_and_stands_too_near_offers_to_put_it_back(client, officer, held):
    conflicts.declare(by=officer, relation="friend", case=held.case)

    page = get(client, officer, page_of(held))

    assert "You stand too near to this case" in page
    assert f"/officers/queues/urgent/{held.pk}/put-back/" in page
    assert held.said not in page


def test_page_of_who_stands_too_near_leads_back_to_the_queue(client, officer):
    own = make_urgent(make_registration(officer))
    client.force_login(officer)

    response = client.get(page_of(own), follow=True)

    assert response.redirect_chain[0][0] == "/officers/queues/urgent/"
    assert "own family" in response.content.decode()


@pytest.mark.parametrize("status", ["granted", "refused", "withdrawn"])
def test_page_of_an_answered_request_shows_the_answer(client, officer, status):
    row = make_urgent(status=status, taken_by=officer)

    page = get(client, officer, page_of(row))

    assert row.get_status_display() in page
    assert ("Not this time." in page) == (status == "refused")
    assert "Write the letter" not in page


def test_page_is_of_the_open_one_when_there_are_older_ones(client, officer):
    old = make_urgent(status="refused", said="The first time.")
    make_urgent(old.registration, said="The second time.", taken_by=officer)

    page = get(client, officer, page_of(old))

    assert "The second time." in page
    assert "Asked before" in page


# --- A place ------------------------------------------------------------------------------


def test_grant_leads_back_to_the_queue(client, officer, held, reserve):
    response = post(client, officer, page_of(held, "grant"), slot=reserve.pk)

    held.refresh_from_db()
    assert response.url == "/officers/queues/urgent/"
    assert held.status == "granted"
    assert taken(reserve) == (0, 3)


def test_grant_without_a_time_is_said_beside_it(client, officer, held, reserve):
    page = post(client, officer, page_of(held, "grant")).content.decode()

    assert "Choose a time." in page
    assert "<title>Error:" in page


def test_grant_of_a_time_that_went_meanwhile_keeps_what_was_ticked(client, officer, held, reserve):
    booked = make_appointment(held.registration, make_slot(make_port("laredo")))
    make_slot(reserve.port, reserve=4)
    make_appointment(make_registration(), reserve, pool="reserve")

    typed = {"slot": reserve.pk, "moves": booked.reference}
    page = post(client, officer, page_of(held, "grant"), **typed).content.decode()

    assert "That time is not free any more." in page
    assert f'value="{booked.reference}" checked' in page
    booked.refresh_from_db()
    assert booked.status == "booked"


def test_grant_beside_an_appointment_asks_for_the_tick(client, officer, held, reserve):
    make_appointment(held.registration, make_slot(make_port("laredo")))

    page = post(client, officer, page_of(held, "grant"), slot=reserve.pk).content.decode()

    assert "You already have an appointment." in page
    assert f'value="{reserve.pk}" required id="id_slot_0" checked' in page or "checked" in page


# --- A letter -----------------------------------------------------------------------------


def test_refuse_goes_from_the_reason_by_the_letter_and_a_last_look(client, officer, held):
    draft = get(client, officer, f"{page_of(held, 'refuse')}?refusal=unclear")
    look = post(client, officer, page_of(held, "refuse"), refusal="unclear", letter=LETTER)
    held.refresh_from_db()
    before = held.status
    done = {"refusal": "unclear", "letter": LETTER, "confirm": "1"}
    response = post(client, officer, page_of(held, "refuse"), **done)

    held.refresh_from_db()
    assert "We could not see from your words" in draft
    assert "Send this letter?" in look.content.decode()
    assert "<p>Not &lt;this&gt; time.</p>" in look.content.decode()
    assert (before, held.status) == ("waiting", "refused")
    assert held.letter == "Hello Ana,\n\nNot <this> time."
    assert response.url == "/officers/queues/urgent/"


def test_refuse_lets_the_letter_be_changed_after_the_last_look(client, officer, held):
    typed = {"refusal": "unclear", "letter": LETTER, "change": "1"}

    page = post(client, officer, page_of(held, "refuse"), **typed).content.decode()

    assert "Read it once more" in page
    assert "Not &lt;this&gt; time.</textarea>" in page


@pytest.mark.parametrize("query", ["", "?refusal=", "?refusal=mood"])
def test_refuse_without_a_reason_is_said_beside_it(client, officer, held, query):
    page = get(client, officer, page_of(held, "refuse") + query)

    assert "<title>Error:" in page
    assert "Give no place this time" in page


@pytest.mark.parametrize("letter", ["", "  \r\n "])
def test_refuse_with_an_empty_letter_is_said_beside_it(client, officer, held, letter):
    typed = {"refusal": "unclear", "letter": letter, "confirm": "1"}

    page = post(client, officer, page_of(held, "refuse"), **typed).content.decode()

    assert "The letter is empty." in page
    assert UrgentRequest.objects.get().status == "waiting"


def test_refuse_with_a_reason_that_is_none_keeps_the_letter(client, officer, held):
    typed = {"refusal": "mood", "letter": LETTER, "confirm": "1"}

    page = post(client, officer, page_of(held, "refuse"), **typed).content.decode()

    assert "Not &lt;this&gt; time.</textarea>" in page
    assert UrgentRequest.objects.get().status == "waiting"


@pytest.mark.parametrize("change", ["withdrawn", "reassigned"])
def test_refuse_at_the_wrong_time_shows_what_was_typed(client, officer, held, port, change):
    if change == "withdrawn":
        UrgentRequest.objects.update(status="withdrawn")
    else:
        UrgentRequest.objects.update(taken_by=make_officer(port))
    typed = {"refusal": "unclear", "letter": LETTER, "confirm": "1"}

    page = post(client, officer, page_of(held, "refuse"), **typed).content.decode()
    opened = client.get(f"{page_of(held, 'refuse')}?refusal=unclear")

    assert "The letter was not sent" in page
    assert "Not &lt;this&gt; time." in page
    assert opened.url == page_of(held)
    assert not UrgentRequest.objects.filter(status="refused").exists()


# --- Lists --------------------------------------------------------------------------------


def test_queue_page_has_a_constant_number_of_queries(client, officer, held):
    client.force_login(officer)
    make_urgent()
    one = queries(client, "/officers/queues/urgent/")

    for _ in range(2):
        make_urgent(taken_by=officer)
        make_urgent()

    assert queries(client, "/officers/queues/urgent/") == one


def test_page_has_a_constant_number_of_queries(client, officer, port):
    client.force_login(officer)
    counts = []
    for people in (1, 6):
        family = make_registration(people=people, photos=True)
        for _ in range(people):
            make_urgent(family, status="refused")
            make_slot(port, days_ahead=people, reserve=9)
        row = make_urgent(family, taken_by=officer)
        counts.append(queries(client, page_of(row)))

    assert counts[0] == counts[1]
