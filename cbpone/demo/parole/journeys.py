"""What beneficiaries did after a request was confirmed: from the invitation to the I-94."""

import uuid
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.conf import settings

from cbpone.accounts.models import User
from cbpone.audit.verbs import Verb
from cbpone.demo.names import number
from cbpone.demo.parole.cast import BENEFICIARIES
from cbpone.demo.parole.filing import Filing
from cbpone.demo.parole.telling import ParoleTelling
from cbpone.demo.people import Person
from cbpone.demo.portraits import Album
from cbpone.demo.shelf import Shelf
from cbpone.lib import clock
from cbpone.notifications.statuses import Template
from cbpone.photos.models import Photo
from cbpone.travelers.models import Traveler
from parole.models import (
    I94,
    Airport,
    Arrival,
    Attestation,
    Authorization,
    Beneficiary,
    Correction,
    ParolePage,
)
from parole.models.travels import VALID_DAYS
from parole.statuses import BENEFICIARY_MOVES

WAY = ["invited", "details_confirmed", "attested", "photo_submitted", "ata_pending"]
DAYS = [0, 1.5, 3, 4, 5, 9]  # after the confirmation: when each of WAY, then the decision, is due
VERBS = {
    "invited": Verb.INVITED,
    "details_confirmed": Verb.DETAILS_CONFIRMED,
    "attested": Verb.ATTESTED,
    "photo_submitted": Verb.SUBMITTED,
    "ata_pending": Verb.SUBMITTED,
    "ata_approved": Verb.AUTHORIZED,
    "ata_denied": Verb.ATA_DENIED,
    "ata_expired": Verb.ATA_EXPIRED,
    "ata_cancelled": Verb.ATA_CANCELLED,
    "travelled": Verb.TRAVELLED,
    "paroled": Verb.PAROLED,
    "parole_denied": Verb.PAROLE_DENIED,
    "closed": Verb.CASE_CLOSED,
}
PAGES = "details passport where family eligibility vaccination".split()
NO = ["other_country", "removal_order", "irregular_entry", "interdicted"]
COPIED = [
    field.name
    for field in Traveler._meta.fields
    if field.name not in ("id", "reference") and not field.generated
]


def way_to(status: str) -> list[str]:
    """The moves that lead from `written` to a status."""
    ways = [["written"]]
    while ways:
        way = ways.pop(0)
        if way[-1] == status:
            return way[1:]
        ways += [[*way, step] for step in sorted(BENEFICIARY_MOVES[way[-1]]) if step not in way]
    raise ValueError(status)


class Journeys:
    def __init__(
        self,
        rng: Random,
        now: datetime,
        shelf: Shelf,
        telling: ParoleTelling,
        album: Album,
        staff: dict,
    ):
        self.rng, self.now, self.shelf, self.album, self.staff = rng, now, shelf, album, staff
        self.telling = telling
        self.users: list[User] = []
        self.travelers: list[Traveler] = []
        self.photos: list[Photo] = []
        self.rows: dict[Any, list] = {
            model: []
            for model in (Attestation, ParolePage, Correction, Authorization, Arrival, I94)
        }
        self.cases: list[tuple[Any, str]] = []
        self.invited: list[tuple[Any, User]] = []
        self.airports = list(Airport.objects.all())
        self.weights = [12 if airport.code == "MIA" else 2 for airport in self.airports]
        self.today = clock.today_in(settings.PAROLE_ZONE, now)

    def travel(self, filing: Filing, confirmed_at: datetime, *, user: User, wish="") -> None:
        """One case as it stands today; `wish` names the status it must have."""
        row, status = filing.beneficiary, wish or self._status(confirmed_at)
        row.invited_at = confirmed_at
        if status not in ("invited", "closed"):
            self._claim(filing, confirmed_at, user, status)
        if status == "closed":
            row.closed_at = min(confirmed_at + timedelta(days=2), self.now)
        self.cases.append((row, status))
        self.invited.append((row, user))
        self._events(row, confirmed_at, status)

    def _status(self, since: datetime) -> str:
        rng, days = self.rng, (self.now - since).total_seconds() / 86_400
        pace = rng.choice([0.7, 1, 1, 1.5, 2.5])
        done = [step for step, due in zip(WAY, DAYS, strict=False) if due * pace <= days]
        if len(done) < len(WAY) or days < DAYS[-1] * pace or rng.random() < 0.06:
            return done[-1]
        if rng.random() < 0.05:
            return rng.choice(["ata_denied", "ata_denied", "ata_cancelled"])
        since_approval = days - DAYS[-1] * pace
        if since_approval > VALID_DAYS:
            return "ata_expired" if rng.random() < 0.12 else "paroled"
        if since_approval < rng.uniform(4, 50):
            return "ata_approved"
        return "parole_denied" if rng.random() < 0.015 else "paroled"

    def _claim(self, filing: Filing, since: datetime, user: User, status: str) -> None:
        row: Any = filing.beneficiary
        rng = self.rng
        copy = Traveler(**{name: getattr(filing.written, name) for name in COPIED})
        copy.reference = uuid.UUID(int=rng.getrandbits(128), version=4)
        self.travelers.append(copy)
        row.traveler, row.user = copy, user
        row.claimed_at = min(since + timedelta(hours=rng.uniform(3, 30)), self.now)
        row.street, row.country = row.written_street, row.written_country
        row.phone = row.written_phone
        steps = way_to(status)
        saved = PAGES if "attested" in steps else PAGES[:3]
        self.rows[ParolePage] += [
            ParolePage(beneficiary=row, key=key, saved_at=row.claimed_at) for key in saved
        ]
        if "attested" not in steps:
            return
        row.attested_at, row.attested_name = self._at(since, 2), copy.full_name
        self.rows[Attestation].append(self._answers(row))
        if rng.random() < 0.08:
            self._correct(filing, settled="ata_approved" in steps)
        if "photo_submitted" in steps:
            self._photo(row, since)
        if "ata_pending" in steps:
            row.submitted_at = self._at(since, 5)
        if "ata_approved" in steps:
            self._authorize(row, since, status)
        if status == "ata_denied":
            row.denial_reason = "vetting"

    def _at(self, since: datetime, days: float) -> datetime:
        return min(since + timedelta(days=days), self.now - timedelta(minutes=30))

    def _answers(self, row: Any) -> Attestation:
        yes = dict.fromkeys(["outside_us", "passport_valid", "flies_on_own"], "yes")
        done = dict.fromkeys(["measles", "polio", "covid"], "done")
        answers = dict.fromkeys(NO, "no") | yes | done
        if self.rng.random() < 0.04:
            answers["other_country"] = "yes"
        return Attestation(beneficiary=row, tb_agreed=True, **answers)

    def _correct(self, filing: Filing, *, settled: bool) -> None:
        row: Any = filing.beneficiary
        before = row.traveler.birth_city
        row.traveler.birth_city = f"{before} (Sud)"
        judged = {}
        if settled:
            judged = {
                "verdict": "accepted",
                "judged_by": self.staff["travel@demo.example"],
                "judged_at": row.attested_at,
            }
        self.rows[Correction].append(
            Correction(
                beneficiary=row,
                field="birth_city",
                before=before,
                after=row.traveler.birth_city,
                made_at=row.attested_at,
                **judged,
            )
        )

    def _photo(self, row: Any, since: datetime) -> None:
        age = row.traveler.age_on(self.today) or 0
        person = Person(row.traveler, "head", age, row.traveler.sex == "female")
        photo = self.album.photo_of(person, at=self._at(since, 3), by=row.user)
        self.photos.append(photo)
        at = self._at(since, 3.4)
        if at < self.now:
            photo.status, photo.judged_at, photo.taken_at = "good", at, at
            photo.judged_by = photo.taken_by = self.staff["parole.supervisor@demo.example"]
            told = {"by": photo.judged_by, "case": row.reference}
            self.shelf.event(
                Verb.PHOTO_JUDGED, on=photo, at=at, before="waiting", after="good", **told
            )

    def _authorize(self, row: Any, since: datetime, status: str) -> None:
        rng = self.rng
        at = self._at(since, rng.uniform(9, 14))
        if status == "ata_expired":
            at = min(at, self.now - timedelta(days=VALID_DAYS + 2))
            row.submitted_at = min(row.submitted_at, at - timedelta(days=1))
        if status == "ata_approved":  # not run out yet, and for the oldest nearly
            at = max(at, self.now - timedelta(days=VALID_DAYS - 10))
        day = clock.today_in(settings.PAROLE_ZONE, at)
        state = {"ata_approved": "valid", "ata_expired": "expired", "ata_cancelled": "cancelled"}
        authorization = Authorization(
            reference=number(rng, "T"),
            beneficiary=row,
            process=row.request.process,
            month=day.replace(day=1),
            status=state.get(status, "used"),
            approved_at=at,
            approved_by=self.staff["travel@demo.example"],
            valid_until=day + timedelta(days=VALID_DAYS),
        )
        if authorization.status != "valid":
            authorization.ended_at = self._ended(authorization, at)
        if status == "ata_cancelled":
            authorization.reason = "support"
            authorization.ended_by = self.staff["travel2@demo.example"]
        self.rows[Authorization].append(authorization)
        if authorization.status == "used":
            self._arrive(authorization, status)

    def _ended(self, authorization: Authorization, at: datetime) -> datetime:
        if authorization.status == "expired":
            return at + timedelta(days=VALID_DAYS + 1)
        return min(at + timedelta(days=self.rng.uniform(3, 40)), self.now - timedelta(minutes=9))

    def _arrive(self, authorization: Any, status: str) -> None:
        rng, officer = self.rng, self.staff["airport@demo.example"]
        airport = rng.choices(self.airports, self.weights)[0]
        at = authorization.ended_at
        arrival = Arrival(
            authorization=authorization, airport=airport, arrived_at=at, checked_by=officer
        )
        authorization.ended_by = officer
        self.rows[Arrival].append(arrival)
        if status == "travelled":
            return
        arrival.decided_at, arrival.decided_by = at + timedelta(minutes=6), officer
        if status == "parole_denied":
            arrival.denial = "withdrawal"
            return
        day = clock.today_in(airport.zone, at)
        if rng.random() < 0.5 and (self.today - day).days > 20:
            arrival.tb_reported_on = day + timedelta(days=rng.randrange(5, 20))
        until = day.replace(year=day.year + 2, day=min(day.day, 28))
        if not self.rows[I94]:  # one of them for a visit to a hospital only
            until = self.today + timedelta(days=60)
        digits = f"{rng.randrange(10**9):09}"
        self.rows[I94].append(
            I94(
                number=f"{digits}{rng.choice('ABCDEFGHJK')}{rng.randrange(10)}",
                arrival=arrival,
                admitted_on=day,
                admitted_until=until,
                made_at=arrival.decided_at,
            )
        )

    def _events(self, row: Any, since: datetime, status: str) -> None:
        before = "written"
        for place, step in enumerate(way_to(status)):
            at = self._at(since, place * 1.2)
            by = None if step in ("invited", "ata_expired", "closed") else row.user
            if step.startswith(("ata_approved", "ata_denied", "ata_cancelled")):
                by = self.staff["travel@demo.example"]
            if step in ("travelled", "paroled", "parole_denied"):
                by = self.staff["airport@demo.example"]
            self.shelf.event(
                VERBS[step], on=row, at=at, by=by, case=row.reference, before=before, after=step
            )
            before = step

    def save(self, progress) -> None:
        Traveler.objects.bulk_create(self.travelers)
        self._move()
        self.album.develop(progress)
        Photo.objects.bulk_create(self.photos)
        for model, rows in self.rows.items():
            model._default_manager.bulk_create(rows)
        self._tell()

    def _tell(self) -> None:
        for row, user in self.invited:
            self.telling.tell(
                Template.INVITATION,
                about=row,
                user=user,
                at=row.invited_at,
                is_waiting=user.email == BENEFICIARIES["invited"].email,
            )
        for row, status in self.cases:
            if row.submitted_at:
                self._told(Template.CASE_SUBMITTED, row, row.user, row.submitted_at)
            if status == "ata_denied":
                self._told(Template.ATA_DENIED, row, row.user, self._at(row.submitted_at, 3))
            if status == "closed":
                user = next(user for one, user in self.invited if one is row)
                self._told(Template.CASE_CLOSED, row, user, row.closed_at)
        for one in self.rows[Authorization]:
            user = one.beneficiary.user
            self._told(Template.ATA_APPROVED, one, user, one.approved_at)
            ends = {"expired": Template.ATA_EXPIRED, "cancelled": Template.ATA_CANCELLED}
            if one.status in ends:
                self._told(ends[one.status], one, user, one.ended_at)
        for one in self.rows[Arrival]:
            if one.decided_at:
                template = Template.PAROLE_DENIED if one.denial else Template.PAROLED
                self._told(template, one, one.authorization.beneficiary.user, one.decided_at)

    def _told(self, template, about, user, at) -> None:
        self.telling.tell(template, about=about, user=user, at=at)

    def _move(self) -> None:
        """Along the table of moves, which the database guards, one step for all at a time."""
        fields = ["invited_at", "user", "traveler", "claimed_at", "street", "country", "phone"]
        fields += ["attested_at", "attested_name", "submitted_at", "denial_reason"]
        rows = [row for row, _status in self.cases]
        for row in rows:
            row.status = "written"
        ways = {row.pk: way_to(status) for row, status in self.cases}
        for place in range(max(map(len, ways.values()), default=0)):
            moving = [row for row in rows if len(ways[row.pk]) > place]
            for row in moving:
                row.status = ways[row.pk][place]
            closed = ["closed_at"] if any(row.status == "closed" for row in moving) else []
            changed = ["status", *(fields if place == 0 else []), *closed]
            Beneficiary.objects.bulk_update(moving, changed, batch_size=300)
