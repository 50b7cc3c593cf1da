"""Real connections at once."""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

from django.db import connection


def at_once(jobs: Iterable[Callable]) -> list:
    """Runs each job in a thread with a connection of its own, all let go at one moment.

    Returns, in the order of the jobs, what each returned or the exception it raised.
    """
    jobs = list(jobs)
    gate = threading.Barrier(len(jobs))

    def run(job):
        try:
            connection.ensure_connection()
            gate.wait(timeout=30)
            return job()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def kinds(outcomes: list) -> list[str]:
    """Names of the exceptions among the outcomes, sorted; "ok" for everything else."""
    return sorted(
        type(outcome).__name__ if isinstance(outcome, Exception) else "ok" for outcome in outcomes
    )
