"""Every status of this app and the moves between them, as data. Imports nothing of ours."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RequestStatus(models.TextChoices):
    """Of one supporter's request (Form I-134A) for one beneficiary."""

    DRAFT = "draft", _("being filled in")
    RECEIVED = "received", _("received")
    PENDING = "pending", _("waiting for review")
    SELECTED = "selected", _("chosen for review")
    MORE_INFO = "more_info", _("waiting for more information")
    FINGERPRINTS = "fingerprints", _("waiting for fingerprints")
    FRAUD_HOLD = "fraud_hold", _("held while a question is looked into")
    CONFIRMED = "confirmed", _("support confirmed")
    NOT_CONFIRMED = "not_confirmed", _("support not confirmed")
    WITHDRAWN = "withdrawn", _("withdrawn")


REQUEST_MOVES = {
    "draft": {"received", "withdrawn"},
    "received": {"pending", "withdrawn"},
    "pending": {"selected", "withdrawn"},
    "selected": {
        "more_info", "fingerprints", "fraud_hold", "confirmed", "not_confirmed", "withdrawn",
    },
    "more_info": {"selected", "withdrawn"},
    "fingerprints": {"selected", "withdrawn"},
    "fraud_hold": {"selected", "withdrawn"},
    "confirmed": {"withdrawn"},
    "not_confirmed": set(),
    "withdrawn": set(),
}  # fmt: skip
# Filed and not decided: one of these for a pair of supporter and beneficiary at a time.
OPEN = ("received", "pending", "selected", "more_info", "fingerprints", "fraud_hold")
# In the hands of reviewers.
IN_REVIEW = ("selected", "more_info", "fingerprints", "fraud_hold")


class BeneficiaryStatus(models.TextChoices):
    """Of the person who is to travel, from what a supporter wrote to the airport."""

    WRITTEN = "written", _("named by a supporter")
    INVITED = "invited", _("invited")
    DETAILS_CONFIRMED = "details_confirmed", _("details confirmed")
    ATTESTED = "attested", _("questions answered")
    PHOTO_SUBMITTED = "photo_submitted", _("photo and passport sent")
    ATA_PENDING = "ata_pending", _("waiting for travel authorization")
    ATA_APPROVED = "ata_approved", _("travel authorized")
    ATA_DENIED = "ata_denied", _("travel not authorized")
    ATA_EXPIRED = "ata_expired", _("travel authorization expired")
    ATA_CANCELLED = "ata_cancelled", _("travel authorization cancelled")
    TRAVELLED = "travelled", _("arrived at the airport")
    PAROLED = "paroled", _("paroled into the United States")
    PAROLE_DENIED = "parole_denied", _("parole denied")
    CLOSED = "closed", _("ended with the request")


BENEFICIARY_MOVES = {
    "written": {"invited", "closed"},
    "invited": {"details_confirmed", "closed"},
    "details_confirmed": {"attested", "closed"},
    # A detail that is corrected later leads back: what was attested no longer stands.
    "attested": {"photo_submitted", "details_confirmed", "closed"},
    "photo_submitted": {"ata_pending", "details_confirmed", "closed"},
    "ata_pending": {"ata_approved", "ata_denied", "photo_submitted", "closed"},
    "ata_approved": {"travelled", "ata_expired", "ata_cancelled"},
    "ata_expired": {"ata_pending", "closed"},  # asked for again, in one press
    "travelled": {"paroled", "parole_denied"},
    "ata_denied": set(),
    "ata_cancelled": set(),
    "paroled": set(),
    "parole_denied": set(),
    "closed": set(),
}
# Somebody may still change details, questions, photo and passport page.
EDITABLE = ("invited", "details_confirmed", "attested", "photo_submitted")
# There is a photo that officers look at, and travel is still to come.
WITH_PHOTO = ("photo_submitted", "ata_pending", "ata_approved", "ata_expired")


class AuthorizationStatus(models.TextChoices):
    VALID = "valid", _("valid")
    USED = "used", _("used")
    EXPIRED = "expired", _("expired")
    CANCELLED = "cancelled", _("cancelled")


AUTHORIZATION_MOVES = {
    "valid": {"used", "expired", "cancelled"},
    "used": set(),
    "expired": set(),
    "cancelled": set(),
}


class DecisionStatus(models.TextChoices):
    PROPOSED = "proposed", _("waits for a second person")
    MADE = "made", _("made")
    DECLINED = "declined", _("not agreed to")


DECISION_MOVES = {"proposed": {"made", "declined"}, "made": set(), "declined": set()}


class CapChangeStatus(models.TextChoices):
    PROPOSED = "proposed", _("waits for a second person")
    AGREED = "agreed", _("agreed")
    DECLINED = "declined", _("declined")


CAP_CHANGE_MOVES = {"proposed": {"agreed", "declined"}, "agreed": set(), "declined": set()}
