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


def words_of(code: str) -> str | Promise:
    return WORDS.get(code, Closed.sentence)
