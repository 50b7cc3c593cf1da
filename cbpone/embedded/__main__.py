"""python -m cbpone.embedded start|stop|status|psql|bin"""

import argparse
import subprocess
import sys

from cbpone import embedded
from cbpone.embedded.home import Home


def start(_: argparse.Namespace) -> int:
    Home.at().keep.touch()
    engines = embedded.ensure(say=print)
    print(f"DATABASE_URL={engines.database_url}")
    print(f"MIGRATION_DATABASE_URL={engines.migration_database_url}")
    print(f"REDIS_URL={engines.redis_url}")
    return 0


def stop(_: argparse.Namespace) -> int:
    stopped = embedded.stop()
    print(f"Stopped {' and '.join(stopped)}." if stopped else "Nothing was running.")
    return 0


def status(_: argparse.Namespace) -> int:
    found = embedded.status()
    for name, pid in found.items():
        print(f"{name}: {f'running, process {pid}' if pid else 'not running'}")
    return 0 if all(found.values()) else 3


def psql(options: argparse.Namespace) -> int:
    with embedded.using() as engines:
        address = {
            "app": engines.database_url,
            "owner": engines.migration_database_url,
            "superuser": engines.superuser_database_url,
        }[options.role]
        return subprocess.call([folder() + "/psql", address, *options.words])


def folder() -> str:
    from cbpone.embedded.wheel import BIN

    return str(BIN)


def show_bin(_: argparse.Namespace) -> int:
    print(folder())
    return 0


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="python -m cbpone.embedded")
    verbs = top.add_subparsers(required=True, metavar="start|stop|status|psql|bin")
    for name, run, words in (
        ("start", start, "start both servers and leave them running; prints their addresses"),
        ("stop", stop, "stop both servers, whoever uses them"),
        ("status", status, "say which server runs (exit code 3 when one does not)"),
        ("bin", show_bin, "print the folder of pgbench, psql, pg_dump"),
    ):
        verbs.add_parser(name, help=words).set_defaults(run=run)
    shell = verbs.add_parser("psql", help="open a database shell")
    shell.add_argument("--role", choices=("app", "owner", "superuser"), default="app")
    shell.add_argument("words", nargs="*", help="words for psql, after --")
    shell.set_defaults(run=psql)
    return top


def main() -> int:
    options = parser().parse_args()
    try:
        return options.run(options)
    except embedded.EngineError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
