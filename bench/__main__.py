"""python -m bench [name ...] [--quick], which `make bench` calls."""

import argparse
import importlib
import signal
import sys
from pathlib import Path

from bench import machine, report

HELPERS = {
    "__init__", "__main__", "filling", "load", "machine", "office", "office_names",
    "office_parole", "pools", "report", "selecting", "stage",
}  # fmt: skip


def names() -> list[str]:
    return sorted({path.stem for path in Path(__file__).parent.glob("*.py")} - HELPERS)


def parse() -> argparse.Namespace:
    options = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    options.add_argument("names", nargs="*", help=f"of: {', '.join(names())} (default: all)")
    options.add_argument("--quick", action="store_true", help="smaller; writes no results")
    chosen = options.parse_args()
    unknown = set(chosen.names) - set(names())
    if unknown:
        options.error(f"no benchmark named {', '.join(sorted(unknown))}; there are: {names()}")
    return chosen


def end(*_: object) -> None:
    sys.exit("Stopped.")  # so that every `finally` runs and no server stays behind


def main() -> None:
    signal.signal(signal.SIGTERM, end)
    chosen = parse()
    for name in chosen.names or names():
        print(f"\n{name}", flush=True)
        before = machine.describe()
        result = importlib.import_module(f"bench.{name}").run(quick=chosen.quick)
        report.show(result)
        if not chosen.quick:
            report.keep(name, result, before)


if __name__ == "__main__":
    main()
