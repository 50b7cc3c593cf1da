"""Ports' weeks, officers and their posts, and the days that are open."""

import uuid
from dataclasses import dataclass
from datetime import date, time, timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group

from cbpone.accounts.models import User
from cbpone.accounts.roles import (
    AUDITOR,
    HELP_DESK,
    PHOTO_REVIEWER,
    PORT_OFFICER,
    STATISTICS,
    SUPERVISOR,
)
from cbpone.audit.verbs import Verb
from cbpone.demo.shelf import Stage, save_in_chunks
from cbpone.lib import clock
from scheduling.models import Override, Port, Post, Release, Slot, SlotPlan
from scheduling.models.places import Weekday
from scheduling.release import batches_of, close_day, due_at, due_days

PAST_DAYS = 10
IN_USE_SINCE = 150  # days ago: the plans were made and the officers posted
# Hour, places for everyone, reserve. One tenth of 375, 304, 223, 219, 113, 82, 68 and 66, the split
# of 1,450 a day by field office and port; large ports have a batch that takes a family of ten.
WEEK = {
    "san-ysidro": [(5, 10, 2), (8, 10, 4), (13, 10, 2), (16, 7, 1)],
    "brownsville": [(8, 12, 4), (13, 10, 2), (16, 8, 1)],
    "hidalgo": [(8, 12, 2), (13, 10, 1)],
    "el-paso": [(8, 12, 2), (13, 10, 1)],
    "nogales": [(8, 6, 1), (13, 5, 1)],
    "eagle-pass": [(8, 8, 1)],
    "laredo": [(8, 7, 1)],
    "calexico": [(8, 7, 1)],
}
OVERRIDE = ("el-paso", 5, time(13), 6, 1, "Fewer officers in the afternoon: training")
CLOSURE = ("eagle-pass", 9, "Turnstiles of Bridge 1 are being repaired")
WEST = ["san-ysidro", "calexico", "nogales"]
EAST = ["el-paso", "eagle-pass", "laredo", "hidalgo", "brownsville"]


@dataclass(frozen=True)
class Officer:
    email: str
    name: str
    role: str
    ports: tuple[str, ...]


def _officer(box: str, name: str, role: str, *ports: str) -> Officer:
    return Officer(f"{box}@demo.example", name, role, ports)


OFFICERS = [
    _officer("officer.sanysidro", "Grace Whitfield", PORT_OFFICER, "san-ysidro"),
    _officer("officer2.sanysidro", "Tomás Arellano", PORT_OFFICER, "san-ysidro"),
    _officer("officer.brownsville", "Denise Caldwell", PORT_OFFICER, "brownsville"),
    _officer("officer2.brownsville", "Rubén Garza", PORT_OFFICER, "brownsville"),
    _officer("officer.hidalgo", "Alma Treviño", PORT_OFFICER, "hidalgo"),
    _officer("officer2.hidalgo", "Kevin O'Rourke", PORT_OFFICER, "hidalgo"),
    _officer("officer.elpaso", "Marcus Bell", PORT_OFFICER, "el-paso"),
    _officer("officer2.elpaso", "Norma Escobedo", PORT_OFFICER, "el-paso"),
    _officer("officer.nogales", "Priya Raman", PORT_OFFICER, "nogales"),
    _officer("officer.eaglepass", "Dale Hutchins", PORT_OFFICER, "eagle-pass"),
    _officer("officer.laredo", "Sylvia Benavides", PORT_OFFICER, "laredo"),
    _officer("officer.calexico", "Anh Nguyen", PORT_OFFICER, "calexico"),
    _officer("supervisor.west", "Ellen Marsh", SUPERVISOR, *WEST),
    _officer("supervisor2.west", "Dolores Ibarra", SUPERVISOR, *WEST),
    _officer("supervisor.east", "Robert Salinas", SUPERVISOR, *EAST),
    _officer("auditor", "Joan Feld", AUDITOR),
    _officer("photos", "Maya Lindgren", PHOTO_REVIEWER),
    _officer("numbers", "Peter Osei", STATISTICS),
    _officer("helpdesk", "Carmen Duarte", HELP_DESK),
]


class Places:
    """What officers set up before anyone asked. Saved at once: all else refers to it."""

    def __init__(self, stage: Stage):
        self.rng, self.now, self.shelf = stage.chance("places"), stage.now, stage.shelf
        self.ports = {port.slug: port for port in Port.objects.all()}
        self.since = self.now - timedelta(days=IN_USE_SINCE)
        self.officers: dict[str, User] = {}
        self.slots: list[Slot] = []

    def at_port(self, port: Port) -> list[User]:
        """The port officers who work there."""
        return [
            self.officers[one.email]
            for one in OFFICERS
            if port.slug in one.ports and one.role == PORT_OFFICER
        ]

    def supervisor_of(self, port: Port) -> User:
        return self.officers[f"supervisor.{'west' if port.slug in WEST else 'east'}@demo.example"]

    def appoint(self) -> None:
        rows = [self._user(officer) for officer in OFFICERS]
        self.officers = {user.email: user for user in User.objects.bulk_create(rows)}
        EmailAddress.objects.bulk_create(
            EmailAddress(user=user, email=user.email, primary=True, verified=True) for user in rows
        )
        groups = {group.name: group for group in Group.objects.all()}
        User.groups.through.objects.bulk_create(
            User.groups.through(user=self.officers[one.email], group=groups[one.role])
            for one in OFFICERS
        )
        Post.objects.bulk_create(posts := [post for one in OFFICERS for post in self._posts(one)])
        for post in posts:
            by = self.supervisor_of(post.port)
            self.shelf.event(Verb.POSTED, on=post, at=self.since, by=by, note=f"{post}: added")

    def _user(self, officer: Officer) -> User:
        return User(
            reference=uuid.UUID(int=self.rng.getrandbits(128), version=4),
            email=officer.email,
            name=officer.name,
            is_staff=True,
            language="en",
            password=f"!{self.rng.getrandbits(160):040x}",
            date_joined=self.since,
            last_login=self.now - timedelta(hours=self.rng.randrange(2, 20)),
        )

    def _posts(self, officer: Officer) -> list[Post]:
        user, since = self.officers[officer.email], self.since.date()
        return [Post(officer=user, port=self.ports[slug], since=since) for slug in officer.ports]

    def plan(self) -> None:
        """The same week at every port; the override is there before its day is opened."""
        rows = [
            SlotPlan(
                port=self.ports[slug],
                weekday=weekday,
                starts_at=time(hour),
                public_places=public,
                reserve_places=reserve,
            )
            for slug, batches in WEEK.items()
            for weekday in Weekday.values
            for hour, public, reserve in batches
        ]
        slug, days, at, public, reserve, reason = OVERRIDE
        override = Override(port=self.ports[slug], day=self._day(slug, days), starts_at=at)
        override.public_places, override.reserve_places = public, reserve
        override.reason = reason
        override.save()
        for row in SlotPlan.objects.bulk_create(rows):
            self._planned(row, self.since)
        self._planned(override, self.now - timedelta(days=16))

    def _planned(self, row, at) -> None:
        by = self.supervisor_of(row.port)
        self.shelf.event(Verb.PLAN_CHANGED, on=row, at=at, by=by, note=f"{row}: added")

    def _day(self, slug: str, days: int) -> date:
        return clock.today_in(self.ports[slug].zone, self.now) + timedelta(days=days)

    def open_days(self) -> None:
        """What the daily release opened, each at its own time; `open_day` could only say now."""
        for port in self.ports.values():
            past = [self._day(port.slug, -days) for days in range(PAST_DAYS, 0, -1)]
            for day in past + due_days(port, self.now):
                self._open_day(port, day)
        self.slots.sort(key=lambda slot: (slot.starts_at, slot.port_id))

    def _open_day(self, port: Port, day: date) -> None:
        batches, due = batches_of(port, day), due_at(port, day)
        release = Release(port=port, day=day, due_at=due, batches=len(batches))
        release.released_at = due + timedelta(seconds=self.rng.randrange(1, 9))
        release.public_places = sum(batch.public_places for batch in batches)
        release.reserve_places = sum(batch.reserve_places for batch in batches)
        self.shelf.add(release)
        self.shelf.event(
            Verb.RELEASED, on=release, at=release.released_at, note=f"{port.code} {day}"
        )
        for batch in batches:
            slot = Slot(release=release, port=port, day=day)
            slot.starts_at = clock.wall_clock(day, batch.starts_at, port.zone)
            slot.capacity, slot.reserve_capacity = batch.public_places, batch.reserve_places
            self.slots.append(slot)

    def day_of(self, slot: Slot) -> int:
        """How many days from today, on the port's calendar."""
        return (slot.day - clock.today_in(slot.port.zone, self.now)).days

    def prints(self) -> None:
        """Each morning an officer signs in and prints the day's manifest."""
        for release in self.shelf.rows[Release]:
            port = release.port
            at = clock.wall_clock(release.day, time(4, 30), port.zone)
            at += timedelta(seconds=self.rng.randrange(1200))
            by = self.rng.choice(self.at_port(port))
            if at < self.now:
                note = f"manifest {port.code} {release.day}"
                self.shelf.event(Verb.SIGNED_IN, on=by, at=at - timedelta(minutes=3), by=by)
                self.shelf.event(Verb.PRINTED, on=port, at=at, by=by, note=note)

    def save(self, progress) -> None:
        self.shelf.save(Release, progress)
        save_in_chunks(Slot, self.slots, progress)

    def close(self) -> None:
        """By the rule itself, after the families are booked: they keep their appointment."""
        slug, days, reason = CLOSURE
        port = self.ports[slug]
        by = User.objects.get(pk=self.supervisor_of(port).pk)
        close_day(port=port, day=self._day(slug, days), reason=reason, by=by)
