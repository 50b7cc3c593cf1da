"""Every status of the back office and the moves between them. Imports nothing of ours."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Band(models.TextChoices):
    """How alike two records are; people decide what it means."""

    LIKELY = "likely", _("likely the same person")
    POSSIBLE = "possible", _("perhaps the same person")


class LikenessVerdict(models.TextChoices):
    SAME = "same", _("the same person")
    DIFFERENT = "different", _("different people")
    UNSURE = "unsure", _("cannot be told")


class RunStatus(models.TextChoices):
    """Of anything a worker does in the background: bulk actions and exports."""

    WAITING = "waiting", _("waits to begin")
    RUNNING = "running", _("is running")
    DONE = "done", _("done")
    STOPPED = "stopped", _("stopped")
    FAILED = "failed", _("could not be finished")


RUN_MOVES = {
    "waiting": {"running", "stopped"},
    "running": {"done", "stopped", "failed"},
    "done": set(),
    "stopped": set(),
    "failed": set(),
}


class RowStatus(models.TextChoices):
    WAITING = "waiting", _("waits")
    DONE = "done", _("done")
    REFUSED = "refused", _("refused")
    SKIPPED = "skipped", _("not begun, stopped before")


ROW_MOVES = {
    "waiting": {"done", "refused", "skipped"},
    "done": set(),
    "refused": set(),
    "skipped": set(),
}


class MassStatus(models.TextChoices):
    DRAFT = "draft", _("being written")
    PROPOSED = "proposed", _("waits for a second person")
    RELEASED = "released", _("sent")
    RECALLED = "recalled", _("taken back")


MASS_MOVES = {
    "draft": {"proposed"},
    "proposed": {"draft", "released"},
    "released": {"recalled"},
    "recalled": set(),
}


class Audience(models.TextChoices):
    """Who a message to many goes to, at one port or at all."""

    BOOKED = "booked", _("families with an appointment in these days")
    WAITING = "waiting", _("families who are registered and have no appointment")
    ABSENT = "absent", _("families who did not come in these days")


class ExportKind(models.TextChoices):
    APPOINTMENTS = "appointments", _("Appointments and people")
    REQUESTS = "requests", _("Support requests")
    AUTHORIZATIONS = "authorizations", _("Travel authorizations")
    EVENTS = "events", _("Log of events")
    NUMBERS = "numbers", _("Numbers, without people")


class ExportFormat(models.TextChoices):
    CSV = "csv", _("CSV")
    XLSX = "xlsx", _("Excel (XLSX)")
