from officers.views import mass


def urls(page) -> list:
    """`page(route, view, name)` wraps a view in the one gate of the back office."""
    return [
        page("to-many/", mass.messages_to_many, "mass"),
        page("to-many/write/", mass.write, "mass_write"),
        page("to-many/<uuid:reference>/", mass.message, "mass_message"),
        page("to-many/<uuid:reference>/edit/", mass.edit, "mass_edit"),
        page("to-many/<uuid:reference>/propose/", mass.propose, "mass_propose"),
        page("to-many/<uuid:reference>/release/", mass.release, "mass_release"),
        page("to-many/<uuid:reference>/decline/", mass.decline, "mass_decline"),
        page("to-many/<uuid:reference>/recall/", mass.recall, "mass_recall"),
    ]
