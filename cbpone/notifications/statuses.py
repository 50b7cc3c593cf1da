from django.db import models
from django.utils.translation import gettext_lazy as _

CHANNELS = [("email", _("E-mail")), ("sms", _("Text message"))]


class Template(models.TextChoices):
    """What can be told. Each has its words under templates/messages/<value>.txt."""

    REGISTERED = "registered", _("News about your registration")
    BOOKED = "booked", _("News about your appointment")
    CHANGED = "changed", _("News about your appointment")
    CANCELLED = "cancelled", _("News about your appointment")
    REMINDER = "reminder", _("A reminder about your appointment")
    NO_SHOW = "no_show", _("News about your registration")


class DeliveryStatus(models.TextChoices):
    WAITING = "waiting", _("waiting to be sent")
    SENT = "sent", _("sent")
    OUTDATED = "outdated", _("not sent, because it was no longer true")
    FAILED = "failed", _("could not be sent")


DELIVERY_MOVES = {
    DeliveryStatus.WAITING.value: {"sent", "outdated", "failed"},
    DeliveryStatus.FAILED.value: {"waiting"},
    DeliveryStatus.SENT.value: set(),
    DeliveryStatus.OUTDATED.value: set(),
}
