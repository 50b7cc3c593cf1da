from officers.views import bulk


def urls(page) -> list:
    """`page(route, view, name)` wraps a view in the one gate of the back office."""
    chosen, run = "bulk/choices/<uuid:reference>/", "bulk/<uuid:reference>/"
    return [
        page("bulk/", bulk.home, "bulk"),
        page("bulk/begin/<slug:key>/", bulk.begin, "bulk_begin"),
        page(chosen, bulk.choice, "bulk_choice"),
        page(f"{chosen}preview/", bulk.preview, "bulk_preview"),
        page(f"{chosen}start/", bulk.start, "bulk_start"),
        page(run, bulk.run, "bulk_run"),
        page(f"{run}stop/", bulk.stop, "bulk_stop"),
    ]
