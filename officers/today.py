"""The day at a port: time batches, families and people, read with a fixed number of queries."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import reduce
from itertools import groupby
from operator import or_
from typing import Any

from django.db.models import Count, Prefetch, Q, TextChoices
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cbpone.lib import clock
from cbpone.photos.models import Photo
from scheduling import walk_ins
from scheduling.attendance import CHECK_IN, is_due, may_act, waits_for_call
from scheduling.models import Appointment, Attendance, Port, Slot, WalkIn, WalkInPerson
from scheduling.statuses import AppointmentStatus, Disposition, WalkInStatus

PEOPLE = "people"  # the attribute that with_people() fills
EXPECTED = ["booked", "checked_in", "completed", "no_show"]


class State(TextChoices):
    """Of one family on the board, in the order of the day."""

    EXPECTED = "expected", _("expected")
    LATE = "late", _("late")
    ARRIVED = "arrived", _("arrived")
    IN_PROCESS = "in_process", _("in process")
    DONE = "done", _("done")
    NO_SHOW = "no_show", _("no-show")
    LEFT = "left", _("left")
    GIVEN_UP = "given_up", _("moved or cancelled")


CHIPS = {
    State.EXPECTED: "chip-todo",
    State.LATE: "chip-late",
    State.ARRIVED: "chip-now",
    State.IN_PROCESS: "chip-busy",
    State.DONE: "chip-done",
    State.NO_SHOW: "chip-gone",
    State.LEFT: "chip-gone",
    State.GIVEN_UP: "chip-gone",
}
ON_BOARD = [state for state in State if state != State.GIVEN_UP]
HERE = {State.ARRIVED, State.IN_PROCESS, State.DONE}
STATE_OF = {
    "completed": State.DONE,
    "no_show": State.NO_SHOW,
    "cancelled": State.GIVEN_UP,
    "changed": State.GIVEN_UP,
    "waiting": State.ARRIVED,
    "called": State.IN_PROCESS,
    "left": State.LEFT,
}


def state_of(row: Any, people=(), now=None) -> State:
    if row.status == AppointmentStatus.BOOKED:
        return State.LATE if row.slot.starts_at < (now or clock.now()) else State.EXPECTED
    if row.status == AppointmentStatus.CHECKED_IN:
        begun = row.called_at or any(who.disposition for who in people)
        return State.IN_PROCESS if begun else State.ARRIVED
    return STATE_OF[row.status]


@dataclass
class FamilyRow:
    """A family on the board. `step` is the one thing to do next: check_in, call, decide or none."""

    family: Any  # an Appointment or a WalkIn
    people: list
    state: State
    step: str = ""

    @property
    def reference(self) -> str:
        return self.family.reference

    @property
    def is_walk_in(self) -> bool:
        return isinstance(self.family, WalkIn)

    @property
    def chip(self) -> str:
        return CHIPS[self.state]

    @property
    def url(self) -> str:
        page = "walk_in" if self.is_walk_in else "family"
        return reverse(f"officers:{page}", args=[self.reference])

    @property
    def call_url(self) -> str:
        verb = "walk_in_call" if self.is_walk_in else "call"
        return reverse(f"officers:{verb}", args=[self.reference])

    @property
    def arrived(self) -> datetime:
        """Of a walk-in, on the port's clock."""
        return clock.wall_time(self.family.arrived_at, self.family.port.zone)

    @property
    def absent(self) -> list:
        """People who did not come along with a family that is here."""
        if self.is_walk_in or self.state not in HERE:
            return []
        return [who for who in self.people if not who.checked_in_at]

    @property
    def here(self) -> int:
        if self.state not in HERE:
            return 0
        if self.is_walk_in:
            return sum(who.disposition != Disposition.DID_NOT_COME for who in self.people)
        return len(self.people) - len(self.absent)


@dataclass
class Batch:
    """Families of one time; without a slot, those who came without an appointment."""

    slot: Slot | None = None
    families: list[FamilyRow] = field(default_factory=list)

    @property
    def people(self) -> int:
        return sum(len(row.people) for row in self.families)

    @property
    def here(self) -> int:
        return sum(row.here for row in self.families)


@dataclass
class Day:
    """All of a day; `batches` hold only the families in `only`, when one state is asked for."""

    batches: list[Batch]
    only: State | None = None

    def __post_init__(self):
        families = [row for batch in self.batches for row in batch.families]
        self.families = len(families)
        self.people = sum(batch.people for batch in self.batches)
        self.here = sum(batch.here for batch in self.batches)
        counted = Counter(row.state for row in families)
        self.counts = [
            (state, CHIPS[state], counted[state])
            for state in ON_BOARD
            if state != State.LEFT or counted[state]
        ]
        if self.only:
            for batch in self.batches:
                batch.families = [row for row in batch.families if row.state == self.only]
        self.batches = [batch for batch in self.batches if batch.families]


def _of(people):
    """People of a family with their current photos."""
    photos = Photo.objects.filter(replaced_at=None)
    current = Prefetch("traveler__photos", photos, to_attr="current")
    return people.select_related("traveler").prefetch_related(current).order_by("id")


def with_people(appointments):
    """Appointments with their people, photos and slots: four queries whatever the number."""
    present = _of(Attendance.objects.filter(left_at=None))
    return appointments.select_related("slot__port", "registration").prefetch_related(
        Prefetch("attendances", present, to_attr=PEOPLE)
    )


def with_arrivals(rows):
    """Walk-ins with their people and photos, as many queries."""
    people = Prefetch("people", _of(WalkInPerson.objects.all()))
    return rows.select_related("port", "registration", "written_by").prefetch_related(people)


def read_day(port: Port, day: date, user, only: State | None = None) -> Day:
    now = clock.now()
    may = may_act(user, port, CHECK_IN)
    rows = with_people(
        Appointment.objects.filter(slot__port=port, slot__day=day, status__in=EXPECTED)
    ).order_by("slot__starts_at", "id")
    batches = [
        Batch(slot, [appointment_row(row, may, now) for row in group])
        for slot, group in groupby(rows, key=lambda row: row.slot)
    ]
    came = with_arrivals(walk_ins.on_day(port, day, clock.today_in(port.zone, now)))
    batches.append(Batch(None, [walk_in_row(row, may) for row in came.order_by("arrived_at")]))
    return Day(batches, only)


def appointment_row(row: Appointment, may: bool, now: datetime) -> FamilyRow:
    people: Any = getattr(row, PEOPLE)
    step = ""
    if may and is_due(row, now):
        step = "check_in"
    elif may and waits_for_call(row):
        step = "call"
    elif may and row.status == AppointmentStatus.CHECKED_IN:
        step = "decide"
    return FamilyRow(row, people, state_of(row, people, now), step)


def walk_in_row(row: WalkIn, may: bool) -> FamilyRow:
    people = list(row.people.all())
    steps: dict[str, str] = {WalkInStatus.WAITING: "call", WalkInStatus.CALLED: "decide"}
    step = steps.get(row.status, "") if may else ""
    return FamilyRow(row, people, state_of(row), step)


@dataclass
class PortToday:
    port: Port
    day: date
    families: int = 0
    people: int = 0
    here: int = 0

    def add(self, families: int, people: int, here: int) -> None:
        self.families += families
        self.people += people
        self.here += here


def ports_today(user) -> list[PortToday]:
    """Today's numbers of every port this officer may see, walk-ins included."""
    now = clock.now()
    days = {port.pk: PortToday(port, clock.today_in(port.zone, now))
            for port in Port.objects.visible_to(user)}  # fmt: skip
    if not days:
        return []
    today = [(row.port, row.day) for row in days.values()]
    for counted in (_expected(today), _came(today)):
        for port, *numbers in counted:
            days[port].add(*numbers)
    return list(days.values())


def _expected(today):
    """(port, families, people, here) of the appointments."""
    present = Q(attendances__left_at=None)
    arrived = present & Q(attendances__checked_in_at__isnull=False)
    days = [Q(slot__port=port, slot__day=day) for port, day in today]
    return (
        Appointment.objects.filter(reduce(or_, days), status__in=EXPECTED)
        .values("slot__port")
        .annotate(
            families=Count("pk", distinct=True),
            people=Count("attendances", filter=present),
            here=Count("attendances", filter=arrived),
        )
        .order_by()
        .values_list("slot__port", "families", "people", "here")
    )


def _came(today):
    """(port, families, people, here) of those without an appointment."""
    here = ~Q(status=WalkInStatus.LEFT) & ~Q(people__disposition=Disposition.DID_NOT_COME)
    days = [Q(port=port) & walk_ins.shown_on(day, today=day) for port, day in today]
    return (
        WalkIn.objects.filter(reduce(or_, days))
        .values("port")
        .annotate(
            families=Count("pk", distinct=True),
            persons=Count("people"),
            here=Count("people", filter=here),
        )
        .order_by()
        .values_list("port", "families", "persons", "here")
    )
