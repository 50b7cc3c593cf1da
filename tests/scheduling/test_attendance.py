from datetime import timedelta

import pytest

from cbpone.audit.models import Event
from cbpone.lib.errors import MovedOn, NotAllowed
from scheduling import attendance
from scheduling.attendance import (
    CHECK_IN,
    DISPOSE,
    EARLY_HOURS,
    LATE_HOURS,
    AlreadyDecided,
    NotExpected,
    NotHere,
    NotToday,
    check_in,
    dispose,
    is_due,
    may_act,
    remind,
    sweep_no_shows,
)
from scheduling.booking import HasOther, book
from scheduling.models import Appointment, Attendance
from scheduling.registering import withdraw
from tests.factories import (
    make_appointment,
    make_officer,
    make_port,
    make_registration,
    make_slot,
)
from tests.facts import events, taken, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def due(port, clock):
    """A family of three whose time at San Ysidro is now."""
    return make_appointment(slot=make_slot(port, starts_at=clock.at))


@pytest.fixture
def here(due, officer):
    check_in(appointment=due, by=officer)
    return due


def test_check_in_puts_the_whole_family_on_record(due, officer, clock):
    check_in(appointment=due, by=officer)

    due.refresh_from_db()
    assert (due.status, due.checked_in_at, due.ended_at) == ("checked_in", clock.at, None)
    rows = due.attendances.values_list("checked_in_at", "checked_in_by")
    assert list(rows) == [(clock.at, officer.pk)] * 3
    assert events(due) == [("checked_in", "booked", "checked_in", officer.pk)]
    assert told(due.registration.owner) == []


def test_check_in_of_some_leaves_the_others_absent(due, officer):
    first, *others = due.attendances.order_by("id")

    check_in(appointment=due, by=officer, present=[first])

    assert due.attendances.get(checked_in_at__isnull=False) == first
    assert set(due.attendances.filter(checked_in_at=None)) == set(others)


def test_check_in_leaves_out_who_left_the_family(due, officer, clock):
    gone = due.attendances.first()
    Attendance.objects.filter(pk=gone.pk).update(left_at=clock.at)

    check_in(appointment=due, by=officer)

    gone.refresh_from_db()
    assert gone.checked_in_at is None


def test_check_in_at_another_port_is_refused(due):
    elsewhere = make_officer(make_port("laredo"))

    with pytest.raises(NotAllowed):
        check_in(appointment=due, by=elsewhere)

    assert not may_act(elsewhere, due.slot.port, CHECK_IN)
    assert events(due) == []


@pytest.mark.parametrize("who", ["auditor", "applicant"])
def test_check_in_by_others_is_refused(request, due, who):
    with pytest.raises(NotAllowed):
        check_in(appointment=due, by=request.getfixturevalue(who))


def test_check_in_after_the_last_day_of_the_post_is_refused(due, officer, clock):
    officer.posts.update(until=clock.at.date() - timedelta(days=2), since="2020-01-01")

    with pytest.raises(NotAllowed):
        check_in(appointment=due, by=officer)


def test_check_in_before_the_post_begins_is_refused(due, officer, clock):
    officer.posts.update(since=clock.at.date() + timedelta(days=1))

    with pytest.raises(NotAllowed):
        check_in(appointment=due, by=officer)


def test_check_in_on_the_last_day_of_the_post_works(due, officer, clock):
    officer.posts.update(until=clock.at.date())

    assert may_act(officer, due.slot.port, CHECK_IN)


@pytest.mark.parametrize(
    ("hours", "outcome"),
    [(-EARLY_HOURS, True), (-EARLY_HOURS - 1, False), (LATE_HOURS, True), (LATE_HOURS + 1, False)],
)
def test_check_in_is_for_the_day_of_the_appointment(due, clock, hours, outcome):
    clock.at = due.slot.starts_at + timedelta(hours=hours)

    assert is_due(due) == outcome


def test_check_in_on_another_day_says_which(due, officer, clock):
    clock.forward(days=3)

    with pytest.raises(NotToday, match=f"{due.slot.local_start:%-d %B %Y}"):
        check_in(appointment=due, by=officer)


@pytest.mark.parametrize("status", ["checked_in", "completed", "changed", "cancelled"])
def test_check_in_of_what_is_not_expected_is_refused(port, officer, clock, status):
    slot = make_slot(port, starts_at=clock.at)
    row = make_appointment(slot=slot, status=status, checked_in_by=officer)

    with pytest.raises(NotExpected):
        check_in(appointment=row, by=officer)


def test_check_in_of_a_late_family_after_the_sweep_works(due, officer, clock):
    clock.forward(hours=3)
    sweep_no_shows()
    due.refresh_from_db()

    check_in(appointment=due, by=officer)

    due.refresh_from_db()
    assert (due.status, due.ended_at) == ("checked_in", None)
    assert [event[:3] for event in events(due)] == [
        ("no_show", "booked", "no_show"),
        ("checked_in", "no_show", "checked_in"),
    ]


def test_check_in_of_a_late_family_that_booked_again_is_refused(due, officer, clock):
    clock.forward(hours=3)
    sweep_no_shows()
    make_appointment(due.registration)
    due.refresh_from_db()

    with pytest.raises(HasOther):
        check_in(appointment=due, by=officer)

    assert Appointment.objects.get(pk=due.pk).status == "no_show"


def test_check_in_of_a_late_family_that_has_withdrawn_is_refused(due, officer, clock):
    clock.forward(hours=3)
    sweep_no_shows()
    withdraw(registration=due.registration, by=due.registration.owner)
    row = Appointment.objects.select_related("registration", "slot__port").get()

    with pytest.raises(NotExpected):
        check_in(appointment=row, by=officer)

    assert not is_due(row)
    assert Appointment.objects.get().status == "no_show"
    assert not row.attendances.filter(checked_in_at__isnull=False).exists()


def test_check_in_from_a_page_opened_before_the_withdrawal_is_refused(due, officer, clock):
    clock.forward(hours=3)
    sweep_no_shows()
    row = Appointment.objects.select_related("registration", "slot__port").get()
    withdraw(registration=due.registration, by=due.registration.owner)

    with pytest.raises(NotExpected):
        check_in(appointment=row, by=officer)

    assert Appointment.objects.get().status == "no_show"


def test_check_in_of_what_was_cancelled_meanwhile_is_refused(due, officer, clock):
    Appointment.objects.update(status="cancelled", ended_at=clock.at)

    with pytest.raises(MovedOn):
        check_in(appointment=due, by=officer)

    assert not due.attendances.filter(checked_in_at__isnull=False).exists()


def test_dispose_puts_one_person_on_file(here, officer, clock):
    who = here.attendances.first()

    dispose(row=who, disposition="nta_parole", by=officer, note="ICE office: Miami")

    who.refresh_from_db()
    assert (who.disposition, who.note) == ("nta_parole", "ICE office: Miami")
    assert (who.disposed_at, who.disposed_by) == (clock.at, officer)
    here.refresh_from_db()
    assert here.status == "checked_in"
    assert events(here)[1:] == [("disposed", "", "nta_parole", officer.pk)]


def test_dispose_of_the_last_person_completes_the_appointment(here, officer, clock):
    for who in here.attendances.all():
        dispose(row=who, disposition="nta_parole", by=officer)

    here.refresh_from_db()
    assert (here.status, here.ended_at) == ("completed", clock.at)
    assert events(here)[-1] == ("completed", "checked_in", "completed", officer.pk)
    assert taken(here.slot) == (3, 0)


def test_dispose_waits_for_nobody_who_left_the_family(here, officer, clock):
    gone, *others = here.attendances.all()
    Attendance.objects.filter(pk=gone.pk).update(left_at=clock.at)

    for who in others:
        dispose(row=who, disposition="nta_parole", by=officer)

    here.refresh_from_db()
    assert here.status == "completed"


def test_dispose_twice_is_refused_and_keeps_the_first(here, officer):
    who = here.attendances.first()
    dispose(row=who, disposition="nta_parole", by=officer)

    with pytest.raises(AlreadyDecided):
        dispose(row=who, disposition="ercf", by=officer)

    who.refresh_from_db()
    assert who.disposition == "nta_parole"


def test_dispose_from_a_page_opened_before_is_refused(here, officer):
    seen_before = here.attendances.first()
    dispose(row=here.attendances.first(), disposition="nta_parole", by=officer)

    with pytest.raises(MovedOn):
        dispose(row=seen_before, disposition="ercf", by=officer)

    assert Event.objects.filter(verb="disposed").count() == 1


def test_dispose_before_check_in_is_refused(due, officer):
    with pytest.raises(NotHere):
        dispose(row=due.attendances.first(), disposition="paroled", by=officer)


def test_dispose_at_another_port_is_refused(here):
    elsewhere = make_officer(make_port("laredo"))

    with pytest.raises(NotAllowed):
        dispose(row=here.attendances.first(), disposition="paroled", by=elsewhere)

    assert not may_act(elsewhere, here.slot.port, DISPOSE)


@pytest.mark.parametrize("who", ["auditor", "applicant"])
def test_dispose_by_others_is_refused(request, here, who):
    with pytest.raises(NotAllowed):
        dispose(
            row=here.attendances.first(),
            disposition="paroled",
            by=request.getfixturevalue(who),
        )


def test_sweep_within_the_grace_time_leaves_the_family(due, clock, settings):
    clock.forward(minutes=settings.ARRIVAL_GRACE_MINUTES)

    assert sweep_no_shows() == 0

    due.refresh_from_db()
    assert due.status == "booked"


def test_sweep_after_the_grace_time_puts_it_on_record_and_tells(due, clock, settings):
    clock.forward(minutes=settings.ARRIVAL_GRACE_MINUTES, seconds=1)

    assert sweep_no_shows() == 1
    assert sweep_no_shows() == 0

    due.refresh_from_db()
    assert (due.status, due.ended_at) == ("no_show", clock.at)
    assert events(due) == [("no_show", "booked", "no_show", None)]
    assert told(due.registration.owner) == [("no_show", ["email"])]


def fail_for(monkeypatch, bad: Appointment) -> None:
    """The outbox can not write about this one: a bug in one row."""
    real = attendance.notify

    def notify(*, about, **values):
        if about.pk == bad.pk:
            raise KeyError("a bug")
        return real(about=about, **values)

    monkeypatch.setattr(attendance, "notify", notify)


def test_sweep_goes_on_past_a_row_that_can_not_be_swept(port, clock, monkeypatch, caplog):
    before = clock.at - timedelta(hours=5)
    bad, good = [make_appointment(slot=make_slot(port, starts_at=at)) for at in (before, clock.at)]
    clock.forward(hours=3)
    fail_for(monkeypatch, bad)

    assert sweep_no_shows() == 1

    assert Appointment.objects.get(pk=bad.pk).status == "booked"
    assert Appointment.objects.get(pk=good.pk).status == "no_show"
    assert f"appointment {bad.reference} was not swept" in caplog.text


def test_sweep_keeps_seniority_and_lets_them_book_again(due, clock):
    seniority = due.registration.seniority_at
    clock.forward(hours=3)
    sweep_no_shows()

    book(slot_id=make_slot(days_ahead=5).pk, by=due.registration.owner)

    due.registration.refresh_from_db()
    assert due.registration.seniority_at == seniority
    assert due.registration.status == "registered"
    assert due.registration.appointments.live().count() == 1


@pytest.mark.parametrize("status", ["checked_in", "completed", "cancelled", "changed", "no_show"])
def test_sweep_leaves_what_is_not_waiting(port, officer, clock, status):
    slot = make_slot(port, starts_at=clock.at - timedelta(hours=5))
    row = make_appointment(slot=slot, status=status, checked_in_by=officer)

    assert sweep_no_shows() == 0

    row.refresh_from_db()
    assert row.status == status


def booked_for(clock, hours, **values):
    slot = make_slot(starts_at=clock.at + timedelta(hours=hours))
    values = {"booked_at": clock.at - timedelta(days=5)} | values
    return make_appointment(slot=slot, **values)


def test_remind_two_days_before_tells_once(clock):
    row = booked_for(clock, hours=47)

    assert remind() == 1
    clock.forward(hours=1)
    assert remind() == 0

    assert told(row.registration.owner) == [("reminder", ["email"])]


def test_remind_leaves_later_past_and_fresh_appointments(clock):
    rows = [
        booked_for(clock, hours=49),
        booked_for(clock, hours=-1),
        booked_for(clock, hours=40, booked_at=clock.at - timedelta(hours=11)),
        booked_for(clock, hours=30, status="cancelled"),
    ]

    remind()

    assert [told(row.registration.owner) for row in rows] == [[], [], [], []]


def test_remind_with_nothing_new_asks_the_database_once(clock, django_assert_num_queries):
    for hours in (20, 30, 40):
        booked_for(clock, hours=hours)
    assert remind() == 3

    with django_assert_num_queries(1):
        assert remind() == 0


def test_remind_goes_on_past_a_row_that_can_not_be_told(clock, monkeypatch, caplog):
    bad, good = booked_for(clock, hours=40), booked_for(clock, hours=41)
    fail_for(monkeypatch, bad)

    assert remind() == 1

    assert told(good.registration.owner) == [("reminder", ["email"])]
    assert told(bad.registration.owner) == []
    assert f"family of appointment {bad.reference} was not reminded" in caplog.text


def test_remind_of_the_new_time_after_a_change(clock):
    row = booked_for(clock, hours=47)
    remind()
    new = make_slot(starts_at=clock.at + timedelta(hours=60))
    book(slot_id=new.pk, by=row.registration.owner, change=True)
    clock.forward(hours=14)

    remind()

    assert [name for name, _channels in told(row.registration.owner)] == [
        "reminder",
        "changed",
        "reminder",
    ]


def test_family_of_one_is_disposed_and_completed(port, officer, clock):
    slot = make_slot(port, starts_at=clock.at)
    row = make_appointment(make_registration(people=1), slot)
    check_in(appointment=row, by=officer)

    dispose(row=row.attendances.get(), disposition="admitted", by=officer)

    row.refresh_from_db()
    assert row.status == "completed"
