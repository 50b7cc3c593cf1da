from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import IntegrityError

from cbpone.audit.models import Event
from cbpone.lib.errors import NotAllowed
from scheduling import release
from scheduling.booking import SlotClosed, book
from scheduling.models import Closure, Override, Port, Release, Slot, SlotPlan
from scheduling.release import (
    AlreadyClosed,
    BelowBooked,
    batches_of,
    change_slot,
    close_day,
    due_at,
    due_days,
    open_day,
    release_slots,
)
from tests.factories import (
    make_appointment,
    make_plan,
    make_port,
    make_registration,
    make_slot,
    make_supervisor,
)

pytestmark = pytest.mark.django_db


def utc(*parts) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.fixture
def daily(port):
    """San Ysidro with ten places at eight every day."""
    make_plan(port, at=("08:00",), places=10, reserve=2)
    return port


@pytest.fixture
def noon(clock):
    """Thursday 4 June 2026, 12:00 in New York: an hour after the release."""
    clock.at = utc(2026, 6, 4, 16)
    return clock.at


def test_release_opens_the_days_that_are_due_and_no_more(daily, noon):
    opened = release_slots()

    days = [date(2026, 6, 4) + timedelta(days=n) for n in range(15)]
    assert [row.day for row in opened] == days
    assert list(Slot.objects.order_by("day").values_list("day", flat=True)) == days


def test_release_writes_the_day_its_slots_and_an_event(daily, noon):
    Release.objects.bulk_create(
        Release(
            port=daily,
            day=date(2026, 6, 4) + timedelta(days=n),
            due_at=noon,
            batches=0,
            public_places=0,
            reserve_places=0,
        )
        for n in range(14)
    )

    (opened,) = release_slots()

    slot = Slot.objects.get()
    assert (opened.port, opened.day, opened.due_at) == (
        daily,
        date(2026, 6, 18),
        utc(2026, 6, 4, 15),
    )
    assert (opened.released_at, opened.released_by) == (noon, None)
    assert (opened.batches, opened.public_places, opened.reserve_places) == (1, 10, 2)
    assert (slot.release, slot.port, slot.day) == (opened, daily, date(2026, 6, 18))
    assert (slot.capacity, slot.booked, slot.reserve_capacity) == (10, 0, 2)
    assert slot.starts_at == utc(2026, 6, 18, 15)
    event = Event.objects.get()
    assert (event.verb, event.row_id, event.by) == ("released", str(opened.pk), None)
    assert event.note == "2504 2026-06-18"


def test_release_a_minute_before_the_hour_opens_nothing_new(daily, clock):
    clock.at = utc(2026, 6, 4, 14, 59)
    release_slots()
    opened_before = Release.objects.latest("day").day

    clock.at = utc(2026, 6, 4, 15)
    opened = release_slots()

    assert opened_before == date(2026, 6, 17)
    assert [row.day for row in opened] == [date(2026, 6, 18)]


def test_release_again_opens_nothing(daily, noon):
    release_slots()

    assert release_slots() == []

    assert Release.objects.count() == Slot.objects.count() == 15


def test_release_after_days_of_outage_catches_up_each_day_once(daily, noon, clock):
    release_slots()
    clock.forward(days=5)

    opened = release_slots()

    assert [row.day for row in opened] == [date(2026, 6, 19) + timedelta(days=n) for n in range(5)]
    assert [row.due_at for row in opened] == [utc(2026, 6, 5 + n, 15) for n in range(5)]
    assert Slot.objects.count() == 20


def test_release_across_the_end_of_a_month_and_year(daily, clock):
    clock.at = utc(2026, 12, 31, 17)

    release_slots()

    days = [row.day for row in Release.objects.order_by("day")]
    assert (days[0], days[1], days[-1]) == (date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 14))
    assert len(days) == 15


def test_release_on_the_last_of_february_of_a_leap_year(daily, clock):
    clock.at = utc(2028, 2, 15, 17)

    release_slots()

    assert Release.objects.filter(day=date(2028, 2, 29)).count() == 1


def test_release_of_a_port_without_plan_is_left_out(daily, noon):
    release_slots()

    assert set(Release.objects.values_list("port", flat=True)) == {daily.pk}


def test_release_opens_each_day_of_a_port_with_many_batches_once(port, noon):
    make_plan(port, at=("08:00", "10:00", "13:30"))

    opened = release_slots()

    assert len(opened) == 15
    assert {row.batches for row in opened} == {3}
    assert Slot.objects.count() == 45


def test_release_of_a_weekday_without_plan_opens_it_empty(port, noon):
    make_plan(port, weekdays=[0])

    release_slots()

    opened = Release.objects.filter(batches=1).values_list("day", flat=True)
    assert {day.weekday() for day in opened} == {0}
    assert Release.objects.filter(batches=0, public_places=0).count() == 13


def test_release_with_override_takes_its_numbers_and_its_times(daily, noon):
    day = date(2026, 6, 18)
    changed = {"port": daily, "day": day, "reason": "Holiday"}
    Override.objects.create(**changed, starts_at=time(8), public_places=3, reserve_places=1)
    Override.objects.create(**changed, starts_at=time(14), public_places=4)

    release_slots()

    slots = Slot.objects.filter(day=day).order_by("starts_at")
    assert [(one.starts_at, one.capacity, one.reserve_capacity) for one in slots] == [
        (utc(2026, 6, 18, 15), 3, 1),
        (utc(2026, 6, 18, 21), 4, 0),
    ]
    assert Release.objects.get(day=day).public_places == 7


def test_release_with_override_to_nothing_leaves_the_time_out(daily, noon):
    Override.objects.create(
        port=daily, day=date(2026, 6, 18), starts_at=time(8), public_places=0, reason="Holiday"
    )

    release_slots()

    assert not Slot.objects.filter(day=date(2026, 6, 18)).exists()


def test_release_of_a_closed_day_opens_nothing_and_keeps_the_reason(daily, noon):
    Closure.objects.create(port=daily, day=date(2026, 6, 18), reason="Flood")

    release_slots()

    row = Release.objects.get(day=date(2026, 6, 18))
    assert (row.batches, row.public_places, row.reserve_places, row.note) == (0, 0, 0, "Flood")
    assert not Slot.objects.filter(day=date(2026, 6, 18)).exists()


def test_release_plan_changed_after_the_release_changes_nothing_released(daily, noon):
    release_slots()
    SlotPlan.objects.update(public_places=99)

    release_slots()

    assert set(Slot.objects.values_list("capacity", flat=True)) == {10}


def test_open_day_that_is_open_is_none(daily, noon):
    day = date(2026, 6, 18)
    open_day(port=daily, day=day)

    assert open_day(port=daily, day=day) is None

    assert Slot.objects.count() == 1


@pytest.mark.parametrize(
    ("zone", "slug", "day", "instant"),
    [
        ("America/New_York", "san-ysidro", date(2026, 6, 18), utc(2026, 6, 4, 15)),
        ("America/New_York", "nogales", date(2026, 6, 18), utc(2026, 6, 4, 15)),
        ("America/New_York", "laredo", date(2026, 1, 30), utc(2026, 1, 16, 16)),
        ("America/New_York", "laredo", date(2026, 3, 21), utc(2026, 3, 7, 16)),
        ("America/New_York", "laredo", date(2026, 3, 22), utc(2026, 3, 8, 15)),
        ("port", "san-ysidro", date(2026, 6, 18), utc(2026, 6, 4, 18)),
        ("port", "nogales", date(2026, 6, 18), utc(2026, 6, 4, 18)),
        ("port", "nogales", date(2026, 1, 30), utc(2026, 1, 16, 18)),
        ("port", "el-paso", date(2026, 6, 18), utc(2026, 6, 4, 17)),
        ("port", "laredo", date(2026, 6, 18), utc(2026, 6, 4, 16)),
        ("port", "laredo", date(2026, 11, 15), utc(2026, 11, 1, 17)),
        ("port", "laredo", date(2026, 11, 14), utc(2026, 10, 31, 16)),
    ],
)
def test_due_at_is_eleven_on_the_clock_of_the_release_zone(settings, zone, slug, day, instant):
    settings.RELEASE_ZONE = zone

    assert due_at(make_port(slug), day) == instant


def test_due_days_with_port_zone_open_each_port_at_its_own_eleven(settings, clock):
    settings.RELEASE_ZONE = "port"
    clock.at = utc(2026, 6, 4, 17)  # noon in Laredo, 10:00 in San Ysidro

    assert due_days(make_port("laredo"), clock.at)[-1] == date(2026, 6, 18)
    assert due_days(make_port("san-ysidro"), clock.at)[-1] == date(2026, 6, 17)


def test_due_days_late_in_the_evening_begin_with_the_ports_own_day(clock):
    clock.at = utc(2026, 6, 5, 5)  # 22:00 on the 4th in San Ysidro, midnight in Laredo

    assert due_days(make_port("san-ysidro"), clock.at)[0] == date(2026, 6, 4)
    assert due_days(make_port("laredo"), clock.at)[0] == date(2026, 6, 5)


SUMMER_TIME = [
    # port, day of the appointments, 08:00 on the wall as an instant
    ("san-ysidro", date(2025, 3, 8), utc(2025, 3, 8, 16)),
    ("san-ysidro", date(2025, 3, 9), utc(2025, 3, 9, 15)),
    ("san-ysidro", date(2025, 11, 1), utc(2025, 11, 1, 15)),
    ("san-ysidro", date(2025, 11, 2), utc(2025, 11, 2, 16)),
    ("san-ysidro", date(2026, 3, 7), utc(2026, 3, 7, 16)),
    ("san-ysidro", date(2026, 3, 8), utc(2026, 3, 8, 15)),
    ("san-ysidro", date(2026, 10, 31), utc(2026, 10, 31, 15)),
    ("san-ysidro", date(2026, 11, 1), utc(2026, 11, 1, 16)),
    ("san-ysidro", date(2027, 3, 14), utc(2027, 3, 14, 15)),
    ("san-ysidro", date(2027, 11, 7), utc(2027, 11, 7, 16)),
    ("nogales", date(2026, 3, 7), utc(2026, 3, 7, 15)),
    ("nogales", date(2026, 3, 8), utc(2026, 3, 8, 15)),
    ("nogales", date(2026, 10, 31), utc(2026, 10, 31, 15)),
    ("nogales", date(2026, 11, 1), utc(2026, 11, 1, 15)),
    ("nogales", date(2027, 3, 14), utc(2027, 3, 14, 15)),
    ("el-paso", date(2026, 3, 8), utc(2026, 3, 8, 14)),
    ("el-paso", date(2026, 11, 1), utc(2026, 11, 1, 15)),
    ("brownsville", date(2026, 3, 8), utc(2026, 3, 8, 13)),
    ("brownsville", date(2026, 11, 1), utc(2026, 11, 1, 14)),
]


@pytest.mark.parametrize(("slug", "day", "instant"), SUMMER_TIME)
def test_open_day_around_a_clock_change_is_at_eight_on_the_wall(slug, day, instant):
    port = make_port(slug)
    make_plan(port, at=("08:00",))

    open_day(port=port, day=day)

    slot = Slot.objects.get()
    assert slot.starts_at == instant
    assert f"{slot.local_start:%Y-%m-%d %H:%M}" == f"{day} 08:00"


SPRING = date(2026, 3, 8)  # clocks go from 02:00 to 03:00: 02:30 is 03:30


def test_open_day_with_two_times_that_are_one_instant_adds_their_places(port):
    make_plan(port, at=("02:30", "03:30", "04:30"), places=10, reserve=1)

    opened = open_day(port=port, day=SPRING)

    rows = Slot.objects.order_by("starts_at")
    assert [(one.starts_at, one.capacity, one.reserve_capacity) for one in rows] == [
        (utc(2026, 3, 8, 10, 30), 20, 2),
        (utc(2026, 3, 8, 11, 30), 10, 1),
    ]
    assert f"{rows[0].local_start:%H:%M}" == "03:30"
    assert (opened.batches, opened.public_places, opened.reserve_places) == (2, 30, 3)


def test_batches_of_the_spring_sunday_stay_in_order_of_time(port):
    make_plan(port, at=("02:45", "03:15"), places=1)

    assert [batch.starts_at for batch in batches_of(port, SPRING)] == [time(3, 15), time(2, 45)]


def test_release_of_a_port_that_can_not_be_looked_at_leaves_the_others(daily, noon, caplog):
    make_plan(make_port("laredo"))
    Port.objects.filter(pk=daily.pk).update(zone="Mars/Base")

    opened = release_slots()

    assert {row.port.slug for row in opened} == {"laredo"}
    assert len(opened) == 15
    assert "port 2504 was not looked at" in caplog.text


def test_release_of_a_day_that_can_not_be_opened_leaves_the_others(
    daily, noon, caplog, monkeypatch
):
    make_plan(make_port("laredo"))
    bad, real = date(2026, 6, 10), release.batches_of

    def broken(port, day):
        if (port, day) == (daily, bad):
            raise IntegrityError("slot_once")
        return real(port, day)

    monkeypatch.setattr(release, "batches_of", broken)

    opened = release_slots()

    assert len(opened) == 29
    assert not Release.objects.filter(port=daily, day=bad).exists()
    assert "2026-06-10 of port 2504 was not opened" in caplog.text
    monkeypatch.setattr(release, "batches_of", real)
    assert [(row.port, row.day) for row in release_slots()] == [(daily, bad)]


@pytest.mark.parametrize("zone", ["America/New_York", "port"])
@pytest.mark.parametrize("first", [date(2026, 3, 1), date(2026, 10, 25)])
def test_release_around_the_clock_across_a_clock_change_opens_each_day_once(
    daily, settings, clock, zone, first
):
    settings.RELEASE_ZONE = zone
    clock.at = utc(first.year, first.month, first.day, 20)
    release_slots()
    opened = []

    for _run in range(14 * 6):
        clock.forward(hours=4)
        opened += release_slots()

    after = first + timedelta(days=15)
    assert [row.day for row in opened] == [after + timedelta(days=n) for n in range(14)]
    assert all(timedelta(0) <= row.released_at - row.due_at < timedelta(hours=4) for row in opened)
    assert {f"{slot.local_start:%H:%M}" for slot in Slot.objects.select_related("port")} == {
        "08:00"
    }


def test_close_day_stops_bookings_and_keeps_appointments(port, supervisor):
    row = make_appointment()
    other = make_registration()

    closure = close_day(port=port, day=row.slot.day, reason="Flood", by=supervisor)

    assert (closure.reason, closure.closed_by) == ("Flood", supervisor)
    row.refresh_from_db()
    assert row.status == "booked"
    with pytest.raises(SlotClosed):
        book(slot_id=row.slot_id, by=other.owner)
    event = Event.objects.get()
    assert (event.verb, event.by, event.note) == (
        "day_closed",
        supervisor,
        f"2504 {row.slot.day}: Flood",
    )


def test_close_day_leaves_other_days_and_ports_open(port, supervisor):
    slot = make_slot(port)
    make_slot(port, days_ahead=4)
    make_slot(make_port("laredo"))

    close_day(port=port, day=slot.day, reason="Flood", by=supervisor)

    assert Slot.objects.filter(is_open=False).get() == slot


def test_close_day_twice_is_refused(port, supervisor):
    day = date(2026, 6, 18)
    close_day(port=port, day=day, reason="Flood", by=supervisor)

    with pytest.raises(AlreadyClosed):
        close_day(port=port, day=day, reason="Again", by=supervisor)

    assert Closure.objects.get().reason == "Flood"


@pytest.mark.parametrize("who", ["officer", "auditor", "applicant"])
def test_close_day_by_others_is_refused(request, port, who):
    with pytest.raises(NotAllowed):
        close_day(port=port, day=date(2026, 6, 18), reason="x", by=request.getfixturevalue(who))


def test_close_day_at_another_port_is_refused(port):
    with pytest.raises(NotAllowed):
        close_day(
            port=port,
            day=date(2026, 6, 18),
            reason="x",
            by=make_supervisor(make_port("laredo")),
        )

    assert not Closure.objects.exists()


def new_numbers(slot, by, public, reserve=0, is_open=True):
    return change_slot(
        slot=slot, public_places=public, reserve_places=reserve, is_open=is_open, by=by
    )


def test_change_slot_writes_the_numbers_and_an_event(supervisor):
    slot = make_slot(capacity=10, reserve=1)

    changed = new_numbers(slot, supervisor, public=12, reserve=0, is_open=False)

    assert (changed.capacity, changed.reserve_capacity, changed.is_open) == (12, 0, False)
    event = Event.objects.get()
    assert (event.verb, event.by, event.note) == ("slot_changed", supervisor, "10+1 > 12+0, closed")


def test_change_slot_below_what_is_taken_is_refused(supervisor):
    row = make_appointment()

    with pytest.raises(BelowBooked) as refusal:
        new_numbers(row.slot, supervisor, public=2)

    assert "3 places are taken" in str(refusal.value)
    assert Slot.objects.get().capacity == 20


def test_change_slot_to_what_is_taken_works(supervisor):
    row = make_appointment()

    assert new_numbers(row.slot, supervisor, public=3).capacity == 3


@pytest.mark.parametrize("who", ["officer", "auditor", "applicant"])
def test_change_slot_by_others_is_refused(request, who):
    with pytest.raises(NotAllowed):
        new_numbers(make_slot(), request.getfixturevalue(who), public=1)


def test_change_slot_at_another_port_is_refused():
    with pytest.raises(NotAllowed):
        new_numbers(make_slot(), make_supervisor(make_port("laredo")), public=1)


def test_ports_are_the_eight_with_zones_that_exist():
    assert Port.objects.count() == 8
    assert all(port.tz.key == port.zone for port in Port.objects.all())
