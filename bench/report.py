"""The table on the screen and bench/results.json, to which each benchmark adds its own object."""

import json
import os
from pathlib import Path

RESULTS = Path(__file__).with_name("results.json")


def show(result: dict) -> None:
    width = max(len(name) for name in result)
    for name, value in result.items():
        if isinstance(value, dict):
            value = "  ".join(f"{key} {inner}" for key, inner in value.items())
        print(f"  {name:<{width}}  {value}", flush=True)


def keep(name: str, result: dict, machine: dict) -> None:
    """Replaces the object of this benchmark alone; a crash leaves the old file."""
    kept = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    kept[name] = result
    kept.pop("machine", None)
    kept["machine"] = machine
    draft = RESULTS.with_suffix(".new")
    draft.write_text(json.dumps(kept, indent=2) + "\n")
    os.replace(draft, RESULTS)
