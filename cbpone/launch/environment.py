"""What the launcher reads from its environment, and what it hands to its children."""

import ipaddress
import secrets
import socket
from collections.abc import Mapping
from contextlib import suppress

from cbpone.embedded import Engines
from cbpone.embedded.home import Home, write_private


class LaunchError(RuntimeError):
    """The portal cannot be started; the text says why and what to do."""


def read_port(environment: Mapping[str, str]) -> int:
    text = environment.get("PORT") or "8000"
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise LaunchError(
            f"PORT={text} is not a port number. Choose one, as in: make run PORT=8001"
        )
    return int(text)


def read_host(environment: Mapping[str, str]) -> str:
    """The address to listen on. Where a shell puts the machine's name into HOST, it is ignored."""
    host = environment.get("HOST", "")
    with suppress(ValueError):
        return str(ipaddress.ip_address(host))
    return "127.0.0.1"


def read_number(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name) or str(default)
    if not text.isdecimal() or int(text) < 1:
        raise LaunchError(f"{name}={text} is not a whole number above 0.")
    return int(text)


def check_port_free(host: str, port: int) -> None:
    """Raises LaunchError when another program listens there, or we may not."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except PermissionError as error:
            raise LaunchError(
                f"This user may not listen on port {port}. Try: make run PORT=8000"
            ) from error
        except OSError as error:
            raise LaunchError(
                f"Port {port} is taken by another program. "
                f"Stop that program, or choose another port: make run PORT={port + 1}"
            ) from error


def kept_key(home: Home, name: str) -> str:
    """A random key kept in this home, made on first use; what it signed or sealed outlives a
    restart."""
    kept = home.path / name
    if not kept.exists():
        write_private(kept, secrets.token_urlsafe(50))
    return kept.read_text().strip()


def compose(
    environment: Mapping[str, str], engines: Engines, *, home: Home, port: int
) -> dict[str, str]:
    """The environment of every child: what the person set wins over what we choose."""
    chosen = {
        "SECRET_KEY": environment.get("SECRET_KEY") or kept_key(home, "secret_key"),
        "FIELD_KEYS": environment.get("FIELD_KEYS") or kept_key(home, "field_keys"),
        "CBPONE_DEMO": environment.get("CBPONE_DEMO", "1"),
        "SITE_URL": environment.get("SITE_URL") or f"http://localhost:{port}",
        "CBPONE_HOME": str(home.path),
        "DATABASE_URL": engines.database_url,
        "MIGRATION_DATABASE_URL": engines.migration_database_url,
        "REDIS_URL": engines.redis_url,
        "PYTHONUNBUFFERED": "1",
    }
    return {**environment, **chosen}


def as_owner(environment: Mapping[str, str]) -> dict[str, str]:
    """The same, for a command that changes tables: it works as their owner."""
    return {
        **environment,
        "DATABASE_URL": environment["MIGRATION_DATABASE_URL"],
        "APP_DATABASE_URL": environment["DATABASE_URL"],
    }


def is_demo(environment: Mapping[str, str]) -> bool:
    return environment.get("CBPONE_DEMO", "").lower() in {"1", "true", "yes", "on"}
