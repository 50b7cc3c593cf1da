from datetime import date, timedelta

import pytest

from cbpone.audit.conflicts import InConflict, declare
from cbpone.audit.models import Event
from cbpone.lib.errors import MovedOn, NotAllowed
from cbpone.travelers.models import Traveler
from scheduling import attendance
from scheduling.attendance import AlreadyDecided, OwnFamily
from scheduling.models import Attendance, Registration, WalkIn, WalkInPerson
from scheduling.walk_ins import (
    FamilyOnBoard,
    NotAFamily,
    NotCalled,
    NotNamed,
    NotWaiting,
    OnBoard,
    WrittenTwice,
    call,
    dispose,
    leave,
    on_day,
    register,
)
from tests.factories import (
    make_appointment,
    make_member,
    make_officer,
    make_port,
    make_registration,
    make_slot,
)
from tests.factories.office_ports import make_walk_in
from tests.facts import events

pytestmark = pytest.mark.django_db
ANA = {
    "given_names": "Ana",
    "surnames": "Lopez",
    "birth_date": date(1990, 5, 4),
    "sex": "female",
    "nationality": "VE",
    "document_type": "passport",
    "document_number": "V1234567",
}
LUIS = ANA | {"given_names": "Luis", "document_type": "", "document_number": ""}


def write(port, by, *people, **values):
    values = {"why": "no_place"} | values
    return register(port=port, by=by, people=people, **values)


def test_register_puts_the_family_on_todays_board(port, officer, clock):
    row = write(port, officer, ANA, LUIS, note="Came at dawn")

    row = WalkIn.objects.get()
    assert row.reference.startswith("W-")
    assert (row.port, row.status, row.why, row.note) == (
        port,
        "waiting",
        "no_place",
        "Came at dawn",
    )
    assert (row.arrived_at, row.written_by, row.registration) == (clock.at, officer, None)
    assert row.day == clock.at.astimezone(port.tz).date()
    people = [who.traveler for who in row.people.order_by("id")]
    assert [str(who) for who in people] == ["Ana Lopez", "Luis Lopez"]
    assert people[0].document_number == "V1234567"
    assert events(row) == [("walked_in", "", "waiting", officer.pk)]


def test_register_by_number_takes_the_people_of_the_registration(port, officer):
    family = make_registration(people=3)

    row = write(port, officer, registration=family)

    assert row.registration == family
    travelers = set(row.people.values_list("traveler", flat=True))
    assert travelers == set(family.people().values_list("traveler", flat=True))
    assert events(family) == [("walked_in", "", "waiting", officer.pk)]
    assert Registration.objects.visible_to(officer).get() == family


def test_register_lets_a_family_with_an_appointment_elsewhere_in(port, officer):
    family = make_registration()
    make_appointment(family, make_slot(make_port("laredo"), days_ahead=4))

    assert write(port, officer, registration=family).people.count() == 3


@pytest.mark.parametrize("who", ["auditor", "applicant"])
def test_register_by_others_is_refused(request, port, who):
    with pytest.raises(NotAllowed):
        write(port, request.getfixturevalue(who), ANA)

    assert not WalkIn.objects.exists()


def test_register_at_another_port_is_refused(port):
    with pytest.raises(NotAllowed):
        write(port, make_officer(make_port("laredo")), ANA)


@pytest.mark.parametrize("number", [0, 11])
def test_register_of_nobody_or_too_many_is_refused(port, officer, number):
    people = [ANA | {"document_number": f"V{n}"} for n in range(number)]

    with pytest.raises(NotAFamily):
        write(port, officer, *people)

    assert not Traveler.objects.exists()


def test_register_of_a_registration_without_names_is_refused(port, officer):
    with pytest.raises(NotNamed):
        write(port, officer, registration=make_registration(complete=False))


def test_register_of_a_withdrawn_registration_is_refused(port, officer, clock):
    gone = make_registration(status="withdrawn", withdrawn_at=clock.at)

    with pytest.raises(NotNamed):
        write(port, officer, registration=gone)


def test_register_one_person_twice_is_refused(port, officer):
    with pytest.raises(WrittenTwice) as refusal:
        write(port, officer, ANA, ANA | {"given_names": "Anna"})

    assert "Anna Lopez is written twice" in str(refusal.value)


@pytest.mark.parametrize(
    "again",
    [
        {},
        {"given_names": "Another"},
        {"document_type": "", "document_number": ""},
        {"surnames": "LÓPEZ", "document_type": "", "document_number": "none"},
    ],
)
def test_register_of_who_is_on_the_board_is_refused(port, officer, again):
    first = write(port, officer, ANA)

    with pytest.raises(OnBoard) as refusal:
        write(port, officer, ANA | again)

    assert f"is on the board already: {first.reference}." in str(refusal.value)
    assert WalkIn.objects.get() == first
    assert Traveler.objects.count() == 1


@pytest.mark.parametrize(
    "other",
    [
        {"document_number": "V7654321"},
        {"nationality": "CO"},
        {"given_names": "Maria", "document_type": "", "document_number": ""},
        {"birth_date": date(1991, 5, 4), "document_type": "", "document_number": ""},
    ],
)
def test_register_of_somebody_else_with_much_the_same_works(port, officer, other):
    write(port, officer, ANA)

    write(port, officer, ANA | other)

    assert WalkIn.objects.count() == 2


@pytest.mark.parametrize("status", ["booked", "no_show", "checked_in"])
def test_register_of_who_has_an_appointment_today_is_refused(port, officer, clock, status):
    here = make_appointment(slot=make_slot(port, starts_at=clock.at), status=status)

    with pytest.raises(OnBoard) as refusal:
        write(port, officer, registration=here.registration)

    assert here.reference in str(refusal.value)


def test_register_of_who_gave_the_appointment_up_works(port, officer, clock):
    slot = make_slot(port, starts_at=clock.at)
    gone = make_appointment(slot=slot, status="cancelled")
    left = make_appointment(make_registration(people=2), slot)
    who = left.attendances.last()
    Attendance.objects.filter(pk=who.pk).update(left_at=clock.at)

    write(port, officer, registration=gone.registration)
    write(port, officer, {"given_names": str(who.traveler), "birth_date": who.traveler.birth_date})

    assert WalkIn.objects.count() == 2


def test_register_again_after_they_left_works(port, officer):
    leave(walk_in=write(port, officer, ANA), by=officer)

    write(port, officer, ANA)

    assert WalkIn.objects.filter(status="waiting").count() == 1


def test_register_of_a_family_that_waits_at_another_port_is_refused(port, officer):
    family = make_registration()
    waits = make_walk_in(make_port("laredo"), registration=family)

    with pytest.raises(FamilyOnBoard) as refusal:
        write(port, officer, registration=family)

    assert f"the board of Laredo already: {waits.reference}." in str(refusal.value)


def test_who_waits_since_yesterday_is_on_todays_board(port, clock):
    waits = make_walk_in(port, days_ago=1)
    make_walk_in(port, days_ago=1, status="completed")
    new = make_walk_in(port)
    today = clock.at.astimezone(port.tz).date()

    assert set(on_day(port, today, today)) == {waits, new}
    assert on_day(port, today - timedelta(days=1), today).count() == 2


def test_call_puts_it_on_record_once(port, officer, clock):
    row = make_walk_in(port)

    call(walk_in=row, by=officer)

    row.refresh_from_db()
    assert (row.status, row.called_at, row.called_by) == ("called", clock.at, officer)
    assert events(row) == [("called", "waiting", "called", officer.pk)]
    with pytest.raises(NotWaiting):
        call(walk_in=row, by=officer)


def test_call_from_a_page_opened_before_is_refused(port, officer):
    row = make_walk_in(port)
    seen_before = WalkIn.objects.get()
    call(walk_in=row, by=officer)

    with pytest.raises(MovedOn):
        call(walk_in=seen_before, by=officer)


@pytest.mark.parametrize("rule", [call, leave])
def test_moves_by_an_officer_of_another_port_are_refused(port, rule):
    row = make_walk_in(port)

    with pytest.raises(NotAllowed):
        rule(walk_in=row, by=make_officer(make_port("laredo")))


@pytest.mark.parametrize("status", ["waiting", "called"])
def test_leave_ends_the_wait(port, officer, clock, status):
    row = make_walk_in(port, status=status)

    leave(walk_in=row, by=officer)

    row.refresh_from_db()
    assert (row.status, row.ended_at) == ("left", clock.at)
    assert events(row) == [("left", status, "left", officer.pk)]


@pytest.mark.parametrize("status", ["completed", "left"])
def test_leave_of_who_is_gone_is_refused(port, officer, status):
    with pytest.raises(NotWaiting):
        leave(walk_in=make_walk_in(port, status=status), by=officer)


def test_dispose_puts_one_person_on_file(port, officer, clock):
    row = make_walk_in(port, status="called")
    who = row.people.first()

    dispose(row=who, disposition="ercf", by=officer, note="Interview on Monday")

    who.refresh_from_db()
    assert (who.disposition, who.note) == ("ercf", "Interview on Monday")
    assert (who.disposed_at, who.disposed_by) == (clock.at, officer)
    row.refresh_from_db()
    assert row.status == "called"
    assert events(row) == [("disposed", "", "ercf", officer.pk)]


def test_dispose_of_the_last_person_completes_the_walk_in(port, officer, clock):
    row = make_walk_in(port, status="called")

    for who in row.people.all():
        dispose(row=who, disposition="nta_parole", by=officer)

    row.refresh_from_db()
    assert (row.status, row.ended_at) == ("completed", clock.at)
    assert events(row)[-1] == ("completed", "called", "completed", officer.pk)


@pytest.mark.parametrize("status", ["waiting", "left", "completed"])
def test_dispose_of_who_is_not_called_is_refused(port, officer, status):
    row = make_walk_in(port, status=status)

    with pytest.raises(NotCalled):
        dispose(row=row.people.first(), disposition="ercf", by=officer)


def test_dispose_twice_is_refused_and_keeps_the_first(port, officer):
    who = make_walk_in(port, status="called").people.first()
    stale = WalkInPerson.objects.get(pk=who.pk)
    dispose(row=who, disposition="nta_parole", by=officer)

    with pytest.raises(AlreadyDecided):
        dispose(row=who, disposition="ercf", by=officer)
    with pytest.raises(MovedOn):
        dispose(row=stale, disposition="ercf", by=officer)

    assert WalkInPerson.objects.get(pk=who.pk).disposition == "nta_parole"
    assert Event.objects.filter(verb="disposed").count() == 1


@pytest.mark.parametrize("who", ["auditor", "applicant"])
def test_dispose_by_others_is_refused(request, port, who):
    row = make_walk_in(port, status="called").people.first()

    with pytest.raises(NotAllowed):
        dispose(row=row, disposition="ercf", by=request.getfixturevalue(who))


def test_dispose_of_the_own_family_is_refused(port, officer):
    row = make_walk_in(port, registration=make_registration(officer), status="called")

    with pytest.raises(OwnFamily):
        dispose(row=row.people.first(), disposition="ercf", by=officer)


def test_dispose_of_a_case_one_stands_too_near_to_is_refused(port, officer):
    row = make_walk_in(port, status="called")
    declare(by=officer, relation="friend", case=row.reference)

    with pytest.raises(InConflict):
        dispose(row=row.people.first(), disposition="ercf", by=officer)


def test_dispose_beside_a_relative_is_refused(port, officer):
    family = make_registration(people=1)
    cousin = make_member(family, given_names="Rosa", surnames="Vega").traveler
    row = make_walk_in(port, registration=family, status="called")
    declare(by=officer, relation="family", name="Rosa Vega", birth_date=cousin.birth_date)

    with pytest.raises(InConflict):
        dispose(row=row.people.first(), disposition="ercf", by=officer)

    call_may_stay = make_walk_in(port, registration=make_registration(officer))
    assert call(walk_in=call_may_stay, by=officer).status == "called"
    assert attendance.may_act(officer, port, attendance.DISPOSE)
