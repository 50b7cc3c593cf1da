"""What waits for officers: photos, walk-ins, urgent families, likely duplicates, looks, messages.

Made with the rules themselves, as if at the time it happened.
"""

from datetime import timedelta

from django.contrib.auth.models import Group

from cbpone.accounts.models import User
from cbpone.accounts.roles import PHOTO_REVIEWER
from cbpone.audit import access, conflicts
from cbpone.audit.models import Event
from cbpone.audit.verbs import Verb
from cbpone.demo.names import NATIONS, given_names, surnames_of
from cbpone.demo.places import Places
from cbpone.demo.progress import Progress
from cbpone.demo.shelf import Stage, save_in_chunks
from cbpone.lib import clock
from cbpone.photos.models import Photo
from cbpone.photos.statuses import Advice, PhotoStatus
from cbpone.travelers.choices import Sex
from cbpone.travelers.models import Traveler
from officers import mass
from officers.exports import asking
from scheduling import urgent, walk_ins
from scheduling.models import Member, Port, Registration
from scheduling.statuses import Disposition, Urgency, WhyWalkIn

SAID = {
    Urgency.MEDICAL: "My son has a fever for five days and the clinic says he needs a hospital.",
    Urgency.PREGNANCY: "I am in the ninth month and the doctor says the child lies wrong.",
    Urgency.DANGER: "Two men came to the shelter and asked for us by name. We sleep elsewhere now.",
    Urgency.CHILD: "My sister's daughter is eleven and alone with me. Her mother was taken away.",
    Urgency.DISABILITY: "My father cannot walk. There is no lift and no bed for him here.",
    Urgency.OTHER: "The shelter closes on Friday and we have nowhere to go.",
}
WALKED = [  # minutes ago, people, why, what became of them since
    (200, 2, WhyWalkIn.DANGER, "done"),
    (150, 1, WhyWalkIn.PORTAL, "done"),
    (95, 3, WhyWalkIn.NO_PHONE, "called"),
    (60, 1, WhyWalkIn.MEDICAL, "called"),
    (40, 4, WhyWalkIn.UNKNOWN, "waits"),
    (15, 1, WhyWalkIn.NO_PLACE, "waits"),
    (120, 2, WhyWalkIn.LANGUAGE, "left"),
]
LOOKS = [  # hours ago, reason
    (26, "The family came to the wrong port. I look for their number."),
    (3, "Her brother stands here and asks where she is booked."),
]
FRESH = timedelta(days=2)  # photos that nobody has looked at yet


class Office:
    def __init__(self, stage: Stage, places: Places, progress: Progress, *, scale: float):
        self.rng, self.now, self.scale = stage.chance("office"), stage.now, scale
        self.places, self.progress = places, progress

    def tell(self) -> None:
        self._photos()
        self._walk_ins()
        self._urgent()
        self._duplicates()
        self._looks()
        self._messages()
        self._exports()

    def _officer(self, box: str) -> User:
        return self.places.officers[f"{box}@demo.example"]

    def _photos(self) -> None:
        """Most were looked at a day after they came; those of the last two days wait."""
        reviewer = Group.objects.get(name=PHOTO_REVIEWER).user_set.get()
        old = Photo.objects.filter(added_at__lt=self.now - FRESH).order_by("pk")
        rows = list(old.select_related("traveler__member__registration"))
        events = []
        for photo in rows:
            chance = self.rng.random()
            photo.status = PhotoStatus.GOOD if chance < 0.96 else PhotoStatus.AT_PORT
            if chance > 0.985:
                photo.status = PhotoStatus.ANOTHER
                photo.advice = self.rng.choice([Advice.DARK, Advice.BLURRED, Advice.FAR])
            photo.judged_by = photo.taken_by = reviewer
            photo.judged_at = photo.added_at + timedelta(hours=self.rng.randrange(2, 30))
            photo.taken_at = photo.judged_at - timedelta(seconds=40)
            events.append(self._judged(photo, reviewer))
        fields = ["status", "advice", "taken_by", "taken_at", "judged_by", "judged_at"]
        Photo.objects.bulk_update(rows, fields, batch_size=1000)
        save_in_chunks(Event, events, self.progress)

    @staticmethod
    def _judged(photo: Photo, reviewer: User) -> Event:
        member = getattr(photo.traveler, "member", None)
        return Event(
            at=photo.judged_at,
            by=reviewer,
            verb=Verb.PHOTO_JUDGED,
            model="photos.photo",
            row_id=str(photo.pk),
            case=member.registration.reference if member else "",
            before=PhotoStatus.WAITING,
            after=photo.status,
            note=photo.advice,
        )

    def _walk_ins(self) -> None:
        """Today at the large ports, as far as the day there has come."""
        for slug in ("san-ysidro", "brownsville"):
            port = self.places.ports[slug]
            for minutes, size, why, state in WALKED:
                at = self.now - timedelta(minutes=minutes)
                if clock.today_in(port.zone, at) == clock.today_in(port.zone, self.now):
                    self._walk_in(port, at, size, why, state)

    def _walk_in(self, port: Port, at, size: int, why: str, state: str) -> None:
        officer = self.rng.choice(self.places.at_port(port))
        people = self._people(size, at)
        with clock.as_if(at):
            row = walk_ins.register(port=port, people=people, why=why, by=officer)
        with clock.as_if(at + timedelta(minutes=12)):
            if state == "left":
                walk_ins.leave(walk_in=row, by=officer)
            elif state != "waits":
                walk_ins.call(walk_in=row, by=officer)
        if state == "done":
            with clock.as_if(at + timedelta(minutes=55)):
                for person in row.people.select_related("walk_in__port"):
                    walk_ins.dispose(row=person, disposition=Disposition.NTA_PAROLE, by=officer)

    def _people(self, size: int, at) -> list[dict]:
        code = self.rng.choice(["VE", "HN", "CU", "MX", "HT"])
        nation = NATIONS[code]
        surnames = " ".join(surnames_of(self.rng, nation)) or "Pérez"
        people = []
        for number in range(size):
            woman = self.rng.random() < 0.5
            age = self.rng.randrange(20, 45) if number == 0 else self.rng.randrange(2, 17)
            people.append(
                {
                    "given_names": given_names(self.rng, nation, woman),
                    "surnames": surnames,
                    "birth_date": at.date() - timedelta(days=365 * age + self.rng.randrange(360)),
                    "sex": Sex.FEMALE if woman else Sex.MALE,
                    "nationality": code,
                }
            )
        return people

    def _waiting(self, port: Port | None = None):
        """Signed, complete families without an appointment, in an order that chance made."""
        rows = Registration.objects.filter(status="registered", appointments=None)
        if port:
            rows = rows.filter(preferences__port=port, preferences__rank=1)
        rows = list(rows.select_related("owner").order_by("pk"))
        self.rng.shuffle(rows)
        return rows

    def _urgent(self) -> None:
        for slug, few in (("san-ysidro", 4), ("brownsville", 2), ("el-paso", 1)):
            port = self.places.ports[slug]
            for family, (kind, said) in zip(
                self._waiting(port)[:few], self.rng.sample(list(SAID.items()), few), strict=False
            ):
                with clock.as_if(self.now - timedelta(minutes=self.rng.randrange(20, 700))):
                    urgent.ask(
                        registration=family, port=port, urgency=kind, said=said, by=family.owner
                    )

    def _duplicates(self) -> None:
        """Some people registered twice, with another spelling. A task of the worker finds them."""
        alone = [row for row in self._waiting() if row.members.count() == 1][: int(16 * self.scale)]
        for first, second in zip(alone[::2], alone[1::2], strict=False):
            self._twin(first.members.get(), second.members.get())

    def _twin(self, one: Member, other: Member) -> None:
        who = one.traveler
        values = {
            "given_names": who.given_names.split()[0],
            "surnames": " ".join(reversed(who.surnames.split())),
            "birth_date": who.birth_date,
            "nationality": who.nationality,
            "birth_country": who.birth_country,
            "sex": who.sex,
        }
        Traveler.objects.filter(pk=other.traveler_id).update(**values)
        other.traveler.refresh_from_db()
        Member.objects.filter(pk=other.pk).update(identity=other.traveler.identity)

    def _looks(self) -> None:
        """An officer was asked about families of other ports, and knows one of their own."""
        officer, port = self._officer("officer.sanysidro"), self.places.ports["san-ysidro"]
        own = {family.pk for family in self._waiting(port)}
        others = [family for family in self._waiting() if family.pk not in own]
        for family, (hours, why) in zip(others, LOOKS, strict=False):
            with clock.as_if(self.now - timedelta(hours=hours)):
                access.open_case(case=family.reference, reason=why, by=officer)
        with clock.as_if(self.now - timedelta(days=6)):
            for family in self._waiting(port)[:1]:
                conflicts.declare(by=officer, relation="friend", case=family.reference)

    def _messages(self) -> None:
        port = self.places.ports["san-ysidro"]
        day = clock.today_in(port.zone, self.now)
        first, second = self._officer("supervisor.west"), self._officer("supervisor2.west")
        values = {"title": "Entrance at the other door", "audience": "booked", "port": port}
        values |= {"first_day": day, "last_day": day}
        texts = {
            "en": "Today the entrance is at the east door of the bridge. Your time is the same."
        }
        with clock.as_if(self.now - timedelta(hours=4)):
            row = mass.write(values=values, texts=texts, by=first)
            mass.propose(mass=row, by=first)
        with clock.as_if(self.now - timedelta(hours=3, minutes=50)):
            mass.release(mass=row, by=second)
        later = {"first_day": day + timedelta(days=3), "last_day": day + timedelta(days=3)}
        texts = {"en": "On this day we begin one hour later. Come one hour after your time."}
        with clock.as_if(self.now - timedelta(minutes=35)):
            values |= {"title": "One hour later", **later}
            row = mass.write(values=values, texts=texts, by=second)
            mass.propose(mass=row, by=second)

    def _exports(self) -> None:
        last = self.now.date()
        first = last - timedelta(days=6)
        with clock.as_if(self.now - timedelta(minutes=5)):
            asking.ask(
                kind="numbers",
                format="xlsx",
                values={"first_day": first.isoformat(), "last_day": last.isoformat()},
                reason="Weekly report",
                by=self._officer("numbers"),
            )
