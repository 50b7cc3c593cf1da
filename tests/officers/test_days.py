"""Two weeks ahead at a port: numbers, closing with a preview, moving, opening again, places."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from kombu.exceptions import OperationalError

from cbpone.audit.log import record
from cbpone.audit.models import Event
from cbpone.audit.verbs import Verb
from officers.views import days
from scheduling import tasks
from scheduling.models import Appointment, Closure, Slot
from tests.factories import make_appointment, make_registration, make_slot, make_supervisor
from tests.factories.office_ports import make_closure
from tests.facts import told

DAYS = "/officers/days/san-ysidro/"


@pytest.fixture
def inside(client, supervisor):
    client.force_login(supervisor)
    return client


@pytest.fixture
def booked(port):
    """Families of two and three on a day with ten places."""
    slot = make_slot(port, days_ahead=3, at="08:00", capacity=10)
    return [make_appointment(make_registration(people=n), slot) for n in (2, 3)]


def text(response) -> str:
    return " ".join(response.content.decode().split())


def of(row, verb="") -> str:
    return f"{DAYS}{row.slot.day}/" + (f"{verb}/" if verb else "")


def test_days_show_two_weeks_with_sums(inside, port, booked, clock):
    make_slot(port, days_ahead=3, at="13:00", capacity=5, reserve=4)
    closed = make_slot(port, days_ahead=4)
    make_closure(port, day=closed.day, reason="Flood")

    page = text(inside.get(DAYS))

    today = clock.at.astimezone(port.tz).date()
    for ahead in range(15):
        assert f"{DAYS}{today + timedelta(days=ahead)}/" in page
    sums = '<td class="number">15</td><td class="number">5</td><td class="number">10</td>'
    assert f'{sums}<td class="number">0 / 4</td><td class="number">2</td>' in page
    assert 'max="15" value="5" aria-hidden="true"></meter> 5 of 15' in page
    assert page.count("day closed") == 1
    assert "Flood" in page
    assert page.count("not open yet") == 13


def test_days_has_a_constant_number_of_queries(inside, port):
    counts = []
    for ahead in ([1], [2, 3]):
        for days_ahead in ahead:
            row = make_appointment(slot=make_slot(port, days_ahead=days_ahead))
            make_closure(port, day=row.slot.day + timedelta(days=30))
        inside.get(DAYS)
        with CaptureQueriesContext(connection) as queries:
            inside.get(DAYS)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_day_tells_what_became_of_every_family(inside, port, booked, officer):
    first, second = booked
    later = make_slot(port, days_ahead=5, at="09:00")
    Appointment.objects.filter(pk=first.pk).update(status="changed", ended_at=first.booked_at)
    new = make_appointment(first.registration, later, replaces=first)

    page = text(inside.get(of(second)))

    assert f"{new.reference}: San Ysidro" in page
    assert second.reference in page
    assert "Close this day" in page
    assert Event.objects.filter(verb="viewed").count() == 1


def test_day_has_a_constant_number_of_queries(inside, port, booked):
    counts = []
    for more in (0, 2):
        for _ in range(more):
            make_appointment(make_registration(people=1), booked[0].slot)
        inside.get(of(booked[0]))
        with CaptureQueriesContext(connection) as queries:
            inside.get(of(booked[0]))
        counts.append(len(queries))

    assert counts[0] == counts[1]


@pytest.mark.parametrize("who", ["officer", "auditor"])
def test_day_for_others_of_the_port_has_no_buttons(request, client, booked, who):
    client.force_login(request.getfixturevalue(who))

    page = text(client.get(of(booked[0])))

    assert "Close this day" not in page
    assert (booked[0].reference in page) == (who == "officer")


@pytest.mark.parametrize("verb", ["close", "move", "reopen"])
@pytest.mark.parametrize(
    ("who", "status"), [("officer", 403), ("auditor", 403), ("applicant", 403)]
)
def test_changes_of_a_day_are_for_supervisors(request, client, port, booked, verb, who, status):
    if verb != "close":
        make_closure(port, day=booked[0].slot.day)
    client.force_login(request.getfixturevalue(who))
    typed = {"reason": "x", "families": "move", "confirm": "2"}

    assert client.get(of(booked[0], verb)).status_code == status
    assert client.post(of(booked[0], verb), typed).status_code == status
    assert Closure.objects.standing().count() == (verb != "close")
    assert Appointment.objects.filter(status="booked").count() == 2


@pytest.mark.parametrize("day", ["2020-01-01", "9999-12-31", "nonsense", "2026-02-31"])
@pytest.mark.parametrize("verb", ["", "close/", "move/", "reopen/"])
def test_day_out_of_reach_is_not_found(inside, port, day, verb):
    assert inside.get(f"{DAYS}{day}/{verb}").status_code == 404


@pytest.mark.parametrize("verb", ["move", "reopen"])
def test_day_that_is_not_closed_has_nothing_to_undo(inside, booked, verb):
    assert inside.get(of(booked[0], verb)).status_code == 404


def test_close_shows_whom_it_touches_before_anything_happens(inside, booked):
    page = text(inside.post(of(booked[0], "close"), {"reason": "Flood", "families": "keep"}))

    assert "2 families are booked on this day" in page
    assert page.count("keeps the appointment") == 2
    for row in booked:
        assert row.reference in page
    assert 'name="confirm" value="2"' in page
    assert not Closure.objects.exists()


def test_close_without_reason_is_told(inside, booked):
    page = text(inside.post(of(booked[0], "close"), {"reason": "", "families": "keep"}))

    assert "Write the reason. It stays on record." in page
    assert 'name="confirm"' not in page


def test_close_can_go_back_with_everything_typed(inside, booked):
    typed = {"reason": "Flood", "families": "move", "back": "1"}

    page = text(inside.post(of(booked[0], "close"), typed))

    assert 'value="Flood"' in page
    assert 'value="move" required' in page or 'value="move"' in page
    assert "See whom it touches" in page
    assert not Closure.objects.exists()


def test_close_and_keep_stops_new_bookings_only(inside, supervisor, booked):
    typed = {"reason": "Power cut", "families": "keep", "confirm": "2"}

    response = inside.post(of(booked[0], "close"), typed)

    assert response.url == of(booked[0])
    assert (Closure.objects.get().reason, Closure.objects.get().closed_by) == (
        "Power cut",
        supervisor,
    )
    assert not Slot.objects.get(pk=booked[0].slot_id).is_open
    assert Appointment.objects.filter(status="booked").count() == 2
    assert told(booked[0].registration.owner) == []


@pytest.mark.parametrize("confirm", ["1", "3", "", "x"])
def test_close_under_an_old_preview_shows_a_new_one(inside, booked, confirm):
    typed = {"reason": "Flood", "families": "keep", "confirm": confirm}

    page = text(inside.post(of(booked[0], "close"), typed))

    assert "The families have changed since. Look again, then decide." in page
    assert 'name="confirm" value="2"' in page
    assert not Closure.objects.exists()


def test_close_and_move_shows_where_each_family_would_go(inside, port, booked):
    later = make_slot(port, days_ahead=4, at="10:00", capacity=2)

    page = text(inside.post(of(booked[0], "close"), {"reason": "Flood", "families": "move"}))

    assert f"moves to {later.local_start:%A} {later.local_start.day}" in page
    assert page.count("is told that the port is closed") == 1
    assert "Close this day and move 2 families" in page


def test_close_and_move_moves_and_tells_who_stays(inside, port, booked):
    two, three = booked
    later = make_slot(port, days_ahead=4, capacity=2)
    typed = {"reason": "Flood", "families": "move", "confirm": "2"}

    page = text(inside.post(of(two, "close"), typed, follow=True))

    assert Appointment.objects.get(slot=later).registration == two.registration
    assert "1 family has a new time." in page
    assert f"{three.reference}: No later time at this port has room" in page
    assert told(two.registration.owner) == [("changed", ["email"])]
    assert told(three.registration.owner) == [("day_closed", ["email"])]


def test_close_twice_is_told(inside, port, booked):
    make_closure(port, day=booked[0].slot.day)
    typed = {"reason": "Flood", "families": "keep", "confirm": "2"}

    page = text(inside.post(of(booked[0], "close"), typed))

    assert "This port is closed on that day already." in page


@pytest.fixture
def many(monkeypatch):
    """Two families are too many to be moved while somebody waits."""
    asked = []
    monkeypatch.setattr(days, "AT_ONCE", 1)
    monkeypatch.setattr(tasks.move_families, "apply_async", lambda args, **how: asked.append(args))
    return asked


def test_many_families_are_moved_by_the_job(inside, supervisor, port, booked, many):
    make_slot(port, days_ahead=4)
    typed = {"reason": "Flood", "families": "move", "confirm": "2"}

    page = text(inside.post(of(booked[0], "close"), typed, follow=True))

    assert many == [[Closure.objects.get().pk, supervisor.pk]]
    assert "2 families are being moved now." in page
    tasks.move_families(*many[0])
    assert Appointment.objects.filter(status="booked", slot=booked[0].slot).count() == 0


def test_many_families_wait_when_the_job_can_not_be_asked(inside, booked, many, monkeypatch):
    def fail(*args, **how):
        raise OperationalError("no broker")

    monkeypatch.setattr(tasks.move_families, "apply_async", fail)
    typed = {"reason": "Flood", "families": "move", "confirm": "2"}

    page = text(inside.post(of(booked[0], "close"), typed, follow=True))

    assert "Nobody is moved yet. Press Move the families again." in page
    assert "Move the families" in page
    assert Closure.objects.standing().exists()


def test_move_later_shows_the_plan_then_moves(inside, port, booked):
    make_closure(port, day=booked[0].slot.day)
    make_slot(port, days_ahead=4)
    url = of(booked[0], "move")
    assert text(inside.get(url)).count("moves to") == 2

    inside.post(url, {"confirm": "1"})
    assert Appointment.objects.count() == 2

    response = inside.post(url, {"confirm": "2"})

    assert response.url == of(booked[0])
    assert Appointment.objects.filter(status="changed").count() == 2


def test_reopen_says_what_happens_then_opens(inside, supervisor, port, booked):
    make_closure(port, day=booked[0].slot.day, reason="Flood")
    url = of(booked[0], "reopen")
    page = text(inside.get(url))
    assert "It was closed: Flood" in page
    assert "1 time takes bookings again, with 5 free places." in page

    page = text(inside.post(url, follow=True))

    assert "Open again. Nothing has changed for the families." in page
    assert Slot.objects.get(pk=booked[0].slot_id).is_open
    assert Closure.objects.get().reopened_by == supervisor
    assert inside.post(url).status_code == 404


def start(slot) -> str:
    return f"{DAYS}{slot.local_start:%Y%m%dT%H%M}/places/"


NUMBERS = {"public_places": 40, "reserve_places": 4, "is_open": "on"}


def test_places_show_whom_they_touch_before_anything_happens(inside, booked):
    slot = booked[0].slot

    page = text(inside.post(start(slot), NUMBERS | {"is_open": ""}))

    assert "10 → 40" in page
    assert "this time takes no more bookings" in page
    for row in booked:
        assert row.reference in page
    assert 'name="confirm" value="2"' in page
    assert Slot.objects.get(pk=slot.pk).capacity == 10


def test_places_confirmed_are_on_record(inside, supervisor, booked):
    slot = booked[0].slot

    response = inside.post(start(slot), NUMBERS | {"confirm": "2"})

    slot.refresh_from_db()
    assert response.url == of(booked[0])
    assert (slot.capacity, slot.reserve_capacity, slot.is_open) == (40, 4, True)
    assert Event.objects.get(verb="slot_changed").by == supervisor


def test_places_can_close_a_time_through_the_preview(inside, booked):
    slot = booked[0].slot
    preview = inside.post(start(slot), {"public_places": 10, "reserve_places": 0})
    assert 'name="is_open" value="False"' in text(preview)

    inside.post(
        start(slot),
        {"public_places": 10, "reserve_places": 0, "is_open": "False", "confirm": "2"},
    )

    assert not Slot.objects.get(pk=slot.pk).is_open
    assert Appointment.objects.filter(status="booked").count() == 2


@pytest.mark.parametrize(
    ("numbers", "sentence"),
    [
        ({"public_places": 4, "reserve_places": 0}, "5 places are taken already"),
        ({"public_places": "", "reserve_places": 0}, "Write a number here."),
        ({"public_places": 9999, "reserve_places": 0}, "It can be 2000 at most."),
    ],
)
def test_places_that_can_not_be_are_told(inside, booked, numbers, sentence):
    page = text(inside.post(start(booked[0].slot), numbers | {"confirm": "2"}))

    assert sentence in page
    assert Slot.objects.get().capacity == 10


def test_places_of_a_closed_day_can_not_open_a_time(inside, port, booked):
    make_closure(port, day=booked[0].slot.day)

    page = text(inside.post(start(booked[0].slot), NUMBERS | {"confirm": "2"}))

    assert "This day is closed. Open the whole day again first." in page
    assert not Slot.objects.get().is_open


def test_places_somebody_else_has_changed_meanwhile_are_shown_first(inside, booked):
    slot = booked[0].slot
    version = inside.get(start(slot)).context["form"]["version"].value()
    Slot.objects.update(capacity=12)
    record(Verb.SLOT_CHANGED, on=slot, by=make_supervisor(name="Ida Moon"), note="10+0 > 12+0")
    typed = NUMBERS | {"version": version, "confirm": "2"}

    page = inside.post(start(slot), typed)

    assert Slot.objects.get(pk=slot.pk).capacity == 12
    assert "<b>Ida Moon</b> changed the places of a time: 10+0 &gt; 12+0" in text(page)
    form, (places, _reserve, is_open) = page.context["form"], page.context["stale"].lines
    assert (places.now, places.typed, is_open.typed) == ("12", "40", "yes")
    assert form["public_places"].value() == "40"
    answer = inside.post(start(slot), typed | {"version": form["version"].value()})
    assert answer.url == of(booked[0])
    assert Slot.objects.get(pk=slot.pk).capacity == 40


def test_places_keep_their_version_through_the_preview(inside, booked):
    slot = booked[0].slot
    version = inside.get(start(slot)).context["form"]["version"].value()

    page = text(inside.post(start(slot), NUMBERS | {"version": version}))

    assert f'name="version" value="{version}"' in page


@pytest.mark.parametrize("at", ["nonsense", "20260101T9999", "20260101T0800"])
def test_places_of_no_such_time_is_not_found(inside, port, at):
    assert inside.get(f"{DAYS}{at}/places/").status_code == 404


@pytest.mark.parametrize("who", ["officer", "auditor"])
def test_places_are_for_supervisors(request, client, booked, who):
    client.force_login(request.getfixturevalue(who))

    answer = client.post(start(booked[0].slot), NUMBERS | {"confirm": "2"})

    assert answer.status_code == 403
    assert Slot.objects.get().capacity == 10
