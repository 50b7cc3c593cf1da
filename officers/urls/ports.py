from officers.views import board, cases, days, family, find, places, reserve, walk_ins


def urls(page) -> list:
    """`page(route, view, name)` wraps a view in the one gate of the back office."""
    return [
        page("board/<slug:port>/", board.board, "board"),
        page("board/<slug:port>/rows/", board.rows, "board_rows"),
        page("board/<slug:port>/print/", board.manifest, "manifest"),
        page("board/<slug:port>/walk-ins/new/", walk_ins.walk_in_new, "walk_in_new"),
        page("walk-ins/<str:reference>/", walk_ins.walk_in, "walk_in"),
        page("walk-ins/<str:reference>/call/", walk_ins.call, "walk_in_call"),
        page("walk-ins/<str:reference>/dispose/", walk_ins.dispose, "walk_in_dispose"),
        page("walk-ins/<str:reference>/leave/", walk_ins.leave, "walk_in_leave"),
        page("find/", find.find, "find"),
        page("appointments/<str:reference>/", family.appointment, "family"),
        page("appointments/<str:reference>/check-in/", family.check_in, "check_in"),
        page("appointments/<str:reference>/arrive/", family.arrive, "arrive"),
        page("appointments/<str:reference>/call/", family.call, "call"),
        page("appointments/<str:reference>/dispose/", family.dispose, "dispose"),
        page("registrations/<str:reference>/", cases.case, "case"),
        page("registrations/<str:reference>/reserve/", reserve.reserve, "reserve"),
        page("days/<slug:port>/", days.days, "days"),
        page("days/<slug:port>/<str:day>/", days.day, "day"),
        page("days/<slug:port>/<str:day>/close/", days.close, "day_close"),
        page("days/<slug:port>/<str:day>/move/", days.move, "day_move"),
        page("days/<slug:port>/<str:day>/reopen/", days.reopen, "day_reopen"),
        page("days/<slug:port>/<str:start>/places/", places.places, "slot_places"),
    ]
