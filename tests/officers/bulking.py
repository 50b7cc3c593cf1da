"""Choosing rows and starting an action, as the pages do it."""

from officers.bulk import ACTIONS, choosing, running
from officers.models import BulkRun


def choose(key, rows, by, **values) -> choosing.Choice:
    model = ACTIONS[key].rows(by).model
    ids = [row.pk for row in rows]
    choice = choosing.choose(action=ACTIONS[key], rows=model.objects.filter(pk__in=ids), by=by)
    choosing.answer(choice, {"reason": "They are ill"} | values)
    return choice


def start(key, rows, by, **values) -> BulkRun:
    return running.start(choice=choose(key, rows, by, **values), by=by)


def told(run) -> list[tuple[str, str]]:
    """(state, sentence) of every row, in their order."""
    return list(run.rows.order_by("pk").values_list("status", "said"))


def foreseen(key, row, by, **values) -> tuple[bool, str]:
    found = ACTIONS[key].rows(by).get(pk=row.pk)
    return ACTIONS[key].foresee(found, {"reason": "They are ill"} | values, by)
