"""python -m cbpone.launch, which `make run` calls."""

import fcntl
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from cbpone import embedded
from cbpone.embedded import Engines
from cbpone.embedded.home import Home, tail
from cbpone.launch.environment import LaunchError, check_port_free, read_host, read_port
from cbpone.launch.fate import share_fate
from cbpone.launch.steps import prepare
from cbpone.launch.supervisor import Hurry, Supervisor, say


class Stop(BaseException):
    """Ctrl-C, or a request to end."""


def on_signal(handler) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup
            signal.signal(number, handler)


def ask_to_stop(*_: object) -> None:
    on_signal(Hurry.ask)
    raise Stop


def wait_for_port(host: str, port: int, *, patience: float) -> None:
    """Raises LaunchError when the port is still taken after the given seconds."""
    deadline = time.monotonic() + patience
    while True:
        try:
            return check_port_free(host, port)
        except LaunchError:
            if time.monotonic() >= deadline:
                raise
            time.sleep(0.2)


@contextmanager
def only_one(home: Home) -> Iterator[bool]:
    """Two launchers in one home would run every job twice. Raises LaunchError for the second.

    Yields whether the last one was killed: then its web server may need a moment to leave.
    """
    note = home.run / "launch.pid"
    with (home.run / "launch.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LaunchError(
                f"The portal already runs from {home.path} (process {tail(note)}). Stop it first, "
                "or give this one a folder of its own with CBPONE_HOME."
            ) from error
        was_killed = note.exists()
        note.write_text(str(os.getpid()))
        try:
            yield was_killed
        finally:
            note.unlink()


def run(home: Home, host: str, port: int) -> None:
    """Until Stop is raised; whatever was started is stopped on the way out."""
    supervisor = Supervisor(home, host, port)
    with ExitStack() as stack:
        started = Engines()
        if supervisor.missing:
            engines = embedded.using(home.path, say=say, only=supervisor.missing)
            started = stack.enter_context(engines)
        supervisor.take(started)
        prepare(supervisor.environment, home)
        stack.callback(supervisor.stop)
        say("Starting web, worker and beat")
        supervisor.start()
        sign_ins = supervisor.sign_ins()
        supervisor.wait_until_ready()
        supervisor.greet(sign_ins)
        while True:
            supervisor.watch()
            time.sleep(0.5)


def main() -> int:
    if "MAKELEVEL" in os.environ:
        share_fate()  # a kill -9 of make must not leave us behind
    on_signal(ask_to_stop)
    try:
        host, port = read_host(os.environ), read_port(os.environ)
        home = Home.at()
        with only_one(home) as was_killed:
            wait_for_port(host, port, patience=8 if was_killed else 0)
            print("CBP One Portal", flush=True)
            run(home, host, port)
    except (LaunchError, embedded.EngineError) as error:
        print(f"\n{error}", file=sys.stderr, flush=True)
        return 1
    except Stop:
        print("\nStopped. Everything is kept; goodbye.", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
