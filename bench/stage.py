"""A portal to measure: durable engines in a temporary home, and the web of `make run`."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cbpone import embedded
from cbpone.embedded import Engines
from cbpone.embedded.home import PROJECT, Home
from cbpone.launch.children import Child, children
from cbpone.launch.environment import compose
from cbpone.launch.steps import prepare
from cbpone.launch.supervisor import Supervisor

HOST = "127.0.0.1"
OURS = ("CBPONE_", "DATABASE_URL", "MIGRATION_DATABASE_URL", "REDIS_URL", "SITE_URL", "SECRET_KEY")


@dataclass
class Stage:
    home: Home
    engines: Engines
    environment: dict[str, str]
    port: int
    web: Child

    @property
    def address(self) -> tuple[str, int]:
        return HOST, self.port

    @property
    def host(self) -> str:
        return f"localhost:{self.port}"

    def pids(self) -> dict[str, int]:
        found = embedded.status(self.home.path)
        return {"web": self.web.process.pid, **{name: int(pid) for name, pid in found.items()}}


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind((HOST, 0))
        return trial.getsockname()[1]


@contextmanager
def open_stage() -> Iterator[Stage]:
    """Prepared as `make run` does it, without the demo; stopped and removed at the end.

    In .data of the project, not in /tmp, which may be memory and make every commit free.
    """
    (PROJECT / ".data").mkdir(exist_ok=True)
    home = Home.at(Path(tempfile.mkdtemp(prefix="bench-", dir=PROJECT / ".data")))
    stage = None
    try:
        stage = _build(home)
        yield stage
    finally:
        if stage:
            stage.web.stop(lambda: False)
        embedded.stop(home.path)
        shutil.rmtree(home.path, ignore_errors=True)


def _build(home: Home) -> Stage:
    for name in [name for name in os.environ if name.startswith(OURS)]:
        del os.environ[name]
    engines = embedded.ensure(home.path, durable=True)
    port = free_port()
    base = {**os.environ, "CBPONE_DEMO": "0", "FIELD_KEYS": secrets.token_urlsafe(50)}
    environment = compose(base, engines, home=home, port=port)
    prepare(environment, home)
    web = children(environment, home, host=HOST, port=port)["web"]
    return Stage(home, engines, environment, port, web)


def start_web(stage: Stage) -> None:
    stage.web.start(stage.environment)
    supervisor = Supervisor(stage.home, HOST, stage.port)
    supervisor.family = {"web": stage.web}
    deadline = time.monotonic() + 60
    while not supervisor.is_live():
        if time.monotonic() > deadline or not stage.web.is_up():
            raise RuntimeError(
                f"The web server does not start.\n{stage.web.log.read_text()[-3000:]}"
            )
        time.sleep(0.1)


def use_django(stage: Stage) -> None:
    """Lets this process work with the models and the session store of the stage."""
    import django

    os.environ.update(stage.environment, DJANGO_SETTINGS_MODULE="cbpone.settings")
    django.setup()


class Pgbench:
    """One pgbench that lives through the run and is stopped between windows.

    Its connections stay open and warm, as those of the web server do: the first call of the
    function on a connection costs about a hundred times a later one.
    """

    def __init__(self, stage: Stage, script: Path, *words: str) -> None:
        from cbpone.embedded.wheel import BIN

        command = [str(BIN / "pgbench"), "-n", "-f", str(script), *words]
        self.log = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed by end()
        self.process = subprocess.Popen(
            [*command, stage.engines.database_url], stdout=self.log, stderr=self.log
        )

    def go_on(self) -> None:
        self.check()
        self.process.send_signal(signal.SIGCONT)

    def pause(self) -> None:
        self.check()
        self.process.send_signal(signal.SIGSTOP)

    def check(self) -> None:
        """Raises RuntimeError when it has ended: a call failed, or there was nobody left."""
        if self.process.poll() is not None:
            self.log.seek(0)
            raise RuntimeError(f"pgbench ended.\n{self.log.read()[-2000:]}")

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        self.log.close()
