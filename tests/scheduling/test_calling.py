"""Calling in, and who may decide about a family."""

import pytest

from cbpone.audit.conflicts import InConflict, declare, end
from cbpone.lib.errors import MovedOn, NotAllowed
from scheduling.attendance import (
    AlreadyCalled,
    NotArrived,
    OwnFamily,
    call,
    check_in,
    dispose,
    waits_for_call,
)
from scheduling.models import Appointment, Attendance
from tests.factories import (
    make_appointment,
    make_officer,
    make_port,
    make_registration,
    make_slot,
    make_supervisor,
)
from tests.facts import events, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(port, officer, clock):
    """A family of three that is checked in at San Ysidro."""
    slot = make_slot(port, starts_at=clock.at)
    return make_appointment(slot=slot, status="checked_in", checked_in_by=officer)


def test_call_puts_it_on_record(here, officer, clock):
    call(appointment=here, by=officer)

    here.refresh_from_db()
    assert (here.status, here.called_at, here.called_by) == ("checked_in", clock.at, officer)
    assert events(here) == [("called", "", "", officer.pk)]
    assert told(here.registration.owner) == []
    assert not waits_for_call(here)


def test_call_twice_is_refused_and_keeps_the_first(here, officer):
    seen_before = Appointment.objects.get()
    call(appointment=here, by=officer)

    with pytest.raises(AlreadyCalled):
        call(appointment=here, by=officer)
    with pytest.raises(MovedOn):
        call(appointment=seen_before, by=make_officer(here.slot.port))

    assert Appointment.objects.get().called_by == officer
    assert len(events(here)) == 1


@pytest.mark.parametrize("status", ["booked", "completed", "cancelled", "changed", "no_show"])
def test_call_of_who_is_not_here_is_refused(port, officer, status):
    row = make_appointment(slot=make_slot(port), status=status, checked_in_by=officer)

    with pytest.raises(NotArrived):
        call(appointment=row, by=officer)


def test_call_at_another_port_is_refused(here):
    with pytest.raises(NotAllowed):
        call(appointment=here, by=make_officer(make_port("laredo")))


@pytest.mark.parametrize("who", ["auditor", "applicant"])
def test_call_by_others_is_refused(request, here, who):
    with pytest.raises(NotAllowed):
        call(appointment=here, by=request.getfixturevalue(who))


def test_disposition_does_not_wait_for_the_call(here, officer):
    who = here.attendances.first()

    assert dispose(row=who, disposition="paroled", by=officer).disposition == "paroled"


def own_family(port, officer, clock):
    slot = make_slot(port, starts_at=clock.at)
    return make_appointment(make_registration(officer), slot)


def test_dispose_of_the_own_family_is_refused_and_check_in_is_not(port, officer, clock):
    row = check_in(appointment=own_family(port, officer, clock), by=officer)

    with pytest.raises(OwnFamily):
        dispose(row=row.attendances.first(), disposition="paroled", by=officer)

    assert call(appointment=row, by=officer).called_at


def test_dispose_of_a_case_one_stands_too_near_to_is_refused(here, officer):
    declare(by=officer, relation="friend", case=here.case)

    with pytest.raises(InConflict):
        dispose(row=here.attendances.first(), disposition="paroled", by=officer)

    assert not Attendance.objects.exclude(disposition="").exists()


def test_dispose_beside_a_relative_is_refused(here, officer):
    first, second, _third = here.attendances.all()
    kin = second.traveler
    declare(by=officer, relation="family", name=str(kin), birth_date=kin.birth_date)

    with pytest.raises(InConflict):
        dispose(row=first, disposition="paroled", by=officer)


def test_dispose_after_the_conflict_has_ended_works(here, officer):
    conflict = declare(by=officer, relation="friend", case=here.case)
    end(conflict=conflict, by=make_supervisor(here.slot.port))

    dispose(row=here.attendances.first(), disposition="paroled", by=officer)

    assert Attendance.objects.get(disposition="paroled").disposed_by == officer
