"""The folder an embedded server lives in: its locks, passwords and logs."""

import fcntl
import json
import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

Say = Callable[[str], object] | None
PROJECT = Path(__file__).resolve().parents[2]
LOG_BYTES = 10_000_000


class EngineError(RuntimeError):
    """An embedded server cannot be started or stopped; the text says why and what to do."""


@dataclass(frozen=True)
class Home:
    path: Path

    @classmethod
    def at(cls, path: Path | None = None) -> "Home":
        """The given folder, else CBPONE_HOME, else .data in the project; made when missing."""
        chosen = path or os.environ.get("CBPONE_HOME") or PROJECT / ".data"
        home = cls(Path(chosen).expanduser().resolve())
        try:
            for folder in (home.path, home.run, home.logs):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            home.run.joinpath("engines.lock").touch(mode=0o600)
        except PermissionError as error:
            raise EngineError(
                f"{error.filename} belongs to another user; set CBPONE_HOME to a folder of yours."
            ) from error
        return home

    @property
    def run(self) -> Path:
        return self.path / "run"

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def postgres(self) -> Path:
        return self.path / "postgres"

    @property
    def valkey(self) -> Path:
        return self.path / "valkey"

    @property
    def keep(self) -> Path:
        """Present while a person has asked for the servers to stay up."""
        return self.run / "keep"

    @contextmanager
    def lock(self) -> Iterator[None]:
        """One process at a time starts or stops servers; the kernel frees it on kill -9."""
        with (self.run / "engines.lock").open("a") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def passwords(self) -> dict[str, str]:
        """The passwords kept here, made on first use.

        Raises EngineError when the data is here and its passwords are gone.
        """
        kept = self.path / "passwords.json"
        if not kept.exists():
            if (self.postgres / "PG_VERSION").exists():
                raise EngineError(f"{kept} is missing; put it back, or remove {self.path}.")
            names = ("postgres", "cbpone_owner", "cbpone", "valkey")
            write_private(kept, json.dumps({name: secrets.token_hex(24) for name in names}))
        return dict(json.loads(kept.read_text()))

    def log(self, name: str) -> Path:
        return fresh_log(self.logs / f"{name}.log")


def write_private(path: Path, text: str) -> None:
    """Writes a file only its owner can read; a crash leaves the old one or the new one."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
    draft.replace(path)


def fresh_log(path: Path) -> Path:
    if path.exists() and path.stat().st_size > LOG_BYTES:
        path.replace(path.with_suffix(".old.log"))
    path.touch(mode=0o600)
    return path


def tail(path: Path, lines: int = 15) -> str:
    """The last lines of a log, or nothing when there is none."""
    with suppress(OSError):
        return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
    return ""


def processes_in(folder: Path, name: str) -> list[psutil.Process]:
    """Live processes of that name working in the folder: a pid file may name a stranger's pid.

    Zombies are left out. They have no working folder, yet kill(pid, 0) finds them, and
    in a container without an init they stay for ever.
    """
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if process.name().startswith(name):
                where = Path(process.cwd())
                # Equal and not the same: the folder was removed under a running server.
                if where == folder or where.samefile(folder):
                    found.append(process)
    return found


def end(processes: list[psutil.Process], *, patience: float) -> None:
    """Asks the processes to end, and kills what is still there after the given seconds."""
    for how, seconds in ((psutil.Process.terminate, patience), (psutil.Process.kill, 5)):
        for process in filter(_is_alive, processes):
            with suppress(psutil.Error):
                how(process)
        deadline = time.monotonic() + seconds
        while any(map(_is_alive, processes)) and time.monotonic() < deadline:
            time.sleep(0.02)


def _is_alive(process: psutil.Process) -> bool:
    with suppress(psutil.Error):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False
