"""The manage.py commands that make the portal ready, in order."""

import hashlib
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cbpone.embedded.home import PROJECT, Home, tail, write_private
from cbpone.launch.environment import LaunchError, as_owner, is_demo
from cbpone.launch.fate import share_fate


@dataclass(frozen=True)
class Step:
    title: str
    command: tuple[str, ...]
    by_owner: bool = False
    shows_its_own_progress: bool = False


MIGRATE = Step("Preparing the tables", ("migrate", "--noinput"), by_owner=True)
GRANT = Step("Giving the application its rights", ("grant_roles",), by_owner=True)
TRANSLATE = Step("Preparing the translations", ("compile_po",))
COLLECT = Step("Collecting the static files", ("collectstatic", "--noinput"))
FILL = Step("Loading the demo", ("demo", "--if-empty"), shows_its_own_progress=True)


def steps(environment: Mapping[str, str], home: Home) -> list[Step]:
    """What has to run this time."""
    chosen = [MIGRATE, GRANT, TRANSLATE]
    if read_static_stamp(home) != static_fingerprint():
        chosen.append(COLLECT)
    if is_demo(environment):
        chosen.append(FILL)
    return chosen


def prepare(environment: Mapping[str, str], home: Home) -> None:
    """Runs the steps. Raises LaunchError with the end of the output of the one that fails."""
    for step in steps(environment, home):
        fingerprint = static_fingerprint()
        run(step, as_owner(environment) if step.by_owner else environment, home)
        if step is COLLECT:
            write_private(static_stamp(home), fingerprint)


def run(step: Step, environment: Mapping[str, str], home: Home) -> None:
    began = time.monotonic()
    print(f"  {step.title} ...", end="\n" if step.shows_its_own_progress else " ", flush=True)
    log = home.log("setup")
    with log.open("ab") as output:
        code = manage(step.command, environment, None if step.shows_its_own_progress else output)
    if code:
        print("failed", flush=True)
        told = "" if step.shows_its_own_progress else f"\n{tail(log)}"
        raise LaunchError(f"manage.py {' '.join(step.command)} failed (code {code}).{told}")
    if not step.shows_its_own_progress:
        print(f"done ({time.monotonic() - began:.1f} s)", flush=True)


def manage(command: tuple[str, ...], environment: Mapping[str, str], output) -> int:
    """Runs manage.py in a group of its own: Ctrl-C is for the launcher, which ends it."""
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=PROJECT,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=None if output is None else subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=share_fate,  # noqa: PLW1509 - the launcher has one thread
    ).returncode


def static_stamp(home: Home) -> Path:
    return home.run / "static.stamp"


def read_static_stamp(home: Home) -> str:
    collected = home.path / "static" / "staticfiles.json"
    stamp = static_stamp(home)
    return stamp.read_text() if stamp.exists() and collected.exists() else ""


def static_fingerprint() -> str:
    """Changes when a static file, the settings or a requirement does."""
    folders = [PROJECT / "static", *PROJECT.glob("[!.]*/static"), *PROJECT.glob("cbpone/*/static")]
    files = [PROJECT / "requirements.txt", PROJECT / "cbpone" / "settings.py"]
    files += [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    told = ((path, path.stat()) for path in files if path.exists())
    lines = [f"{path} {status.st_size} {status.st_mtime_ns}" for path, status in told]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
