"""What it costs that anybody can recompute the daily selection.

The selection as the portal runs it alternates with plain SQL that chooses as many, which nobody
could check. Each works on the same rows and is undone. See README.md.
"""

import json
import subprocess
import sys
import time
from dataclasses import dataclass, field
from statistics import median

from bench import machine, pools, stage
from cbpone import embedded

SIDES = ("plain", "published")
SCRIPT = stage.PROJECT / "static" / "verify_selection.py"


@dataclass(frozen=True)
class Plan:
    """Sizes of the pool, how many are chosen of each, and how often each side chooses."""

    sizes: tuple[tuple[int, int, int], ...] = (
        (20_000, 300, 9),
        (200_000, 3_000, 7),
        (2_000_000, 30_000, 5),
    )

    @classmethod
    def small(cls) -> "Plan":
        return cls(((10_000, 100, 3), (20_000, 300, 3)))


class Side:
    """One of the two, in a process of its own that keeps its connection."""

    def __init__(self, name: str, environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench.selecting", name], cwd=stage.PROJECT, text=True,
            env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        self.idle_mb = self.read()["now_mb"]
        self.peak_mb = self.idle_mb

    def read(self) -> dict:
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"bench.selecting ended with {self.process.wait()}")
        return json.loads(line)

    def choose(self, wanted: int, how: str = "undo") -> float:
        """Seconds for one selection of exactly so many; see bench.selecting for `how`."""
        self.process.stdin.write(f"{wanted} {how}\n")
        self.process.stdin.flush()
        found = self.read()
        self.peak_mb = found["peak_mb"]
        if found["chosen"] != wanted:
            raise RuntimeError(f"{found['chosen']:,} were chosen instead of {wanted:,}")
        return found["seconds"]

    def end(self) -> None:
        self.process.stdin.close()
        self.process.wait(timeout=30)


def of_both() -> dict[str, list[float]]:
    return {name: [] for name in SIDES}


@dataclass
class Figures:
    """Of each round at one size, by side: seconds, processor seconds, seconds without moving."""

    wanted: int
    seconds: dict[str, list[float]] = field(default_factory=of_both)
    processor: dict[str, list[float]] = field(default_factory=of_both)
    choosing: dict[str, list[float]] = field(default_factory=of_both)


def ratios(figures: dict[str, list[float]]) -> list[float]:
    pairs = zip(figures["published"], figures["plain"], strict=True)
    return [ours / theirs for ours, theirs in pairs]


def clean(url: str) -> None:
    """Takes away what the undone rounds left behind, as autovacuum does in the night."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        for table in (
            "parole_supportrequest", "audit_event", "notifications_message",
            "notifications_delivery",
        ):  # fmt: skip
            connection.execute(f"VACUUM {table}")
        connection.execute("CHECKPOINT")


@dataclass
class Bench:
    opened: stage.Stage
    sides: dict[str, Side]

    @property
    def url(self) -> str:
        return self.opened.engines.superuser_database_url

    def processor(self, name: str) -> float:
        """Processor seconds so far of this side and of the whole database server."""
        server = int(embedded.status(self.opened.home.path)["postgres"])
        return machine.cpu_seconds([self.sides[name].process.pid, server])


def alternate(bench: Bench, wanted: int, rounds: int) -> Figures:
    """A first round that does not count: connections load what they need, caches fill."""
    found = Figures(wanted)
    for number in range(rounds + 1):
        for name in SIDES if number % 2 else reversed(SIDES):
            clean(bench.url)
            choosing = bench.sides[name].choose(wanted, "only")
            before = bench.processor(name)
            took = bench.sides[name].choose(wanted)
            if number:
                found.processor[name].append(bench.processor(name) - before)
                found.seconds[name].append(took)
                found.choosing[name].append(choosing)
    return found


def check_published(wanted: int) -> float:
    """Checks what stayed as anybody would: files and script. Returns seconds of the script."""
    from parole.models import Selection, SupportRequest
    from parole.recomputing import recompute

    made = Selection.objects.latest("day")
    if differs := recompute(made).differs:
        raise RuntimeError(f"The selection does not agree: {differs}")
    if SupportRequest.objects.filter(selection=made, status="selected").count() != wanted:
        raise RuntimeError("Not every chosen request was moved")
    began = time.perf_counter()
    words = [sys.executable, str(SCRIPT), made.pool.path, made.result.path]
    answer = subprocess.run(words, capture_output=True, text=True)
    if answer.returncode or "YES" not in answer.stdout:
        raise RuntimeError(f"The script says: {answer.stdout} {answer.stderr}")
    return time.perf_counter() - began


def say(words: str) -> None:
    print(f"  {words}", flush=True)


def measure(opened: stage.Stage, plan: Plan) -> dict:
    _largest, most, _rounds = plan.sizes[-1]
    pools.open_day(places=most)
    bench = Bench(opened, {name: Side(name, opened.environment) for name in SIDES})
    pool, found = pools.Pool(bench.url), {}
    try:
        for size, wanted, rounds in plan.sizes:
            began = time.monotonic()
            pool.grow(size)
            say(f"{size:,} waiting requests made in {time.monotonic() - began:.0f} s")
            found[size] = one = alternate(bench, wanted, rounds)
            say(
                f"{wanted:,} of {size:,}: {median(one.seconds['published']):.2f} s, plain SQL "
                f"{median(one.seconds['plain']):.2f} s, {median(ratios(one.seconds)):.2f} times"
            )
        clean(bench.url)
        kept = bench.sides["published"].choose(most, "keep")
    finally:
        for side in bench.sides.values():
            side.end()
    checking = check_published(most)
    say(f"kept and committed in {kept:.2f} s; files and script agree ({checking:.1f} s)")
    return summary(found, bench, {"kept": kept, "script": checking})


def middle(figures: list[float]) -> float:
    return round(median(figures), 3)


def summary(found: dict[int, Figures], bench: Bench, seconds: dict[str, float]) -> dict:
    last, ours, theirs = list(found.values())[-1], "published", "plain"
    return {
        "ratio_to_plain_sql": middle(ratios(last.seconds)),
        "peak_mb": round(bench.sides[ours].peak_mb, 1),
        "ratio_range": [round(end(ratios(last.seconds)), 3) for end in (min, max)],
        "ratio_by_size": {size: middle(ratios(one.seconds)) for size, one in found.items()},
        "ratio_processor": {size: middle(ratios(one.processor)) for size, one in found.items()},
        "ratio_choosing": {size: middle(ratios(one.choosing)) for size, one in found.items()},
        "seconds": {size: middle(one.seconds[ours]) for size, one in found.items()},
        "seconds_plain_sql": {size: middle(one.seconds[theirs]) for size, one in found.items()},
        "processor_seconds": middle(last.processor[ours]),
        "processor_seconds_plain_sql": middle(last.processor[theirs]),
        "seconds_choosing": middle(last.choosing[ours]),
        "seconds_choosing_plain_sql": middle(last.choosing[theirs]),
        "seconds_kept": round(seconds["kept"], 3),
        "seconds_script": round(seconds["script"], 3),
        "idle_mb": round(bench.sides[ours].idle_mb, 1),
        "peak_mb_plain_sql": round(bench.sides[theirs].peak_mb, 1),
        "chosen": {size: one.wanted for size, one in found.items()},
        "settings": {
            "rounds": {size: len(one.seconds[ours]) for size, one in found.items()},
            "sync_ms": machine.sync_ms(bench.opened.home.path),
        },
    }


def run(*, quick: bool) -> dict:
    with stage.open_stage() as opened:
        stage.use_django(opened)
        return measure(opened, Plan.small() if quick else Plan())
