"""The days ahead at a port: what is open, taken and closed, and whom a change touches."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count, Q

from cbpone.lib import clock
from scheduling import moving
from scheduling.models import Appointment, Closure, Port, Release, Slot

DAYS = 15  # today, and the fourteen that releases open ahead
HELD = Q(appointments__status__in=["booked", "checked_in", "completed"])


@dataclass
class DayAhead:
    day: date
    slots: list[Slot] = field(default_factory=list)
    closure: Closure | None = None
    release: Release | None = None

    def _sum(self, name: str) -> int:
        return sum(getattr(slot, name) for slot in self.slots)

    def __post_init__(self):
        self.places = self._sum("capacity")
        self.taken = self._sum("booked")
        self.free = self.places - self.taken
        self.reserve = self._sum("reserve_capacity")
        self.reserve_taken = self._sum("reserve_booked")
        self.families = self._sum("families")

    @property
    def is_open(self) -> bool:
        return any(slot.is_open for slot in self.slots)


def _slots(port: Port):
    counted = Slot.objects.filter(port=port).annotate(families=Count("appointments", filter=HELD))
    return counted.select_related("port").order_by("starts_at")


def read_days(port: Port) -> list[DayAhead]:
    """Two weeks, and whatever lies further ahead and is open or closed already."""
    first = clock.today_in(port.zone)
    slots = defaultdict(list)
    for slot in _slots(port).filter(day__gte=first):
        slots[slot.day].append(slot)
    closures = Closure.objects.standing().filter(port=port, day__gte=first)
    closed = {row.day: row for row in closures.select_related("closed_by")}
    released = {row.day: row for row in Release.objects.filter(port=port, day__gte=first)}
    days = {first + timedelta(days=n) for n in range(DAYS)} | set(slots) | set(closed)
    return [DayAhead(day, slots[day], closed.get(day), released.get(day)) for day in sorted(days)]


def read_one_day(port: Port, day: date) -> DayAhead:
    closures = Closure.objects.standing().filter(port=port, day=day)
    return DayAhead(
        day,
        list(_slots(port).filter(day=day)),
        closures.select_related("closed_by").first(),
        Release.objects.filter(port=port, day=day).first(),
    )


def families_of(port: Port, day: date):
    """Everybody who has or had an appointment on a day, by time, with the one that came after."""
    return (
        Appointment.objects.filter(slot__port=port, slot__day=day)
        .exclude(status="cancelled")
        .select_related("slot__port", "registration", "replaced_by__slot__port")
        .order_by("slot__starts_at", "id")
    )


def touched(slot: Slot):
    """Families booked at one time, in the order of their booking."""
    booked = slot.appointments.filter(status="booked").select_related("registration")
    return booked.order_by("booked_at", "id")


def plan_of(port: Port, day: date, *, moves: bool) -> list[moving.Move]:
    """What would become of each family: its next time, or, when nobody is moved, its own."""
    if moves:
        return moving.plan_moves(port, day)
    return [moving.Move(family, family.slot) for family in moving.booked_on(port, day)]
