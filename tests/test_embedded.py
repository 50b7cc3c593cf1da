"""Real servers, real kill -9. Each test that breaks something has a home of its own."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import psycopg
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from cbpone import embedded
from cbpone.embedded import Engines
from cbpone.embedded.home import EngineError, processes_in

PROJECT = Path(__file__).parents[1]
slow = pytest.mark.slow


@pytest.fixture(scope="module")
def started():
    """One pair of servers for the tests that only look."""
    folder = Path(tempfile.mkdtemp(prefix="cbpone-")) / "data"
    yield start(folder)
    embedded.stop(folder)
    shutil.rmtree(folder.parent)


@pytest.fixture
def home():
    # Not tmp_path: as root, PostgreSQL's account must be able to reach it, and pytest closes it.
    folder = Path(tempfile.mkdtemp(prefix="cbpone-"))
    yield folder / "data"
    embedded.stop(folder / "data")
    shutil.rmtree(folder)


def start(home: Path) -> Engines:
    return embedded.ensure(home, durable=False)


def query(url: str, words: str):
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(words)
        return cursor.fetchall() if cursor.description else []


def store(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_timeout=5, decode_responses=True)


def kill(pid: int | None) -> None:
    assert pid
    process = psutil.Process(pid)
    process.kill()
    psutil.wait_procs([process], timeout=10)


def alive(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def run_elsewhere(code: str, home: Path, **words) -> subprocess.Popen:
    """Another process that shares this home; it prints what the code prints."""
    environment = {k: v for k, v in os.environ.items() if not k.endswith(("_URL", "_HOME"))}
    environment |= {"CBPONE_HOME": str(home), "CBPONE_TESTING": "1"}
    return subprocess.Popen(
        [sys.executable, "-c", "from cbpone import embedded\n" + code],
        cwd=PROJECT,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        **words,
    )


HOLD = "print(embedded.urls().redis_url, flush=True); input()"


@slow
def test_start_gives_the_application_a_role_that_owns_nothing(started):
    powers = "SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = '{}'"
    owner = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'cbpone'"
    assert query(started.database_url, powers.format("cbpone")) == [(False, False, False)]
    assert query(started.database_url, powers.format("cbpone_owner")) == [(False, True, False)]
    assert query(started.database_url, owner) == [("cbpone_owner",)]
    query(started.migration_database_url, "CREATE TABLE thing (name text UNIQUE)")
    query(started.database_url, "INSERT INTO thing VALUES ('one')")
    for refused in ("CREATE TABLE mine ()", "DROP TABLE thing", "TRUNCATE thing"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            query(started.database_url, refused)


@slow
def test_owner_makes_test_databases_with_the_same_rights(started):
    query(started.migration_database_url, "CREATE DATABASE test_cbpone")
    test_url = started.migration_database_url.replace("/cbpone?", "/test_cbpone?")
    query(test_url, "CREATE TABLE thing (name text)")
    query(started.database_url.replace("/cbpone?", "/test_cbpone?"), "SELECT * FROM thing")
    found = query(test_url, "SELECT extname FROM pg_extension ORDER BY extname")

    assert {name for (name,) in found} >= {"btree_gist", "pg_trgm", "unaccent"}
    assert query(test_url, "SELECT cardinality(show_trgm('Ñ')) > 0") == [(True,)]


@slow
def test_servers_ask_for_passwords_and_keep_them_private(started):
    with pytest.raises(psycopg.OperationalError, match="password"):
        query(started.database_url.replace("cbpone:", "postgres:"), "SELECT 1")
    port = urlsplit(started.redis_url).port
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(port=port, retry=Retry(NoBackoff(), 0)).ping()


@slow
def test_second_process_reuses_what_runs_and_the_last_one_stops_it(home):
    first = run_elsewhere(HOLD, home, stdin=subprocess.PIPE)
    url = first.stdout.readline().strip()

    second = run_elsewhere("print(embedded.urls().redis_url)", home)
    assert second.communicate(timeout=30)[0].strip() == url
    assert all(embedded.status(home).values())
    first.communicate("done\n", timeout=30)
    assert embedded.status(home) == {"postgres": None, "valkey": None}


@slow
def test_two_processes_that_start_at_once_agree(home):
    both = [run_elsewhere(HOLD, home, stdin=subprocess.PIPE) for _ in range(2)]

    assert len({process.stdout.readline() for process in both}) == 1
    for process in both:
        process.communicate("done\n", timeout=30)
    assert embedded.status(home) == {"postgres": None, "valkey": None}


@slow
def test_kill_of_the_starter_leaves_servers_that_the_next_start_reuses(home):
    starter = run_elsewhere(HOLD, home, stdin=subprocess.PIPE)
    url = starter.stdout.readline().strip()
    running = embedded.status(home)

    starter.send_signal(signal.SIGKILL)
    starter.communicate()

    assert start(home).redis_url == url
    assert embedded.status(home) == running


@slow
def test_kill_of_both_servers_keeps_the_data_and_the_addresses(home):
    engines = embedded.ensure(home)
    for kept in ("passwords.json", "valkey/valkey.conf"):
        assert (home / kept).stat().st_mode & 0o777 == 0o600
    query(engines.migration_database_url, "CREATE TABLE kept AS SELECT 7 AS number")
    with store(engines.redis_url) as client:
        client.set("kept", "7")
        client.execute_command("WAITAOF", 1, 0, 5000)
    for pid in embedded.status(home).values():
        kill(pid)

    again = embedded.ensure(home)

    assert again == engines
    assert query(again.database_url, "SELECT number FROM kept") == [(7,)]
    with store(again.redis_url) as client:
        assert client.get("kept") == "7"


@slow
def test_stale_pid_files_that_name_a_stranger_do_not_block(home):
    start(home)
    for pid in embedded.status(home).values():
        kill(pid)
    for lock in (home / "postgres" / "postmaster.pid", home / "postgres" / ".s.PGSQL.5432.lock"):
        lines = lock.read_text().splitlines()
        lock.write_text("\n".join([str(os.getppid()), *lines[1:]]) + "\n")

    assert query(start(home).database_url, "SELECT 1") == [(1,)]


@slow
def test_a_home_removed_under_running_servers_starts_anew(home):
    start(home)
    before = embedded.status(home)
    shutil.rmtree(home)

    assert query(start(home).database_url, "SELECT 1") == [(1,)]
    assert not any(map(alive, before.values()))


@slow
def test_a_damaged_valkey_file_is_set_aside(home):
    embedded.ensure(home)
    embedded.stop(home)
    manifest = next((home / "valkey" / "appendonlydir").glob("*.manifest"))
    manifest.write_text("not a manifest\n")

    with store(embedded.ensure(home).redis_url) as client:
        assert client.ping()
    assert list((home / "valkey").glob("damaged-*"))


@slow
def test_two_homes_with_spaces_and_long_paths_do_not_clash(home):
    long = home / "a folder with a long name" / ("x" * 120)
    first, second = start(home / "one"), start(long)

    try:
        assert first.redis_url != second.redis_url
        query(first.migration_database_url, "CREATE TABLE mine ()")
        assert query(second.database_url, "SELECT to_regclass('mine')") == [(None,)]
        assert len(processes_in(long / "valkey", "valkey")) == 1
    finally:
        embedded.stop(long)
        embedded.stop(home / "one")


@slow
def test_only_the_missing_server_is_started(home):
    engines = embedded.ensure(home, only=frozenset({"valkey"}))

    assert embedded.status(home)["postgres"] is None
    assert engines == Engines(redis_url=engines.redis_url)


def test_given_urls_start_nothing(monkeypatch, home):
    monkeypatch.setenv("DATABASE_URL", "postgresql://a@db/a")
    monkeypatch.setenv("REDIS_URL", "redis://broker")
    monkeypatch.delenv("MIGRATION_DATABASE_URL", raising=False)

    engines = embedded.urls.__wrapped__()

    expected = "postgresql://a@db/a"
    assert engines == Engines(expected, expected, "", "redis://broker")


def test_merge_completes_what_the_environment_names():
    started = Engines("app", "owner", "super", "started")

    assert embedded.merge(Engines(redis_url="mine"), started) == Engines(
        "app", "owner", "super", "mine"
    )
    assert embedded.merge(Engines("a", "b"), started) == Engines("a", "b", "", "started")


def test_data_without_its_passwords_is_refused_in_words(home):
    (home / "postgres").mkdir(parents=True)
    (home / "postgres" / "PG_VERSION").write_text("18\n")

    with pytest.raises(EngineError, match=r"passwords\.json is missing"):
        start(home)


def test_data_of_another_major_version_is_refused_in_words(home):
    (home / "postgres").mkdir(parents=True)
    (home / "postgres" / "PG_VERSION").write_text("17\n")
    (home / "passwords.json").write_text(json.dumps({}))

    with pytest.raises(EngineError, match="made by PostgreSQL 17"):
        start(home)
