"""Two records side by side: who sees them, what is said in words, what is kept."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cbpone.audit import conflicts
from cbpone.audit.models import Event
from officers import duplicates
from officers.models import Likeness
from scheduling.models import Registration
from tests.factories import (
    make_appointment,
    make_auditor,
    make_beneficiary,
    make_officer,
    make_photo,
    make_port,
    make_registration,
    make_request,
    make_reviewer,
    make_slot,
    make_supervisor,
)
from tests.factories.office_likenesses import family_of, make_likeness, make_person
from tests.officers.reviewing import get, post, queries

pytestmark = pytest.mark.django_db
QUEUE = "/officers/queues/duplicates/"


@pytest.fixture
def held(officer):
    return make_likeness(taken_by=officer)


def page_of(row, verb="") -> str:
    first, second = row.first.reference, row.second.reference
    return f"/officers/duplicates/{first}/{second}/{verb and verb + '/'}"


def judge(client, user, row, **typed):
    typed = {"verdict": "same", "note": "One person.", "stop": "1"} | typed
    return post(client, user, page_of(row, "judge"), **typed)


# --- Who ----------------------------------------------------------------------------------


def test_pages_are_for_roles_that_compare(client, applicant, held):
    owner = family_of(held.first).owner
    for user in (applicant, owner, make_auditor(), make_officer(role="Travel officer")):
        client.force_login(user)
        assert client.get(page_of(held)).status_code == 403
        assert judge(client, user, held).status_code == 403

    assert not Event.objects.filter(verb="viewed").exists()


def test_officers_who_hold_it_not_and_work_on_neither_find_nothing(client, held):
    for user in (make_officer(make_port("laredo")), make_reviewer()):
        client.force_login(user)
        assert client.get(page_of(held)).status_code == 404
        assert judge(client, user, held).status_code == 404


def test_officers_of_one_of_both_see_it_without_a_form(client, held):
    make_appointment(family_of(held.second), make_slot(make_port("laredo")))

    for user in (make_officer(make_port("laredo")), make_supervisor()):
        page = get(client, user, page_of(held))
        assert "Only the officer who holds it can answer." in page
        assert "Who are they?" not in page


def test_reviewer_sees_the_pair_of_a_request_in_review(client):
    request = make_request(status="selected")
    row = make_likeness(request.beneficiary.written)

    assert request.reference in get(client, make_reviewer(), page_of(row))


def test_pages_know_their_method_and_their_order(client, officer, held):
    client.force_login(officer)
    turned = f"/officers/duplicates/{held.second.reference}/{held.first.reference}/"

    assert client.post(page_of(held)).status_code == 405
    assert client.get(page_of(held, "judge")).status_code == 405
    assert client.get(turned).status_code == 404


def test_look_is_on_record_with_both_cases(client, officer, held):
    get(client, officer, page_of(held))

    seen = Event.objects.filter(verb="viewed", by=officer).values_list("case", flat=True)
    cases = {family_of(one).reference for one in (held.first, held.second)}
    assert len(seen) == 2
    assert set(seen) == cases


def test_photos_of_both_are_for_who_holds_the_pair(client, officer, other_officer, held):
    photos = [make_photo(one) for one in (held.first, held.second)]

    page = get(client, officer, page_of(held))

    for photo in photos:
        url = f"/photos/{photo.reference}/"
        assert url in page
        assert client.get(url).status_code == 200
    client.force_login(other_officer)
    assert client.get(url).status_code == 404


# --- What it says -------------------------------------------------------------------------


def test_page_says_what_is_the_same_and_what_differs(client, officer):
    one = make_person(birth_date=date(1990, 5, 4), birth_city="Cumaná", document_number="")
    other = make_person(
        given_names="Ana María", birth_date=date(1990, 4, 5), birth_city="cumana", sex="other"
    )
    booked = make_appointment(family_of(other), make_slot(make_port("laredo")))
    row = make_likeness(
        one, other, taken_by=officer, signals=["name_same", "birth_swap", "doc_other"]
    )

    page = get(client, officer, page_of(row))

    def line(label):
        start = page.index(f'<th scope="row">{label}</th>')
        return page[start : page.index("</tr>", start)]

    assert "spelled differently" in line("Given names")
    assert ">same<" in line("Surnames")
    assert ">differs<" in line("Date of birth")
    assert "spelled differently" in line("Town or village of birth")
    assert "only on one side" in line("Document number")
    assert f"Laredo, {booked.slot.local_start.day} " in line("Appointments")
    assert booked.reference in line("Appointments")
    assert "Day and month of birth the other way round (28 points for)" in page
    assert "Other number of the same kind of document (15 points against)" in page
    assert "85 of 100 points together." in page


def test_page_of_a_pair_across_both_processes(client, officer):
    case = make_beneficiary(status="ata_pending")
    row = make_likeness(make_person(), case.traveler, taken_by=officer)

    page = get(client, officer, page_of(row))

    assert case.reference in page
    assert "waiting for travel authorization" in page
    assert "+50937001234" in page


def test_page_of_who_holds_it_and_stands_too_near_offers_to_put_it_back(client, officer, held):
    conflicts.declare(by=officer, relation="friend", case=family_of(held.first).reference)

    page = get(client, officer, page_of(held))

    assert "You stand too near to this case" in page
    assert f"{QUEUE}{held.pk}/put-back/" in page
    assert str(held.first) not in page
    assert not Event.objects.filter(verb="viewed").exists()


def test_page_of_who_stands_too_near_leads_back_to_the_queue(client, supervisor):
    row = make_likeness(make_person(supervisor))
    client.force_login(supervisor)

    response = client.get(page_of(row), follow=True)

    assert response.redirect_chain[0][0] == QUEUE
    assert "your own case" in response.content.decode()


# --- Verdicts -----------------------------------------------------------------------------


def test_judge_and_stop_leads_to_the_queue(client, officer, held):
    response = judge(client, officer, held)

    held.refresh_from_db()
    assert (held.verdict, held.note) == ("same", "One person.")
    assert response.url == QUEUE


def test_judge_and_next_opens_the_next_pair(client, officer, held):
    following = make_likeness()

    response = judge(client, officer, held, next="1", stop=[])

    assert response.url == page_of(following)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"verdict": ""}, "Choose one of the three."),
        ({"verdict": "maybe"}, "Choose one from the list."),
        ({"note": " "}, "Write why. It stays on record."),
        ({"note": "x" * 301}, "Use 300 letters or fewer."),
    ],
)
def test_judge_with_a_mistake_keeps_what_was_typed(client, officer, held, typed, words):
    page = judge(client, officer, held, **typed).content.decode()

    assert words in page
    assert "<title>Error:" in page
    assert typed.get("note", "One person.") in page
    assert Likeness.objects.get().verdict == ""


@pytest.mark.parametrize("change", ["judged", "reassigned"])
def test_judge_at_the_wrong_time_shows_what_was_typed(client, officer, port, held, change):
    other = make_officer(port)
    make_appointment(family_of(held.first), make_slot(port))
    facts = {"taken_by": other}
    if change == "judged":
        facts |= {"verdict": "unsure", "note": "x", "judged_by": other, "judged_at": held.found_at}
    Likeness.objects.filter(pk=held.pk).update(**facts)

    page = judge(client, officer, held).content.decode()

    assert "Your note was not kept" in page
    assert "One person." in page
    assert Likeness.objects.get().verdict == facts.get("verdict", "")


def test_judged_pair_shows_the_verdict(client, officer):
    row = make_likeness(taken_by=officer, verdict="different")

    page = get(client, officer, page_of(row))

    assert "Different people" in page
    assert "Looked at both." in page
    assert "Save and stop" not in page


def test_family_reads_that_it_was_compared_and_no_more(client, officer, held):
    judge(client, officer, held)
    owner = family_of(held.first).owner

    page = get(client, owner, "/history/")

    assert "An officer judged a likely duplicate" in page
    assert "One person." not in page


# --- The part of a case page --------------------------------------------------------------


def test_of_registration_names_the_others_with_band_and_verdict(supervisor):
    one = make_person()
    likely, judged = make_likeness(one), make_likeness(one, score=60, verdict="different")
    case = make_beneficiary(status="ata_pending")
    make_likeness(one, case.traveler, score=70)
    make_likeness()

    rows = duplicates.of_registration(family_of(one), supervisor)

    assert [row.row for row in rows][0] == likely
    assert {row.person for row in rows} == {one}
    assert case.reference in {row.case for row in rows}
    assert {row.row.verdict for row in rows} == {"", "different"}
    assert next(row for row in rows if row.row == judged).chip == "chip-gone"
    assert rows[0].url == page_of(likely)


def test_of_registration_is_empty_for_who_does_not_compare(officer):
    row = make_likeness(make_person(officer))

    for user in (officer, make_auditor()):
        assert duplicates.of_registration(family_of(row.first), user) == []


def test_of_registration_has_a_constant_number_of_queries(supervisor):
    def count():
        with CaptureQueriesContext(connection) as asked:
            rows = duplicates.of_registration(family, supervisor)
        return len(rows), len(asked)

    family = make_registration(people=3)
    make_likeness(family.people().first().traveler)
    count()  # permissions are remembered
    one = count()
    for member in family.people():
        make_likeness(member.traveler, make_beneficiary(status="ata_pending").traveler)

    assert count() == (one[0] + 3, one[1])


# --- Lists --------------------------------------------------------------------------------


def test_queue_page_has_a_constant_number_of_queries(client, supervisor):
    client.force_login(supervisor)
    make_likeness(taken_by=supervisor)
    make_likeness()
    one = queries(client, QUEUE)

    for _ in range(2):
        make_likeness(taken_by=supervisor)
        make_likeness()

    assert queries(client, QUEUE) == one


def test_page_has_a_constant_number_of_queries(client, officer):
    client.force_login(officer)
    small, large = make_likeness(taken_by=officer), make_likeness(taken_by=officer)
    for status in ("cancelled", "changed", "no_show"):
        make_appointment(family_of(large.first), status=status)
    make_appointment(family_of(small.first), status="cancelled")
    Registration.objects.update(mexico_address="Calle 5")

    assert queries(client, page_of(large)) == queries(client, page_of(small))
