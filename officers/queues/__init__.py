"""Every queue of the back office, in the order in which pages list them.

Each has a module of its own here with `QUEUE`. They are read when first asked for, because the
rules of a queue's work need its QUEUE too.
"""

from functools import cache
from importlib import import_module
from importlib.util import find_spec

from officers.queues.base import Queue

__all__ = ["ALL", "Queue", "all_queues", "by_key", "for_user"]
KEYS = ("photos", "urgent", "duplicates", "reviews", "travel")


@cache
def all_queues() -> list[Queue]:
    modules = [f"{__name__}.{key}" for key in KEYS]
    return [import_module(name).QUEUE for name in modules if find_spec(name)]


def by_key(key: str) -> Queue | None:
    return next((queue for queue in all_queues() if queue.key == key), None)


def for_user(user) -> list[Queue]:
    """Those that this officer works on."""
    return [queue for queue in all_queues() if queue.is_for(user)]


def __getattr__(name: str) -> list[Queue]:
    if name == "ALL":
        return all_queues()
    raise AttributeError(name)
