"""The first page of an officer: what waits, how old it is, and today's numbers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cbpone.audit.models import Event, Seal
from cbpone.lib import clock
from officers import charts, duties, figures, photo_figures, queues
from officers.mass import RELEASE
from officers.models import BulkRun, MassMessage
from officers.queues.lines import span
from officers.statuses import MassStatus, RunStatus


@dataclass
class Work:
    """One queue as its officer meets it in the morning."""

    queue: queues.Queue
    waiting: int
    free: int
    own: int
    late: int
    oldest: datetime | None

    @property
    def page(self) -> str:
        of_all = self.queue.home == "officers:queue"
        return reverse(self.queue.home, args=[self.queue.key] if of_all else [])

    @property
    def age(self) -> str:
        return span(clock.now() - self.oldest) if self.oldest else ""


def work_of(user) -> list[Work]:
    return [Work(queue, **queue.numbers(user)) for queue in queues.for_user(user)]


@dataclass
class Ask:
    """Something besides the queues that waits for this person."""

    words: Any  # lazy
    number: int
    name: str  # of the page

    @property
    def page(self) -> str:
        return reverse(f"officers:{self.name}")


def asks_of(user) -> list[Ask]:
    """Only what waits now: an empty line would have to be read every morning."""
    found = [
        Ask(_("Looks outside the scope to judge"), duties.accesses_to_judge(user), "accesses"),
        Ask(_("Messages to many that wait for a second person"), _to_release(user), "mass"),
        Ask(_("Groups whose photos fare otherwise"), _drifts(user), "photo_drift"),
        Ask(_("Your bulk actions that are running"), _running(user), "bulk"),
    ]
    return [ask for ask in found if ask.number]


def _to_release(user) -> int:
    if not user.has_perm(RELEASE):
        return 0
    waiting = MassMessage.objects.visible_to(user).filter(status=MassStatus.PROPOSED)
    return waiting.exclude(written_by=user).count()


def _drifts(user) -> int:
    if not user.has_perm("photos.view_photodrift"):
        return 0
    return photo_figures.drifts_of(user).filter(seen_at=None).count()


def _running(user) -> int:
    over = [RunStatus.WAITING, RunStatus.RUNNING]
    return BulkRun.objects.filter(started_by=user, status__in=over).count()


def log_state(user) -> dict | None:
    """For those who read the log: how far it is sealed."""
    if not user.has_perm("audit.view_seal"):
        return None
    newest = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    seal = Seal.objects.order_by("-pk").first()
    return {
        "seal": seal,
        "behind": newest - (seal.last_event if seal else 0),
    }


def ports_charts(ports: list) -> dict:
    """`ports` are rows of `today.ports_today`. The table beside holds the same numbers."""
    days = figures.ahead([row.port for row in ports]) if ports else []
    return {
        "people": charts.bars([(row.port.name, row.people) for row in ports]),
        "ahead": days,
        "ahead_chart": figures.day_chart([(day, taken) for day, taken, _places in days]),
    }


TOOLS = (
    ("officers.view_numbers", "officers:numbers", _("Numbers")),
    ("notifications.help_people", "officers:help", _("Help desk")),
    ("officers.write_massmessage", "officers:mass", _("Messages to many")),
    ("officers.view_massmessage", "officers:mass", _("Messages to many")),
    ("photos.view_photodrift", "officers:photo_drift", _("Photo checks by group")),
    ("audit.view_seal", "officers:log", _("Log of events")),
    ("audit.view_access", "officers:accesses", _("Looks outside the scope")),
    ("officers.run_bulk", "officers:bulk", _("Bulk actions")),
    ("officers.view_bulkrun", "officers:bulk", _("Bulk actions")),
    ("officers.export_numbers", "officers:exports", _("Exports")),
    ("audit.declare_conflict", "officers:conflicts", _("Conflicts of interest")),
)


def tools_of(user) -> list[tuple[str, Any]]:
    """(address, words) of the pages beside the queues that this officer may open."""
    open_to = {name: words for permission, name, words in TOOLS if user.has_perm(permission)}
    return [(reverse(name), words) for name, words in open_to.items()]
