"""Saving a form of the back office as a browser does, with whatever the page brought along."""


def typed(client, url) -> dict:
    """Everything that stands in the form of this page, the version of the row among it."""
    form = client.get(url).context["adminform"].form
    return {
        name: form[name].subwidgets[0].data["value"] or ""
        if not hasattr(form.fields[name].widget, "choices")
        else _chosen(form[name])
        for name in form.fields
    }


def _chosen(bound) -> str:
    value = bound.value()
    return "" if value is None else str(value)


def save(client, url, **values):
    """Opens the page, types these values, and presses the button."""
    return client.post(url, typed(client, url) | values)
