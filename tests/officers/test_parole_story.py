"""What the pages of a case tell besides its data: messages, letters, who stands too near."""

import pytest
from django.urls import reverse

from cbpone.audit import conflicts
from cbpone.notifications.outbox import notify, send_messages
from cbpone.notifications.statuses import Template
from parole import travel
from tests.factories import (
    make_arrival,
    make_authorization,
    make_beneficiary,
    make_cap,
    make_parole_supervisor,
    make_request,
    make_reviewer,
    make_travel_officer,
)
from tests.factories.office_likenesses import family_of, make_likeness, make_person
from tests.officers.reviewing import get, page_of, post, queries
from tests.parole.reviewing import decide
from tests.parole.rows import travel_letter
from tests.parole.waiting import make_taken

pytestmark = pytest.mark.django_db
DECLARE = "I stand too near to this case"
SENTENCE = "You said that you stand too near to this case."


def page_of_case(row) -> str:
    return reverse("officers:travel_case", args=[row.reference])


def test_review_shows_the_messages_of_the_request_as_they_were_sent(client):
    reviewer = make_reviewer()
    case = make_request(status="selected", taken_by=reviewer, supporter={"text_messages": True})
    other = make_request(case.owner, status="selected", taken_by=reviewer)
    notify(user=case.owner, template=Template.REQUEST_RECEIVED, about=case)
    send_messages()
    decide(case, "more_info", reviewer)
    decide(other, "more_info", reviewer, letter="Of another request")

    page = get(client, reviewer, page_of(case))

    told = page[page.index("<h2>Messages</h2>") :]
    for text in (
        f"to {case.owner.email}", "E-mail: sent", case.reference, "A letter about your request",
        "E-mail: waiting to be sent", "Text message: waiting to be sent",
    ):  # fmt: skip
        assert text in told
    assert "Of another request" not in page


def test_travel_case_shows_the_messages_about_all_its_rows(client):
    officer = make_travel_officer()
    arrival = make_arrival(decided=True)
    ticket, person = arrival.authorization, arrival.beneficiary
    for template, about in (
        (Template.CASE_SUBMITTED, person),
        (Template.ATA_APPROVED, ticket),
        (Template.PAROLED, arrival),
        (Template.CASE_SENT_BACK, travel_letter(beneficiary=person, about="sent_back")),
    ):
        notify(user=person.user, template=template, about=about)
    stranger = make_authorization(make_beneficiary(person.user, status="ata_approved"))
    notify(user=person.user, template=Template.ATA_APPROVED, about=stranger)

    page = get(client, officer, page_of_case(person))

    assert page.count(f"to {person.user.email}") == 4


def test_travel_case_asks_as_much_for_three_letters_as_for_one(client):
    officer = make_travel_officer()
    row = make_taken(officer)
    client.force_login(officer)

    def add():
        letter = travel_letter(beneficiary=row, about="sent_back")
        notify(user=row.user, template=Template.CASE_SENT_BACK, about=letter, sms_to=letter)
        send_messages()

    add()
    before = queries(client, page_of_case(row))
    add()
    add()

    assert queries(client, page_of_case(row)) == before


def test_people_like_the_one_of_the_case_are_named_to_who_compares_them(client):
    reviewer = make_reviewer()
    case = make_request(status="selected", taken_by=reviewer)
    other = make_person()
    make_likeness(case.beneficiary.written, other)

    page = get(client, reviewer, page_of(case))

    assert "<h2>Likely duplicates</h2>" in page
    assert family_of(other).reference in page
    held = make_taken(make_travel_officer())
    make_likeness(held.traveler, make_person())
    assert "Likely duplicates" in get(client, make_parole_supervisor(), page_of_case(held))
    assert "Likely duplicates" not in get(client, held.taken_by, page_of_case(held))


def test_reason_for_sending_back_reads_as_words(client):
    officer = make_travel_officer()
    row = make_taken(officer)
    travel.send_back(beneficiary=row, reason="guardian", letter="Send it.", by=officer)

    page = get(client, make_parole_supervisor(), page_of_case(row))

    told = page[page.index("<h2>What happened</h2>") :]
    assert "The parent or guardian, or the proof of who they are" in told


def test_request_and_case_of_one_person_lead_to_each_other_for_who_sees_both(client):
    officer, boss = make_travel_officer(), make_parole_supervisor()
    row = make_taken(officer)

    assert page_of(row.request) in get(client, boss, page_of_case(row))
    assert page_of_case(row) in get(client, boss, page_of(row.request))
    assert page_of(row.request) not in get(client, officer, page_of_case(row))


def test_photo_stands_with_what_was_said_of_it(client):
    officer = make_travel_officer()
    row = make_taken(officer)

    assert "Photo: " in get(client, officer, page_of_case(row))


@pytest.mark.parametrize("kind", ["review", "travel"])
def test_officer_says_that_they_stand_too_near_and_can_only_put_the_case_back(client, kind):
    if kind == "review":
        officer = make_reviewer()
        row = make_request(status="selected", taken_by=officer)
        address, decide_words = page_of(row), "Write the letter"
    else:
        make_cap(cap=5)
        officer = make_travel_officer()
        row = make_taken(officer)
        address, decide_words = page_of_case(row), "Authorize travel"
    before = get(client, officer, address)
    assert f'href="/officers/conflicts/?case={row.reference}"' in before
    assert DECLARE in before
    assert decide_words in before

    conflicts.declare(by=officer, case=row.reference, relation="family")

    after = get(client, officer, address)
    assert SENTENCE in after
    assert DECLARE not in after
    assert decide_words not in after
    assert "Put the case back" in after
    assert post(client, officer, f"{address}put-back/", note="My cousin").status_code == 302
    row.refresh_from_db()
    assert row.taken_by is None


def test_second_person_who_stands_too_near_is_not_asked(client):
    one, second = make_reviewer(), make_reviewer()
    row = make_request(status="selected", taken_by=one)
    decide(row, "not_confirm", one)
    assert page_of(row, "agree") in get(client, second, "/officers/reviews/")

    conflicts.declare(by=second, case=row.beneficiary.reference, relation="friend")

    assert page_of(row, "agree") not in get(client, second, "/officers/reviews/")
    assert "Read it and answer" not in get(client, second, page_of(row))
    client.force_login(second)
    assert client.get(page_of(row, "agree")).url == page_of(row)


def test_numbers_of_the_month_are_parted_by_thousands(client):
    make_cap(cap=30_000, used=1_234)
    boss = make_parole_supervisor()

    for address in ("/officers/caps/", "/officers/travel/", "/officers/caps/propose/"):
        page = get(client, boss, address)
        assert "30,000" in page
        assert "1,234" in page
        assert "30000" not in page
