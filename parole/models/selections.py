"""The daily selection for review: seed committed before, pool frozen, result for everybody."""

from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from cbpone.audit.triggers import append_only


class DrawSeed(models.Model):
    """A secret of 32 bytes for one day. Its SHA-256 is published the day before, itself after."""

    day = models.DateField(unique=True)
    seed = models.BinaryField(max_length=32)
    commitment = models.CharField(max_length=64)
    committed_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("seed of a draw")
        verbose_name_plural = _("seeds of draws")
        ordering = ["-day"]
        constraints = [
            models.CheckConstraint(
                name="seed_is_the_one_committed_to",
                condition=Q(
                    commitment=Func(
                        Func(F("seed"), function="sha256"),
                        Value("hex"),
                        function="encode",
                        output_field=models.TextField(),
                    )
                ),
            ),
        ]
        triggers = append_only()

    def __str__(self):
        return str(self.day)


def stored_pool(selection, filename) -> str:
    return f"selections/{selection.day:%Y}/{selection.day:%Y-%m-%d}-pool.gz"


def stored_result(selection, filename) -> str:
    return f"selections/{selection.day:%Y}/{selection.day:%Y-%m-%d}-result.txt"


class Selection(models.Model):
    """One day's selection: `in_order` of filing and `drawn` from the whole frozen pool.

    `limits` are by letter of a process, where it has its own; `counts` too, "" for all together:
    how many waited, were chosen in order and were drawn. `pool` holds one letter for each filing
    number, from 1 on: the process of a request that waits, or a dot. `result` is what is
    published of the day: seed, places and who was chosen, by filing number. See parole.drawing.
    """

    day = models.DateField(unique=True)
    month = models.DateField()
    seed = models.OneToOneField(DrawSeed, on_delete=models.PROTECT, related_name="selection")
    ran_at = models.DateTimeField(db_default=Now())
    wanted = models.PositiveIntegerField(_("places for the day"))
    limits = models.JSONField(default=dict)
    pool_size = models.PositiveIntegerField(_("requests that waited"))
    pool_sha256 = models.CharField(max_length=64)
    pool = models.FileField(upload_to=stored_pool)
    in_order = models.PositiveIntegerField(_("in order of filing"))
    drawn = models.PositiveIntegerField(_("drawn"))
    counts = models.JSONField(default=dict)
    result_sha256 = models.CharField(max_length=64)
    result = models.FileField(upload_to=stored_result)

    class Meta:
        verbose_name = _("selection")
        verbose_name_plural = _("selections")
        ordering = ["-day"]
        permissions = [("rerun_selection", "Can choose requests by hand command")]
        constraints = [
            models.CheckConstraint(
                name="selection_within_the_day",
                condition=Q(wanted__gte=F("in_order") + F("drawn")),
            ),
            models.CheckConstraint(
                name="selection_within_the_pool",
                condition=Q(pool_size__gte=F("in_order") + F("drawn")),
            ),
        ]
        triggers = append_only()

    def __str__(self):
        return str(self.day)
