"""Fills the slots: who booked when, who moved, who gave up. Counters are kept in step in memory."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from cbpone.audit.verbs import Verb
from cbpone.demo.asking import Family
from cbpone.demo.names import number
from cbpone.demo.shelf import Stage
from cbpone.notifications.statuses import Template
from scheduling.models import Appointment, Attendance, PlaceReturn, Port, Slot
from scheduling.statuses import Pool

CHANGED = 0.07
NO_SHOW = 0.075
GRACE = timedelta(minutes=settings.ARRIVAL_GRACE_MINUTES)
CLOSES = timedelta(hours=settings.BOOKING_CLOSES_HOURS)
RETURN_DELAY = timedelta(minutes=settings.PLACE_RETURN_DELAY_MINUTES)
REASONS = [
    "Pregnant, due in two weeks; doctor's note seen",
    "Child with high fever, sent by the shelter",
    "Threatened at the bus station; police report seen",
    "Dialysis three times a week, not possible at the shelter",
    "Wheelchair user alone in the street",
]


@dataclass
class Visit:
    """An appointment that stands on its slot, to be played out by `outcomes`."""

    family: Family
    appointment: Appointment
    attendances: list[Attendance]
    arrives: datetime
    stays: timedelta = timedelta()
    comes: bool = True

    @property
    def slot(self) -> Slot:
        return self.appointment.slot


class Queue:
    """Families that look for a place, by the port they would like."""

    def __init__(self, families: list[Family]):
        self.by_port: dict[str, list[Family]] = {}
        for family in families:
            self.add(family)

    def add(self, family: Family) -> None:
        self.by_port.setdefault(family.port.slug, []).append(family)

    def take(self, port: Port, fits) -> Family | None:
        """The first who fits, of this port before others."""
        lines = [self.by_port.get(port.slug, [])]
        lines += [line for slug, line in self.by_port.items() if slug != port.slug]
        for line in lines:
            for place, family in enumerate(line):
                if fits(family):
                    return line.pop(place)
        return None


class Booking:
    def __init__(self, stage: Stage, slots: list[Slot]):
        self.rng, self.now, self.shelf = stage.chance("booking"), stage.now, stage.shelf
        self.slots = slots
        self.visits: list[Visit] = []
        self.moved = 0

    def latest(self, slot: Slot, family: Family) -> datetime:
        return min(slot.starts_at - CLOSES, family.until, self.now) - timedelta(minutes=2)

    def earliest(self, slot: Slot, family: Family) -> datetime:
        opened = slot.release.released_at + timedelta(seconds=20)
        return max(opened, family.free_at + timedelta(minutes=3))

    def fill(self, slots: list[Slot], share: float, queue: Queue, absent: Queue | None = None):
        """Book about this share of the places. Those who will not come are taken from `absent`."""
        owed = 0.0
        for slot in slots:
            owed += slot.capacity * share * self.rng.uniform(0.75, 1.25)
            while (room := min(slot.capacity, round(owed)) - slot.booked) > 0:
                missing = absent is not None and self.rng.random() < NO_SHOW
                source = absent if missing and absent else queue
                family = source.take(slot.port, self.fits(slot, room))
                if family is None:
                    break
                self.book(family, slot, may_move=not missing).comes = not missing
                if missing:
                    self._asks_again(family, slot, source)
            owed -= slot.booked

    def _asks_again(self, family: Family, slot: Slot, queue: Queue) -> None:
        """Half of those who missed theirs some day book another; it costs them nothing."""
        family.free_at = slot.starts_at + GRACE + timedelta(minutes=10)
        if self.rng.random() < 0.5 and slot.starts_at < self.now - timedelta(days=1):
            queue.add(family)

    def fits(self, slot: Slot, room: int):
        def fits(family: Family) -> bool:
            at = self.latest(slot, family)
            return family.size <= room and self.earliest(slot, family) < at

        return fits

    def book(self, family: Family, slot: Slot, *, may_move=False) -> Visit:
        """Most book soon after the release, or after they signed."""
        low, high = self.earliest(slot, family), self.latest(slot, family)
        at = low + (high - low) * self.rng.random() ** 5
        moves = self.rng.random() < CHANGED or not self.moved
        before = self._moved_from(family, slot, at) if may_move and moves else None
        row = self._appointment(family, slot, at)
        row.replaces = before
        slot.booked += row.places
        note = f"{before.reference} > {row.reference}" if before else ""
        self._booked(row, family, Verb.CHANGED if before else Verb.BOOKED, note)
        return self._visit(family, row)

    def _visit(self, family: Family, row: Appointment) -> Visit:
        people = [Attendance(appointment=row, traveler=one.traveler) for one in family.people]
        attendances = [self.shelf.add(attendance) for attendance in people]
        visit = Visit(family, row, attendances, arrives=row.slot.starts_at)
        self.visits.append(visit)
        return visit

    def _appointment(self, family: Family, slot: Slot, at: datetime) -> Appointment:
        row = Appointment(reference=number(self.rng, "A"), registration=family.registration)
        row.slot, row.places, row.booked_at, row.booked_by = slot, family.size, at, family.owner
        row.reason = ""
        family.seen_at(at)
        return self.shelf.add(row)

    def _booked(self, row, family: Family, verb: Verb, note: str) -> None:
        values = {"on": row, "at": row.booked_at, "by": row.booked_by, "case": family.case}
        self.shelf.event(verb, after="booked", note=note, **values)
        template = Template.CHANGED if verb == Verb.CHANGED else Template.BOOKED
        self._tell(template, row, row.booked_at, "booked")

    def _tell(self, template, row: Appointment, at, status, is_stuck=False) -> None:
        self.shelf.tell(
            template,
            about=row,
            at=at,
            registration=row.registration,
            status=status,
            is_stuck=is_stuck,
        )

    def _moved_from(self, family: Family, slot: Slot, at: datetime) -> Appointment | None:
        """An earlier booking that gave way at `at`; the first of the demo within seconds."""
        other = self._other_slot(family, slot, at)
        if other is None or at > self.now - RETURN_DELAY - timedelta(minutes=5):
            return None
        low = self.earliest(other, family)
        self.moved += 1
        quick = self.moved == 1 or self.rng.random() < 0.1
        booked = at - timedelta(seconds=8) if quick else low + (at - low) * self.rng.random()
        return self._gave_up(family, other, booked, at, status="changed")

    def _other_slot(self, family: Family, slot: Slot | None, at: datetime) -> Slot | None:
        for _try in range(12):
            other = self.rng.choice(self.slots)
            open_then = self.earliest(other, family) < at - timedelta(minutes=1)
            in_time = other.starts_at - CLOSES > at and family.size <= other.capacity
            if other is not slot and open_then and in_time:
                return other
        return None

    def _gave_up(self, family, slot, booked, at, *, status) -> Appointment:
        row = self._appointment(family, slot, booked)
        row.status, row.ended_at = status, at
        for person in family.people:
            self.shelf.add(Attendance(appointment=row, traveler=person.traveler))
        self._booked(row, family, Verb.BOOKED, "")
        self._give_back(row, at)
        return row

    def _give_back(self, row: Appointment, at: datetime) -> None:
        due = at + RETURN_DELAY
        returned = due + timedelta(seconds=self.rng.randrange(1, 60))
        back = PlaceReturn(slot=row.slot, pool=row.pool, places=row.places, given_up_at=at)
        back.due_at = due
        if returned < self.now:
            back.returned_at = returned
            note = str(row.places)
            self.shelf.event(Verb.PLACES_RETURNED, on=row.slot, at=returned, note=note)
        else:
            row.slot.booked += row.places
        self.shelf.add(back)

    def cancel(self, family: Family, at: datetime, *, is_stuck=False) -> bool:
        """The family booked some day and cancelled at `at`, if there was a slot for that."""
        slot = self._other_slot(family, None, at)
        recent = at + RETURN_DELAY + timedelta(minutes=2) > self.now
        if slot is None or (recent and slot.capacity - slot.booked < family.size):
            return False
        low = self.earliest(slot, family)
        booked = low + (at - low) * 0.9 * self.rng.random()
        row = self._gave_up(family, slot, booked, at, status="cancelled")
        values = {"on": row, "at": at, "by": family.owner, "case": family.case}
        self.shelf.event(Verb.CANCELLED, before="booked", after="cancelled", **values)
        self._tell(Template.CANCELLED, row, at, "cancelled", is_stuck)
        family.seen_at(at)
        return True

    def book_reserve(self, family: Family, slot: Slot, officer) -> None:
        """An officer gives an urgent case a place, some hours before the time."""
        high = self.latest(slot, family)
        low = max(self.earliest(slot, family), high - timedelta(hours=30))
        row = self._appointment(family, slot, low + (high - low) * self.rng.random())
        row.pool, row.booked_by, row.reason = Pool.RESERVE, officer, self.rng.choice(REASONS)
        slot.reserve_booked += row.places
        self._booked(row, family, Verb.BOOKED_RESERVE, row.reason)
        self._visit(family, row)
