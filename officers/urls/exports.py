from officers.views import exports


def urls(page) -> list:
    """`page(route, view, name)` wraps a view in the one gate of the back office."""
    one = "exports/<uuid:reference>/"
    return [
        page("exports/", exports.exports, "exports"),
        page("exports/new/<slug:kind>/", exports.ask, "export_ask"),
        page(one, exports.export, "export"),
        page(f"{one}stop/", exports.stop, "export_stop"),
        page(f"{one}file/", exports.file, "export_file"),
    ]
