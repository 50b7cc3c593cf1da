"""The demo: about a hundredth of what CBP One carried, as it would stand this minute.

Why these numbers (OFO and House figures of 2023 and 2024; no-shows and families are estimates):

* 2,800 people ask, one hundredth of the 280,000 who asked on a day in late 2024. They are in
  families of one to ten, about 55 of 100 in a family of two or more, which makes some 1,700
  registrations: 8 % drafts, 2 % being changed, 3 % withdrawn, the rest signed. Some 1,050 of
  the people hold an appointment today or in the two weeks to come; most of the others wait.
* 144 places a day at eight ports, one tenth of the 1,450, in the same proportions. One hundredth
  would be one or two places at a port: no day to look at, and no room for a family of ten.
* Ten days lie behind, 95 % taken; those served (about 1,370 people) come on top of the 2,800.
  60 % of the places of the next seven days are taken, 30 % of the week after.
* 7.5 % of families do not come (5 to 10 %); 96 % of people are paroled with a notice to appear,
  2 % claim credible fear, 2 % anything else. Nationalities: see `names.SHARES`.
* Parole: see parole/story.py.
* 120 drawn faces, shared by everyone with a photo; 6 % have theirs taken at the port.

Same seed, same people; every time is counted back from now. Fewer `people` leave more places free.
"""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import OuterRef, Subquery

from cbpone.accounts.models import User
from cbpone.demo.appointments import Booking, Queue
from cbpone.demo.asking import Asking, Family
from cbpone.demo.cast import APPLICANTS, Applicant
from cbpone.demo.messages import Telling
from cbpone.demo.office import Office
from cbpone.demo.outcomes import Outcomes
from cbpone.demo.parole.story import Support
from cbpone.demo.people import EVERY_SIZE, Wish, sizes_for
from cbpone.demo.places import WEEK, Places
from cbpone.demo.portraits import Album
from cbpone.demo.progress import Progress
from cbpone.demo.shelf import Shelf, Stage
from cbpone.lib import clock
from cbpone.photos.models import Photo, Upload
from cbpone.travelers.models import Traveler
from officers import photo_figures
from scheduling.models import (
    Attendance,
    Member,
    Page,
    PlaceReturn,
    PortPreference,
    Registration,
    RuleAnswer,
    Slot,
)

PEOPLE = 2800
SEED = 20230112  # the day the app first took appointments from individuals
KINDS = {"draft": 0.08, "changing": 0.02, "withdrawn": 0.03}
PAST, TODAY, FIRST_WEEK, SECOND_WEEK = 0.95, 0.92, 0.62, 0.31
STEPS = {
    "Ports, officers and their weeks": 4,
    "Families": 22,
    "Appointments": 8,
    "Adding people": 24,
    "Photos": 6,
    "Adding appointments": 10,
    "Adding events": 24,
    "Adding messages": 24,
    "Supporters and those they support": 70,
    "What waits for officers": 12,
}


class Story:
    def __init__(self, stage: Stage, *, people: int, album: Album, progress: Progress):
        self.stage, self.people, self.album, self.progress = stage, people, album, progress
        self.rng = stage.chance("story")
        self.places = Places(stage)
        ports = {port: _places_a_day(slug) for slug, port in self.places.ports.items()}
        self.asking = Asking(stage, album, ports)
        self.scale = min(1, people / PEOPLE)
        self.office = Office(stage, self.places, scale=self.scale)

    def tell(self) -> None:
        self.progress.step("Ports, officers and their weeks")
        self.places.appoint()
        self.places.plan()
        self.places.open_days()
        self.places.prints()
        self.progress.step("Families")
        cast = {one.email: self._applicant(one) for one in APPLICANTS}
        asking = self._families_that_ask()
        served = self._families_served()
        self.progress.step("Appointments")
        self._book(cast, asking, served)
        self._save()
        self.places.close()
        self.progress.step("Supporters and those they support")
        Support(self.stage, scale=self.scale, album=self.album, progress=self.progress).tell()
        self.progress.step("What waits for officers")
        self.office.tell()
        photo_figures.count_lately()
        photo_figures.watch()
        self.progress.part(1)

    def _applicant(self, one: Applicant) -> Family:
        return self.asking.family(
            one.kind,
            one.wish,
            days_ago=one.days_ago,
            port=self.places.ports[one.port],
            email=one.email,
            done=one.done,
        )

    def _families_that_ask(self) -> list[Family]:
        left = self.people - sum(one.wish.size for one in APPLICANTS)
        sizes = sizes_for(self.rng, left)
        kinds = [kind for kind, share in KINDS.items() for _ in range(_share(sizes, share))]
        kinds += ["waiting"] * (len(sizes) - len(EVERY_SIZE) - len(kinds))
        self.rng.shuffle(kinds)
        kinds = ["waiting"] * len(EVERY_SIZE) + kinds  # so that a family of each size waits
        families = []
        for number, (size, kind) in enumerate(zip(sizes, kinds, strict=True)):
            chance = self.rng.random()
            days = 0.2 + 17 * chance if kind == "draft" else 0.5 + 149 * chance
            families.append(self.asking.family(kind, Wish(size), days_ago=days))
            self.progress.part(0.7 * number / len(sizes))
        return families

    def _families_served(self) -> list[Family]:
        places = sum(slot.capacity for slot in self.places.slots if self.places.day_of(slot) < 0)
        sizes = sizes_for(self.rng, int(places * PAST * self.scale))
        families = []
        for number, size in enumerate(sizes):
            days = 13 + 137 * self.rng.random()
            families.append(self.asking.family("served", Wish(size), days_ago=days))
            self.progress.part(0.7 + 0.3 * number / len(sizes))
        return families

    def _book(self, cast, asking: list[Family], served: list[Family]) -> None:
        booking = Booking(self.stage, self.places.slots)
        days: dict[int, list[Slot]] = {day: [] for day in range(-30, 31)}
        for slot in self.places.slots:
            days[self.places.day_of(slot)].append(slot)
        self._book_cast(booking, cast, days)
        waiting = Queue([family for family in asking if family.kind == "waiting"])
        for first, last, share, queue, absent in (
            (-30, -1, PAST, Queue(served), waiting),
            (0, 0, TODAY, waiting, waiting),
            (1, 7, FIRST_WEEK, waiting, None),
            (8, 30, SECOND_WEEK, waiting, None),
        ):
            if first == 1:
                self._reserve(booking, waiting)
                for family in asking:
                    if family.kind == "changing":
                        waiting.add(family)
            slots = [slot for day in range(first, last + 1) for slot in days[day]]
            booking.fill(slots, share * self.scale, queue, absent)
        self._cancel(booking, asking, waiting)
        Outcomes(self.stage, self.places).play(booking.visits)

    def _book_cast(self, booking: Booking, cast, days) -> None:
        jean, nadia = cast["jean@demo.example"], cast["nadia@demo.example"]
        for family, day in ((jean, 3), (nadia, -3)):
            slot = next(slot for slot in days[day] if slot.port == family.port)
            booking.book(family, slot).comes = family is jean

    def _reserve(self, booking: Booking, waiting: Queue) -> None:
        """One batch in three had an urgent case; coming days have one now and then, today one."""
        given = 0
        for slot in self.places.slots:
            day = self.places.day_of(slot)
            wanted = self.rng.random() < self.scale * (0.33 if day <= 0 else 0.05)
            wanted = wanted or (day == 0 and not given)
            officer = self.rng.choice(self.places.at_port(slot.port))
            fits = booking.fits(slot, slot.reserve_capacity)
            family = waiting.take(slot.port, fits) if wanted and slot.reserve_capacity else None
            if family:
                booking.book_reserve(family, slot, officer)
                given += 1

    def _cancel(self, booking: Booking, asking: list[Family], waiting: Queue) -> None:
        """Who withdrew had an appointment now and then; some who wait gave theirs up; three just
        now, so that their places are not back yet and their message waits for the mail server."""
        for family in asking:
            signed = family.kind == "withdrawn" and family.registration.seniority_at
            if signed and self.rng.random() < 0.4:
                booking.cancel(family, family.until - timedelta(seconds=1))
        left = [family for line in waiting.by_port.values() for family in line]
        fresh = 0
        for family in left:
            since = max(family.free_at, self.stage.now - timedelta(days=12))
            at = since + (self.stage.now - since) * (0.05 + 0.9 * self.rng.random())
            if fresh < 3 and family.kind == "waiting":
                soon = self.stage.now - timedelta(minutes=4 + 7 * fresh)
                fresh += booking.cancel(family, soon, is_stuck=True)
            elif self.rng.random() < 0.06 and family.kind == "waiting":
                booking.cancel(family, at)

    def _save(self) -> None:
        shelf, progress = self.stage.shelf, self.progress
        progress.step("Adding people")
        for model in (User, EmailAddress, Traveler):
            shelf.save(model, progress)
        shelf.save(Registration, progress, order=lambda row: row.started_at)
        for model in (Member, Page, PortPreference, RuleAnswer):
            shelf.save(model, progress)
        saved = Page.objects.filter(registration=OuterRef("registration_id"), key="rule")
        RuleAnswer.objects.update(answered_at=Subquery(saved.values("saved_at")))
        progress.step("Photos")
        self.album.develop(progress)
        self.office.judge_photos()
        shelf.save(Photo, progress, order=lambda row: row.added_at)
        shelf.save(Upload, progress, order=lambda row: row.started_at)
        progress.step("Adding appointments")
        self.places.save(progress)
        shelf.save_appointments(progress)
        shelf.save(Attendance, progress)
        shelf.save(PlaceReturn, progress, order=lambda row: row.given_up_at)
        progress.step("Adding events")
        shelf.save_events(progress)
        progress.step("Adding messages")
        Telling(self.stage).save(progress)


def _places_a_day(slug: str) -> int:
    return sum(public for _hour, public, _reserve in WEEK[slug])


def _share(sizes: list[int], share: float) -> int:
    return max(1, round(len(sizes) * share))


@transaction.atomic
def tell(*, seed: int, people: int, progress) -> None:
    """Fill an empty portal, all or nothing. After a failure a rerun writes over its photos."""
    faces = max(16, min(120, people // 20))
    with Album(seed, faces) as album:
        stage = Stage(seed, clock.now(), Shelf())
        Story(stage, people=people, album=album, progress=progress).tell()


def is_empty() -> bool:
    return not Registration.objects.exists()


def summary() -> str:
    return (
        f"{Traveler.objects.count():,} people in {Registration.objects.count():,} registrations, "
        f"{Slot.objects.count():,} slots. Sign-ins: manage.py demo --sign-ins"
    )
