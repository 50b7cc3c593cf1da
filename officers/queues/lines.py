"""What the page of a queue shows: its numbers and its rows, with ages in words."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cbpone.lib import clock
from officers.queues.base import Queue

MOST = 50  # rows of a list that is looked through, not searched


@dataclass
class Line:
    """One row of a queue, as its list shows it."""

    row: Any
    label: str
    url: str
    age: str
    is_late: bool
    held_for: str


@dataclass
class Overview:
    """What the page of a queue shows: Queue.numbers in words, and at most MOST rows of each."""

    numbers: dict
    own: list[Line]
    others: list[Line]
    free: list[Line]


def overview(queue: Queue, user) -> Overview:
    """One look at the keys of the whole queue, then the rows that are shown.

    A look passes every row that might wait, such as photos of families that have not signed; one
    for each number and each list would take several times as long.
    """
    waiting = queue.waits(user)
    keys = list(waiting.values_list("pk", "taken_by", queue.since))
    own = [pk for pk, holder, _since in keys if holder == user.pk]
    free = [pk for pk, holder, _since in keys if holder is None]
    others = [pk for pk, holder, _since in keys if holder not in (None, user.pk)]
    shown = [own[:MOST], others[:MOST], free[:MOST]]
    rows = waiting.select_related("taken_by").in_bulk([pk for part in shown for pk in part])
    late = clock.now() - queue.target
    return Overview(
        _with_age({
            "waiting": len(keys),
            "free": len(free),
            "own": len(own),
            "late": sum(since < late for _pk, _holder, since in keys),
            "oldest": min((since for _pk, _holder, since in keys), default=None),
        }),
        *[[line_of(queue, rows[pk]) for pk in part if pk in rows] for part in shown],
    )  # fmt: skip


def line_of(queue: Queue, row) -> Line:
    now, since = clock.now(), getattr(row, queue.since)
    held_for = span(now - row.taken_at) if row.taken_at else ""
    is_late = now - since > queue.target
    return Line(row, queue.label(row), queue.page(row), span(now - since), is_late, held_for)


def figures(queue: Queue, user) -> dict:
    """Queue.numbers, with the age of the oldest in words; empty when nothing waits."""
    return _with_age(queue.numbers(user))


def _with_age(numbers: dict) -> dict:
    oldest: datetime | None = numbers["oldest"]
    return {**numbers, "age": span(clock.now() - oldest) if oldest else ""}


def target_words(queue: Queue) -> str:
    """'within 24 hours', and from three days on in days."""
    hours = int(queue.target.total_seconds()) // 3600
    if hours >= 72 and hours % 24 == 0:
        return ngettext("within %(n)s day", "within %(n)s days", hours // 24) % {"n": hours // 24}
    return ngettext("within %(n)s hour", "within %(n)s hours", hours) % {"n": hours}


def span(time: timedelta) -> str:
    """The largest unit alone, rounded down: 'less than a minute', '5 minutes', '26 days'."""
    minutes = int(time.total_seconds()) // 60
    if minutes >= 1440:
        days = minutes // 1440
        return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
    if minutes >= 60:
        hours = minutes // 60
        return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
    if minutes < 1:
        return _("less than a minute")
    return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}


def takers(queue: Queue, row) -> list:
    """The other officers who may work on this row, by name: the queue's own question, each."""
    app, codename = queue.permission.split(".")
    named = {"codename": codename, "content_type__app_label": app}
    through = [
        Q(**{f"{way}__{name}": value for name, value in named.items()})
        for way in ("groups__permissions", "user_permissions")
    ]
    users = get_user_model().objects.filter(is_active=True, is_staff=True)
    able = users.filter(through[0] | through[1]).exclude(pk=row.taken_by_id).distinct()
    return [user for user in able.order_by("name", "email") if queue.may_take(user, row)]
