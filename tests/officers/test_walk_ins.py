"""Writing down a family without an appointment, and its page."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cbpone.audit.conflicts import declare
from cbpone.audit.models import Event
from cbpone.travelers.models import Traveler
from scheduling.models import WalkIn, WalkInPerson
from tests.factories import make_member, make_registration
from tests.factories.office_ports import make_walk_in

NEW = "/officers/board/san-ysidro/walk-ins/new/"


def person(n, **values):
    typed = {
        "given_names": "Ana",
        "surnames": "Lopez",
        "birth_date_day": "4",
        "birth_date_month": "5",
        "birth_date_year": "1990",
        "sex": "female",
        "nationality": "VE",
        "document_type": "passport",
        "document_number": f"v 123 {n}",
    } | values
    return {f"p{n}-{name}": value for name, value in typed.items()}


def typed(*people, **values):
    written = {"why": "no_place", "note": "", "registration": "", "people": len(people) or 1}
    for one in people:
        written |= one
    return written | values


@pytest.fixture
def inside(client, officer):
    client.force_login(officer)
    return client


def text(response) -> str:
    return " ".join(response.content.decode().split())


def test_family_is_written_down_and_shown_on_the_board(inside, port, clock):
    response = inside.post(NEW, typed(person(0), person(1, given_names="Luis"), note="At dawn"))

    row = WalkIn.objects.get()
    assert response.url == f"/officers/board/san-ysidro/?day={row.day}#{row.reference}"
    people = [who.traveler for who in row.people.order_by("id")]
    assert [(str(one), one.birth_date, one.document_number) for one in people] == [
        ("Ana Lopez", date(1990, 5, 4), "V1230"),
        ("Luis Lopez", date(1990, 5, 4), "V1231"),
    ]
    assert (row.why, row.note) == ("no_place", "At dawn")
    assert row.reference in text(inside.get(response.url))


def test_family_of_a_registration_is_written_down_by_number(inside, port):
    family = make_registration(people=3)
    number = family.reference.lower().replace("-", " ")

    inside.post(NEW, typed(registration=number))

    assert WalkIn.objects.get().registration == family
    assert WalkInPerson.objects.count() == 3


def test_another_person_is_asked_for_without_losing_anything(inside):
    first = person(0, birth_date_day="31", birth_date_month="2")  # there is no such day

    page = text(inside.post(NEW, typed(first, why="", note="At dawn", more="1")))

    assert 'name="people" value="2"' in page
    assert 'value="At dawn"' in page
    assert 'name="p0-given_names" value="Ana"' in page
    assert 'name="p0-birth_date_day" value="31"' in page
    assert 'name="p1-given_names"' in page
    assert "error-summary" not in page
    assert "Choose the reason" not in page
    assert not WalkIn.objects.exists()


def test_form_chooses_nothing_for_a_person(inside):
    page = text(inside.get(NEW))

    for name in ("sex", "nationality", "document_type"):
        select = page.split(f'name="p0-{name}"')[1].split("</select>")[0]
        assert "selected" not in select.replace('<option value="" selected>', "")


def test_form_ends_at_ten_people(inside):
    page = text(inside.post(NEW, typed(person(0), people=10, more="1")))

    assert 'name="p9-given_names"' in page
    assert "p10-" not in page
    assert "Add another person" not in page


@pytest.mark.parametrize("people", ["", "-3", "99999999999999", "x", "٣"])
def test_form_of_no_such_number_of_people_has_one(inside, people):
    page = text(inside.post(NEW, typed(people=people)))

    assert 'name="p0-given_names"' in page
    assert "p1-" not in page


def test_person_left_empty_is_left_out(inside):
    inside.post(NEW, typed(person(0), people=3))

    assert WalkInPerson.objects.count() == 1


def test_mistakes_are_told_beside_the_field_and_everything_stays(inside):
    wrong = person(1, birth_date_month="", nationality="", document_type="")

    page = text(inside.post(NEW, typed(person(0), wrong, why="", note="At dawn")))

    assert "Choose the reason they give." in page
    assert "Person 2: Enter the day, the month and the year." in page
    assert "Say which document this number is from." in page
    assert 'href="#id_p1-birth_date_0"' in page
    assert 'id="id_p1-birth_date_0"' in page
    assert page.count('id="error-summary"') == 1
    assert 'value="At dawn"' in page
    assert 'name="p1-document_number" value="v 123 1"' in page
    assert not Traveler.objects.exists()


def test_nobody_at_all_is_told(inside):
    page = text(inside.post(NEW, typed()))

    assert "Write the people below, or this number." in page


def test_people_and_a_number_together_are_told(inside):
    number = make_registration().reference

    page = text(inside.post(NEW, typed(person(0), registration=number)))

    assert "Write the people or their number, not both." in page
    assert number in page


@pytest.mark.parametrize("number", ["R-2222-2222", "nonsense"])
def test_number_of_no_registration_is_told(inside, number):
    page = text(inside.post(NEW, typed(registration=number)))

    assert "No registration has this number." in page


def test_who_is_on_the_board_already_is_told(inside):
    inside.post(NEW, typed(person(0)))

    page = text(inside.post(NEW, typed(person(0))))

    assert f"Ana Lopez is on the board already: {WalkIn.objects.get().reference}." in page


@pytest.mark.parametrize(
    ("who", "status"), [("other_officer", 404), ("auditor", 403), ("applicant", 403)]
)
def test_form_is_for_officers_of_the_port(request, client, port, who, status):
    client.force_login(request.getfixturevalue(who))

    assert client.get(NEW).status_code == status
    assert client.post(NEW, typed(person(0))).status_code == status
    assert not WalkIn.objects.exists()


def address(row, verb="") -> str:
    return f"/officers/walk-ins/{row.reference}/" + (f"{verb}/" if verb else "")


def test_page_tells_who_came_and_why_and_is_on_record(inside, port, officer):
    row = make_walk_in(port, why="danger", note="Followed since Monday")

    page = text(inside.get(address(row)))

    assert "In danger, could not wait" in page
    assert "Followed since Monday" in page
    assert str(row.people.first().traveler) in page
    assert "Call the family in" in page
    assert Event.objects.get(verb="viewed").by == officer


@pytest.mark.parametrize(
    ("who", "status"), [("other_officer", 404), ("auditor", 403), ("applicant", 403)]
)
@pytest.mark.parametrize("verb", ["", "call", "leave", "dispose"])
def test_page_and_buttons_are_for_officers_of_the_port(request, client, port, who, status, verb):
    row = make_walk_in(port, status="called" if verb == "dispose" else "waiting")
    client.force_login(request.getfixturevalue(who))
    ask = client.post if verb else client.get

    answer = ask(address(row, verb), {"person": row.people.first().pk, "disposition": "ercf"})

    assert answer.status_code == status
    assert WalkIn.objects.get().status == row.status
    assert not WalkInPerson.objects.exclude(disposition="").exists()


@pytest.mark.parametrize("verb", ["call", "leave", "dispose"])
def test_buttons_by_get_are_refused(inside, port, verb):
    assert inside.get(address(make_walk_in(port), verb)).status_code == 405


def test_call_from_the_board_goes_back_to_it(inside, port, clock):
    row = make_walk_in(port, days_ago=1)

    response = inside.post(address(row, "call"), {"board": "1", "state": "arrived"})

    today = clock.at.astimezone(port.tz).date()
    back = f"/officers/board/san-ysidro/?day={today}&state=arrived#{row.reference}"
    assert response.url == back
    assert WalkIn.objects.get().status == "called"


def test_leave_twice_is_told(inside, port):
    row = make_walk_in(port)

    inside.post(address(row, "leave"))
    page = text(inside.post(address(row, "leave"), follow=True))

    assert "This family is not waiting any more." in page
    assert WalkIn.objects.get().status == "left"


def test_dispose_each_person_completes_the_walk_in(inside, port):
    row = make_walk_in(port, status="called")

    for who in row.people.all():
        inside.post(address(row, "dispose"), {"person": who.pk, "disposition": "ercf"})

    assert WalkIn.objects.get().status == "completed"
    assert "Expedited removal, credible fear claimed" in text(inside.get(address(row)))


def test_dispose_without_choice_is_told_and_the_note_stays(inside, port):
    row = make_walk_in(port, status="called")

    page = text(
        inside.post(
            address(row, "dispose"),
            {"person": row.people.first().pk, "disposition": "", "note": "ICE office: Miami"},
        )
    )

    assert "Choose a disposition from the list" in page
    assert 'value="ICE office: Miami"' in page


def test_dispose_of_a_person_of_another_family_is_refused(inside, port):
    row, other = make_walk_in(port, status="called"), make_walk_in(port, status="called")

    page = inside.post(
        address(row, "dispose"), {"person": other.people.first().pk, "disposition": "ercf"}
    )

    assert page.status_code == 200
    assert not WalkInPerson.objects.exclude(disposition="").exists()


def test_who_stands_too_near_may_call_but_not_decide(inside, port, officer):
    row = make_walk_in(port)
    assert f"/officers/conflicts/?case={row.reference}" in text(inside.get(address(row)))
    declare(by=officer, relation="friend", case=row.reference)

    inside.post(address(row, "call"))
    page = text(
        inside.post(
            address(row, "dispose"),
            {"person": row.people.first().pk, "disposition": "ercf"},
        )
    )

    assert WalkIn.objects.get().status == "called"
    assert "You said that you stand too near to this case." in page
    assert 'name="disposition"' not in page
    assert not WalkInPerson.objects.exclude(disposition="").exists()


def test_page_has_a_constant_number_of_queries(inside, port):
    counts = []
    for people in (1, 6):
        family = make_registration(people=people, photos=True)
        row = make_walk_in(port, registration=family, status="called")
        inside.get(address(row))
        with CaptureQueriesContext(connection) as queries:
            inside.get(address(row))
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 22


def test_writing_down_ten_people_asks_no_more_than_needed(inside, port):
    family = make_registration(people=9)
    make_member(family)

    with CaptureQueriesContext(connection) as queries:
        inside.post(NEW, typed(registration=family.reference))

    assert len(queries) <= 30
    assert WalkInPerson.objects.count() == 10
