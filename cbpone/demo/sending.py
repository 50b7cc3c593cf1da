"""With what the demo's photos were sent, what a machine noted of them, and files that were none.

Chance is the same for everybody, so that no group fares otherwise than by chance.
"""

import uuid
from datetime import timedelta
from random import Random

from django.conf import settings

from cbpone.photos.models import Photo, Upload
from cbpone.photos.statuses import Finding, UploadStatus

# Of a hundred pictures, with how many each kind of browser was used.
BROWSERS = (["chrome", "samsung", "safari", "firefox", "in_app", "other"], [58, 16, 14, 4, 5, 3])
LANGUAGES = {"HT": "ht", "BR": "pt-br", "CM": "fr"} | dict.fromkeys(["RU", "BY", "UA", "UZ"], "ru")
CHECKED_BY = "yunet-2023mar"
UNCHECKED = 0.03
# Of a hundred ordinary pictures, how many have each note.
NOTED = {
    Finding.FACE_NOT_FOUND: 0.6,
    Finding.SEVERAL: 0.8,
    Finding.TOO_DARK: 2,
    Finding.WASHED_OUT: 1,
    Finding.ONE_SIDE_DARK: 3,
    Finding.BLURRY: 4,
    Finding.TOO_FAR: 3,
    Finding.TOO_CLOSE: 1,
    Finding.TILTED: 2,
    Finding.LOW_RESOLUTION: 4,
}
REFUSED = 0.015
REFUSALS = (["not_an_image", "damaged", "too_small"], [6, 3, 1])


class Sending:
    """Has chance of its own, so that faces and families stay as they are without it."""

    def __init__(self, seed: int):
        self.rng = Random(f"{seed}:sending")

    def facts(self, traveler) -> dict:
        rng = self.rng
        wanted = LANGUAGES.get(str(traveler.nationality), "es")
        facts = {
            "language": wanted if wanted in dict(settings.LANGUAGES) else "en",
            "browser": rng.choices(*BROWSERS)[0],
        }
        if rng.random() < UNCHECKED:
            return facts
        noted = [code.value for code, share in NOTED.items() if rng.random() * 100 < share]
        return facts | {"checked_by": CHECKED_BY, "findings": noted}

    def refused_before(self, photo: Photo) -> Upload | None:
        """Now and then a file that could not be opened came first, half a minute before."""
        if self.rng.random() >= REFUSED:
            return None
        at = photo.added_at - timedelta(seconds=30)
        size = self.rng.randrange(2_000, 400_000)
        return Upload(
            reference=uuid.UUID(int=self.rng.getrandbits(128), version=4),
            traveler=photo.traveler,
            user=photo.added_by,
            by_form=True,
            size=size,
            have=size,
            sha256=f"{self.rng.getrandbits(256):064x}",
            status=UploadStatus.REFUSED,
            refusal=self.rng.choices(*REFUSALS)[0],
            language=photo.language,
            browser=photo.browser,
            started_at=at,
            heard_at=at,
            ended_at=at,
        )
