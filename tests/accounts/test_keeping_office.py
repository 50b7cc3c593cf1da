"""Officers are signed out after half an hour: their letters, notes and numbers come back."""

from datetime import date, time

import pytest

from cbpone.accounts import keeping
from officers.models import MassMessage
from parole.models import Decision
from scheduling.models import Closure, Override, Slot, UrgentRequest, WalkIn
from tests.accounts.sessions import come_back, press_too_late, signed_in
from tests.factories import (
    make_request,
    make_reviewer,
    make_slot,
    make_supervisor,
    make_travel_officer,
)
from tests.factories.office_urgent import make_urgent
from tests.officers.saving import typed as form_of
from tests.parole.waiting import make_taken

pytestmark = pytest.mark.django_db
LETTER = "Hello Paul,\r\n\r\n  we read <this> & that."


def text_in(page: str) -> bool:
    return "we read &lt;this&gt; &amp; that." in page


@pytest.fixture
def case(client):
    user = make_reviewer()
    signed_in(client, user)
    return make_request(status="selected", taken_by=user)


def decide_url(case) -> str:
    return f"/officers/reviews/{case.reference}/decide/"


def test_letter_of_a_review_comes_back_to_be_read_once_more(client, case):
    typed = {"choice": "more_info:plan", "letter": LETTER, "note": "Call on Monday"}
    kept = press_too_late(client, decide_url(case), typed)

    page = come_back(client, kept)

    assert text_in(page)
    assert "Call on Monday" in page
    assert "Send this letter?" in page
    assert not Decision.objects.exists()


def test_decision_pressed_too_late_is_made_by_another_press_once(client, case):
    typed = {"choice": "more_info:plan", "letter": LETTER, "note": "", "confirm": "1"}
    kept = press_too_late(client, decide_url(case), typed)
    come_back(client, kept)
    again = keeping.Kept(kept).refilled

    assert not Decision.objects.exists()
    first, second = client.post(again, typed), client.post(again, typed)

    assert Decision.objects.count() == 1
    assert (first.status_code, second.status_code) == (302, 303)


def test_letter_is_still_shown_when_the_case_is_with_nobody_of_theirs(client, case):
    typed = {"choice": "more_info:plan", "letter": LETTER, "note": "Call on Monday"}
    kept = press_too_late(client, decide_url(case), typed)
    other = make_reviewer()
    type(case).objects.filter(pk=case.pk).update(taken_by=other)

    page = come_back(client, kept)

    assert text_in(page)
    assert "Call on Monday" in page


@pytest.mark.parametrize(("verb", "reason"), [("deny", "passport"), ("send-back", "photo")])
def test_letter_about_travel_comes_back(client, verb, reason):
    user = make_travel_officer()
    signed_in(client, user)
    row = make_taken(user)
    url = f"/officers/travel/{row.reference}/{verb}/"
    kept = press_too_late(client, url, {"reason": reason, "letter": LETTER})

    page = come_back(client, kept)

    row.refresh_from_db()
    assert text_in(page)
    assert row.status == "ata_pending"


def test_letter_about_an_urgent_request_comes_back(client, officer):
    signed_in(client, officer)
    row = make_urgent(taken_by=officer)
    typed = {"refusal": "no_place", "letter": LETTER, "confirm": "1"}
    kept = press_too_late(client, f"/officers/urgent/{row.case}/refuse/", typed)

    page = come_back(client, kept)

    assert text_in(page)
    assert UrgentRequest.objects.get().status == "waiting"


def test_message_to_many_comes_back(client, supervisor):
    signed_in(client, supervisor)
    typed = {"title": "Storm", "audience": "waiting", "text_en": "The road is closed."}
    kept = press_too_late(client, "/officers/to-many/write/", typed)

    page = come_back(client, kept)

    assert "The road is closed." in page
    assert not MassMessage.objects.exists()


def test_walk_in_comes_back_with_every_person(client, officer, port):
    signed_in(client, officer)
    typed = {"why": "walked_up", "people": "2", "p0-given_names": "Rosa", "p1-given_names": "Luis"}
    kept = press_too_late(client, f"/officers/board/{port.slug}/walk-ins/new/", typed)

    page = come_back(client, kept)

    assert 'value="Rosa"' in page
    assert 'value="Luis"' in page
    assert not WalkIn.objects.exists()


def test_reason_of_a_closed_day_comes_back(client, port):
    signed_in(client, make_supervisor(port))
    slot = make_slot(port)
    url = f"/officers/days/{port.slug}/{slot.day.isoformat()}/close/"
    typed = {"reason": "Flooded bridge", "families": "move", "confirm": "0"}
    kept = press_too_late(client, url, typed)

    page = come_back(client, kept)

    assert "Flooded bridge" in page
    assert not Closure.objects.exists()


def test_numbers_of_a_slot_keep_the_version_that_was_seen(client, port):
    """Kept, and changed by somebody else meanwhile: the next press is told so."""
    signed_in(client, make_supervisor(port))
    slot = make_slot(port)
    url = f"/officers/days/{port.slug}/{slot.local_start:%Y%m%dT%H%M}/places/"
    form = client.get(url).context["form"]
    typed = {name: form[name].value() for name in form.fields} | {"public_places": 41}
    kept = press_too_late(client, url, {**typed, "confirm": "0"})
    Slot.objects.update(capacity=30)

    page = come_back(client, kept)
    pressed = client.post(keeping.Kept(kept).refilled, {**typed, "confirm": "0"})

    assert 'value="41"' in page
    assert "Somebody else changed this" in pressed.content.decode()
    assert Slot.objects.get().capacity == 30


def test_record_of_the_back_office_is_shown_and_saved_by_a_press(client, port):
    signed_in(client, make_supervisor(port))
    numbers = {"starts_at": time(8), "public_places": 20, "reserve_places": 2}
    row = Override.objects.create(port=port, day=date(2030, 5, 4), reason="Storm", **numbers)
    url = f"/officers/scheduling/override/{row.pk}/change/"
    typed = form_of(client, url) | {"reason": "The bridge is flooded."}
    kept = press_too_late(client, url, typed)

    page = come_back(client, kept)

    row.refresh_from_db()
    assert "The bridge is flooded." in page
    assert row.reason == "Storm"
    client.post(keeping.Kept(kept).refilled, typed)
    row.refresh_from_db()
    assert row.reason == "The bridge is flooded."


def test_note_without_a_page_of_its_own_is_shown_to_be_sent(client, case):
    url = f"/officers/reviews/{case.reference}/put-back/"
    kept = press_too_late(client, url, {"note": "I know the family."})

    page = come_back(client, kept)

    case.refresh_from_db()
    assert "The request was not put back." in page
    assert "I know the family." in page
    assert case.taken_by_id
    client.post(keeping.Kept(kept).refilled, {"note": "I know the family."})
    case.refresh_from_db()
    assert case.taken_by_id is None
