"""Supporters and what they file: the rows of one request, not saved yet."""

import hashlib
import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from cbpone.accounts.models import User
from cbpone.demo.names import NATIONS, filled_in, given_names, number, surnames_of
from cbpone.demo.parole import words
from cbpone.demo.shelf import Stage
from cbpone.lib.vault import digest, seal
from cbpone.travelers.models import Traveler
from parole.addresses import address_key
from parole.models import Beneficiary, Process, Supporter, SupportRequest

# Pending at the end of April 2023: HT 580k, CU 380k, VE 120k, NI 20k.
SHARES = {"HT": 53, "CU": 34, "VE": 11, "NI": 2}
MEN_OF_THE_CAST = ("Alejandro", "Carlos")
STATUSES = {"citizen": 46, "lpr": 33, "parolee": 6, "tps": 8, "asylee": 5, "nonimmigrant": 2}


@dataclass
class Backer:
    """One supporter: the account and the answers that come again on every request."""

    user: User
    facts: dict
    plan: dict
    housing: dict
    ip: str
    ssn: str


@dataclass
class Filing:
    """A request with the rows around it, and what the story knows of it."""

    request: SupportRequest
    supporter: Supporter
    beneficiary: Beneficiary
    written: Traveler
    backer: Backer
    planted: set[str] = field(default_factory=set)

    @property
    def rows(self) -> tuple:
        return self.written, self.request, self.supporter, self.beneficiary


class Filings:
    def __init__(self, stage: Stage):
        self.rng, self.now = stage.chance("filings"), stage.now
        self.processes = {str(row.country): row for row in Process.objects.all()}
        self.count = 0
        self.made: list[Filing] = []

    def user(self, email: str = "", name: str = "", joined: datetime | None = None) -> User:
        self.count += 1
        joined = joined or self.now - timedelta(days=200)
        return User(
            reference=uuid.UUID(int=self.rng.getrandbits(128), version=4),
            email=email or f"supporter{self.count}@mail.example",
            name=name,
            language="en",
            password=f"!{self.rng.getrandbits(160):040x}",
            date_joined=joined,
            last_login=joined,
        )

    def backer(self, *, email: str = "", name: str = "", ssn: str = "", **changes) -> Backer:
        rng = self.rng
        nation = NATIONS[self._nationality()]
        woman = rng.random() < 0.5
        given = name.split()[0] if name else given_names(rng, nation, woman)
        surnames = name.split()[-1] if name else " ".join(surnames_of(rng, nation)) or "Louis"
        work, employer, pay = rng.choice(words.WORK)
        income = int(pay * rng.uniform(0.85, 1.5))
        born = self.now.date() - timedelta(days=rng.randrange(24 * 365, 68 * 365))
        user = self.user(email, f"{given} {surnames}")
        people = rng.choices([1, 2, 3, 4, 5], [30, 30, 20, 14, 6])[0]
        facts = {
            "given_names": given,
            "surnames": surnames,
            "birth_date": born,
            "sex": "female" if woman else "male",
            "birth_country": "US" if rng.random() < 0.2 else self._nationality(),
            "citizenship": "US",
            "status": rng.choices(list(STATUSES), list(STATUSES.values()))[0],
            "a_number": "",
            "mailing_same": "yes",
            "phone": words.phone(rng),
            "email": user.email,
            "employment": "employed",
            "employer": employer,
            "occupation": work,
            "annual_income": income,
            "household_size": people,
            "household_income": int(income * rng.choice([1, 1, 1.3, 1.7])),
            "dependants": max(0, people - 2),
            "tax_year": self.now.year - 1,
            "tax_income": int(income * 0.97),
            "bank": rng.choice([None, 2_000, 5_500, 12_000, 30_000]),
        } | words.address(rng)
        if facts["status"] != "citizen":
            facts |= {"citizenship": facts["birth_country"]}
            facts["a_number"] = f"A{rng.randrange(10**8, 10**9)}"
        housing = {"lives": "with_me", "bedrooms": rng.choice([2, 3, 3, 4]), "occupants": people}
        backer = Backer(
            user, facts, words.plan(rng), housing, words.network(rng), ssn or words.ssn(rng)
        )
        for part in (backer.facts, backer.housing):
            part.update({key: value for key, value in changes.items() if key in part})
        return backer

    def _nationality(self) -> str:
        return self.rng.choices(list(SHARES), list(SHARES.values()))[0]

    def file(
        self, backer: Backer, *, at: datetime | None, country="", name="", person=None, email="",
        **changes,
    ) -> Filing:  # fmt: skip
        """One request of a backer for somebody new; `at` None leaves it a draft."""
        rng = self.rng
        country = country or self._nationality()
        written = self._person(country, name) if person is None else person
        self.count += 1
        housing = {f"housing_{key}": "" for key in ("street", "city", "state", "zip")}
        request = SupportRequest(
            reference=number(rng, "S"),
            owner=backer.user,
            process=self.processes[country],
            started_at=(at or self.now) - timedelta(minutes=rng.randrange(40, 3000)),
            filer_type="alone",
            has_preparer="no",
            **backer.plan | backer.housing | housing,
        )
        supporter = Supporter(
            request=request,
            ssn_sealed=seal(backer.ssn),
            ssn_digest=digest(backer.ssn),
            ssn_last=backer.ssn[-4:],
            **backer.facts,
        )
        beneficiary = Beneficiary(
            reference=number(rng, "B"),
            request=request,
            written=written,
            relation=rng.choice(["sibling", "relative", "parent", "child", "friend"]),
            written_street=f"{written.birth_city}, {rng.randrange(1, 200)}",
            written_country=country,
            written_email=email or f"person{self.count}@mail.example",
            written_phone=f"+509{rng.randrange(30_000_000, 49_000_000)}",
            stay_months=24,
        )
        filing = Filing(request, supporter, beneficiary, written, backer)
        for key, value in changes.items():
            row = next(one for one in (request, supporter, beneficiary) if hasattr(one, key))
            setattr(row, key, value)
        supporter.address_key = address_key(supporter.street, supporter.zip)
        if at:
            self._sign(filing, at)
        self.made.append(filing)
        return filing

    def _sign(self, filing: Filing, at: datetime) -> None:
        request, backer = filing.request, filing.backer
        pair = f"{filing.supporter.ssn_digest}:{filing.written.identity}"
        request.status = "received"
        request.filed_at, request.filed_ip = at, backer.ip
        request.signed_name = filing.supporter.full_name
        request.pair_key = hashlib.sha256(pair.encode()).hexdigest()

    def _person(self, country: str, name: str) -> Traveler:
        rng, nation = self.rng, NATIONS[country]
        woman = rng.random() < 0.52
        if name:
            woman = name.split()[0] not in MEN_OF_THE_CAST
        age = int(rng.triangular(1, 70, 27))
        born = self.now.date() - timedelta(days=int(age * 365.25) + rng.randrange(20, 340))
        first, *rest = name.split() if name else (given_names(rng, nation, woman),)
        return Traveler(
            reference=uuid.UUID(int=rng.getrandbits(128), version=4),
            given_names=first,
            surnames=" ".join(rest) or " ".join(surnames_of(rng, nation)) or "Jean",
            birth_date=min(born, date(2007, 5, 1)) if name else born,
            sex="female" if woman else "male",
            birth_city=rng.choice(nation.cities),
            birth_country=country,
            nationality=country,
            document_type="passport",
            document_number=filled_in(rng, nation.papers["passport"]),
            document_country=country,
            document_expires_on=self.now.date() + timedelta(days=rng.randrange(300, 3000)),
            marital_status="single" if age < 24 else rng.choice(["single", "married", "partner"]),
        )
