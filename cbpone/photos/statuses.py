"""What an officer says of a photo. Nobody is ever refused for one. Imports nothing of ours."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PhotoStatus(models.TextChoices):
    WAITING = "waiting", _("waits for an officer")
    GOOD = "good", _("good")
    ANOTHER = "another", _("another one asked for")
    AT_PORT = "at_port", _("to be taken by an officer")


PHOTO_MOVES = {
    "waiting": {"good", "another", "at_port"},
    "good": set(),
    "another": set(),
    "at_port": set(),
}


class Advice(models.TextChoices):
    """One kind, concrete sentence. It speaks of light and place, never of a face."""

    DARK = "dark", _("Turn to a window or a lamp, so that light falls on the face.")
    BLURRED = "blurred", _("Hold the phone still, or lean it on something.")
    FAR = "far", _("Come nearer: the head should fill about half of the picture.")
    TURNED = "turned", _("Look straight into the camera.")
    COVERED = "covered", _("Nothing may hide the face, such as dark glasses or a mask.")
    NOBODY = "nobody", _("We do not see this person in the picture. Take one of them.")
    SEVERAL = "several", _("Only this person may be in the picture.")
