"""Finding one person among two million families and two million requests, by the page officers use.

Numbers, names in order, turned round and misspelled, documents, phones and A-numbers, typed as by
an officer of one port, its supervisor, a travel officer and a parole supervisor. See README.md.
"""

import time
from random import Random
from statistics import median

from bench import machine, office, stage
from bench.admin_lists import rows

LIMIT_MS = 1000
WARM, EACH = 3, 12
SEED = 20230112
LEARN = """
INSERT INTO travelers_nameword (word)
SELECT DISTINCT word FROM travelers_traveler, unnest(search_words) AS word WHERE word <> ''
"""


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def learn_words(superuser_url: str) -> None:
    """What the trigger does row by row; copies are made past it."""
    import psycopg

    with psycopg.connect(superuser_url, autocommit=True) as connection:
        for statement in ("TRUNCATE travelers_nameword", LEARN, "ANALYZE travelers_nameword"):
            connection.execute(statement)


def slip(rng: Random, word: str) -> str:
    """One wrong letter, not the first."""
    at = rng.randrange(1, len(word))
    return word[:at] + rng.choice("aeiosrnlt") + word[at + 1 :]


def spoken(rng: Random, name: str) -> dict[str, str]:
    words = name.split()
    one, last = words[0], words[-1]
    return {
        "whole name": name,
        "turned round": f"{last} {one}",
        "misspelled": f"{slip(rng, last)} {slip(rng, one)}",
        "one word": last,
    }


def asks() -> list[tuple[str, str, str]]:
    """(role, how, text): about people drawn from all that there are."""
    from parole.models import Beneficiary, SupportRequest
    from scheduling.models import Appointment, Member

    rng, found = Random(SEED), []  # noqa: S311
    for member in _drawn(Member, rng, "traveler", "registration"):
        who = member.traveler
        said = spoken(rng, f"{who.given_names} {who.surnames}")
        said |= {"document": who.document_number, "phone": member.registration.phone}
        found += [
            (role, how, text) for role in ("officer", "supervisor") for how, text in said.items()
        ]
    for row in _drawn(Appointment, rng, "slot"):
        found.append(("officer", "number", row.reference))
    for row in _drawn(Beneficiary, rng, "written"):
        said = spoken(rng, f"{row.written.given_names} {row.written.surnames}")
        found += [("travel_officer", how, text) for how, text in said.items()]
    for row in _drawn(SupportRequest, rng, "supporter", "beneficiary__written"):
        who = row.beneficiary.written
        said = spoken(rng, f"{who.given_names} {who.surnames}") | {"number": row.reference}
        said["A-number"] = row.supporter.a_number or "A012345678"
        found += [("parole_supervisor", how, text) for how, text in said.items()]
    return found


def _drawn(model, rng: Random, *related: str) -> list:
    ids = [office.BASE + rng.randrange(1, model.objects.count()) for _ in range(WARM + EACH)]
    return list(model.objects.select_related(*related).filter(pk__in=ids))


def measure(people: dict) -> dict[str, list[float]]:
    from django.test import Client

    clients, found = {}, {}
    for role, how, text in asks():
        if role not in clients:
            clients[role] = Client(SERVER_NAME="localhost")
            clients[role].force_login(people[role])
        began = time.perf_counter()
        answer = clients[role].post("/officers/find/", {"q": text})
        took = (time.perf_counter() - began) * 1000
        if answer.status_code not in (200, 302):
            raise RuntimeError(f"{role}, {how}: {answer.status_code}")
        found.setdefault(f"{role}, {how}", []).append(took)
    return {name: taken[WARM:] for name, taken in found.items()}


def run(*, quick: bool) -> dict:
    with stage.open_stage() as opened:
        stage.use_django(opened)
        size = office.Size.small() if quick else office.Size()
        people = office.fill(opened.engines.superuser_database_url, size)
        learn_words(opened.engines.superuser_database_url)
        found = measure(people)
        p95 = {name: round(percentile(taken, 0.95), 1) for name, taken in found.items()}
        every = [ms for taken in found.values() for ms in taken]
        return {
            "p95_ms": round(percentile(every, 0.95), 1),
            "slowest_ms": max(p95.values()),
            "median_ms": round(median(every), 1),
            "p95_ms_of": dict(sorted(p95.items(), key=lambda line: -line[1])),
            "settings": {"searches": len(every), **rows()},
            "sync_ms": machine.sync_ms(opened.home.path),
        }
