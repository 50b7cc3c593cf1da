"""What was sent too late: shown again, to be sent by the person or left."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cbpone.accounts import keeping
from cbpone.accounts.typed_page import as_fields, readable
from cbpone.accounts.undone import undone
from cbpone.lib.responses import SeeOther


def _own(request, reference) -> keeping.Kept | None:
    row = keeping.find_own(request.user, reference)
    return keeping.Kept(row) if row and _is_here(request, row.path, row.page) else None


def _is_here(request, *paths) -> bool:
    return all(
        url_has_allowed_host_and_scheme(one, {request.get_host()}, request.is_secure())
        for one in paths
    )


@require_safe
def kept(request, reference):
    """On to the page with every field as it was typed; `?text`: what was typed, as plain text.

    Whoever else signs in in this browser finds nothing here.
    """
    found = _own(request, reference)
    if found is None:
        return render(request, "account/kept_gone.html", status=404)
    is_going, is_sent = keeping.is_on_its_way(found.row), found.row.used_at is not None
    if is_going or is_sent:
        context = {"kept": found, "is_sent": is_sent}
        return render(request, "account/kept_sent.html", context)
    if "text" not in request.GET:
        return SeeOther(found.refilled)
    context = {
        "kept": found,
        "lines": readable(found.data),
        "fields": as_fields(found.data),
        "undone": undone(found.row.path),
    }
    return render(request, "account/kept.html", context)


@require_POST
def leave(request, reference):
    found = _own(request, reference)
    if found is None:
        raise Http404
    page = found.row.page
    found.row.delete()
    messages.info(request, _("Nothing was sent. What you typed is not kept any more."))
    return redirect(page)
