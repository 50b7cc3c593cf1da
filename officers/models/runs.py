import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from cbpone.audit.triggers import moves_along, set_once, undeletable
from officers.statuses import (
    ROW_MOVES,
    RUN_MOVES,
    ExportFormat,
    ExportKind,
    RowStatus,
    RunStatus,
)

OVER = ["done", "stopped", "failed"]


def _ended_has_time(name):
    return models.CheckConstraint(
        name=name,
        condition=Q(status__in=OVER, ended_at__isnull=False)
        | (~Q(status__in=OVER) & Q(ended_at=None)),
    )


class BulkRun(models.Model):
    """One action on many rows, started by one officer. Each row goes through the rule alone.

    `action` is a key of officers.bulk.ACTIONS, `values` what was typed for it.
    """

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    action = models.CharField(max_length=30)
    values = models.JSONField(default=dict, blank=True)
    reason = models.CharField(_("reason"), max_length=300)
    status = models.CharField(max_length=8, choices=RunStatus.choices, default=RunStatus.WAITING)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    started_at = models.DateTimeField(_("started"), db_default=Now())
    stop_asked_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("bulk action")
        verbose_name_plural = _("bulk actions")
        ordering = ["-id"]
        permissions = [
            ("run_bulk", "Can act on many rows at once"),
            ("assign_work", "Can give work to another officer"),
        ]
        constraints = [
            models.CheckConstraint(
                name="bulkrun_status_known", condition=Q(status__in=RunStatus.values)
            ),
            models.CheckConstraint(name="bulkrun_has_reason", condition=~Q(reason="")),
            _ended_has_time("bulkrun_ended_has_time"),
        ]
        triggers = [
            *undeletable(),
            moves_along(RUN_MOVES),
            set_once("reference", "action", "values", "reason", "started_by_id", "stop_asked_at"),
        ]

    def __str__(self):
        return self.action


class BulkRow(models.Model):
    """One row of a bulk action: what became of it, and what the rule said."""

    run = models.ForeignKey(BulkRun, on_delete=models.PROTECT, related_name="rows")
    row_id = models.BigIntegerField()
    label = models.CharField(max_length=100)
    status = models.CharField(max_length=8, choices=RowStatus.choices, default=RowStatus.WAITING)
    said = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("row of a bulk action")
        verbose_name_plural = _("rows of bulk actions")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["run", "row_id"], name="bulkrow_once"),
            models.CheckConstraint(
                name="bulkrow_status_known", condition=Q(status__in=RowStatus.values)
            ),
            models.CheckConstraint(
                name="bulkrow_refused_has_why",
                condition=Q(status="refused") & ~Q(said="") | ~Q(status="refused"),
            ),
        ]
        triggers = [*undeletable(), moves_along(ROW_MOVES), set_once("run_id", "row_id", "label")]

    def __str__(self):
        return self.label


class Export(models.Model):
    """A file made for one officer, with the reason; gone when its time is over.

    `values` are the filters. Only who asked can fetch the file, until `expires_at`.
    """

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("what"), max_length=16, choices=ExportKind.choices)
    format = models.CharField(_("format"), max_length=4, choices=ExportFormat.choices)
    values = models.JSONField(default=dict, blank=True)
    reason = models.CharField(_("reason"), max_length=300)
    status = models.CharField(max_length=8, choices=RunStatus.choices, default=RunStatus.WAITING)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(_("asked"), db_default=Now())
    rows = models.PositiveIntegerField(_("rows"), null=True, blank=True)
    rows_done = models.PositiveIntegerField(default=0)
    stop_asked_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    file = models.FileField(upload_to="exports", blank=True)
    expires_at = models.DateTimeField(_("until"), null=True, blank=True)
    fetched = models.PositiveIntegerField(_("fetched"), default=0)
    purged_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-id"]
        permissions = [
            ("export_appointments", "Can export appointments and people"),
            ("export_requests", "Can export support requests and authorizations"),
            ("export_events", "Can export the log"),
            ("export_numbers", "Can export numbers without people"),
            ("view_numbers", "Can look at the numbers of the office"),
        ]
        indexes = [
            models.Index(fields=["expires_at"], name="export_to_purge", condition=Q(purged_at=None))
        ]
        constraints = [
            models.CheckConstraint(
                name="export_kind_known", condition=Q(kind__in=ExportKind.values)
            ),
            models.CheckConstraint(
                name="export_format_known", condition=Q(format__in=ExportFormat.values)
            ),
            models.CheckConstraint(
                name="export_status_known", condition=Q(status__in=RunStatus.values)
            ),
            models.CheckConstraint(name="export_has_reason", condition=~Q(reason="")),
            _ended_has_time("export_ended_has_time"),
            models.CheckConstraint(
                name="export_done_has_file_and_end",
                condition=~Q(status="done")
                | Q(expires_at__isnull=False) & (~Q(file="") | Q(purged_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="export_progress_possible",
                condition=Q(rows=None) | Q(rows_done__lte=F("rows")),
            ),
        ]
        triggers = [
            *undeletable(),
            moves_along(RUN_MOVES),
            set_once("reference", "kind", "format", "values", "reason", "asked_by_id", "asked_at"),
        ]

    def __str__(self):
        return str(self.reference)
