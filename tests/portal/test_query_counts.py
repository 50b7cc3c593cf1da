"""Every list asks the database the same number of questions for 1 row and for 3."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import (
    make_appointment,
    make_photo,
    make_plan,
    make_registration,
    make_slot,
    make_supervisor,
)


def count(client, url) -> int:
    client.get(url)  # warm: permissions and content types are remembered
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def add_family(slot, owner=None):
    registration = make_registration(owner, people=2)
    appointment = make_appointment(registration, slot)
    for row in appointment.attendances.all():
        make_photo(row.traveler)
    return appointment


LISTS = [
    "/officers/",
    "/officers/board/san-ysidro/",
    "/officers/board/san-ysidro/print/",
    "/officers/days/san-ysidro/",
    "/officers/find/?q=ana",
    "/officers/scheduling/slot/",
    "/officers/scheduling/release/",
    "/officers/scheduling/appointment/",
    "/officers/scheduling/registration/",
    "/officers/scheduling/slotplan/",
    "/officers/scheduling/post/",
    "/officers/audit/event/",
]


@pytest.mark.parametrize("url", LISTS)
def test_officer_list_has_a_constant_number_of_queries(client, supervisor, port, url):
    client.force_login(supervisor)
    make_plan(port, weekdays=[0])
    add_family(make_slot(port, days_ahead=0, at="10:00"))
    one = count(client, url)

    make_plan(port, weekdays=[1, 2])
    for hour in ("11:00", "12:00"):
        add_family(make_slot(port, days_ahead=0, at=hour))
        make_supervisor(port)
    for ahead in (1, 2):
        add_family(make_slot(port, days_ahead=ahead))

    assert count(client, url) == one


def test_officer_family_page_has_a_constant_number_of_queries(client, supervisor, port):
    client.force_login(supervisor)
    small = make_appointment(make_registration(people=1), make_slot(port))
    large = make_appointment(make_registration(people=6), make_slot(port))

    one = count(client, f"/officers/appointments/{small.reference}/")

    assert count(client, f"/officers/appointments/{large.reference}/") == one


OWN_LISTS = [
    "/registration/",
    "/registration/people/",
    "/registration/check/",
    "/case/",
    "/history/",
    "/appointments/book/",
]


@pytest.mark.parametrize("url", OWN_LISTS)
def test_own_list_has_a_constant_number_of_queries(client, django_user_model, port, url):
    counts = []
    for people in (1, 6):
        mine = make_registration(people=people)
        for ahead in range(1, people + 1):
            make_slot(port, days_ahead=ahead)
        client.force_login(mine.owner)
        counts.append(count(client, url))

    assert counts[0] == counts[1]


def test_inbox_has_a_constant_number_of_queries(client, applicant, port):
    from scheduling.booking import book

    client.force_login(applicant)
    make_registration(applicant)
    book(slot_id=make_slot(port).pk, by=applicant)
    one = count(client, "/messages/")

    for ahead in (4, 5):
        book(slot_id=make_slot(port, days_ahead=ahead).pk, by=applicant, change=True)

    assert count(client, "/messages/") == one
