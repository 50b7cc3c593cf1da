from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from cbpone.audit.triggers import append_only


class Seal(models.Model):
    """A run of events, closed for ever: each seal holds the digest of the one before.

    `digest` is SHA-256, in hex, over the digest before, this row and every event from
    `first_event` to `last_event`: see `cbpone.audit.sealing.digest_of`. Runs follow each other
    without a gap; numbers in them that no event has are of transactions that were undone.
    """

    first_event = models.BigIntegerField(_("from event"), unique=True)
    last_event = models.BigIntegerField(_("to event"), unique=True)
    events = models.PositiveIntegerField(_("events"))
    previous = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="next", verbose_name=_("follows")
    )
    digest = models.CharField(_("digest"), max_length=64, unique=True)
    sealed_at = models.DateTimeField(_("sealed"), db_default=Now())

    class Meta:
        verbose_name = _("seal of the log")
        verbose_name_plural = _("seals of the log")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="seal_run_possible",
                condition=Q(last_event__gte=F("first_event"))
                & Q(events__lte=F("last_event") - F("first_event") + 1),
            ),
            models.CheckConstraint(
                name="seal_digest_whole", condition=Q(digest__regex=r"^[0-9a-f]{64}$")
            ),
            # One chain: only the first seal follows none.
            models.UniqueConstraint(
                models.Value(1), condition=Q(previous=None), name="seal_one_beginning"
            ),
        ]
        triggers = append_only()

    def __str__(self):
        return f"{self.first_event}–{self.last_event}"


class SealMark(models.Model):
    """How far the log had come at a moment; sealed once every writer of then has ended.

    `writers` are the transactions that held the table for writing just after `last_event` was
    read: nobody else can still commit an event up to it.
    """

    last_event = models.BigIntegerField()
    writers = ArrayField(models.CharField(max_length=40), default=list)
    marked_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("mark in the log")
        verbose_name_plural = _("marks in the log")

    def __str__(self):
        return str(self.last_event)
