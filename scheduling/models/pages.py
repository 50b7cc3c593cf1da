from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from scheduling.models.registrations import Member, Registration


class Page(models.Model):
    """One page of a registration: when it was last saved, and what was typed but could not be.

    `typed` keeps a form with a mistake in it across sign-out and devices, until it is mended.
    """

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="pages")
    member = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.CASCADE, related_name="pages"
    )
    key = models.CharField(max_length=20)
    saved_at = models.DateTimeField(null=True, blank=True)
    typed = models.JSONField(null=True, blank=True)
    typed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "member", "key"], name="page_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                name="page_typed_has_time",
                condition=Q(typed=None, typed_at=None)
                | Q(typed__isnull=False, typed_at__isnull=False),
            ),
        ]

    def __str__(self):
        return self.key
