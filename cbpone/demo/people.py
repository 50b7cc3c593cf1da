"""Who the demo's families are: size, who is who, ages, names, papers. Rows are not saved yet."""

import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from cbpone.demo.names import (
    LONG_SURNAMES,
    NATIONS,
    SHARES,
    Nation,
    filled_in,
    for_sex,
    given_names,
    surnames_of,
)
from cbpone.travelers.choices import EyeColor, HairColor, MaritalStatus, Relation, Sex
from cbpone.travelers.models import Traveler

# Of 100 registrations; makes about 55 of 100 people members of a family of two or more.
SIZES = {1: 73, 2: 9.5, 3: 7.5, 4: 5, 5: 2.6, 6: 1.1, 7: 0.5, 8: 0.3, 9: 0.2, 10: 0.2}
EVERY_SIZE = list(range(10, 1, -1))
WORK = "farm work|construction|teacher|nurse|driver|cook|sales|mechanic|hairdresser|student|tailor"
LATER = [Relation.PARENT, Relation.SIBLING, Relation.OTHER, Relation.GRANDPARENT]
EYES = [EyeColor.BROWN] * 6 + [EyeColor.BLACK] * 3 + [EyeColor.HAZEL, EyeColor.GREEN, EyeColor.BLUE]
HAIR = [HairColor.BLACK] * 6 + [HairColor.BROWN] * 4 + [HairColor.BLOND]


@dataclass
class Person:
    traveler: Traveler
    relation: str
    age: int
    woman: bool


@dataclass
class Wish:
    """What a family of the demo must be; left open means chance decides."""

    size: int
    nation: str = ""
    given: str = ""
    surnames: str = ""
    woman: bool | None = None
    age: int = 0


def sizes_for(rng: Random, people: int) -> list[int]:
    """Family sizes that add up to so many people, each size from one to ten among them."""
    sizes = EVERY_SIZE[:] if people > 2 * sum(EVERY_SIZE) else []
    left = people - sum(sizes)
    while left > 0:
        sizes.append(min(left, rng.choices(list(SIZES), list(SIZES.values()))[0]))
        left -= sizes[-1]
    return sizes


def make_people(rng: Random, wish: Wish, today: date) -> list[Person]:
    """A family, its head first, with ages and surnames that go together."""
    code = wish.nation or rng.choices(list(SHARES), list(SHARES.values()))[0]
    nation = NATIONS[code]
    woman = rng.random() < (0.38 if wish.size == 1 else 0.52) if wish.woman is None else wish.woman
    first = rng.randrange(18, 30) if rng.random() < 0.45 else int(rng.triangular(26, 78, 30))
    ages = Ages(rng, wish.age or first)
    names = Surnames(rng, nation, wish)
    family: list[Person] = []
    for relation in relations(rng, wish.size):
        age = ages.of(relation)
        if relation == Relation.SPOUSE:
            she = not woman
        else:
            she = woman if relation == Relation.HEAD else rng.random() < 0.5
        person = Person(Traveler(), relation, age, she)
        fill_in(rng, person, code, names.of(relation, she), today)
        taken = {one.traveler.given_names for one in family}
        for _try in range(20):  # the list may be shorter than the family
            if person.traveler.given_names not in taken:
                break
            person.traveler.given_names = given_names(rng, nation, she)
        family.append(person)
    if wish.given:
        family[0].traveler.given_names = wish.given
    if family[0].age > 17 and len(family) > 1 and family[1].relation == Relation.SPOUSE:
        for person in family[:2]:
            person.traveler.marital_status = rng.choice(["married", "partner"])
    return family


def relations(rng: Random, size: int) -> list[Relation]:
    """Head, most often with husband or wife, then children, then others of a large family."""
    pair = rng.random() < (0.35 if size == 2 else 0.66)
    found = [Relation.HEAD, Relation.SPOUSE][: 1 + (pair and size > 1)]
    for place in range(size - len(found)):
        late = place > 2 or (place == 0 and rng.random() < 0.12)
        found.append(rng.choice(LATER) if late and rng.random() < 0.5 else Relation.CHILD)
    return found


@dataclass
class Ages:
    rng: Random
    head: int

    def of(self, relation: Relation) -> int:
        rng, head = self.rng, self.head
        oldest_child = max(1, min(17, head - 16))
        return {
            Relation.HEAD: lambda: head,
            Relation.SPOUSE: lambda: max(18, head + rng.randint(-6, 6)),
            Relation.CHILD: lambda: int(rng.triangular(0, oldest_child, oldest_child * 0.4)),
            Relation.PARENT: lambda: min(88, head + rng.randint(18, 32)),
            Relation.SIBLING: lambda: max(3, head + rng.randint(-12, 10)),
            Relation.GRANDPARENT: lambda: min(93, max(58, head + rng.randint(40, 55))),
            Relation.OTHER: lambda: rng.randrange(2, 60),
        }[relation]()


class Surnames:
    """The head's surnames, and for children one from each side where that is the custom."""

    def __init__(self, rng, nation: Nation, wish: Wish):
        self.nation = nation
        self.head = wish.surnames.split() if wish.surnames else surnames_of(rng, nation)
        self.spouse = surnames_of(rng, nation)
        self.long = nation.order == "two" and rng.random() < 0.012 and not wish.surnames
        self.tail = rng.choice(LONG_SURNAMES.split("|"))

    def of(self, relation: str, woman: bool) -> str:
        names = self.head
        if relation == Relation.SPOUSE and self.nation.order != "gendered":
            names = self.spouse
        elif relation == Relation.CHILD and self.nation.order == "two":
            names = self.head[:1] + self.spouse[:1]
        elif relation in (Relation.OTHER, Relation.GRANDPARENT):
            names = self.spouse
        if self.long and relation == Relation.HEAD:
            names = [names[0], self.tail]
        return " ".join(for_sex(name, self.nation, woman) for name in names)


def fill_in(rng: Random, person: Person, code: str, surnames: str, today: date) -> None:
    """Everything a family writes about one person."""
    traveler, nation, age = person.traveler, NATIONS[code], person.age
    traveler.reference = uuid.UUID(int=rng.getrandbits(128), version=4)
    traveler.given_names = given_names(rng, nation, person.woman)
    traveler.surnames = surnames
    traveler.sex = Sex.FEMALE if person.woman else Sex.MALE
    if rng.random() < 0.004:
        traveler.sex = Sex.OTHER
    days = min(int(age * 365.25) + rng.randrange(1, 364), int((age + 1) * 365.2425) - 1)
    traveler.birth_date = today - timedelta(days=days)
    traveler.birth_country = traveler.nationality = traveler.residence_country = code
    traveler.birth_city = rng.choice(nation.cities)
    if code == "HT" and age < 7 and rng.random() < 0.35:
        _born_on_the_way(rng, traveler)
    _papers(rng, traveler, age, today)
    _looks(rng, person)


def _born_on_the_way(rng: Random, traveler: Traveler) -> None:
    """Many children of Haitian families were born in Chile or Brazil and are citizens there."""
    born = rng.choice(["CL", "CL", "BR"])
    traveler.birth_country = traveler.nationality = born
    traveler.other_nationality = "HT"
    traveler.birth_city = rng.choice(NATIONS[born].cities)


def _papers(rng: Random, traveler: Traveler, age: int, today: date) -> None:
    """Eight people in ten have a document; small children often only a birth certificate."""
    country = str(traveler.nationality)
    patterns = NATIONS[country].papers
    kind = rng.choice(list(patterns))
    roll, years = rng.random(), rng.randrange(30, 3000)
    if roll > 0.8:
        return
    if age < 12 and roll < 0.45:
        kind = "birth_certificate"
    elif roll < 0.02:
        kind = "other"
    traveler.document_type = kind
    traveler.document_country = country
    traveler.document_number = filled_in(rng, patterns.get(kind, "########-####"))
    if kind in ("passport", "national_id"):
        traveler.document_expires_on = today + timedelta(days=years)


def _looks(rng: Random, person: Person) -> None:
    traveler, age = person.traveler, person.age
    grown = min(age, 17)
    tall = 70 + grown * 5.7 if age else 58
    height = tall + (-5 if person.woman else 4) * (age > 13) + rng.gauss(0, 5)
    traveler.height_cm = int(max(48, min(height, 199)))
    slim = 14 + grown * 0.6 + rng.random() * 4
    traveler.weight_kg = max(3, int(slim * (traveler.height_cm / 100) ** 2))
    traveler.eye_color = rng.choice(EYES)
    traveler.hair_color = HairColor.GRAY if age > 62 else rng.choice(HAIR)
    traveler.marital_status = MaritalStatus.SINGLE
    if age > 30:
        traveler.marital_status = rng.choice(MaritalStatus.values)
    traveler.occupation = rng.choice(WORK.split("|")) if age > 17 else ""
