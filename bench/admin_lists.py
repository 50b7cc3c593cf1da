"""How long the lists of the back office take with two million rows in the big tables.

Each page is asked for through Django's own client: middleware, permissions, queries and template,
without network and browser. See README.md.
"""

import time
from dataclasses import dataclass, field
from statistics import median

import psutil

from bench import machine, office, stage

LIMIT_MS = 100
WARM, TIMES = 3, 25


@dataclass(frozen=True)
class Page:
    role: str
    path: str  # below /officers/

    @property
    def name(self) -> str:
        return f"{self.role} {self.path}"


def pages() -> list[Page]:
    """Every list, as somebody who works with it, and what is asked of the big ones."""
    found = [
        Page(role, f"{path}/{asked}") for path, role, asks in BIG for asked in asks.split() or [""]
    ]
    found += [Page(role, f"{path}/") for role, paths in SMALL.items() for path in paths.split()]
    return found


# {registration}, {request} and so on are numbers in the middle of each table.
BIG = [
    ("scheduling/registration", "supervisor", "? ?p=2 ?q={registration} ?q=R-7K4"),
    ("scheduling/registration", "officer", "?"),
    ("scheduling/appointment", "supervisor", "? ?p=19 ?status__exact=no_show "
     "?q={appointment} ?q=A-7K4 ?status__exact=checked_in"),
    ("audit/event", "auditor", "? ?p=19 ?verb=authorized ?verb=paroled ?q={registration}"),
    ("audit/event", "supervisor", "? ?verb=signed ?verb=paroled"),
    ("audit/event", "parole_supervisor", "? ?verb=selected ?verb=paroled"),
    ("parole/supportrequest", "parole_supervisor", "? ?p=19 ?status__exact=confirmed "
     "?status__exact=fraud_hold ?picked__exact=draw ?process__id__exact=1 ?q={request}"),
    ("parole/supportrequest", "reviewer", "? ?status__exact=selected"),
    ("parole/decision", "parole_supervisor", "? ?outcome__exact=fraud_hold ?q={request}"),
    ("parole/decision", "reviewer", "?"),
    ("parole/beneficiary", "parole_supervisor", "? ?p=19 ?status__exact=paroled "
     "?status__exact=ata_denied ?request__process__id__exact=1 ?q={case}"),
    ("parole/beneficiary", "travel_officer", "? ?status__exact=ata_pending"),
    ("parole/authorization", "auditor", "? ?status__exact=valid ?months=now ?months=earlier"),
    ("parole/authorization", "travel_officer", "? ?status__exact=cancelled ?q={authorization}"),
    ("parole/arrival", "airport_officer", "? ?airport__id__exact=1 ?denial__exact=tb"),
    ("parole/i94", "airport_officer", "? ?q={i94}"),
    ("scheduling/slot", "auditor", "? ?days=ahead ?is_open__exact=0 ?port__id__exact=1"),
    ("scheduling/slot", "supervisor", "?"),
    ("scheduling/release", "auditor", "? ?days=month"),
    ("accounts/user", "supervisor", "? ?q=officer39"),
    ("log", "auditor", "? ?before={event} ?verb=authorized ?verb=paroled ?who={officer} "
     "?who=portal ?case={registration} ?kind=parole.beneficiary ?kind=officers.export "
     "?from={day}&until={day} ?until={day} ?from={day} ?from={day}&verb=authorized "
     "?until={day}&verb=disposed&kind=scheduling.attendance ?who={officer}&verb=authorized "
     "?until={day}&before={event}"),
]  # fmt: skip
SMALL = {
    "auditor": "audit/access audit/conflict audit/seal officers/bulkrun officers/export "
    "officers/massmessage scheduling/port scheduling/slotplan scheduling/closure "
    "scheduling/override parole/process parole/monthlycap parole/capchange parole/selection "
    "parole/drawseed parole/povertyguideline",
    "supervisor": "scheduling/post scheduling/walkin scheduling/urgentrequest officers/likeness "
    "audit/access audit/conflict scheduling/slotplan scheduling/override scheduling/closure",
    "parole_supervisor": "parole/knowngood parole/nonresidential parole/airport",
}


def examples() -> dict[str, str]:
    from cbpone.accounts.models import User
    from cbpone.audit.models import Event
    from parole.models import I94, Authorization, Beneficiary, SupportRequest
    from scheduling.models import Appointment, Registration

    def number(model, column="reference"):
        """Of a row in the middle of its table."""
        last = model.objects.latest("pk").pk
        middle = office.BASE + (last - office.BASE) // 2
        row = model.objects.filter(pk__gte=middle).order_by("pk").first()
        return getattr(row, column)

    event = Event.objects.latest("pk").pk // 2
    return {
        "registration": number(Registration),
        "appointment": number(Appointment),
        "request": number(SupportRequest),
        "case": number(Beneficiary),
        "authorization": number(Authorization),
        "i94": number(I94, "number"),
        "officer": str(User.objects.get(email="officer7@bench.example").reference),
        "event": str(event),
        "day": Event.objects.get(pk=event).at.date().isoformat(),
    }


@dataclass
class Took:
    """What one page took: milliseconds on the clock, one a request, and processor seconds."""

    clock: list[float] = field(default_factory=list)
    processor: float = 0.0

    @property
    def p95(self) -> float:
        return sorted(self.clock)[min(len(self.clock) - 1, int(len(self.clock) * 0.95))]

    @property
    def processor_ms(self) -> float:
        return self.processor / len(self.clock) * 1000


class Asking:
    """A signed-in browser of each role, and the database's process that answers it."""

    def __init__(self, people: dict) -> None:
        from django.db import connection
        from django.test import Client

        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            self.backend = psutil.Process(cursor.fetchone()[0])
        self.clients = {}
        for role, user in people.items():
            self.clients[role] = Client(SERVER_NAME="localhost")
            self.clients[role].force_login(user)

    def ask(self, page: Page, path: str, took: Took) -> None:
        before, began = self._processor(), time.perf_counter()
        answer = self.clients[page.role].get(path)
        took.clock.append((time.perf_counter() - began) * 1000)
        took.processor += self._processor() - before
        if answer.status_code != 200:
            raise RuntimeError(f"{page.name}: {answer.status_code}")

    def _processor(self) -> float:
        used = self.backend.cpu_times()
        return time.process_time() + used.user + used.system


def measure(people: dict, times: int, say) -> dict[str, Took]:
    """Of each page. Rounds go through all pages, so that none has the caches to itself."""
    asking, values = Asking(people), examples()
    asked = {page: f"/officers/{page.path}".format(**values) for page in pages()}
    for round_number in range(WARM + times):
        if round_number in (0, WARM):
            found = {page.name: Took() for page in asked}
        for page, path in asked.items():
            asking.ask(page, path, found[page.name])
    for name in sorted(found, key=lambda one: -found[one].p95)[:10]:
        say(f"{name}: {found[name].p95:.0f} ms, processor {found[name].processor_ms:.0f} ms")
    return found


def summary(found: dict[str, Took]) -> dict:
    p95 = {name: round(took.p95, 1) for name, took in found.items()}
    processor = {name: round(took.processor_ms, 1) for name, took in found.items()}
    return {
        "p95_ms": max(p95.values()),
        "processor_ms": max(processor.values()),
        "median_ms": round(median(median(took.clock) for took in found.values()), 1),
        "pages": len(p95),
        "pages_over_100_ms": sum(ms > LIMIT_MS for ms in p95.values()),
        "p95_ms_of": p95,
        "processor_ms_of": processor,
        "settings": {"requests": len(next(iter(found.values())).clock), **rows()},
    }


def rows() -> dict[str, int]:
    from django.db import connection

    tables = (
        "audit_event", "scheduling_registration", "scheduling_appointment", "travelers_traveler",
        "parole_supportrequest", "parole_beneficiary", "accounts_user",
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, reltuples::bigint FROM pg_class WHERE relname = ANY(%s)",
            [list(tables)],
        )
        return dict(cursor.fetchall())


def _say(words: str) -> None:
    print(f"  {words}", flush=True)


def run(*, quick: bool) -> dict:
    with stage.open_stage() as opened:
        stage.use_django(opened)
        size = office.Size.small() if quick else office.Size()
        began = time.monotonic()
        people = office.fill(opened.engines.superuser_database_url, size, _say)
        _say(f"filled in {time.monotonic() - began:.0f} s")
        found = measure(people, 5 if quick else TIMES, _say)
        return summary(found) | {"sync_ms": machine.sync_ms(opened.home.path)}
