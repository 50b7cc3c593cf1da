"""The way to the processes that decode pictures: one warm server for each process of ours.

It is started with the first picture, again when it has died, and ends with the process it works
for. What it runs is warm.py and child.py, which know no setting and no secret.
"""

import logging
import os
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

logger = logging.getLogger(__name__)

START_SECONDS = 20
LAST_WORDS_SECONDS = 5  # a killed process is gone in milliseconds
READY = b"ready\n"
PROGRAM = Path(__file__).resolve().with_name("warm.py")


@dataclass(frozen=True)
class Answer:
    """What a process wrote, whether its time ran out, and what it used."""

    said: bytes
    is_late: bool
    cpu_ms: float = 0
    peak_mb: float = 0


class Workshop:
    """One warm server and the socket on which it is told of pictures."""

    def __init__(self, model: str):
        self.control, there = socket.socketpair()
        with there:
            self.process = subprocess.Popen(
                [sys.executable, "-I", "-B", str(PROGRAM), *([model] if model else [])],
                stdin=there.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={},
                cwd="/",
                start_new_session=True,
            )
        self.control.settimeout(START_SECONDS)
        with suppress(OSError):
            if self.control.recv(len(READY)) == READY:
                return
        self.close()
        raise RuntimeError(f"The photo workshop did not start. See why: python -I -B {PROGRAM}")

    def is_open(self) -> bool:
        return self.process.poll() is None

    def close(self) -> None:
        self.control.close()
        self.process.kill()
        self.process.wait()

    def do(self, head: bytes, data: bytes, *, most: int, seconds: float) -> Answer:
        """Have one picture worked on. OSError when the server is gone."""
        job, its_job = socket.socketpair()
        leash, its_leash = socket.socketpair()
        with job, leash:
            with its_job, its_leash:
                socket.send_fds(self.control, [b"1"], [its_job.fileno(), its_leash.fileno()])
            said, is_late = _talk(job, head, data, most, time.monotonic() + seconds)
            return Answer(said, is_late, *_let_go(leash))


def _talk(job, head, data, most, until) -> tuple[bytes, bool]:
    """At most `most` bytes of the answer, and whether time ran out before its end."""
    said = bytearray()
    try:
        with suppress(BrokenPipeError, ConnectionResetError):
            for part in (head, data):
                job.settimeout(max(0.001, until - time.monotonic()))
                job.sendall(part)
            job.shutdown(socket.SHUT_WR)
        while len(said) < most:
            job.settimeout(max(0.001, until - time.monotonic()))
            part = job.recv(min(1 << 18, most - len(said)))
            if not part:
                break
            said += part
    except ConnectionResetError:  # it ended before it had read everything
        return bytes(said), False
    except TimeoutError:
        return bytes(said), True
    return bytes(said), False


def _let_go(leash) -> list[float]:
    """The server kills what still runs, waits for its end, and says what it used."""
    with suppress(OSError, ValueError):
        leash.settimeout(LAST_WORDS_SECONDS)
        leash.shutdown(socket.SHUT_WR)
        cpu_ms, peak_kb = leash.recv(100).split()
        return [float(cpu_ms), int(peak_kb) / 1024]
    return []


_open: dict[tuple[int, str], Workshop] = {}
_lock = threading.Lock()


def ask(head: bytes, data: bytes, *, model: str, most: int, seconds: float) -> Answer:
    """The answer about one picture, by the server of this process; a dead one is replaced once.

    RuntimeError means the installation is broken.
    """
    for _try in range(2):
        shop = _at_work(model)
        answer = Answer(b"", False)
        with suppress(OSError):
            answer = shop.do(head, data, most=most, seconds=seconds)
        if answer.said.startswith(READY):
            return answer
        _shut(shop)
        if answer.is_late:
            return answer
    raise RuntimeError(f"The photo workshop starts no process. See why: python -I -B {PROGRAM}")


def _at_work(model: str) -> Workshop:
    with _lock:
        key = (os.getpid(), model)
        shop = _open.get(key)
        if shop is None or not shop.is_open():
            if shop:
                shop.close()
            shop = _open[key] = _started(model)
        return shop


def _started(model: str) -> Workshop:
    """A detector that cannot even be loaded must not keep people from sending photos."""
    try:
        return Workshop(model)
    except RuntimeError:
        if not model:
            raise
        logger.exception("photos are not checked by machine")
        return Workshop("")


def _shut(shop: Workshop) -> None:
    with _lock:
        for key in [key for key, one in _open.items() if one is shop]:
            del _open[key]
        shop.close()


def _forget() -> None:
    """In a forked process: the servers belong to the process that started them."""
    global _lock
    _lock = threading.Lock()
    for shop in _open.values():
        shop.control.close()
    _open.clear()


os.register_at_fork(after_in_child=_forget)
