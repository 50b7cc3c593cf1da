from itertools import count

from cbpone.lib import clock
from cbpone.travelers.models import Traveler
from officers.models import Likeness
from scheduling.models import Registration
from tests.factories.families import make_registration
from tests.factories.people import make_officer

_numbers = count(1)
PERSON = {"given_names": "Ana Maria", "surnames": "Quispe Mamani"}


def make_person(owner=None, *, family=None, **values) -> Traveler:
    """Alone in a signed registration, with a phone and a passport like nobody else's."""
    number = next(_numbers) * 73_939_133 % 10**9
    family = {"phone": f"+52{number:010}"} | (family or {})
    registration = make_registration(owner, people=1, **family)
    traveler = registration.people().get().traveler
    return rename(traveler, **PERSON | {"document_number": f"{number:09}"} | values)


def rename(traveler: Traveler, **values) -> Traveler:
    if values.get("document_number") == "":
        values |= {"document_type": "", "document_country": ""}
    for name, value in values.items():
        setattr(traveler, name, value)
    traveler.save()
    traveler.refresh_from_db()
    return traveler


def family_of(traveler: Traveler) -> Registration:
    return traveler.member.registration


def make_likeness(first=None, second=None, *, score=85, taken_by=None, verdict="", **values):
    """Two records side by side, in the order the database wants; judged by who holds it."""
    pair = sorted([first or make_person(), second or make_person()], key=lambda one: one.pk)
    now = clock.now()
    facts = {"taken_by": taken_by, "taken_at": now if taken_by else None}
    if verdict:
        by = taken_by or make_officer()
        facts |= {"verdict": verdict, "note": "Looked at both.", "judged_by": by, "judged_at": now}
    return Likeness.objects.create(
        **{
            "first": pair[0],
            "second": pair[1],
            "score": score,
            "band": "likely" if score >= 80 else "possible",
            "signals": ["name_same", "birth_same"],
            "found_at": now,
        }
        | facts
        | values
    )
