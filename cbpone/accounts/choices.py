"""Choices of this app. Imports nothing of ours."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class WhyKept(models.TextChoices):
    SIGNED_OUT = "signed_out", _("the sign-in had ended")
    CSRF = "csrf", _("the page was from before another sign-in")
