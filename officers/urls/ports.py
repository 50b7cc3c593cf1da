from officers.views import board, days, family, find, reserve


def urls(page) -> list:
    """`page(route, view, name)` wraps a view in the one gate of the back office."""
    return [
        page("board/<slug:port>/", board.board, "board"),
        page("board/<slug:port>/print/", board.manifest, "manifest"),
        page("find/", find.find, "find"),
        page("appointments/<str:reference>/", family.appointment, "family"),
        page("appointments/<str:reference>/check-in/", family.check_in, "check_in"),
        page("appointments/<str:reference>/arrive/", family.arrive, "arrive"),
        page("appointments/<str:reference>/dispose/", family.dispose, "dispose"),
        page("registrations/<str:reference>/", family.case, "case"),
        page("registrations/<str:reference>/reserve/", reserve.reserve, "reserve"),
        page("days/<slug:port>/", days.days, "days"),
        page("days/<slug:port>/<str:day>/close/", days.close, "day_close"),
        page("days/<slug:port>/<str:start>/places/", days.places, "slot_places"),
    ]
