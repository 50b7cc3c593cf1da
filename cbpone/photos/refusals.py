"""The sentences of refused photos, by the code that is kept of them."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cbpone.lib.limits import TooMany
from cbpone.photos.pipeline import Damaged, NotAnImage, TooLargeFile, TooManyPixels, TooSmall
from cbpone.photos.receiving import Closed
from cbpone.photos.storing import SamePicture

REFUSALS = (
    Damaged, NotAnImage, TooLargeFile, TooManyPixels, TooSmall, SamePicture, Closed, TooMany,
)  # fmt: skip
WORDS: dict[str, str | Promise] = {
    "nothing": _("Choose a photo."),
    "empty": _("This file is empty. Choose another one."),
    **{refusal.code: refusal.sentence for refusal in REFUSALS},
}

# As the history of a case tells it.
SHORT: dict[str, str | Promise] = {
    NotAnImage.code: _("it is no picture"),
    Damaged.code: _("the file is broken"),
    TooLargeFile.code: _("the file is too large"),
    TooManyPixels.code: _("the picture has too many pixels"),
    TooSmall.code: _("the picture is too small"),
    SamePicture.code: _("it is the picture that was there already"),
    Closed.code: _("no photo was awaited any more"),
}


def words_of(code: str) -> str | Promise:
    return WORDS.get(code, Closed.sentence)
