"""One line of a task list, and how far a list has come."""

from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass
class Task:
    title: str
    url: str
    state: str  # done, now, todo, blocked
    word: str = ""
    optional: bool = False

    def __post_init__(self):
        words = {
            "done": _("Done"),
            "now": _("Go on"),
            "todo": _("Optional") if self.optional else _("Not begun"),
            "blocked": _("Cannot begin yet"),
        }
        self.word = words[self.state]


def state(done: bool, begun: bool) -> str:
    return "done" if done else "now" if begun else "todo"


def progress(task_groups) -> tuple[int, int]:
    """How many of the needed tasks are done, and how many there are."""
    needed = [task for _title, tasks in task_groups for task in tasks if not task.optional]
    return sum(task.state == "done" for task in needed), len(needed)


def next_task(task_groups) -> Task | None:
    open_tasks = [
        task
        for _title, tasks in task_groups
        for task in tasks
        if task.state in ("now", "todo") and not task.optional
    ]
    return open_tasks[0] if open_tasks else None
