from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from cbpone.audit.triggers import append_only
from cbpone.audit.verbs import Verb


class EventQuerySet(models.QuerySet):
    def about(self, row):
        return self.filter(model=row._meta.label_lower, row_id=str(row.pk))

    def of_case(self, reference: str):
        return self.filter(case=reference)


class Event(models.Model):
    """Who did what, when, to which row, from what to what. Grows only; the database sees to it."""

    at = models.DateTimeField(_("when"), db_default=Now(), db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name=_("who"),
        help_text=_("Empty when the portal did it by itself."),
    )
    verb = models.CharField(_("what"), max_length=40)
    model = models.CharField(max_length=60)
    row_id = models.CharField(max_length=40)
    case = models.CharField(
        max_length=16, blank=True, help_text=_("Reference of the registration it belongs to.")
    )
    before = models.CharField(_("from"), max_length=40, blank=True)
    after = models.CharField(_("to"), max_length=40, blank=True)
    note = models.TextField(_("note"), blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["case", "-id"], name="event_case"),
            models.Index(fields=["model", "row_id", "-id"], name="event_row"),
            models.Index(fields=["by", "-id"], name="event_by"),
            models.Index(fields=["verb", "-id"], name="event_verb"),
        ]
        constraints = [
            models.CheckConstraint(
                name="event_verb_known", condition=models.Q(verb__in=Verb.values)
            ),
        ]
        triggers = append_only()

    def __str__(self):
        return f"{self.get_verb_display()} {self.case}"

    def get_verb_display(self):
        return Verb(self.verb).label
