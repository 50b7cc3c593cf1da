from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from cbpone.audit.triggers import append_only, frozen, moves_along, undeletable
from cbpone.notifications.statuses import CHANNELS, DELIVERY_MOVES, DeliveryStatus, Template


class Message(models.Model):
    """One thing to tell one person, because of one committed row. Never changed afterwards.

    The words are made when it is sent or read, from the template in the reader's language.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="messages"
    )
    template = models.CharField(max_length=40, choices=Template.choices)
    model = models.CharField(max_length=60)
    row_id = models.CharField(max_length=40)
    row_status = models.CharField(
        max_length=20, blank=True, help_text=_("What must still be true when it is sent.")
    )
    dedupe_key = models.CharField(max_length=80, unique=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-id"]
        indexes = [models.Index(fields=["user", "-id"], name="message_inbox")]
        constraints = [
            models.CheckConstraint(
                name="message_template_known", condition=Q(template__in=Template.values)
            )
        ]
        triggers = append_only()

    def __str__(self):
        return f"{self.template} {self.created_at:%Y-%m-%d}"


class Reading(models.Model):
    """When a person opened a message in the portal."""

    message = models.OneToOneField(Message, on_delete=models.PROTECT)
    read_at = models.DateTimeField(db_default=Now())

    def __str__(self):
        return str(self.read_at)


class Delivery(models.Model):
    """One message on one channel, with what became of it and the words as they were sent."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="deliveries")
    channel = models.CharField(max_length=10, choices=CHANNELS)
    status = models.CharField(
        max_length=10, choices=DeliveryStatus.choices, db_default=DeliveryStatus.WAITING
    )
    attempts = models.PositiveSmallIntegerField(db_default=0)
    next_try_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True, blank=True)
    subject = models.CharField(max_length=200, blank=True, db_default="")
    body = models.TextField(blank=True, db_default="")
    problem = models.CharField(max_length=200, blank=True, db_default="")

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        permissions = [
            ("help_people", "Can help people who write or call"),
            ("resend_delivery", "Can send a message again"),
        ]
        indexes = [
            models.Index(fields=["next_try_at"], name="delivery_due", condition=Q(status="waiting"))
        ]
        constraints = [
            models.UniqueConstraint(fields=["message", "channel"], name="delivery_once_a_channel"),
            models.CheckConstraint(
                name="delivery_status_known", condition=Q(status__in=DeliveryStatus.values)
            ),
            models.CheckConstraint(
                name="delivery_channel_known", condition=Q(channel__in=dict(CHANNELS))
            ),
            models.CheckConstraint(
                name="delivery_sent_has_time",
                condition=Q(status="sent", sent_at__isnull=False)
                | (~Q(status="sent") & Q(sent_at=None)),
            ),
        ]
        triggers = [
            *undeletable(),
            moves_along(DELIVERY_MOVES),
            frozen("final", when="OLD.status IN ('sent', 'outdated')"),
        ]

    def __str__(self):
        return f"{self.channel} {self.status}"
