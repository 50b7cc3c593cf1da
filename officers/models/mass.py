import uuid
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cbpone.audit.triggers import append_only, frozen, moves_along, set_once, undeletable
from officers.statuses import MASS_MOVES, Audience, MassStatus
from scheduling.models import Port, Registration

OFFICER: dict[str, Any] = {
    "null": True,
    "blank": True,
    "on_delete": models.PROTECT,
    "related_name": "+",
}
NOT_OUT = ["draft", "proposed"]


class MassQuerySet(models.QuerySet):
    def visible_to(self, user):
        """For officers those of their ports; nobody else."""
        if not user.is_staff:
            return self.none()
        if user.sees_every_port:
            return self
        return self.filter(port__in=Port.objects.visible_to(user))


class MassMessage(models.Model):
    """One thing to tell many families. Released by a second person; who gets it is frozen then.

    The port None means every port. Days are of appointments, both included.
    """

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(_("what it is about, for officers"), max_length=100)
    audience = models.CharField(_("to whom"), max_length=8, choices=Audience.choices)
    port = models.ForeignKey(Port, null=True, blank=True, on_delete=models.PROTECT)
    first_day = models.DateField(_("from"), null=True, blank=True)
    last_day = models.DateField(_("until"), null=True, blank=True)
    status = models.CharField(max_length=8, choices=MassStatus.choices, default=MassStatus.DRAFT)
    version = models.PositiveIntegerField(default=1)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField(_("written"), db_default=Now())
    counted = models.PositiveIntegerField(_("families"), null=True, blank=True)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, **OFFICER)
    released_at = models.DateTimeField(_("released"), null=True, blank=True)
    queued_at = models.DateTimeField(null=True, blank=True)
    recalled_by = models.ForeignKey(settings.AUTH_USER_MODEL, **OFFICER)
    recalled_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    recall_queued_at = models.DateTimeField(null=True, blank=True)

    objects = MassQuerySet.as_manager()

    class Meta:
        verbose_name = _("message to many")
        verbose_name_plural = _("messages to many")
        ordering = ["-id"]
        permissions = [
            ("write_massmessage", "Can write a message to many"),
            ("release_massmessage", "Can release and take back a message to many"),
        ]
        constraints = [
            models.CheckConstraint(
                name="mass_status_known", condition=Q(status__in=MassStatus.values)
            ),
            models.CheckConstraint(
                name="mass_audience_known", condition=Q(audience__in=Audience.values)
            ),
            models.CheckConstraint(
                name="mass_days_both_and_in_order",
                condition=Q(first_day=None, last_day=None, audience="waiting")
                | Q(first_day__isnull=False, last_day__gte=F("first_day"))
                & Q(last_day__isnull=False, audience__in=["booked", "absent"]),
                violation_error_message=_("The last day must not be before the first."),
            ),
            models.CheckConstraint(
                name="mass_released_has_who_and_when",
                condition=Q(status__in=NOT_OUT, released_by=None, released_at=None)
                | (
                    ~Q(status__in=NOT_OUT)
                    & Q(released_by__isnull=False, released_at__isnull=False)
                    & Q(counted__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="mass_released_by_another",
                condition=Q(released_by=None) | ~Q(released_by=F("written_by")),
                violation_error_message=_("It takes a second person to release this."),
            ),
            models.CheckConstraint(
                name="mass_recalled_has_who_and_when",
                condition=Q(status="recalled", recalled_by__isnull=False, recalled_at__isnull=False)
                | (~Q(status="recalled") & Q(recalled_by=None, recalled_at=None)),
            ),
        ]
        triggers = [
            *undeletable(),
            moves_along(MASS_MOVES),
            set_once("reference", "written_by_id", "counted", "queued_at", "recall_queued_at"),
            frozen(
                "released_final",
                "title", "audience", "port_id", "first_day", "last_day",
                when="OLD.released_at IS NOT NULL",
            ),
        ]  # fmt: skip

    def __str__(self):
        return self.title

    @property
    def is_recalled(self) -> bool:
        return self.status == MassStatus.RECALLED

    @property
    def words(self) -> str:
        return self._in_language(is_correction=False)

    @property
    def correction(self) -> str:
        return self._in_language(is_correction=True)

    def _in_language(self, *, is_correction: bool) -> str:
        """In the language of the moment; where there is none, in the portal's first."""
        texts = [row for row in self.texts.all() if row.is_correction == is_correction]
        found = {row.language: row.body for row in texts}
        return found.get(get_language() or "") or found.get(settings.LANGUAGE_CODE, "")


# What was proposed is what a second person reads and what goes out.
TEXT_FIXED = """
IF (SELECT status FROM officers_massmessage WHERE id = COALESCE(NEW.mass_id, OLD.mass_id))
   <> (CASE WHEN COALESCE(NEW.is_correction, OLD.is_correction) THEN 'released' ELSE 'draft' END)
THEN RAISE EXCEPTION 'the words of a message are final once it is proposed';
END IF;
RETURN COALESCE(NEW, OLD);
"""


class MassText(models.Model):
    """The words in one language: of the message, or of what is said when it is taken back."""

    mass = models.ForeignKey(MassMessage, on_delete=models.PROTECT, related_name="texts")
    language = models.CharField(max_length=10)
    is_correction = models.BooleanField(default=False)
    body = models.TextField(_("text"), max_length=2000)

    class Meta:
        verbose_name = _("text of a message to many")
        verbose_name_plural = _("texts of messages to many")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["mass", "language", "is_correction"], name="masstext_once_a_language"
            ),
            models.CheckConstraint(name="masstext_says_something", condition=~Q(body="")),
        ]
        triggers = [
            set_once("mass_id", "language", "is_correction"),
            pgtrigger.Trigger(
                name="final",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                func=TEXT_FIXED,
            ),
        ]

    def __str__(self):
        return self.language


class MassRecipient(models.Model):
    """One family that a released message goes to. What its messages speak of."""

    mass = models.ForeignKey(MassMessage, on_delete=models.PROTECT, related_name="recipients")
    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("family that gets a message to many")
        verbose_name_plural = _("families that get messages to many")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["mass", "registration"], name="massrecipient_once")
        ]
        triggers = append_only()

    def __str__(self):
        return self.registration.reference

    @property
    def status(self) -> str:
        return self.mass.status

    @property
    def case(self) -> str:
        return self.registration.reference

    @property
    def phone(self) -> str:
        return self.registration.phone

    @property
    def text_messages(self) -> bool:
        return self.registration.text_messages
