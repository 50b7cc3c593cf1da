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
    REQUEST_RECEIVED = "request_received", _("News about your request")
    REQUEST_SELECTED = "request_selected", _("News about your request")
    REQUEST_WITHDRAWN = "request_withdrawn", _("News about your request")
    REQUEST_DECISION = "request_decision", _("A letter about your request")
    INVITATION = "invitation", _("Somebody wrote about you")
    CASE_SUBMITTED = "case_submitted", _("News about your case")
    CASE_SENT_BACK = "case_sent_back", _("News about your case")
    CASE_CLOSED = "case_closed", _("News about your case")
    ATA_APPROVED = "ata_approved", _("News about your case")
    ATA_WAITING = "ata_waiting", _("News about your case")
    ATA_DENIED = "ata_denied", _("News about your case")
    ATA_CANCELLED = "ata_cancelled", _("News about your case")
    ATA_ENDING = "ata_ending", _("A reminder about your case")
    ATA_EXPIRED = "ata_expired", _("News about your case")
    PAROLED = "paroled", _("News about your case")
    PAROLE_DENIED = "parole_denied", _("News about your case")
    TB_REMINDER = "tb_reminder", _("A reminder about your case")
    PAROLE_ENDING = "parole_ending", _("A reminder about your case")
    PHOTO_ANOTHER = "photo_another", _("News about a photo")
    PHOTO_AT_PORT = "photo_at_port", _("News about a photo")
    PHONE_LINK = "phone_link", _("Your link to send a photo")
    URGENT_REFUSED = "urgent_refused", _("News about your registration")
    DAY_CLOSED = "day_closed", _("News about your appointment")
    MASS = "mass", _("News from the port")
    MASS_RECALL = "mass_recall", _("A correction from the port")


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
