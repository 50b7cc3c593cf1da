from django.db import models
from django.utils.translation import gettext_lazy as _


class Verb(models.TextChoices):
    """Everything that is put on record. Sentences are for the page of a case."""

    SIGNED_IN = "signed_in", _("signed in")
    SIGNED_OUT = "signed_out", _("signed out")
    RECOVERY_USED = "recovery_used", _("signed in with a recovery code")
    RECOVERY_PRINTED = "recovery_printed", _("made new recovery codes")
    EMAIL_CHANGED = "email_changed", _("changed the e-mail address")
    STARTED = "started", _("began a registration")
    SAVED = "saved", _("saved a page")
    PERSON_ADDED = "person_added", _("added a person")
    PERSON_REMOVED = "person_removed", _("removed a person")
    PHOTO_ADDED = "photo_added", _("sent a photo")
    SIGNED = "signed", _("signed the registration")
    REOPENED = "reopened", _("began to change a signed registration")
    WITHDRAWN = "withdrawn", _("withdrew the registration")
    BOOKED = "booked", _("booked an appointment")
    BOOKED_RESERVE = "booked_reserve", _("booked a reserved place for an urgent case")
    EXTENDED = "extended", _("brought a person into the appointment")
    CHANGED = "changed", _("moved the appointment")
    CANCELLED = "cancelled", _("cancelled the appointment")
    CHECKED_IN = "checked_in", _("checked in")
    DISPOSED = "disposed", _("recorded a disposition")
    COMPLETED = "completed", _("finished the appointment")
    NO_SHOW = "no_show", _("recorded that nobody came")
    PLACES_RETURNED = "places_returned", _("gave places back")
    RELEASED = "released", _("opened a day's places")
    DAY_CLOSED = "day_closed", _("closed a day")
    SLOT_CHANGED = "slot_changed", _("changed the places of a time")
    PLAN_CHANGED = "plan_changed", _("changed the weekly plan")
    POSTED = "posted", _("gave an officer a port")
    VIEWED = "viewed", _("looked at this")
    SEARCHED = "searched", _("searched for")
    PRINTED = "printed", _("printed")
    RECOUNTED = "recounted", _("found a count that differed")
