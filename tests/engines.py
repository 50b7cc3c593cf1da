"""Servers and environment of the tests. Loaded by `-p`, before Django reads its settings.

Runs side by side, and the workers of one run, share the servers. Each has a database and a store
of its own.
"""

import fcntl
import os
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import psutil
import psycopg
import pytest
from psycopg import sql

from cbpone import embedded
from cbpone.embedded.home import PROJECT

PREFIX = "test_cbpone_"
STORES = 16  # of a Valkey server; 0 is the portal's
GIVEN = dict(os.environ)


def use_own_home() -> Path:
    """A home beside the one of `make run`, so that tests never touch its data."""
    given = os.environ.get("CBPONE_HOME") or PROJECT / ".data"
    home = Path(given).resolve() / "test"
    os.environ |= {
        "CBPONE_HOME": str(home),
        "CBPONE_TESTING": "1",
        "DJANGO_ALLOW_ASYNC_UNSAFE": "1",  # Playwright keeps a loop running in the main thread
    }
    os.environ.pop("CBPONE_DEMO", None)
    return home


def start() -> embedded.Engines:
    """The servers the environment names, else embedded ones that stop with their last user."""
    engines = embedded.urls()
    if not os.environ.get("REDIS_URL") or "PYTEST_XDIST_WORKER" in os.environ:
        store = urlsplit(engines.redis_url)._replace(path=f"/{_claim_store()}")
        engines = replace(engines, redis_url=store.geturl())
    os.environ |= {"DATABASE_URL": engines.database_url, "REDIS_URL": engines.redis_url}
    embedded.urls.cache_clear()
    return engines


def _claim_store() -> int:
    """A store nobody else with this home uses, until this process ends however it ends."""
    (HOME / "run").mkdir(parents=True, exist_ok=True)
    for number in range(1, STORES):
        lock = (HOME / "run" / f"store-{number}.lock").open("a")
        with suppress(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            CLAIMED.append(lock)
            return number
    raise RuntimeError(f"All {STORES - 1} stores are taken: run fewer tests at once.")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Workers start from the environment as it was, as a run of their own would."""
    os.environ.clear()
    os.environ |= GIVEN


def at_database(url: str, name: str) -> str:
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def create_database() -> str:
    """An empty database of this run's own, and the name of it."""
    name = f"{PREFIX}{os.getpid()}"
    with psycopg.connect(ENGINES.migration_database_url, autocommit=True) as connection:
        for stale in _left_behind(connection) | {name}:
            _drop(connection, stale)
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return name


def drop_database(name: str) -> None:
    """Connections of threads that have ended may still be closing; only superusers cut them."""
    url = ENGINES.superuser_database_url or ENGINES.migration_database_url
    with psycopg.connect(url, autocommit=True) as connection:
        for _attempt in range(50):
            with suppress(psycopg.errors.InsufficientPrivilege):
                return _drop(connection, name)
            time.sleep(0.1)
    return None


def _drop(connection: psycopg.Connection, name: str) -> None:
    connection.execute(
        sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    )


def _left_behind(connection: psycopg.Connection) -> set[str]:
    """Databases of killed runs; only on a server of ours can a process id be asked about."""
    if not ENGINES.superuser_database_url:
        return set()
    found = set()
    query = "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
    for (name,) in connection.execute(query, [PREFIX]):
        with suppress(ValueError):
            if not psutil.pid_exists(int(name.removeprefix(PREFIX))):
                found.add(name)
    return found


HOME = use_own_home()
CLAIMED: list[IO[str]] = []  # open, hence locked
ENGINES = start()
