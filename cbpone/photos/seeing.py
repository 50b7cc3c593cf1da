"""Who may see a photo. Each app that shows travelers says which it lets a person see."""

from collections.abc import Callable

from django.db.models import Q

from cbpone.photos.models import Photo

# Given by scheduling, parole and officers: user -> a filter on photos of people they may see.
RULES: list[Callable] = []


def photos_visible_to(user):
    if not RULES:
        return Photo.objects.none()
    allowed = Q()
    for rule in RULES:
        allowed |= rule(user)
    return Photo.objects.filter(allowed, erased_at=None)


def photo_seen_by(user, reference) -> Photo | None:
    """One photo, if any rule lets this user see it.

    Rules are asked one after the other, those of families and ports first: all in one condition
    would make the database look at every table for every stamp of a board.
    """
    for rule in reversed(RULES):
        found = Photo.objects.filter(rule(user), reference=reference, erased_at=None).first()
        if found:
            return found
    return None
