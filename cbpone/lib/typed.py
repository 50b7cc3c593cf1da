"""What was typed with a mistake in it, kept in the database until it is mended."""

from datetime import timedelta

from django.http import QueryDict

from cbpone.lib import clock

MOST_TYPED = 20_000  # characters kept of a form with mistakes in it
COME_BACK_AFTER = timedelta(minutes=2)
OWN_NAMES = ("csrfmiddlewaretoken", "return")


def as_typed(post, leave_out=()) -> dict | None:
    """The text of a form as it was sent, ready to be kept; None when it is too much."""
    typed = {
        name: [value.replace("\0", "") for value in values]  # jsonb takes none
        for name, values in post.lists()
        if name not in (*OWN_NAMES, *leave_out)
    }
    letters = sum(len(value) for values in typed.values() for value in values)
    return typed if letters <= MOST_TYPED else None


def as_data(typed):
    """Typed text back from the database as a form expects it."""
    if typed is None or hasattr(typed, "getlist"):
        return typed
    data = QueryDict(mutable=True)
    for name, values in typed.items():
        data.setlist(name, values)
    return data


def sent(request) -> QueryDict | None:
    """What a form on a page is made of: the POST; or, on a page opened anew after a press that
    could not be taken, what was typed then. A view acts on a POST alone, whatever it shows.
    """
    if request.method == "POST":
        return request.POST
    kept = getattr(request, "kept", None)
    if kept is None:
        return None
    kept.is_shown = True
    return kept.data


def is_old(page) -> bool:
    """Typed on another visit, not a moment ago."""
    typed_at = page and page.typed_at
    return bool(typed_at and clock.now() - typed_at > COME_BACK_AFTER)
