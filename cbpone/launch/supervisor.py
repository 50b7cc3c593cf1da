"""The running whole: engines, environment and children."""

import http.client
import os
import subprocess
import sys
import time
from contextlib import suppress

from cbpone import embedded
from cbpone.embedded import Engines
from cbpone.embedded.home import PROJECT, Home, tail
from cbpone.launch.children import Child, children
from cbpone.launch.environment import LaunchError, compose, is_demo
from cbpone.launch.fate import share_fate

READY_SECONDS = 120
ENGINE_CHECK_SECONDS = 3
DEATHS_BEFORE_READY = 3


def say(words: str) -> None:
    print(f"  {words}", flush=True)


class Hurry:
    """Whether a second Ctrl-C came while stopping."""

    is_asked = False

    @classmethod
    def ask(cls, *_: object) -> None:
        cls.is_asked = True


class Supervisor:
    """The running whole: engines, environment and children."""

    def __init__(self, home: Home, host: str, port: int) -> None:
        self.home, self.host, self.port = home, host, port
        self.named = embedded.given(os.environ)
        self.missing = embedded.missing_from(self.named)
        self.environment: dict[str, str] = {}
        self.family: dict[str, Child] = {}
        self.engines_due = 0.0

    def take(self, started: Engines) -> None:
        engines = embedded.merge(self.named, started)
        self.environment = compose(os.environ, engines, home=self.home, port=self.port)

    def start(self) -> None:
        self.family = children(self.environment, self.home, host=self.host, port=self.port)
        for child in reversed(self.family.values()):
            child.start(self.environment)

    def stop(self) -> None:
        for child in self.family.values():
            child.stop(lambda: Hurry.is_asked)

    def watch(self) -> None:
        """One look at everything: who died, what the logs tell."""
        self.watch_engines()
        for child in self.family.values():
            for line in [*child.news(), child.watch(self.environment)]:
                if line:
                    say(line)

    def watch_engines(self) -> None:
        """Starts an embedded server again when it was killed; children reconnect by themselves."""
        if not self.missing or time.monotonic() < self.engines_due:
            return
        self.engines_due = time.monotonic() + ENGINE_CHECK_SECONDS
        found = embedded.status(self.home.path)
        dead = [name for name in self.missing if not found[name]]
        if not dead:
            return
        say(f"Ended: {' and '.join(sorted(dead))}; starting again")
        before = self.environment
        try:
            self.take(embedded.ensure(self.home.path, say=say, only=self.missing))
        except embedded.EngineError as error:
            say(str(error))
        if self.environment != before:
            self.stop()
            self.start()

    def wait_until_ready(self) -> None:
        """Raises LaunchError with the end of the log when the web server does not come up."""
        deadline, web = time.monotonic() + READY_SECONDS, self.family["web"]
        while not self.is_live():
            self.watch()
            if web.deaths >= DEATHS_BEFORE_READY or time.monotonic() > deadline:
                raise LaunchError(f"The web server does not start.\n{tail(web.log)}")
            time.sleep(0.1)

    def is_live(self) -> bool:
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104
        connection = http.client.HTTPConnection(host, self.port, timeout=10)
        with suppress(OSError, http.client.HTTPException):
            connection.request("GET", "/health/live", headers={"Host": f"localhost:{self.port}"})
            return connection.getresponse().status == 200 and self.family["web"].is_up()
        return False

    def sign_ins(self) -> str:
        """What `manage.py demo --sign-ins` prints."""
        if not is_demo(self.environment):
            return ""
        return subprocess.run(
            [sys.executable, "manage.py", "demo", "--sign-ins"],
            cwd=PROJECT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            start_new_session=True,
            preexec_fn=share_fate,  # noqa: PLW1509 - the launcher has one thread
        ).stdout

    def greet(self, sign_ins: str) -> None:
        site = self.environment["SITE_URL"].rstrip("/")
        print(f"\nThe portal is running: {site}\n", flush=True)
        if is_demo(self.environment):
            print(f"{sign_ins.rstrip()}\n\nDemo mail is read at {site}/demo/mail/", flush=True)
        print(f"Logs: {self.home.logs}\nCtrl-C stops everything.\n", flush=True)
