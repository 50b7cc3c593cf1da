from officers.views import numbers


def urls(page) -> list:
    """`page(route, view, name)` wraps a view in the one gate of the back office."""
    return [page("numbers/", numbers.numbers, "numbers")]
