"""Every status of this app and the moves between them, as data. Imports nothing of ours."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RegistrationStatus(models.TextChoices):
    DRAFT = "draft", _("being filled in")
    REGISTERED = "registered", _("registered")
    CHANGING = "changing", _("being changed, not signed again yet")
    WITHDRAWN = "withdrawn", _("withdrawn")


REGISTRATION_MOVES = {
    "draft": {"registered", "withdrawn"},
    "registered": {"changing", "withdrawn"},
    "changing": {"registered", "withdrawn"},
    "withdrawn": set(),
}


class AppointmentStatus(models.TextChoices):
    BOOKED = "booked", _("booked")
    CHECKED_IN = "checked_in", _("checked in")
    COMPLETED = "completed", _("done")
    CHANGED = "changed", _("moved to another time")
    CANCELLED = "cancelled", _("cancelled")
    NO_SHOW = "no_show", _("nobody came")


APPOINTMENT_MOVES = {
    "booked": {"checked_in", "changed", "cancelled", "no_show"},
    "checked_in": {"completed"},
    "no_show": {"checked_in"},  # a late family is still let in by the officer
    "completed": set(),
    "changed": set(),
    "cancelled": set(),
}
LIVE = ("booked", "checked_in")


class Pool(models.TextChoices):
    PUBLIC = "public", _("places for everyone")
    RESERVE = "reserve", _("officer reserve for urgent cases")


class Disposition(models.TextChoices):
    """What an officer decided about one person. Categories of OFO field practice."""

    NTA_PAROLE = "nta_parole", _("Notice to appear, paroled")
    NTA_DETAINED = "nta_detained", _("Notice to appear, transferred to ICE")
    ERCF = "ercf", _("Expedited removal, credible fear claimed")
    EXPEDITED_REMOVAL = "expedited_removal", _("Expedited removal")
    WITHDRAWAL = "withdrawal", _("Withdrew the application for admission")
    VOLUNTARY_RETURN = "voluntary_return", _("Voluntary return")
    PAROLED = "paroled", _("Paroled without a notice to appear")
    ADMITTED = "admitted", _("Admitted, documents found")
    HHS = "hhs", _("Child referred to Health and Human Services")
    TURNED_BACK = "turned_back", _("Turned back: not on the list or wrong day")
    MEDICAL = "medical", _("Medical transfer")
    DECEASED = "deceased", _("Deceased")
    DID_NOT_COME = "did_not_come", _("Did not come with the family")


class WalkInStatus(models.TextChoices):
    """Of a family without an appointment, from the door to the disposition."""

    WAITING = "waiting", _("waits")
    CALLED = "called", _("in process")
    COMPLETED = "completed", _("done")
    LEFT = "left", _("left before their turn")


WALKIN_MOVES = {
    "waiting": {"called", "left"},
    "called": {"completed", "left"},
    "completed": set(),
    "left": set(),
}


class WhyWalkIn(models.TextChoices):
    """Why no appointment. The exceptions of 8 CFR 208.33(a)(2)(ii)(B), and what people report."""

    DANGER = "danger", _("In danger, could not wait")
    MEDICAL = "medical", _("Medical emergency")
    NO_PLACE = "no_place", _("Asked for a place, got none")
    PORTAL = "portal", _("The portal did not work for them")
    NO_PHONE = "no_phone", _("No phone, no internet, or cannot read")
    LANGUAGE = "language", _("Not in a language they know")
    UNKNOWN = "unknown", _("Did not know of the portal")
    OTHER = "other", _("Another reason")


class UrgentStatus(models.TextChoices):
    WAITING = "waiting", _("an officer reads it")
    GRANTED = "granted", _("given a place")
    REFUSED = "refused", _("no place from the reserve")
    WITHDRAWN = "withdrawn", _("withdrawn")


URGENT_MOVES = {
    "waiting": {"granted", "refused", "withdrawn"},
    "granted": set(),
    "refused": set(),
    "withdrawn": set(),
}


class Urgency(models.TextChoices):
    """What makes a family's request urgent. Vulnerable cases as in OFO field practice."""

    MEDICAL = "medical", _("An illness or injury that cannot wait")
    PREGNANCY = "pregnancy", _("A pregnancy in its last months, or with trouble")
    DANGER = "danger", _("Someone threatens or hurts us")
    CHILD = "child", _("A child alone, or a child in danger")
    DISABILITY = "disability", _("A disability that makes waiting unsafe")
    OTHER = "other", _("Something else")


class Refusal(models.TextChoices):
    """Why no place from the reserve is given. The family keeps everything it has."""

    NO_RESERVE = "no_reserve", _("No place in reserve is free")
    NOT_URGENT = "not_urgent", _("It can wait for the usual places")
    OTHER_HELP = "other_help", _("Other help comes first: a hospital or the police")
    UNCLEAR = "unclear", _("What happened is not clear yet")


class Criterion(models.TextChoices):
    """Seven criteria of the Title 42 exception as asked in the app from 12 January 2023."""

    ILLNESS = "illness", _("A physical or mental illness")
    DISABILITY = "disability", _("A disability")
    PREGNANCY = "pregnancy", _("Pregnancy")
    NO_SHELTER = "no_shelter", _("No safe place to live or shelter in Mexico")
    UNDER_21 = "under_21", _("Younger than 21")
    OVER_70 = "over_70", _("Older than 70")
    HARMED = "harmed", _("Threatened or harmed while in Mexico")


class USAddress(models.TextChoices):
    YES = "yes", _("Yes, we have an address")
    NO = "no", _("No, or not yet")
