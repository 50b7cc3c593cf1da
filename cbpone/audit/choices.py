"""Choices of what officers declare and supervisors judge. Imports nothing of ours."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Verdict(models.TextChoices):
    """What a supervisor says of a look outside an officer's scope."""

    NEEDED = "needed", _("it was needed")
    NOT_NEEDED = "not_needed", _("it was not needed")


class Relative(models.TextChoices):
    """Why an officer stands too near to decide (5 CFR 2635.502: covered relationships)."""

    SELF = "self", _("myself")
    FAMILY = "family", _("family or household")
    FRIEND = "friend", _("a friend, or someone I know well")
    BUSINESS = "business", _("work or money ties us")
    OTHER = "other", _("something else")
