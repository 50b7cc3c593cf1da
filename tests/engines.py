"""Servers and environment of the tests. Loaded by `-p`, before Django reads its settings."""

import os
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import psycopg
from psycopg import sql

from cbpone import embedded
from cbpone.embedded.home import PROJECT

PREFIX = "test_cbpone_"


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
    # Runs side by side share a server: each takes one of its fifteen spare stores.
    if not os.environ.get("REDIS_URL"):
        store = urlsplit(engines.redis_url)._replace(path=f"/{1 + os.getpid() % 15}")
        engines = replace(engines, redis_url=store.geturl())
    os.environ |= {"DATABASE_URL": engines.database_url, "REDIS_URL": engines.redis_url}
    embedded.urls.cache_clear()
    return engines


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
ENGINES = start()
