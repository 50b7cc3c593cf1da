"""Every list asks the database the same number of questions for 1 row and for 3."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from scheduling.models import Closure, Override, Post
from tests.factories import (
    make_appointment,
    make_photo,
    make_plan,
    make_port,
    make_registration,
    make_slot,
    make_supervisor,
)


def count(client, url, typed=None) -> int:
    ask = client.get if typed is None else client.post
    ask(url, typed)  # warm: permissions and content types are remembered
    with CaptureQueriesContext(connection) as queries:
        assert ask(url, typed).status_code == 200
    return len(queries)


def add_family(slot, owner=None):
    registration = make_registration(owner, people=2)
    appointment = make_appointment(registration, slot)
    for row in appointment.attendances.all():
        make_photo(row.traveler)
    return appointment


def add_rules(port, by, months):
    """A closure and an override on a day of each of these months."""
    for month in months:
        on = {"port": port, "day": date(2030, month, 1), "reason": "Storm"}
        Closure.objects.create(**on, closed_by=by)
        Override.objects.create(**on, starts_at="08:00", public_places=1)


LISTS = [
    "/officers/",
    "/officers/board/san-ysidro/",
    "/officers/board/san-ysidro/print/",
    "/officers/days/san-ysidro/",
    "/officers/scheduling/slot/",
    "/officers/scheduling/release/",
    "/officers/scheduling/appointment/",
    "/officers/scheduling/registration/",
    "/officers/scheduling/slotplan/",
    "/officers/scheduling/closure/",
    "/officers/scheduling/override/",
    "/officers/scheduling/port/",
    "/officers/scheduling/post/",
    "/officers/audit/event/",
    "/officers/accounts/user/",
]


@pytest.mark.parametrize("url", LISTS)
def test_officer_list_has_a_constant_number_of_queries(client, supervisor, port, url):
    client.force_login(supervisor)
    make_plan(port, weekdays=[0])
    add_rules(port, supervisor, months=[1])
    add_family(make_slot(port, days_ahead=0, at="10:00"))
    one = count(client, url)

    make_plan(port, weekdays=[1, 2])
    add_rules(port, supervisor, months=[2, 3])
    for slug in ("laredo", "nogales"):
        Post.objects.create(officer=supervisor, port=make_port(slug), since=date(2026, 1, 1))
    for hour in ("11:00", "12:00"):
        add_family(make_slot(port, days_ahead=0, at=hour))
        make_supervisor(port)
    for ahead in (1, 2):
        add_family(make_slot(port, days_ahead=ahead))

    assert count(client, url) == one


def test_find_has_a_constant_number_of_queries(client, supervisor, port):
    client.force_login(supervisor)
    add_family(make_slot(port))
    one = count(client, "/officers/find/", {"q": "ana"})

    add_family(make_slot(port))
    add_family(make_slot(port))

    assert count(client, "/officers/find/", {"q": "ana"}) == one


def test_officer_case_page_has_a_constant_number_of_queries(client, supervisor, port):
    client.force_login(supervisor)
    small, large = make_registration(people=1), make_registration(people=6)
    make_appointment(small, make_slot(port))
    for status in ("cancelled", "no_show", "booked"):
        make_appointment(large, make_slot(port), status=status)
    for row in large.people():
        make_photo(row.traveler)

    one = count(client, f"/officers/registrations/{small.reference}/")

    assert count(client, f"/officers/registrations/{large.reference}/") == one


def test_reserve_page_has_a_constant_number_of_queries(client, supervisor, port):
    client.force_login(supervisor)
    counts = []
    for people in (1, 6):
        family = make_appointment(make_registration(people=people), make_slot(port)).registration
        for _ in range(people):
            make_slot(port, days_ahead=2, reserve=10)
        counts.append(count(client, f"/officers/registrations/{family.reference}/reserve/"))

    assert counts[0] == counts[1]


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
