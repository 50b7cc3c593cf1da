"""Real PostgreSQL and Valkey from wheels, for when no DATABASE_URL or REDIS_URL is given.

Servers live in one folder (CBPONE_HOME) and are shared by every process that names it; the last
process to leave stops them. Plain Python: the settings import this.
"""

import atexit
import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import IO

from cbpone.embedded.home import EngineError, Home, Say

__all__ = ["EngineError", "Engines", "ensure", "status", "stop", "urls", "using"]
BOTH = frozenset({"postgres", "valkey"})


@dataclass(frozen=True)
class Engines:
    database_url: str = ""  # the application: neither superuser nor owner
    migration_database_url: str = ""  # owns the tables
    superuser_database_url: str = ""
    redis_url: str = ""


def ensure(
    home: Path | None = None,
    *,
    say: Say = None,
    durable: bool = True,
    only: frozenset[str] = BOTH,
) -> Engines:
    """Starts what does not run, reuses what does, and leaves it running.

    Safe from several processes at once and after any crash. `durable=False` is for tests: a power
    cut may lose data. Raises EngineError with a sentence for people.
    """
    place = Home.at(home)
    with place.lock():
        return _bring_up(place, say, durable, only)


@contextmanager
def using(
    home: Path | None = None,
    *,
    say: Say = None,
    durable: bool = True,
    only: frozenset[str] = BOTH,
) -> Iterator[Engines]:
    """Like ensure(), and stops the servers at the end when nobody else is using them."""
    place = Home.at(home)
    with (place.run / "users.lock").open("a") as user:
        try:
            with place.lock():
                fcntl.flock(user, fcntl.LOCK_SH)
                engines = _bring_up(place, say, durable, only)
            yield engines
        finally:
            _leave(place, user)


def stop(home: Path | None = None) -> list[str]:
    """Stops both, whoever uses them; returns the names of those that were up."""
    place = Home.at(home)
    with place.lock():
        place.keep.unlink(missing_ok=True)
        return _take_down(place)


def status(home: Path | None = None) -> dict[str, int | None]:
    """The process id of each server, None for one that is down."""
    from cbpone.embedded import postgres, valkey

    place = Home.at(home)
    return {"postgres": postgres.pid(place), "valkey": valkey.pid(place)}


@cache
def urls() -> Engines:
    """The servers this process works with: the environment's, and embedded ones for the rest.

    What it starts is stopped at exit unless another process uses it. CBPONE_TESTING=1 trades
    durability for speed.
    """
    named = given(os.environ)
    missing = missing_from(named)
    if not missing:
        return named
    stack = ExitStack()
    durable = os.environ.get("CBPONE_TESTING", "").lower() not in {"1", "true", "yes", "on"}
    started = stack.enter_context(using(durable=durable, only=missing))
    atexit.register(_close, stack, os.getpid())
    return merge(named, started)


def given(environment: Mapping[str, str]) -> Engines:
    """The servers that the environment names."""
    database = environment.get("DATABASE_URL", "")
    owner = environment.get("MIGRATION_DATABASE_URL") or database
    return Engines(database, owner if database else "", "", environment.get("REDIS_URL", ""))


def missing_from(named: Engines) -> frozenset[str]:
    """Which servers have to be started."""
    absent = {"postgres": not named.database_url, "valkey": not named.redis_url}
    return frozenset(name for name, is_absent in absent.items() if is_absent)


def merge(named: Engines, started: Engines) -> Engines:
    """The named addresses, completed by the started ones."""
    database = named if named.database_url else started
    return replace(database, redis_url=named.redis_url or started.redis_url)


def _close(stack: ExitStack, owner: int) -> None:
    # A fork inherits the exit handler; only the process that started the servers may leave.
    if os.getpid() == owner:
        stack.close()


def _bring_up(place: Home, say: Say, durable: bool, only: frozenset[str]) -> Engines:
    from cbpone.embedded import postgres, valkey

    engines, password = Engines(), place.passwords()
    if "postgres" in only:
        address = postgres.start(place, durable=durable, say=say)
        engines = Engines(
            postgres.url_for(address, "cbpone", password["cbpone"], "cbpone"),
            postgres.url_for(address, "cbpone_owner", password["cbpone_owner"], "cbpone"),
            postgres.url_for(address, "postgres", password["postgres"], "cbpone"),
        )
    if "valkey" in only:
        engines = replace(engines, redis_url=valkey.start(place, durable=durable, say=say))
    return engines


def _take_down(place: Home) -> list[str]:
    from cbpone.embedded import postgres, valkey

    stops = {"Valkey": valkey.stop, "PostgreSQL": postgres.stop}
    return [name for name, stop_one in stops.items() if stop_one(place)]


def _leave(place: Home, user: IO[str]) -> None:
    """Stops the servers unless somebody else holds the users' lock or asked to keep them."""
    with place.lock():
        try:
            fcntl.flock(user, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        if not place.keep.exists():
            _take_down(place)
