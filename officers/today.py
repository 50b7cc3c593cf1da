"""The day at a port: time batches, families and people, read with a fixed number of queries."""

from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from django.db.models import Count, Prefetch, Q

from cbpone.lib import clock
from cbpone.photos.models import Photo
from scheduling.attendance import CHECK_IN, is_due, may_act
from scheduling.models import Appointment, Attendance, Port, Slot
from scheduling.statuses import AppointmentStatus

PEOPLE = "people"  # the attribute that with_people() fills
EXPECTED = ["booked", "checked_in", "completed", "no_show"]
CHIPS = {
    "booked": "chip-todo",
    "checked_in": "chip-now",
    "completed": "chip-done",
    "no_show": "chip-gone",
    "cancelled": "chip-gone",
    "changed": "chip-gone",
}


@dataclass
class FamilyRow:
    appointment: Appointment
    people: list[Attendance]
    may_check_in: bool
    is_late: bool

    @property
    def chip(self) -> str:
        return "chip-late" if self.is_late else CHIPS[self.appointment.status]


@dataclass
class Batch:
    slot: Slot
    families: list[FamilyRow] = field(default_factory=list)

    @property
    def people(self) -> int:
        return sum(len(family.people) for family in self.families)

    @property
    def here(self) -> int:
        arrived = ("checked_in", "completed")
        there = [f for f in self.families if f.appointment.status in arrived]
        return sum(1 for family in there for row in family.people if row.checked_in_at)


def with_people(appointments):
    """Appointments with their people, photos and slots: four queries whatever the number."""
    photos = Photo.objects.filter(replaced_at=None)
    present = (
        Attendance.objects.filter(left_at=None)
        .select_related("traveler")
        .prefetch_related(Prefetch("traveler__photos", photos, to_attr="current"))
        .order_by("id")
    )
    return appointments.select_related("slot__port", "registration").prefetch_related(
        Prefetch("attendances", present, to_attr=PEOPLE)
    )


def read_day(port: Port, day: date, user) -> list[Batch]:
    rows = with_people(
        Appointment.objects.filter(slot__port=port, slot__day=day, status__in=EXPECTED)
    ).order_by("slot__starts_at", "id")
    now = clock.now()
    may = may_act(user, port, CHECK_IN)
    batches = []
    for slot, group in groupby(rows, key=lambda row: row.slot):
        families = [family_row(row, may, now) for row in group]
        batches.append(Batch(slot, families))
    return batches


def family_row(row: Appointment, may: bool, now) -> FamilyRow:
    late = row.status == AppointmentStatus.BOOKED and row.slot.starts_at < now
    return FamilyRow(row, getattr(row, PEOPLE), may and is_due(row, now), late)


@dataclass
class PortToday:
    port: Port
    day: date
    families: int
    people: int
    here: int


def ports_today(user) -> list[PortToday]:
    """Today's numbers of every port this officer may see."""
    now = clock.now()
    ports = list(Port.objects.visible_to(user))
    days = Q()
    for port in ports:
        days |= Q(slot__port=port, slot__day=clock.today_in(port.zone, now))
    if not ports:
        return []
    present = Q(attendances__left_at=None)
    counted = (
        Appointment.objects.filter(days, status__in=EXPECTED)
        .values("slot__port")
        .annotate(
            families=Count("pk", distinct=True),
            people=Count("attendances", filter=present),
            here=Count("attendances", filter=present & Q(attendances__checked_in_at__isnull=False)),
        )
    )
    numbers = {row["slot__port"]: (row["families"], row["people"], row["here"]) for row in counted}
    return [
        PortToday(port, clock.today_in(port.zone, now), *numbers.get(port.pk, (0, 0, 0)))
        for port in ports
    ]
