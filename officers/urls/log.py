from officers.views import log


def urls(page) -> list:
    """`page(route, view, name)` wraps a view in the one gate of the back office."""
    return [
        page("log/", log.log, "log"),
        page("log/seal.txt", log.head, "log_head"),
    ]
