"""The form without a script. What it brings is stored before anything else is asked."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from cbpone.lib.errors import Refused
from cbpone.lib.responses import SeeOther
from cbpone.photos import opening, receiving
from cbpone.photos.browsers import browser_of
from cbpone.photos.receiving import Sender
from cbpone.photos.statuses import UploadStatus
from cbpone.photos.tickets import Ticket, TicketOver, read_ticket
from cbpone.photos.uploads import MAX_BYTES
from cbpone.photos.views.ways import ways_of

FIELDS = ("camera", "photo")


@csrf_exempt
@login_not_required
@require_POST
def photo_send(request):
    """Its hidden ticket is the authority: it counts after the session has ended too."""
    try:
        ticket = read_ticket(request.POST.get("ticket", ""), signed_in=request.user)
    except TicketOver as refusal:
        return render(request, "photos/over.html", {"words": refusal}, status=403)
    with translation.override(ticket.language):
        address, is_kept = _take(request, ticket)
        return _lead(request, ticket, address, is_kept)


def _take(request, ticket: Ticket) -> tuple[str, bool]:
    """(where to go on, whether we have the photo)."""
    ways = ways_of(ticket)
    too_large = getattr(request, "upload_too_large", "")
    field = too_large or next((name for name in FIELDS if name in request.FILES), "photo")
    file = request.FILES.get(field)
    sender = Sender(ticket, browser_of(request.headers.get("User-Agent", "")))
    try:
        if too_large:
            receiving.refuse_too_large(ticket)
        if not file or not file.size:
            return ways.refused("empty" if file else "nothing", field), False
        upload = receiving.take_form(sender=sender, data=file.read(MAX_BYTES + 1))
    except Refused as refusal:
        return ways.refused(refusal.code, field), False
    upload = opening.finish(upload)
    if upload.status == UploadStatus.REFUSED:
        return ways.refused(upload.refusal, field), False
    return ways.sent, True


def _lead(request, ticket: Ticket, address: str, is_kept: bool):
    """Whoever is signed out signs in on the way; another account is told on its own page."""
    is_other = request.user.is_authenticated and request.user.pk != ticket.user.pk
    if is_other and not ticket.link:
        if is_kept:
            messages.success(
                request, _("We have the photo. It belongs to another account than this one.")
            )
        else:
            messages.error(request, _("This photo page belongs to another account than this one."))
        return redirect("portal:my_case")
    return SeeOther(address)
