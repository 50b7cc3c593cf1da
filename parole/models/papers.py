import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from cbpone.audit.triggers import set_once, undeletable
from cbpone.lib.sealed_files import sealed_storage
from parole.choices import SUPPORTER_PAPERS, PaperKind
from parole.models.requests import SupportRequest


def stored_paper(paper, filename) -> str:
    """A random name that says nothing of the person; the ending says what we made of it."""
    name = uuid.uuid4().hex
    return f"papers/{name[:2]}/{name}.{paper.format.lower()}"


class PaperQuerySet(models.QuerySet):
    def current(self):
        return self.filter(removed_at=None)


class Paper(models.Model):
    """One file of evidence, re-encoded: a picture as a plain JPEG, a PDF without anything active.

    Belongs to a request (the supporter's side) or to a beneficiary (theirs), never to both.
    """

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    request = models.ForeignKey(
        SupportRequest, null=True, blank=True, on_delete=models.PROTECT, related_name="papers"
    )
    beneficiary = models.ForeignKey(
        "parole.Beneficiary",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="papers",
    )
    kind = models.CharField(_("what it is"), max_length=14, choices=PaperKind.choices)
    file = models.FileField(upload_to=stored_paper, storage=sealed_storage)
    format = models.CharField(max_length=4, choices=[("PDF", "PDF"), ("JPEG", "JPEG")])
    name = models.CharField(_("name of the file"), max_length=100)
    pages = models.PositiveSmallIntegerField(_("pages"))
    size = models.PositiveIntegerField(_("bytes"))
    source_sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField(db_default=Now())
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = PaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("paper")
        verbose_name_plural = _("papers")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="paper_of_one_side",
                condition=Q(request=None, beneficiary__isnull=False)
                | Q(request__isnull=False, beneficiary=None),
            ),
            models.CheckConstraint(
                name="paper_kind_of_its_side",
                condition=Q(request__isnull=False, kind__in=[*SUPPORTER_PAPERS, "answer"])
                | Q(beneficiary__isnull=False, kind__in=["passport", "relationship"]),
            ),
            models.CheckConstraint(
                name="paper_format_known", condition=Q(format__in=["PDF", "JPEG"])
            ),
            models.CheckConstraint(name="paper_pages_possible", condition=Q(pages__range=(1, 60))),
            models.UniqueConstraint(
                fields=["request", "beneficiary", "kind", "source_sha256"],
                condition=Q(removed_at=None),
                name="paper_same_file_once",
                nulls_distinct=False,
            ),
        ]
        triggers = [*undeletable(), set_once("file", "request_id", "beneficiary_id", "removed_at")]

    def __str__(self):
        return self.name
