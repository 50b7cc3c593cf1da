"""What a person is told about a photo: two hints at most, each something they can do."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cbpone.photos.models import Photo
from cbpone.photos.statuses import Finding

MOST_HINTS = 2
DAMAGED = "damaged"
WORDS: dict[str, str | Promise] = {
    Finding.FACE_NOT_FOUND: _(
        "Our computer did not find a face. This happens with some light and cameras, and it is "
        "not your fault. You can use this photo; an officer will look at it."
    ),
    Finding.SEVERAL: _(
        "Our computer found more than one face. If you can, take a photo of this person alone."
    ),
    DAMAGED: _(
        "The lower edge of the picture did not come with the file. If the whole face is there, "
        "you can use it."
    ),
    Finding.TOO_DARK: _("The whole picture is very dark. If you can, face a window or a lamp."),
    Finding.WASHED_OUT: _(
        "Much of the face is white from strong light. If you can, step out of the sun or turn "
        "away from the lamp."
    ),
    Finding.ONE_SIDE_DARK: _(
        "The light comes from one side. If you can, turn so that it falls on the whole face."
    ),
    Finding.BLURRY: _(
        "The photo looks blurred. If you can, hold the phone still or rest it on something."
    ),
    Finding.TOO_FAR: _("The face is small in the picture. If you can, come nearer to the camera."),
    Finding.TOO_CLOSE: _(
        "The face fills the whole picture. If you can, hold the camera a little farther away."
    ),
    Finding.TILTED: _("The head is tilted. If you can, hold the head and the phone upright."),
    Finding.LOW_RESOLUTION: _(
        "The picture has few details. If you can, come nearer, or use the phone's main camera."
    ),
}


@dataclass(frozen=True)
class Hint:
    code: str
    words: str | Promise


def hints_of(photo: Photo) -> list[Hint]:
    """The most useful first. They advise; the photo is kept whatever they say."""
    noted = {*photo.findings, *([DAMAGED] if photo.damaged else [])}
    return [Hint(str(code), words) for code, words in WORDS.items() if code in noted][:MOST_HINTS]
