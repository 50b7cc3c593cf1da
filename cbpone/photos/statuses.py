"""What is said of a photo. Nobody is ever refused for one. Imports nothing of ours."""

from django.db import models
from django.utils.translation import gettext_lazy as _

MAX_BYTES = 25 * 1024 * 1024  # of any file that is sent


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


class Finding(models.TextChoices):
    """What a machine noted about a picture, in the order in which it is told: two at most.

    Never the colour of a skin, a background, a head covering, an expression or glasses.
    """

    FACE_NOT_FOUND = "face_not_found", _("the computer found no face")
    SEVERAL = "several", _("the computer found more than one face")
    TOO_DARK = "too_dark", _("the whole picture is very dark")
    WASHED_OUT = "washed_out", _("much of the face is pure white")
    ONE_SIDE_DARK = "one_side_dark", _("one side of the face is in shadow")
    BLURRY = "blurry", _("the picture looks blurred")
    TOO_FAR = "too_far", _("the face is small in the picture")
    TOO_CLOSE = "too_close", _("the face fills the whole picture")
    TILTED = "tilted", _("the head is tilted")
    LOW_RESOLUTION = "low_resolution", _("the face has few pixels")


class Browser(models.TextChoices):
    """As much as the public numbers need, and no more."""

    CHROME = "chrome", _("Chrome")
    SAFARI = "safari", _("Safari")
    SAMSUNG = "samsung", _("Samsung Internet")
    FIREFOX = "firefox", _("Firefox")
    EDGE = "edge", _("Edge")
    OPERA = "opera", _("Opera")
    IN_APP = "in_app", _("inside another app")
    OTHER = "other", _("another browser")


class UploadStatus(models.TextChoices):
    RECEIVING = "receiving", _("arriving")
    ARRIVED = "arrived", _("arrived, not yet opened")
    KEPT = "kept", _("kept")
    REFUSED = "refused", _("could not be opened")
    ABANDONED = "abandoned", _("never finished")


UPLOAD_MOVES = {
    "receiving": {"arrived", "abandoned"},
    "arrived": {"kept", "refused"},
    "kept": set(),
    "refused": set(),
    "abandoned": set(),
}


class GroupKind(models.TextChoices):
    """By what photos are counted for the public. Never by how a person looks."""

    NATIONALITY = "nationality", _("Nationality")
    PORT = "port", _("Port of entry")
    LANGUAGE = "language", _("Language of the page")
    BROWSER = "browser", _("Browser")


class Measure(models.TextChoices):
    HINTED = "hinted", _("pictures with any advice by the machine")
    FACE_NOT_FOUND = "face_not_found", _("pictures in which the machine found no face")
    REFUSED = "refused", _("files that could not be opened")
    AT_PORT = "at_port", _("photos left to an officer")
