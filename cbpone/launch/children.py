"""Web, worker and beat: started, watched, started again, stopped in order."""

import re
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from cbpone.embedded.home import PROJECT, Home
from cbpone.launch.environment import read_number
from cbpone.launch.fate import kill_group, share_fate

LONGEST_PAUSE = 30
STEADY_SECONDS = 60
WORTH_SHOWING = re.compile(r"\b(ERROR|CRITICAL)\b|^\w*(Error|Exception)\b|^Traceback")
LINES_AT_ONCE = 5


@dataclass
class Child:
    """One program: its log, its process, and how often it has died lately."""

    name: str
    command: list[str]
    log: Path
    patience: float  # seconds to end by itself
    extra: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen | None = None
    began: float = 0
    deaths: int = 0
    due: float = 0
    read_to: int = field(default=0)

    def start(self, environment: Mapping[str, str]) -> None:
        """Its own group, so that Ctrl-C reaches the launcher alone, which stops in order."""
        with self.log.open("ab") as output:
            if not self.deaths:
                self.read_to = output.tell()
            self.process = subprocess.Popen(
                self.command,
                cwd=PROJECT,
                env={**environment, **self.extra},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=share_fate,  # noqa: PLW1509 - the launcher has one thread
            )
        self.began = time.monotonic()

    def is_up(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def watch(self, environment: Mapping[str, str]) -> str:
        """Starts it again when it has died, later each time; returns what to tell, or nothing."""
        now = time.monotonic()
        if self.is_up():
            return ""
        if self.process:
            code, self.process = self._bury(), None
            self.deaths = 1 if now - self.began > STEADY_SECONDS else self.deaths + 1
            pause = min(2 ** (self.deaths - 1), LONGEST_PAUSE)
            self.due = now + pause
            return f"{self.name} ended ({code}); starting it again in {pause} s. Log: {self.log}"
        if now >= self.due:
            self.start(environment)
        return ""

    def _bury(self) -> str:
        assert self.process  # noqa: S101
        kill_group(self.process.pid)
        code = self.process.wait()
        return f"signal {-code}" if code < 0 else f"code {code}"

    def stop(self, is_hurried: Callable[[], bool]) -> None:
        """Asks it to end and kills it, with all it forked, when it does not."""
        if not self.process:
            return
        with suppress(ProcessLookupError):
            self.process.terminate()
        deadline = time.monotonic() + self.patience
        while self.is_up() and time.monotonic() < deadline and not is_hurried():
            time.sleep(0.05)
        self._bury()
        self.process = None

    def news(self) -> list[str]:
        """The new lines of its log that tell of an error, a few at a time."""
        with self.log.open("rb") as log:
            log.seek(self.read_to)
            lines = log.read(1_000_000).decode(errors="replace").splitlines()
            self.read_to = log.tell()
        found = [line[:200] for line in lines if WORTH_SHOWING.search(line)]
        return [f"{self.name} | {line}" for line in found[:LINES_AT_ONCE]]


def children(
    environment: Mapping[str, str], home: Home, *, host: str, port: int
) -> dict[str, Child]:
    """In the order they are stopped."""
    workers = read_number(environment, "WEB_WORKERS", 2)
    threads = read_number(environment, "WEB_THREADS", 16)
    python = [sys.executable, "-m"]
    web = ["granian", "--interface", "wsgi", "--no-ws", "--host", host, "--port", str(port)]
    web += ["--workers", str(workers), "--blocking-threads", str(threads)]
    web += ["--respawn-failed-workers", "--workers-kill-timeout", "8", "cbpone.wsgi:application"]
    celery = ["celery", "-A", "cbpone"]
    beat = [*celery, "beat", "--loglevel", "INFO", "--schedule", str(home.run / "beat")]
    worker = [*celery, "worker", "--loglevel", "INFO", "--concurrency", "2"]
    return {
        # The web server ends idle threads; their connections would stay open without a pool.
        "web": Child(
            "web", python + web, home.log("web"), patience=10, extra={"DATABASE_POOL": str(threads)}
        ),
        "beat": Child("beat", python + beat, home.log("beat"), patience=5),
        "worker": Child("worker", python + worker, home.log("worker"), patience=20),
    }
