"""Families that ask: account, registration, pages, photos, signature, with the events of each."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress

from cbpone.accounts.models import User
from cbpone.audit.verbs import Verb
from cbpone.demo.answers import blank_what_is_not_saved, criteria_of, facts_of, languages_of
from cbpone.demo.names import number
from cbpone.demo.people import Person, Wish, make_people
from cbpone.demo.portraits import Album
from cbpone.demo.shelf import Stage
from cbpone.notifications.statuses import Template
from cbpone.travelers.identity import tidy
from cbpone.travelers.models import Traveler
from scheduling.models import Member, Page, Port, PortPreference, Regime, Registration, RuleAnswer
from scheduling.questions import ORDER, PERSON

OFTEN_LEFT_OUT = {"emergency": 0.35, "journey": 0.3, "about": 0.25}
PHOTO_AT_PORT = 0.06
SIGNED_AGAIN = 0.04


@dataclass
class Family:
    kind: str  # served, waiting, draft, changing or withdrawn
    people: list[Person]
    owner: User
    registration: Registration
    members: list[Member]
    port: Port
    free_at: datetime  # can book from then on
    until: datetime  # and until then

    @property
    def size(self) -> int:
        return len(self.people)

    def seen_at(self, at: datetime) -> None:
        """The account was used then."""
        if not self.owner.last_login or self.owner.last_login < at:
            self.owner.last_login = at

    @property
    def case(self) -> str:
        return self.registration.reference


@dataclass
class Step:
    key: str
    member: Member | None = None
    person: Person | None = None


class Asking:
    """`ports` says how many places a day each has: as many like to go there."""

    def __init__(self, stage: Stage, album: Album, ports: dict[Port, int]):
        self.rng, self.now, self.shelf = stage.chance("asking"), stage.now, stage.shelf
        self.album, self.ports = album, ports
        self.regime = Regime.objects.in_force(stage.now.date())
        self.count = 0

    def family(self, kind, wish: Wish, *, days_ago, port=None, email="", done=None) -> Family:
        """One family as it stands today. `done`: how many steps of a draft are saved."""
        rng = self.rng
        people = make_people(rng, wish, self.now.date())
        started = self.now - timedelta(days=days_ago, seconds=rng.randrange(7200))
        port = port or rng.choices(list(self.ports), list(self.ports.values()))[0]
        owner = self._owner(people[0].traveler, started, email)
        registration = self._registration(people, owner, port, started)
        members = [self._member(registration, *pair) for pair in enumerate(people, start=1)]
        family = Family(kind, people, owner, registration, members, port, started, self.now)
        steps = self._steps(family)
        if kind == "draft":
            steps = self._cut(family, steps, done)
        at = self._walk(family, steps, started + timedelta(minutes=4))
        places = {(step.key, step.member and step.member.position) for step in steps}
        self._finish(family, places, at)
        return family

    def _owner(self, head: Traveler, started, email) -> User:
        self.count += 1
        name = f"{tidy(head.given_names.split()[0])}.{tidy(head.surnames.split(' ')[0])}"
        owner = User(
            reference=uuid.UUID(int=self.rng.getrandbits(128), version=4),
            email=email or f"{name.strip('.')}{self.count}@demo.example",
            password=f"!{self.rng.getrandbits(160):040x}",
            language="en",
            date_joined=started - timedelta(minutes=3),
            last_login=started,
        )
        self.shelf.add(owner)
        self.shelf.add(EmailAddress(user=owner, email=owner.email, primary=True, verified=True))
        self.shelf.event(Verb.SIGNED_IN, on=owner, at=started - timedelta(minutes=1), by=owner)
        return owner

    def _registration(self, people, owner, port, started) -> Registration:
        row = Registration(reference=number(self.rng, "R"), owner=owner, started_at=started)
        for name, value in facts_of(self.rng, people, port, started.date()).items():
            setattr(row, name, value)
        row.languages, row.other_language = languages_of(self.rng, people[0].traveler)
        self.shelf.add(row)
        self.shelf.event(Verb.STARTED, on=row, at=started, by=owner, case=row.reference)
        return row

    def _member(self, registration, place: int, person: Person) -> Member:
        joined = registration.started_at + timedelta(seconds=20 * (place - 1))
        self.shelf.add(person.traveler)
        member = self.shelf.add(
            Member(
                registration=registration,
                traveler=person.traveler,
                relation=person.relation,
                position=place,
                joined_at=joined,
            )
        )
        if place > 1:
            case = registration.reference
            self.shelf.event(
                Verb.PERSON_ADDED, on=member, at=joined, by=registration.owner, case=case
            )
        return member

    def _steps(self, family: Family) -> list[Step]:
        steps = [Step("people")]
        for member, person in zip(family.members, family.people, strict=True):
            keys = [*PERSON, "photo"]
            if not person.traveler.document_number:
                keys.remove("document")
            steps += [Step(key, member, person) for key in keys]
        steps += [Step(key) for key in ORDER if key != "rule" or self.regime]
        return [step for step in steps if self.rng.random() >= OFTEN_LEFT_OUT.get(step.key, 0)]

    def _cut(self, family: Family, steps: list[Step], done) -> list[Step]:
        """A draft stops somewhere; a third of those who stop at a birth date mistyped it."""
        reached = self.rng.randrange(len(steps) + 1)
        if done is not None:
            reached = min(done, len(steps))
        mistyped = self.rng.random() < 0.34 or done is not None
        if mistyped and reached < len(steps) and steps[reached].key == "birth":
            self._mistype(family, steps[reached])
        return steps[:reached]

    def _mistype(self, family: Family, step: Step) -> None:
        """The thirty-first of February, kept as it was typed."""
        typed = {"birth_date_day": ["31"], "birth_date_month": ["2"], "birth_date_year": ["2019"]}
        typed |= {"sex": ["female"], "birth_city": ["San Pedro Sula"], "birth_country": [""]}
        at = family.registration.started_at + timedelta(hours=2)
        self._page(family, step, typed=typed, typed_at=at)

    def _walk(self, family: Family, steps: list[Step], at: datetime) -> datetime:
        """Save each page and photo, a minute or three apart. Returns when the last was saved."""
        mine, owner = family.registration, family.owner
        for step in steps:
            at += timedelta(seconds=self.rng.randrange(20, 160))
            if step.key == "photo" and step.member and step.person:
                self._photo(family, step.member, step.person, at)
                continue
            self._page(family, step, saved_at=at)
            self.shelf.event(
                Verb.SAVED, on=mine, at=at, by=owner, case=mine.reference, note=step.key
            )
        return at

    def _page(self, family: Family, step: Step, **values) -> None:
        row = Page(registration=family.registration, member=step.member, key=step.key, **values)
        self.shelf.add(row)

    def _photo(self, family: Family, member: Member, person: Person, at: datetime) -> None:
        if self.rng.random() < PHOTO_AT_PORT:
            member.photo_at_port = True
            return
        photo = self.album.photo_of(person, at=at, by=family.owner)
        told = {"by": family.owner, "case": family.case}
        if first := self.album.sending.refused_before(photo):
            self.shelf.add(first)
            self.shelf.event(
                Verb.PHOTO_REFUSED, on=first, at=first.ended_at, note=first.refusal, **told
            )
        self.shelf.add(photo)
        self.shelf.event(Verb.PHOTO_ADDED, on=photo, at=at, **told)

    def _finish(self, family: Family, saved: set, at: datetime) -> None:
        """Ports and answers where their pages were saved, then the signature and what followed."""
        mine = family.registration
        blank_what_is_not_saved(family, saved)
        if ("ports", None) in saved:
            self._ports(family)
        if ("rule", None) in saved:
            criteria = criteria_of(self.rng, family.people)
            answer = RuleAnswer(registration=mine, regime=self.regime, criteria=criteria)
            answer.none_applies = not criteria
            self.shelf.add(answer)
        family.owner.last_login = family.free_at = at
        if family.kind != "draft" and not (family.kind == "withdrawn" and self.rng.random() < 0.2):
            self._sign(family, at + timedelta(minutes=2))
        {"changing": self._reopen, "withdrawn": self._withdraw}.get(family.kind, lambda _: None)(
            family
        )

    def _ports(self, family: Family) -> None:
        others = [port for port in self.ports if port != family.port]
        chosen = [family.port, *self.rng.sample(others, self.rng.choice([0, 0, 1, 2]))]
        for rank, port in enumerate(chosen, start=1):
            self.shelf.add(PortPreference(registration=family.registration, port=port, rank=rank))

    def _sign(self, family: Family, at: datetime) -> None:
        mine, owner = family.registration, family.owner
        mine.status, mine.signed_name = "registered", family.people[0].traveler.full_name
        mine.seniority_at = mine.signed_at = family.free_at = at
        for member in family.members:
            member.identity, member.holds_identity = member.traveler.identity, True
        told = {"on": mine, "by": owner, "case": mine.reference}
        self.shelf.event(Verb.SIGNED, at=at, before="draft", after="registered", **told)
        self.shelf.tell(
            Template.REGISTERED, about=mine, at=at, registration=mine, status="registered"
        )
        if self.rng.random() < SIGNED_AGAIN:
            later = at + timedelta(minutes=self.rng.randrange(6, 40))
            again = at + timedelta(minutes=3)
            self.shelf.event(Verb.REOPENED, at=again, before="registered", after="changing", **told)
            self.shelf.event(Verb.SIGNED, at=later, before="changing", after="registered", **told)
            mine.signed_at = family.free_at = later

    def _later(self, family: Family) -> datetime:
        since = family.free_at
        return since + (self.now - since) * (0.2 + 0.79 * self.rng.random())

    def _reopen(self, family: Family) -> None:
        mine, at = family.registration, self._later(family)
        mine.status = "changing"
        told = {"on": mine, "by": family.owner, "case": mine.reference, "at": at}
        self.shelf.event(Verb.REOPENED, before="registered", after="changing", **told)
        self.shelf.event(Verb.SAVED, note="birth", **told)
        family.until = at

    def _withdraw(self, family: Family) -> None:
        mine, at = family.registration, self._later(family)
        before, mine.status, mine.withdrawn_at = mine.status, "withdrawn", at
        for member in family.members:
            member.holds_identity = False
        told = {"on": mine, "by": family.owner, "case": mine.reference}
        self.shelf.event(Verb.WITHDRAWN, at=at, before=before, after="withdrawn", **told)
        family.until = at
