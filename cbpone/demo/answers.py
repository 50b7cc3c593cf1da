"""What a family writes on the pages that are asked once, and what a draft has not written yet."""

from datetime import date, timedelta
from random import Random

from cbpone.demo.names import NATIONS, given_names
from cbpone.demo.people import Person
from cbpone.demo.whereabouts import TIES, WAY, in_mexico, in_united_states
from scheduling.questions import FAMILY, PERSON
from scheduling.statuses import Criterion

LOCAL_SHARE = {"GT": 0.4, "MX": 0.07, "HN": 0.05, "HT": 0.4, "CM": 0.5}
OFTEN = {
    Criterion.NO_SHELTER: 0.42,
    Criterion.HARMED: 0.36,
    Criterion.ILLNESS: 0.12,
    Criterion.DISABILITY: 0.05,
}


def facts_of(rng: Random, people: list[Person], port, started: date) -> dict:
    """Contact, whereabouts, journey, destination: fields of the registration."""
    head = people[0].traveler
    code = str(head.nationality)
    nation = NATIONS[code]
    kin = f"{given_names(rng, nation, rng.random() < 0.5)} {head.surnames}".strip()
    left = started - timedelta(days=rng.randrange(20, 500))
    entered = started - timedelta(days=rng.randrange(3, 20))
    facts = in_mexico(rng, port.slug) | in_united_states(rng, kin)
    if rng.random() < 0.04:
        facts["phone"] = ""
    return facts | {
        "text_messages": bool(facts["phone"]) and rng.random() < 0.6,
        "emergency_name": kin,
        "emergency_relation": rng.choice(TIES),
        "emergency_phone": f"+1786555{rng.randrange(10_000):04}",
        "left_home_on": left,
        "entered_mexico_on": left if code == "MX" else entered,
        "countries_crossed": WAY.get(code, ""),
    }


def languages_of(rng: Random, head) -> tuple[list[str], str]:
    code = str(head.nationality)
    nation = NATIONS[code]
    spoken = list(nation.languages)
    if nation.local and rng.random() < LOCAL_SHARE.get(code, 0):
        spoken.append(rng.choice(nation.local))
    return spoken, nation.other


def criteria_of(rng: Random, people: list[Person]) -> list[str]:
    """Criteria count for the head, the spouse and children who travel along."""
    ages = [person.age for person in people if person.relation in ("head", "spouse", "child")]
    young_women = [person for person in people if person.woman and 17 < person.age < 43]
    found = [code for code, share in OFTEN.items() if rng.random() < share]
    if young_women and rng.random() < 0.09:
        found.append(Criterion.PREGNANCY)
    if min(ages) < 21:
        found.append(Criterion.UNDER_21)
    if max(ages) > 70:
        found.append(Criterion.OVER_70)
    return [str(code) for code in Criterion.values if code in found]


def _fields(question) -> list[str]:
    return question.form._meta.fields if hasattr(question.form, "_meta") else []


def _blank(row, question) -> None:
    for name in _fields(question):
        setattr(row, name, row._meta.get_field(name).get_default())


def blank_what_is_not_saved(family, saved: set) -> None:
    """Only what is on a saved page is on file. Names of others came when they were added."""
    for key, question in FAMILY.items():
        if (key, None) not in saved:
            _blank(family.registration, question)
    for member in family.members:
        for key, question in PERSON.items():
            if (key, member.position) not in saved and (key != "name" or member.position == 1):
                _blank(member.traveler, question)
