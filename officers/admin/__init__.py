from officers.admin import (
    desk,
    duties,
    events,
    parole_lists,
    parole_reviews,
    parole_selections,
    parole_travel,
    people,
    places,
    plan,
    work,
)

__all__ = [
    "desk",
    "duties",
    "events",
    "parole_lists",
    "parole_reviews",
    "parole_selections",
    "parole_travel",
    "people",
    "places",
    "plan",
    "work",
]
