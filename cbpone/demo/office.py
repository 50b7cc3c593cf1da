"""What waits for officers: photos, walk-ins, urgent families, likely duplicates, looks, messages.

Made with the rules themselves, as if at the time it happened.
"""

from datetime import timedelta

from cbpone.accounts.models import User
from cbpone.audit import access, conflicts
from cbpone.audit.verbs import Verb
from cbpone.demo.names import NATIONS, given_names, surnames_of
from cbpone.demo.places import Places
from cbpone.demo.shelf import Stage
from cbpone.lib import clock
from cbpone.notifications.models import Delivery
from cbpone.notifications.outbox import load_rows
from cbpone.notifications.outbox import words as words_of
from cbpone.notifications.statuses import Template
from cbpone.photos.models import Photo
from cbpone.photos.statuses import Advice, PhotoStatus
from cbpone.travelers.choices import Sex
from cbpone.travelers.models import Traveler
from officers import mass
from officers import urgent as answers
from officers.exports import asking
from officers.queues.urgent import QUEUE
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
WRONG = "The port closes at noon on these days. Come in the morning."
RIGHT = "The port stays open all day. Come at your time."
DOOR = "The entrance is at the east door of the bridge. Your time is the same."
LATER = "We begin one hour later on these days. Come one hour after your time."
LOOKS = [  # hours ago, reason
    (26, "The family came to the wrong port. I look for their number."),
    (3, "Her brother stands here and asks where she is booked."),
]
FRESH = timedelta(days=2)  # photos that nobody has looked at yet
SINCE = timedelta(days=9)  # signed before: whatever happens here came later


class Office:
    def __init__(self, stage: Stage, places: Places, *, scale: float):
        self.rng, self.now, self.scale = stage.chance("office"), stage.now, scale
        self.shelf = stage.shelf
        self.places = places

    def tell(self) -> None:
        self._walk_ins()
        self._urgent()
        self._duplicates()
        self._looks()
        self._messages()
        self._exports()

    def _officer(self, box: str) -> User:
        return self.places.officers[f"{box}@demo.example"]

    def judge_photos(self) -> None:
        """Of families that have signed, a day after they came; those of the last days wait."""
        reviewer = self._officer("photos")
        shelf = self.shelf
        families = {row.traveler: row.registration for row in shelf.rows[Member]}
        verdicts = iter([PhotoStatus.ANOTHER, PhotoStatus.AT_PORT])  # one of each at least
        for photo in shelf.rows[Photo]:
            family = families[photo.traveler]
            since = max(photo.added_at, family.signed_at or self.now)
            at = since + timedelta(hours=self.rng.randrange(2, 30))
            if at < self.now - FRESH:
                self._judge(photo, family, reviewer, at, next(verdicts, self._verdict()))

    def _verdict(self) -> PhotoStatus:
        chance = self.rng.random()
        if chance < 0.97:
            return PhotoStatus.GOOD
        return PhotoStatus.ANOTHER if chance < 0.985 else PhotoStatus.AT_PORT

    def _judge(self, photo, family, reviewer, at, verdict: PhotoStatus) -> None:
        photo.status, photo.judged_at = verdict, at
        photo.judged_by = photo.taken_by = reviewer
        photo.taken_at = at - timedelta(seconds=40)
        if verdict == PhotoStatus.ANOTHER:
            photo.advice = self.rng.choice([Advice.DARK, Advice.BLURRED, Advice.FAR])
        told = {"on": photo, "at": at, "by": reviewer, "case": family.reference}
        change = {"before": PhotoStatus.WAITING, "after": verdict, "note": photo.advice}
        self.shelf.event(Verb.PHOTO_JUDGED, **told, **change)
        if verdict != PhotoStatus.GOOD:
            told = {"at": at, "registration": family, "status": verdict}
            self.shelf.tell(Template(f"photo_{verdict}"), about=photo, **told)

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
        """Families that signed a while ago and have no appointment, in an order chance made."""
        rows = Registration.objects.filter(
            status="registered",
            appointments=None,
            urgent_requests=None,
            signed_at__lt=self.now - SINCE,
        )
        if port:
            rows = rows.filter(preferences__port=port, preferences__rank=1)
        families = list(rows.select_related("owner").order_by("pk"))
        self.rng.shuffle(families)
        return families

    def _urgent(self) -> None:
        self._refuse(self.places.ports["hidalgo"])
        for slug, few in (("san-ysidro", 4), ("brownsville", 2), ("el-paso", 1)):
            port = self.places.ports[slug]
            for family, (kind, said) in zip(
                self._waiting(port)[:few], self.rng.sample(list(SAID.items()), few), strict=False
            ):
                with clock.as_if(self.now - timedelta(minutes=self.rng.randrange(20, 700))):
                    urgent.ask(
                        registration=family, port=port, urgency=kind, said=said, by=family.owner
                    )

    def _refuse(self, port: Port) -> None:
        """One family got an answer this morning."""
        for family in self._waiting()[:1]:
            with clock.as_if(self.now - timedelta(hours=11)):
                row = urgent.ask(
                    registration=family,
                    port=port,
                    urgency=Urgency.OTHER,
                    said=SAID[Urgency.OTHER],
                    by=family.owner,
                )
            officer = self.places.at_port(port)[0]
            with clock.as_if(self.now - timedelta(hours=9)):
                row = QUEUE.take_next(by=officer)
                letter = answers.draft_letter(row, "not_urgent")
                answers.refuse(request=row, refusal="not_urgent", letter=letter, by=officer)

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
            "birth_city": who.birth_city,
            "sex": who.sex,
            "document_type": "",
            "document_number": "",
            "document_country": "",
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
        """One that was taken back, one that is out, and one that waits for a second person."""
        port = self.places.ports["san-ysidro"]
        day = clock.today_in(port.zone, self.now)
        first, second = self._officer("supervisor.west"), self._officer("supervisor2.west")
        wrong = self._message(port, 30, "Closed in the afternoon", WRONG, first, day, 4)
        self._release(wrong, second, 29)
        with clock.as_if(self.now - timedelta(hours=28)):
            mass.recall(mass=wrong, texts={"en": RIGHT}, by=second)
            mass.queue_messages()
        self._release(self._message(port, 4, "The east door", DOOR, first, day, 2), second, 3)
        self._message(port, 1, "One hour later", LATER, second, day + timedelta(days=3), 1)

    def _message(self, port, hours: int, title: str, words: str, by, day, days: int):
        values = {"title": title, "audience": "booked", "port": port, "first_day": day}
        values["last_day"] = day + timedelta(days=days)
        with clock.as_if(self.now - timedelta(hours=hours)):
            row = mass.write(values=values, texts={"en": words}, by=by)
            return mass.propose(mass=row, by=by)

    def _release(self, row, by, hours: int) -> None:
        at = self.now - timedelta(hours=hours)
        with clock.as_if(at):
            mass.release(mass=row, by=by)
            mass.queue_messages()
        waiting = Delivery.objects.filter(message__template=Template.MASS, status="waiting")
        for delivery in waiting.select_related("message__user"):
            about = load_rows([delivery.message])
            delivery.subject, delivery.body = words_of(
                delivery.message, next(iter(about.values())), delivery.channel
            )
            delivery.status, delivery.sent_at, delivery.attempts = "sent", at, 1
            delivery.save()

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
