"""How near the booking press comes to what PostgreSQL alone could do.

Windows of pgbench, which calls `scheduling_book` and nothing else, alternate with windows of the
same call pressed through HTTP: sign-in, CSRF, event and outbox included. See README.md.
"""

import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from bench import filling, load, machine, stage

SCRIPT = """\
\\set n :n + 1
\\set family :base + (:n * :clients + :client_id) * 7919 % :families
\\set slot random(:first_slot, :last_slot)
SELECT outcome FROM scheduling_book(:slot::bigint, NULL, :family::bigint,
 'A-' || :family::text, 'public', '', false, now(), 120, 30);
"""
SPREAD = 7919  # a prime: families come in an order that has nothing to do with their numbers
CONNECTIONS, MANY = 32, 100
HISTORY = 100  # calls of each connection before anything is measured
TABLES = ("scheduling_appointment", "audit_event", "notifications_message")


@dataclass(frozen=True)
class Plan:
    """Windows in seconds; families in thousands are spent, as each can book once only."""

    rounds: int = 5
    http_seconds: float = 5.0
    hello_seconds: float = 2.0
    pgbench_seconds: float = 2.0
    pgbench_families: int = 96_000
    http_families: int = 40_000
    places: int = 2_000  # of each time: plenty, so that nothing is refused

    @classmethod
    def small(cls) -> "Plan":
        return cls(2, 2.0, 1.0, 1.0, 32_000, 8_000)


@dataclass
class Cost:
    """Operations, their time and the processor seconds of each server meanwhile."""

    done: int
    seconds: float
    cpu: dict[str, float]
    window: load.Window | None = None

    @property
    def rate(self) -> float:
        return self.done / self.seconds

    def cpu_ms(self, *names: str) -> float:
        return sum(self.cpu[name] for name in names or self.cpu) / self.done * 1000


@dataclass
class Bench:
    stage: stage.Stage
    plan: Plan
    folder: Path
    base: int = 0
    slots: list[tuple[int, str, str]] = field(default_factory=list)
    used_by_http: int = 0
    booked: int = 0
    sync_ms: float = 0.0
    http_seconds: float = 1.0
    pgbench_seconds: float = 1.0
    reference: stage.Pgbench | None = None

    # --- what is sent ---------------------------------------------------------------------

    def next_families(self, count: int) -> list[int]:
        """Keys of families that have not booked yet."""
        supply = self.plan.http_families
        count = min(count, supply - self.used_by_http)
        places = range(self.used_by_http, self.used_by_http + count)
        self.used_by_http += count
        return [self.base + 1 + place * SPREAD % supply for place in places]

    def presses(self, families: list[filling.Family]) -> Iterator[bytes]:
        """What a browser sends when the button of a random time is pressed."""
        prepared = []
        for family in families:
            slot, port, day = self.slots[family.number * 31_337 % len(self.slots)]
            body = f"csrfmiddlewaretoken={family.csrf_token}&slot={slot}"
            cookies = f"csrftoken={family.csrf_cookie}; sessionid={family.session}"
            head = (
                f"POST /appointments/book/?port={port}&day={day} HTTP/1.1\r\n{self.headers()}"
                f"Origin: http://{self.stage.host}\r\n"
                f"Referer: http://{self.stage.host}/appointments/book/?port={port}&day={day}\r\n"
                f"Content-Type: application/x-www-form-urlencoded\r\n"
                f"Content-Length: {len(body)}\r\nCookie: {cookies}\r\n\r\n"
            )
            prepared.append((head + body).encode())
        return iter(prepared)

    def hellos(self) -> Iterator[bytes]:
        request = f"GET /health/live HTTP/1.1\r\n{self.headers()}\r\n".encode()
        while True:
            yield request

    def headers(self) -> str:
        return (
            f"Host: {self.stage.host}\r\n"
            "User-Agent: Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36\r\n"
            "Accept: text/html,application/xhtml+xml,*/*;q=0.8\r\n"
            "Accept-Language: es-MX,es;q=0.9,en;q=0.5\r\nAccept-Encoding: gzip, deflate, br\r\n"
        )

    # --- windows --------------------------------------------------------------------------

    def measured(self, *names: str):
        pids = self.stage.pids()
        return {name: machine.cpu_seconds([pids[name]]) for name in names}

    def http(self, requests: Iterator[bytes], connections: int, seconds: float) -> Cost:
        names = ("web", "postgres", "valkey")
        before = self.measured(*names)
        window = load.drive(self.stage.address, requests, connections=connections, seconds=seconds)
        after = self.measured(*names)
        used = {name: after[name] - before[name] for name in names}
        return Cost(window.answers, window.seconds, used, window)

    def book(self, connections: int, seconds: float, expected_rate: float) -> Cost:
        """One window of presses; every answer must lead to a ticket and stand in the database."""
        wanted = int(expected_rate * seconds * 1.8) + connections
        families = filling.sign_in(self.next_families(wanted))
        cost = self.http(self.presses(families), connections, seconds)
        window = cost.window
        tickets = {where for where in window.locations if b"/appointments/A-" in where}
        if set(window.statuses) != {302} or len(tickets) != window.answers:
            raise RuntimeError(f"Not every press booked: {window.statuses}, {len(tickets)} tickets")
        self.used_by_http -= len(families) - window.answers  # the rest has not pressed
        self.booked += window.answers
        self.check_counts()
        return cost

    def hello(self) -> Cost:
        return self.http(self.hellos(), CONNECTIONS, self.plan.hello_seconds)

    def open_pgbench(self, *, first: int, calls: int) -> stage.Pgbench:
        """Each connection calls for the families from its `first` on, one after the other."""
        script = self.folder / "book.sql"
        script.write_text(SCRIPT)
        values = {
            "n": first - 1, "clients": CONNECTIONS, "base": self.base + self.plan.http_families + 1,
            "families": self.plan.pgbench_families,
            "first_slot": self.slots[0][0], "last_slot": self.slots[-1][0],
        }  # fmt: skip
        words = [f"-D{name}={value}" for name, value in values.items()]
        words += ["-M", "prepared", "-c", str(CONNECTIONS), "-j", "2", "-t", str(calls)]
        return stage.Pgbench(self.stage, script, *words)

    def make_history(self) -> None:
        """Some bookings of earlier days: connections plan once, and would plan for empty tables."""
        earlier = self.open_pgbench(first=0, calls=HISTORY)
        earlier.process.wait()
        earlier.end()
        self.booked = HISTORY * CONNECTIONS
        self.check_counts()

    def start_pgbench(self) -> None:
        """Lets every connection make its first calls, which are by far the dearest."""
        calls = self.plan.pgbench_families // CONNECTIONS - HISTORY
        self.reference = self.open_pgbench(first=HISTORY, calls=calls)
        time.sleep(self.pgbench_seconds)
        self.rest()
        self.check_counts()

    def share_out(self, http_rate: float, pgbench_rate: float) -> None:
        """Shorter windows on a machine so fast that the families would not last."""
        rounds, left = self.plan.rounds, self.plan.pgbench_families - self.booked
        fair = 0.8 * self.plan.http_families / (2 * rounds * http_rate)
        self.http_seconds = min(self.plan.http_seconds, fair)
        fair = 0.8 * left / ((2 * rounds + 1) * pgbench_rate) - 0.2
        self.pgbench_seconds = max(0.2, min(self.plan.pgbench_seconds, fair))

    def rest(self) -> None:
        """Stops pgbench and counts what it has booked, once nothing is under way any more."""
        self.reference.pause()
        before = -1
        while (now := numbered()) != before:
            before = now
            time.sleep(0.1)
        self.booked = now

    def pgbench(self) -> Cost:
        """A window of calls without HTTP, each for a family of its own."""
        before, calls = self.measured("postgres"), self.booked
        self.reference.go_on()
        time.sleep(0.1)
        began, first = time.perf_counter(), numbered()
        time.sleep(self.pgbench_seconds)
        last, seconds = numbered(), time.perf_counter() - began
        self.rest()
        used = self.measured("postgres")["postgres"] - before["postgres"]
        self.check_counts()
        calls = self.booked - calls
        rate = (last - first) / seconds
        return Cost(calls, calls / rate, {"postgres": used})

    # --- truth ----------------------------------------------------------------------------

    def check_counts(self) -> None:
        """Every booking has its rows; none has more."""
        found = [one(f"SELECT count(*) FROM {table}") for table in TABLES]
        if found != [self.booked] * len(TABLES):
            raise RuntimeError(f"{self.booked} bookings, but {found} rows in {TABLES}")

    def check_everything(self) -> None:
        """People, deliveries and the counters of the times agree with the appointments."""
        wrong = {
            "families with two": "SELECT count(*) FROM (SELECT registration_id"
            " FROM scheduling_appointment GROUP BY 1 HAVING count(*) > 1) x",
            "families not whole": "SELECT count(*) FROM scheduling_appointment a WHERE places <>"
            " (SELECT count(*) FROM scheduling_member m WHERE m.registration_id ="
            " a.registration_id) OR places <> (SELECT count(*) FROM scheduling_attendance t"
            " WHERE t.appointment_id = a.id)",
            "wrong counters": "SELECT count(*) FROM scheduling_slot s WHERE booked <>"
            " coalesce((SELECT sum(places) FROM scheduling_appointment a"
            " WHERE a.slot_id = s.id), 0)",
            "without delivery": "SELECT count(*) FROM notifications_message m WHERE NOT EXISTS"
            " (SELECT FROM notifications_delivery d WHERE d.message_id = m.id)",
            "without event": "SELECT count(*) FROM scheduling_appointment a WHERE NOT EXISTS"
            " (SELECT FROM audit_event e WHERE e.model = 'scheduling.appointment'"
            " AND e.row_id = a.id::text AND e.verb = 'booked')",
        }
        found = {name: one(query) for name, query in wrong.items()}
        if any(found.values()):
            raise RuntimeError(f"The database does not agree: {found}")


def one(query: str) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]


def numbered() -> int:
    """How many appointments have got a number; those refused on the way would count too."""
    return one("SELECT last_value FROM scheduling_appointment_id_seq WHERE is_called")


def say(words: str) -> None:
    print(f"  {words}", flush=True)


def prepare(bench: Bench) -> float:
    """Fills, settles, starts the web and warms up; returns the rate to expect."""
    began, plan = time.monotonic(), bench.plan
    bench.base = filling.families(plan.http_families + plan.pgbench_families)
    bench.slots = filling.slots(plan.places)
    bench.make_history()
    filling.settle(bench.stage.engines.superuser_database_url)
    bench.sync_ms = machine.sync_ms(bench.stage.home.path)
    say(
        f"{one('SELECT count(*) FROM scheduling_member'):,} people in "
        f"{plan.http_families + plan.pgbench_families:,} families and {len(bench.slots)} times "
        f"made in {time.monotonic() - began:.0f} s"
    )
    stage.start_web(bench.stage)
    bench.hello()
    bench.start_pgbench()
    bench.book(CONNECTIONS, 1.0, 400)
    rate = bench.book(MANY, 1.5, 1_500).rate
    bench.share_out(rate, bench.pgbench().rate)
    return rate


@dataclass
class Figures:
    pgbench: list[Cost] = field(default_factory=list)
    few: list[Cost] = field(default_factory=list)
    many: list[Cost] = field(default_factory=list)
    hello: list[Cost] = field(default_factory=list)
    ratios: list[float] = field(default_factory=list)
    ratios_many: list[float] = field(default_factory=list)


def alternate(bench: Bench, rate: float) -> Figures:
    """Each HTTP window is held against the pgbench windows just before and just after it."""
    plan, found = bench.plan, Figures()
    before = bench.pgbench()
    found.pgbench.append(before)
    for number in range(plan.rounds):
        order = [(CONNECTIONS, found.few), (MANY, found.many)]
        for connections, kept in order if number % 2 == 0 else reversed(order):
            cost = bench.book(connections, bench.http_seconds, rate)
            after = bench.pgbench()
            kept.append(cost)
            found.pgbench.append(after)
            if connections == CONNECTIONS:
                found.ratios.append(cost.rate / ((before.rate + after.rate) / 2))
            before = after
        found.ratios_many.append(found.many[-1].rate / found.few[-1].rate)
        found.hello.append(bench.hello())
        say(
            f"round {number + 1}: pgbench {after.rate:,.0f}/s, {CONNECTIONS} connections "
            f"{found.few[-1].rate:,.0f}/s, {MANY} connections {found.many[-1].rate:,.0f}/s, "
            f"ratio {found.ratios[-1]:.3f}"
        )
    return found


def spread(values: list[float], digits: int = 0) -> dict[str, float]:
    def cut(value):
        return round(value, digits) if digits else round(value)

    return {"median": cut(median(values)), "min": cut(min(values)), "max": cut(max(values))}


def middle(costs: list[Cost], *names: str) -> float:
    return round(median(cost.cpu_ms(*names) for cost in costs), 3)


def summary(bench: Bench, found: Figures) -> dict:
    web = bench.stage.web.command
    few, generator = found.few, [cost.window.cpu / cost.done for cost in found.few]
    return {
        "ratio_to_pgbench": round(median(found.ratios), 3),
        "cpu_ms_per_booking": middle(few),
        "cpu_ms_hello": middle(found.hello),
        "ratio_100_to_32": round(median(found.ratios_many), 3),
        "ratio_to_pgbench_range": [round(min(found.ratios), 3), round(max(found.ratios), 3)],
        "ratio_100_to_32_range": [
            round(min(found.ratios_many), 3),
            round(max(found.ratios_many), 3),
        ],
        "cpu_ms_web": middle(few, "web"),
        "cpu_ms_postgres": middle(few, "postgres"),
        "cpu_ms_valkey": middle(few, "valkey"),
        "cpu_ms_pgbench_call": middle(found.pgbench),
        "cpu_ms_per_booking_at_100": middle(found.many),
        "pgbench_per_second": spread([cost.rate for cost in found.pgbench]),
        "bookings_per_second": spread([cost.rate for cost in few]),
        "bookings_per_second_at_100": spread([cost.rate for cost in found.many]),
        "hello_per_second": spread([cost.rate for cost in found.hello]),
        "latency_ms": {
            "p50": round(median(cost.window.latency_ms(0.5) for cost in few), 1),
            "p95": round(median(cost.window.latency_ms(0.95) for cost in few), 1),
        },
        "checked_bookings": bench.booked,
        "settings": {
            "rounds": bench.plan.rounds,
            "http_window_s": round(bench.http_seconds, 1),
            "pgbench_window_s": round(bench.pgbench_seconds, 1),
            "pgbench_clients": CONNECTIONS,
            "pgbench_protocol": "prepared",
            "times": len(bench.slots),
            "families": bench.plan.http_families + bench.plan.pgbench_families,
            "web_workers": int(web[web.index("--workers") + 1]),
            "web_threads": int(web[web.index("--blocking-threads") + 1]),
            "sync_ms": bench.sync_ms,
            "load_generator": "bench/load.py",
            "load_generator_ms_a_request": round(median(generator) * 1000, 3),
        },
    }


def run(*, quick: bool) -> dict:
    plan = Plan.small() if quick else Plan()
    with stage.open_stage() as opened, tempfile.TemporaryDirectory() as folder:
        stage.use_django(opened)
        bench = Bench(opened, plan, Path(folder))
        try:
            found = alternate(bench, prepare(bench))
        finally:
            if bench.reference:
                bench.reference.end()
        bench.check_everything()
        say(f"{bench.booked:,} bookings checked in the database: rows, families, counters")
        return summary(bench, found)
