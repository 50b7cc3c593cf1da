from officers.views import duplicates, urgent


def urls(page) -> list:
    """`page(route, view, name)` wraps a view in the one gate of the back office."""
    family = "urgent/<str:reference>/"
    pair = "duplicates/<uuid:first>/<uuid:second>/"
    return [
        page(family, urgent.request_page, "urgent"),
        page(f"{family}grant/", urgent.grant, "urgent_grant"),
        page(f"{family}refuse/", urgent.refuse, "urgent_refuse"),
        page(pair, duplicates.pair, "likeness"),
        page(f"{pair}judge/", duplicates.judge, "likeness_judge"),
    ]
