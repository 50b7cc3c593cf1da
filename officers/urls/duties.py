from officers.views import access, conflicts, help_desk


def urls(page) -> list:
    """`page(route, view, name)` wraps a view in the one gate of the back office."""
    person = "help/<uuid:reference>/"
    return [
        page("look/<str:case>/", access.open_case, "access_open"),
        page("looks/", access.accesses, "accesses"),
        page("looks/judge/", access.judge, "access_judge"),
        page("conflicts/", conflicts.conflicts, "conflicts"),
        page("conflicts/end/", conflicts.end, "conflict_end"),
        page("help/", help_desk.find, "help"),
        page(person, help_desk.person, "help_person"),
        page(f"{person}send-again/", help_desk.send_again, "help_send_again"),
    ]
