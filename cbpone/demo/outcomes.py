"""Plays every appointment whose time has come: arrivals, dispositions, and nobody."""

from collections import defaultdict
from datetime import datetime, timedelta
from itertools import cycle

from cbpone.audit.verbs import Verb
from cbpone.demo.appointments import GRACE, Visit
from cbpone.demo.places import Places
from cbpone.demo.shelf import Stage
from cbpone.notifications.statuses import Template
from scheduling.attendance import EARLY_HOURS, REMIND_BEFORE
from scheduling.statuses import Disposition

MUCH = 0.96  # notice to appear and parole; then 2 % expedited removal with credible fear
RARE = [
    Disposition.NTA_DETAINED,
    Disposition.DID_NOT_COME,
    Disposition.EXPEDITED_REMOVAL,
    Disposition.WITHDRAWAL,
    Disposition.NTA_DETAINED,
    Disposition.PAROLED,
    Disposition.VOLUNTARY_RETURN,
    Disposition.ADMITTED,
    Disposition.MEDICAL,
    Disposition.NTA_DETAINED,
    Disposition.TURNED_BACK,
    Disposition.EXPEDITED_REMOVAL,
    Disposition.DECEASED,
]


class Outcomes:
    def __init__(self, stage: Stage, places: Places):
        self.rng, self.now, self.shelf = stage.chance("outcomes"), stage.now, stage.shelf
        self.places = places
        self.rare = cycle(RARE)

    def play(self, visits: list[Visit]) -> None:
        """Each visit gets a time of arrival and of leaving; what lies ahead is left to come."""
        today = defaultdict(list)
        for visit in visits:
            visit.arrives += timedelta(minutes=max(-60, min(100, self.rng.gauss(4, 28))))
            visit.stays = timedelta(hours=self.rng.uniform(1.5, 9))
            if self.places.day_of(visit.slot) == 0:
                today[visit.slot.port.slug].append(visit)
        for some in today.values():
            some.sort(key=lambda visit: visit.slot.starts_at)
            self._people_are_here(some)
        for visit in visits:
            self._play(visit)

    def _people_are_here(self, visits: list[Visit]) -> None:
        """Whatever the hour, a board shows somebody: the last batch is not through yet, and
        before the first batch some came early. Officers may let them in twelve hours before."""
        started = [visit for visit in visits if visit.slot.starts_at < self.now]
        if started:
            visit = next(visit for visit in started if visit.slot is started[-1].slot)
            visit.comes = True
            visit.arrives = min(visit.arrives, self.now - timedelta(minutes=5))
            visit.stays = self.now - visit.arrives + timedelta(hours=2)
            return
        for visit, ago, stays in zip(visits, (50, 190, 20), (5, 2, 4), strict=False):
            opens = visit.slot.starts_at - timedelta(hours=EARLY_HOURS)
            arrives = self.now - timedelta(minutes=ago)
            if max(opens, visit.appointment.booked_at) < arrives:
                visit.comes, visit.arrives, visit.stays = True, arrives, timedelta(hours=stays)

    def _play(self, visit: Visit) -> None:
        found = [self._disposition(visit, person.age) for person in visit.family.people]
        officer = self.rng.choice(self.places.at_port(visit.slot.port))
        shares = [self.rng.uniform(0.6, 1) for _person in found]
        swept = visit.slot.starts_at + GRACE
        swept += timedelta(seconds=self.rng.randrange(10, 290))
        self._remind(visit, visit.arrives if visit.comes else swept)
        if not visit.comes:
            self._nobody_came(visit, swept)
        elif visit.arrives < self.now:
            self._arrive(visit, visit.arrives, officer, found)
            times = [visit.arrives + visit.stays * share for share in shares]
            self._dispose(visit, officer, found, times)

    def _disposition(self, visit: Visit, age: int) -> Disposition:
        roll = self.rng.random()
        if roll < MUCH:
            return Disposition.NTA_PAROLE
        if roll < MUCH + 0.02:
            return Disposition.ERCF
        if age < 18:
            return Disposition.HHS
        found = next(self.rare)
        if found == Disposition.DID_NOT_COME and visit.family.size == 1:
            return Disposition.NTA_DETAINED
        return found

    def _remind(self, visit: Visit, until: datetime) -> None:
        """As the quarter-hourly task: two days before, to those who booked twelve hours ago."""
        row = visit.appointment
        at = max(row.slot.starts_at - REMIND_BEFORE, row.booked_at + timedelta(hours=12))
        at += timedelta(seconds=self.rng.randrange(900))
        known = row.booked_at < self.now - timedelta(hours=12)
        near = row.slot.starts_at - REMIND_BEFORE < self.now
        at = min(at, self.now - timedelta(seconds=40)) if known and near else at
        if at < min(self.now, until, row.slot.starts_at):
            self.shelf.tell(
                Template.REMINDER,
                about=row,
                at=at,
                registration=row.registration,
                status="booked",
            )

    def _nobody_came(self, visit: Visit, at: datetime) -> None:
        if at >= self.now:
            return
        row, family = visit.appointment, visit.family
        row.status, row.ended_at = "no_show", at
        values = {"on": row, "at": at, "case": family.case}
        self.shelf.event(Verb.NO_SHOW, before="booked", after="no_show", **values)
        self.shelf.tell(
            Template.NO_SHOW, about=row, at=at, registration=row.registration, status="no_show"
        )

    def _arrive(self, visit: Visit, at: datetime, officer, found) -> None:
        row = visit.appointment
        row.status, row.checked_in_at = "checked_in", at
        for attendance, disposition in zip(visit.attendances, found, strict=True):
            if disposition != Disposition.DID_NOT_COME:
                attendance.checked_in_at, attendance.checked_in_by = at, officer
        values = {"on": row, "at": at, "by": officer, "case": visit.family.case}
        self.shelf.event(Verb.CHECKED_IN, before="booked", after="checked_in", **values)

    def _dispose(self, visit: Visit, officer, found, times: list[datetime]) -> None:
        """One person after the other; the last ends the appointment."""
        case = visit.family.case
        for row, disposition, at in zip(visit.attendances, found, times, strict=True):
            if at < self.now:
                row.disposition, row.disposed_at, row.disposed_by = disposition, at, officer
                values = {"on": row, "at": at, "by": officer, "case": case}
                self.shelf.event(Verb.DISPOSED, after=str(disposition), **values)
        if max(times) < self.now:
            ended, end = visit.appointment, max(times)
            ended.status, ended.ended_at = "completed", end
            values = {"on": ended, "at": end, "by": officer, "case": case}
            self.shelf.event(Verb.COMPLETED, before="checked_in", after="completed", **values)
