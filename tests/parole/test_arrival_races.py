"""Two officers at one person, with real connections: one arrival, one decision, one record."""

from datetime import timedelta

import pytest

from cbpone.audit.models import Event
from parole import arrival as arriving
from parole import travel
from parole.models import I94, Airport, Arrival
from tests.factories import (
    make_airport_officer,
    make_arrival,
    make_authorization,
    make_parole_supervisor,
)
from tests.facts import told
from tests.race import at_once, kinds

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


def miami():
    return Airport.objects.get(code="MIA")


def happened(case, *verbs):
    return Event.objects.of_case(case.reference).filter(verb__in=verbs)


def test_arrive_pressed_twice_at_once_is_one_arrival():
    mine, officers = make_authorization(), [make_airport_officer() for _ in range(3)]

    def press(officer):
        row = type(mine).objects.get(pk=mine.pk)
        return lambda: arriving.arrive(authorization=row, airport=miami(), by=officer)

    outcomes = at_once(press(officer) for officer in officers)

    assert kinds(outcomes) == ["AlreadyUsed", "AlreadyUsed", "ok"]
    assert Arrival.objects.count() == 1
    assert len(happened(mine.beneficiary, "travelled")) == 2


def test_arrive_and_cancel_at_once_leaves_one_of_them():
    mine, boss = make_authorization(), make_parole_supervisor()
    one, two = (type(mine).objects.get(pk=mine.pk) for _ in range(2))

    outcomes = at_once(
        [
            lambda: arriving.arrive(authorization=one, airport=miami(), by=boss),
            lambda: travel.cancel(authorization=two, reason="vetting", letter="It ends.", by=boss),
        ]
    )

    mine.refresh_from_db()
    assert kinds(outcomes) in (["Cancelled", "ok"], ["NotValid", "ok"])
    assert Arrival.objects.exists() is (mine.status == "used")


def test_two_officers_decide_at_once_and_one_decision_stands():
    made = make_arrival()
    until = made.day + timedelta(days=365)
    one, two = make_airport_officer(), make_airport_officer()
    rows = [Arrival.objects.get(pk=made.pk) for _ in range(3)]

    outcomes = at_once(
        [
            lambda: arriving.parole_in(arrival=rows[0], until=until, by=one),
            lambda: arriving.parole_in(arrival=rows[1], until=until, by=two),
            lambda: arriving.deny_parole(arrival=rows[2], denial="nta", note="Why", by=two),
        ]
    )

    made.refresh_from_db()
    assert kinds(outcomes) == ["AlreadyDecided", "AlreadyDecided", "ok"]
    assert I94.objects.count() == (made.denial == "")
    assert len(happened(made.beneficiary, "paroled", "parole_denied")) == 1
    assert len(told(made.beneficiary.user)) == 1
