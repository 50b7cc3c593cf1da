from officers.admin import (
    events,
    parole_lists,
    parole_reviews,
    parole_selections,
    parole_travel,
    people,
    places,
    plan,
)

__all__ = [
    "events",
    "parole_lists",
    "parole_reviews",
    "parole_selections",
    "parole_travel",
    "people",
    "places",
    "plan",
]
