from officers.views import airports


def urls(page) -> list:
    """`page(route, view, name)` wraps a view in the one gate of the back office."""
    return [
        page("airport/", airports.airport, "airport"),
        page("airport/choose/", airports.choose, "airport_choose"),
        page("arrivals/<str:reference>/", airports.arrival, "arrival"),
        page("arrivals/<str:reference>/check-in/", airports.check_in, "arrival_check_in"),
        page("arrivals/<str:reference>/parole/", airports.parole_in, "arrival_parole"),
        page("arrivals/<str:reference>/deny/", airports.deny, "arrival_deny"),
    ]
