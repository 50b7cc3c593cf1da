from officers.views import drift


def urls(page) -> list:
    """`page(route, view, name)` wraps a view in the one gate of the back office."""
    return [
        page("photo-drift/", drift.drifts, "photo_drift"),
        page("photo-drift/<int:pk>/", drift.drift_seen, "photo_drift_seen"),
    ]
