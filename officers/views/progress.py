from dataclasses import dataclass

from django.http import JsonResponse
from django.utils.translation import gettext as _

from officers.statuses import RowStatus, RunStatus

CHIPS = {
    RunStatus.WAITING: "chip-todo",
    RunStatus.RUNNING: "chip-now",
    RunStatus.DONE: "chip-done",
    RunStatus.STOPPED: "chip-gone",
    RunStatus.FAILED: "chip-late",
    RowStatus.REFUSED: "chip-late",
    RowStatus.SKIPPED: "chip-gone",
}


@dataclass
class Progress:
    """How far a worker has come, as a bar and in words."""

    done: int
    total: int | None  # None: not counted yet
    is_open: bool

    @property
    def total_words(self) -> str:
        return "–" if self.total is None else f"{self.total:,}"

    @property
    def words(self) -> str:
        return _("%(done)s of %(total)s") % {"done": f"{self.done:,}", "total": self.total_words}


def answer(progress: Progress) -> JsonResponse:
    """For the script that moves the bar; the page tells the same without it."""
    told = {"done": progress.done, "total": progress.total, "words": progress.words}
    return JsonResponse(told | {"open": progress.is_open})
