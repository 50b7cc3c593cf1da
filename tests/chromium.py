"""The Chromium that browser tests drive: found on this machine, else installed.

`python tests/chromium.py` makes sure there is one. `find()` returns its path, for Playwright's
executable_path; the environment variable CHROMIUM names one to use before all others.
"""

import os
import shutil
import subprocess
import sys
from contextlib import suppress

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
INSTALLERS = {
    "apt-get": (["apt-get", "update"], ["apt-get", "install", "-y", "chromium"]),
    "dnf": (["dnf", "install", "-y", "chromium"],),
}


def find() -> str | None:
    """A Chromium that really starts here, or None.

    Being on the PATH is not enough: Ubuntu's package is a stub that needs snap, which containers
    lack, and Playwright's own download may miss system libraries.
    """
    candidates = [os.environ.get("CHROMIUM"), *map(shutil.which, NAMES), playwrights_own()]
    return next((path for path in candidates if path and starts(path)), None)


def starts(path: str) -> bool:
    words = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
    with suppress(OSError, subprocess.TimeoutExpired):
        done = subprocess.run(
            [path, *words, "--dump-dom", "data:text/html,<p>alive</p>"],
            capture_output=True,
            text=True,
            timeout=60,
        )
        return "alive" in done.stdout
    return False


def playwrights_own() -> str | None:
    with suppress(Exception):  # no Playwright, or one without a browser
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            return playwright.chromium.executable_path
    return None


def install_from_system() -> None:
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    for tool, commands in INSTALLERS.items():
        if shutil.which(tool) and (not prefix or shutil.which("sudo")):
            for command in commands:
                run([*prefix, *command])


def install_playwrights_own() -> None:
    deps = ["--with-deps"] if os.geteuid() == 0 else []
    run([sys.executable, "-m", "playwright", "install", *deps, "chromium"])


def run(command: list[str]) -> None:
    print("+", " ".join(command), flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    with suppress(OSError):
        subprocess.run(command, env=environment, stdin=subprocess.DEVNULL)


def main() -> int:
    for install in (None, install_from_system, install_playwrights_own):
        if install:
            install()
        if path := find():
            print(f"Chromium for the browser tests: {path}")
            return 0
    print(
        "\n*** No Chromium could be found or installed, so NO BROWSER TEST WILL RUN. ***\n"
        "*** Install Chromium, or set CHROMIUM=/path/to/chromium. ***\n",
        file=sys.stderr,
    )
    return 1 if os.environ.get("CI", "").lower() not in {"", "0", "false"} else 0


if __name__ == "__main__":
    sys.exit(main())
