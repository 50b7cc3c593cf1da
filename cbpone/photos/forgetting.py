"""Photos whose time is over: the picture goes, what happened to it stays on record.

A picture that was replaced is kept PHOTO_KEEP_REPLACED_DAYS, every picture of a person
PHOTO_KEEP_ENDED_DAYS after the last of their cases has ended.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from cbpone.audit.log import record
from cbpone.audit.verbs import Verb
from cbpone.lib import clock
from cbpone.photos.models import Photo

# Given by scheduling and parole: a moment -> filters on photos of people who had a case that
# ended before it, and of people who have one that has not.
RULES: list[Callable[[datetime], tuple[Q, Q]]] = []


def due(now: datetime) -> QuerySet[Photo]:
    """Photos to be erased at this time."""
    replaced = Q(replaced_at__lt=now - timedelta(days=settings.PHOTO_KEEP_REPLACED_DAYS))
    moment = now - timedelta(days=settings.PHOTO_KEEP_ENDED_DAYS)
    ended, goes_on = Q(pk__in=[]), Q(pk__in=[])
    for rule in RULES:
        over, open_ = rule(moment)
        ended, goes_on = ended | over, goes_on | open_
    is_old = Q(added_at__lt=moment)
    return Photo.objects.filter(erased_at=None).filter(replaced | (is_old & ended & ~goes_on))


def forget_photos(now: datetime | None = None) -> int:
    """Erase what is due. Returns how many; any number of runs at once erases each photo once."""
    now = now or clock.now()
    keys = list(due(now).order_by("pk").values_list("pk", flat=True))
    return sum(_forget(key, now) for key in keys)


@transaction.atomic
def _forget(key: int, now: datetime) -> bool:
    """The file goes before the commit: if that fails, the next run finds the row and ends it."""
    still = due(now).filter(pk=key)
    if not still.update(erased_at=now, replaced_at=Coalesce("replaced_at", now)):
        return False
    photo = Photo.objects.select_related(
        "traveler__member__registration", "traveler__beneficiary"
    ).get(pk=key)
    photo.file.storage.delete(str(photo.file.name))
    record(Verb.PHOTO_ERASED, on=photo, case=photo.about.reference if photo.about else "")
    return True
