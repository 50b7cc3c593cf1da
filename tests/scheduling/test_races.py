"""Every guard with real connections at once."""

import random
from datetime import timedelta

import pytest
from django.db.models import Count, Sum

from cbpone.audit.models import Event
from cbpone.lib import clock as the_clock
from cbpone.notifications.models import Message
from scheduling import attendance, booking, registering, release
from scheduling.models import (
    Appointment,
    Attendance,
    Closure,
    Member,
    PlaceReturn,
    Registration,
    Release,
    Slot,
)
from tests.factories import (
    make_appointment,
    make_member,
    make_officer,
    make_plan,
    make_port,
    make_registration,
    make_slot,
    make_user,
)
from tests.facts import events, taken, waiting_returns
from tests.race import at_once, kinds

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


def families_of(people: int, seed: int) -> list[Registration]:
    """Families of one to six, as many people together as asked for."""
    dice, families = random.Random(seed), []
    while people:
        size = min(people, dice.randint(1, 6))
        families.append(make_registration(people=size))
        people -= size
    dice.shuffle(families)
    return families


def press(slot, family, **values):
    """A job for at_once: this family presses for this slot."""
    return lambda: booking.book(slot_id=slot.pk, by=family.owner, **values)


def check_books(slots, families) -> None:
    """Nobody twice, nobody split, counters right, and no place left that a family could have."""
    sizes = {family.pk: family.people().count() for family in families}
    booked = Appointment.objects.annotate(seated=Count("attendances"))
    for row in booked:
        assert row.seated == row.places == sizes[row.registration_id]
    assert len({row.registration_id for row in booked}) == len(booked)
    travelers = Attendance.objects.values_list("traveler", flat=True)
    assert len(set(travelers)) == len(travelers)
    for slot in slots:
        given = booked.filter(slot=slot).aggregate(n=Sum("places"))["n"] or 0
        assert taken(slot) == (given, 0)
        assert given <= slot.capacity


def waiting_sizes(families) -> list[int]:
    return [
        family.people().count() for family in families if not family.appointments.live().exists()
    ]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_book_exactly_n_of_ten_n_people_get_a_place(seed):
    slot = make_slot(capacity=12)
    families = families_of(120, seed)

    outcomes = at_once(press(slot, family) for family in families)

    check_books([slot], families)
    assert set(kinds(outcomes)) == {"ok", "SlotFull"}
    assert slot.capacity - taken(slot)[0] < min(waiting_sizes(families))
    assert Message.objects.count() == Event.objects.count() == Appointment.objects.count()


def test_book_several_slots_in_a_stampede_are_each_filled_and_none_oversold():
    slots = [make_slot(capacity=capacity) for capacity in (3, 5, 6)]
    families = families_of(130, seed=4)
    wishes = [slots[n % 3] for n in range(len(families))]

    outcomes = at_once(press(slot, one) for slot, one in zip(wishes, families, strict=True))

    check_books(slots, families)
    assert set(kinds(outcomes)) == {"ok", "SlotFull"}
    for slot in slots:
        asked = [one for wish, one in zip(wishes, families, strict=True) if wish == slot]
        assert slot.capacity - taken(slot)[0] < min(waiting_sizes(asked))


def test_book_places_of_one_person_are_all_given():
    slot = make_slot(capacity=8)
    families = [make_registration(people=1) for _ in range(40)]

    outcomes = at_once(press(slot, family) for family in families)

    assert kinds(outcomes) == ["SlotFull"] * 32 + ["ok"] * 8
    assert taken(slot) == (8, 0)


def test_book_by_one_family_from_eight_devices_is_one_appointment():
    family, slot = make_registration(people=3), make_slot()

    outcomes = at_once([press(slot, family)] * 8)

    assert outcomes == [Appointment.objects.get().reference] * 8
    assert taken(slot) == (3, 0)
    assert len(events(family)) == Message.objects.count() == 1


def test_book_by_one_family_for_many_slots_is_one_appointment():
    family = make_registration(people=3)
    slots = [make_slot() for _ in range(6)]

    outcomes = at_once(press(slot, family) for slot in slots)

    assert kinds(outcomes) == ["HasOther"] * 5 + ["ok"]
    assert sum(taken(slot)[0] for slot in slots) == 3


@pytest.mark.parametrize("seed", range(3))
def test_change_from_two_tabs_to_two_slots_leaves_one_appointment(seed):
    family = make_registration(people=3)
    old = make_appointment(family)
    slots = [make_slot(), make_slot()]

    outcomes = at_once(press(slot, family, change=True) for slot in slots)

    assert kinds(outcomes) == ["ok", "ok"]
    live = family.appointments.live().get()
    assert live.reference in outcomes
    assert [row.status for row in family.appointments.order_by("id")] == [
        "changed",
        "changed",
        "booked",
    ]
    first = next(slot for slot in slots if slot != live.slot)
    assert (taken(old.slot), taken(first), taken(live.slot)) == ((3, 0), (3, 0), (3, 0))
    assert waiting_returns(old.slot) == waiting_returns(first) == [("public", 3)]


def test_change_swapping_two_slots_never_waits_in_a_circle():
    here, there = make_slot(capacity=30), make_slot(capacity=30)
    pairs = [(here, there), (there, here)] * 4
    families = [make_appointment(slot=old).registration for old, _new in pairs]

    outcomes = at_once(
        press(new, family, change=True) for (_old, new), family in zip(pairs, families, strict=True)
    )

    assert kinds(outcomes) == ["ok"] * 8
    assert (taken(here), taken(there)) == ((24, 0), (24, 0))


@pytest.mark.parametrize("seed", range(4))
def test_change_and_cancel_at_once_never_lose_count(seed):
    family = make_registration(people=3)
    old, slot = make_appointment(family), make_slot()

    outcomes = at_once(
        [
            press(slot, family, change=True),
            lambda: booking.cancel(appointment=old, by=family.owner),
        ]
    )

    assert not isinstance(outcomes[0], Exception)
    assert kinds(outcomes[1:])[0] in ("ok", "MovedOn", "NotBooked")
    assert family.appointments.live().get().slot == slot
    assert taken(slot) == (3, 0)
    assert waiting_returns(old.slot) == [("public", 3)]


def test_cancel_twice_at_once_gives_the_places_back_once():
    row = make_appointment()
    tabs = [Appointment.objects.get() for _ in range(4)]

    outcomes = at_once(
        lambda tab=tab: booking.cancel(appointment=tab, by=row.booked_by) for tab in tabs
    )

    assert kinds(outcomes) == ["NotBooked"] * 3 + ["ok"]
    assert waiting_returns(row.slot) == [("public", 3)]


def test_withdraw_and_change_at_once_leave_no_place_behind():
    family = make_registration(people=3)
    old, slot = make_appointment(family), make_slot()

    outcomes = at_once(
        [
            press(slot, family, change=True),
            lambda: registering.withdraw(registration=family, by=family.owner),
        ]
    )

    assert set(kinds(outcomes)) <= {"ok", "NotReady"}
    assert Registration.objects.get().status == "withdrawn"
    assert not family.appointments.live().exists()
    held = taken(slot)[0] + taken(old.slot)[0]
    assert held == sum(n for one in (slot, old.slot) for _pool, n in waiting_returns(one))


def test_remove_person_and_book_at_once_agree_on_who_comes():
    family, slot = make_registration(people=3), make_slot()
    gone = family.people().last()

    outcomes = at_once(
        [press(slot, family), lambda: registering.remove_person(member=gone, by=family.owner)]
    )

    assert kinds(outcomes) == ["ok", "ok"]
    row = Appointment.objects.get()
    coming = set(row.attendances.filter(left_at=None).values_list("traveler", flat=True))
    assert coming == {member.traveler_id for member in family.people()}
    assert row.places == 2
    assert taken(slot)[0] - sum(n for _pool, n in waiting_returns(slot)) == 2


def test_return_places_twice_at_once_returns_once():
    rows = [make_appointment() for _ in range(3)]
    for row in rows:
        booking.cancel(appointment=row, by=row.booked_by)
    later = the_clock.now() + timedelta(hours=1)

    outcomes = at_once([lambda: booking.return_places(now=later)] * 4)

    assert sum(outcomes) == 9
    assert [taken(row.slot) for row in rows] == [(0, 0)] * 3
    assert PlaceReturn.objects.filter(returned_at=later).count() == 3


def test_release_ten_times_at_once_opens_each_place_once():
    ports = [make_port("san-ysidro"), make_port("laredo")]
    for port in ports:
        make_plan(port, at=("08:00", "13:00"), places=10)
    now = the_clock.now()

    outcomes = at_once([lambda: release.release_slots(now=now)] * 10)

    opened = [row for outcome in outcomes for row in outcome]
    days = Release.objects.count()
    assert len(opened) == days >= 28
    assert Slot.objects.count() == 2 * days
    assert Event.objects.filter(verb="released").count() == days


@pytest.mark.parametrize("seed", range(3))
def test_release_and_close_at_once_leave_the_day_closed(seed):
    port = make_port()
    make_plan(port, places=10)
    boss = make_user("boss@example.gov", is_staff=True, is_superuser=True)
    day = the_clock.today_in(port.zone) + timedelta(days=14)

    outcomes = at_once(
        [
            lambda: release.open_day(port=port, day=day),
            lambda: release.close_day(port=port, day=day, reason="Storm", by=boss),
        ]
    )

    assert kinds(outcomes) == ["ok", "ok"]
    assert not Slot.objects.filter(is_open=True).exists()


def test_close_day_twice_at_once_is_one_closure():
    port = make_port()
    boss = make_user("boss@example.gov", is_staff=True, is_superuser=True)
    day = the_clock.today_in(port.zone)

    outcomes = at_once([lambda: release.close_day(port=port, day=day, reason="Storm", by=boss)] * 3)

    assert kinds(outcomes) == ["AlreadyClosed"] * 2 + ["ok"]
    assert Closure.objects.count() == 1


def test_change_slot_and_book_at_once_never_go_below_what_is_taken():
    port, families = make_port(), [make_registration(people=2) for _ in range(4)]
    boss = make_user("boss@example.gov", is_staff=True, is_superuser=True)
    slot = make_slot(port, capacity=8)

    def shrink():
        return release.change_slot(
            slot=slot, public_places=4, reserve_places=0, is_open=True, by=boss
        )

    outcomes = at_once([shrink, *(press(slot, family) for family in families)])

    slot.refresh_from_db()
    assert slot.booked <= slot.capacity
    assert kinds(outcomes[:1])[0] == ("ok" if slot.capacity == 4 else "BelowBooked")


def test_check_in_by_two_officers_is_one():
    port = make_port()
    officers = [make_officer(port) for _ in range(2)]
    row = make_appointment(slot=make_slot(port, starts_at=the_clock.now()))

    outcomes = at_once(
        lambda officer=officer: attendance.check_in(
            appointment=Appointment.objects.get(), by=officer
        )
        for officer in officers
    )

    assert kinds(outcomes) == ["MovedOn", "ok"] or kinds(outcomes) == ["NotExpected", "ok"]
    winner = next(one for one in outcomes if isinstance(one, Appointment))
    assert [event[0] for event in events(row)] == ["checked_in"]
    assert winner.attendances.values("checked_in_by").distinct().count() == 1


def test_check_in_and_sweep_at_once_end_checked_in():
    port = make_port()
    officer = make_officer(port)
    row = make_appointment(slot=make_slot(port, starts_at=the_clock.now() - timedelta(hours=3)))

    outcomes = at_once(
        [
            lambda: attendance.check_in(appointment=row, by=officer),
            attendance.sweep_no_shows,
        ]
    )

    row = Appointment.objects.get()
    if isinstance(outcomes[0], Exception):
        assert kinds(outcomes[:1]) == ["MovedOn"]
        assert row.status == "no_show"
    else:
        assert row.status == "checked_in"
    assert len(events(row)) == 1


@pytest.mark.parametrize("seed", range(4))
def test_check_in_late_and_withdraw_at_once_never_both(seed):
    port = make_port()
    officer = make_officer(port)
    start = the_clock.now() - timedelta(hours=3)
    row = make_appointment(status="no_show", slot=make_slot(port, starts_at=start))
    family = row.registration

    outcomes = at_once(
        [
            lambda: attendance.check_in(appointment=row, by=officer),
            lambda: registering.withdraw(registration=family, by=family.owner),
        ]
    )

    assert kinds(outcomes) in (["NotExpected", "ok"], ["AtThePort", "ok"])
    row, family = Appointment.objects.get(), Registration.objects.get()
    assert (row.status == "checked_in") != (family.status == "withdrawn")


def test_dispose_one_person_twice_at_once_is_one_disposition():
    port = make_port()
    officer = make_officer(port)
    make_appointment(status="checked_in", checked_in_by=officer, slot=make_slot(port))

    def decide(disposition):
        row = Attendance.objects.order_by("id").first()
        return attendance.dispose(row=row, disposition=disposition, by=officer)

    outcomes = at_once([lambda: decide("paroled"), lambda: decide("ercf")])

    assert kinds(outcomes)[1:] == ["ok"]
    assert kinds(outcomes)[0] in ("AlreadyDecided", "MovedOn")
    assert Event.objects.filter(verb="disposed").count() == 1


def test_dispose_the_last_two_at_once_completes_the_appointment_once():
    port = make_port()
    officer = make_officer(port)
    row = make_appointment(
        make_registration(people=2),
        status="checked_in",
        checked_in_by=officer,
        slot=make_slot(port),
    )

    outcomes = at_once(
        lambda who=who: attendance.dispose(row=who, disposition="nta_parole", by=officer)
        for who in row.attendances.all()
    )

    assert kinds(outcomes) == ["ok", "ok"]
    row.refresh_from_db()
    assert row.status == "completed"
    assert Event.objects.filter(verb="completed").count() == 1


def test_start_twice_at_once_is_one_registration():
    user = make_user()

    outcomes = at_once([lambda: registering.start(by=user)] * 4)

    assert outcomes == [Registration.objects.get()] * 4
    assert Member.objects.count() == 1


def test_sign_one_person_in_two_families_at_once_is_refused_once():
    families = [make_registration(people=1, signed=False) for _ in range(2)]
    for family in families:
        make_member(family, document_number="SAME-1")

    outcomes = at_once(
        lambda family=family: registering.sign(
            registration=family, name="Ana Lopez", by=family.owner
        )
        for family in families
    )

    assert kinds(outcomes) == ["AlreadyRegistered", "ok"]
    assert Registration.objects.filter(status="registered").count() == 1
    assert Member.objects.filter(holds_identity=True).count() == 2


@pytest.mark.parametrize("seed", range(3))
def test_sign_families_that_share_two_people_in_opposite_order_is_no_deadlock(seed):
    families = [make_registration(people=1, signed=False) for _ in range(2)]
    for family, numbers in zip(families, (("X1", "Y1"), ("Y1", "X1")), strict=True):
        for number in numbers:
            make_member(family, document_number=number)

    outcomes = at_once(
        lambda family=family: registering.sign(
            registration=family, name="Ana Lopez", by=family.owner
        )
        for family in families
    )

    assert kinds(outcomes) == ["AlreadyRegistered", "ok"]


def test_sign_twice_at_once_is_one_event_and_one_message():
    family = make_registration(signed=False)

    outcomes = at_once(
        lambda: registering.sign(
            registration=Registration.objects.get(), name="Ana Lopez", by=family.owner
        )
        for _ in range(4)
    )

    assert kinds(outcomes) == ["ok"] * 4
    assert [event[0] for event in events(family)] == ["signed"]
    assert Message.objects.count() == 1


def test_add_person_for_the_last_free_place_at_once_stops_at_ten():
    family = make_registration(people=9, signed=False)

    outcomes = at_once(
        [
            lambda: registering.add_person(
                registration=Registration.objects.get(), relation="child", by=family.owner
            )
        ]
        * 3
    )

    assert kinds(outcomes) == ["FamilyFull", "FamilyFull", "ok"]
    assert family.people().count() == 10
