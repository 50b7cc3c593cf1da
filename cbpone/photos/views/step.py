"""The photo step, the same page for every process and for a phone that came by a link."""

from django.shortcuts import render
from django.urls import reverse

from cbpone.photos.forms import PhotoForm
from cbpone.photos.hints import hints_of
from cbpone.photos.models import Photo, Upload
from cbpone.photos.refusals import words_of
from cbpone.photos.statuses import UploadStatus
from cbpone.photos.tickets import Ticket, make_ticket
from cbpone.photos.views.ways import ways_of
from cbpone.travelers.models import Traveler


def show_step(
    request, *, traveler: Traveler, user, photo: Photo | None, around: dict, link=None, closed=False
):
    """`around` is what the process says of itself: kicker, way back, why it asks, `port_note` when
    an officer takes the photo, `may_wait` when one can be asked to.

    After `?sent=1` it shows what came and what may be better, after `?noted=1` that an officer
    takes the photo. `closed`: nothing more can be sent.
    """
    ticket = Ticket(user, traveler, link, "")
    ways = ways_of(ticket)
    asked = photo is not None and photo.is_asked_again and not around.get("port_note")
    last = _last(ticket)
    refusal, is_arriving = "", last is not None and last.status == UploadStatus.ARRIVED
    if "sent" in request.GET and last and last.status == UploadStatus.REFUSED:
        refusal = last.refusal  # by the task that opened it later
    came = "sent" in request.GET and (is_arriving or (photo and not asked and not refusal))
    is_noted = "noted" in request.GET and around.get("port_note")
    context = {
        "traveler": traveler,
        "person": traveler,
        "photo": photo,
        "photo_at": reverse("photo", args=[photo.reference]) if photo else "",
        "asked": asked,
        "hints": hints_of(photo) if photo and not asked else [],
        "result": bool(came or is_noted),
        "is_noted": bool(is_noted),
        "is_arriving": is_arriving,
        "is_quiet": photo is not None and not asked,
        # Not beside the news that another one has come and is not opened yet.
        "is_hidden": bool(came and is_arriving),
        "page": ways.page,
        "sent_page": ways.sent,
        "next": ways.after(),
        "form": None if closed else _form(request, refusal),
        "ticket": "" if closed else make_ticket(user=user, traveler=traveler, link=link),
        "owner": (link or user).reference,
        "is_guest": link is not None,
    }
    return render(request, "photos/step.html", context | around)


def _last(ticket: Ticket) -> Upload | None:
    sent = Upload.objects.filter(traveler=ticket.traveler)
    if ticket.link:
        sent = sent.filter(link=ticket.link)
    return sent.order_by("-started_at", "-id").first()


def _form(request, refusal: str) -> PhotoForm:
    """Empty, or with the sentence of what was refused beside the field that was used."""
    code = refusal or request.GET.get("refused", "")
    if not code:
        return PhotoForm()
    return PhotoForm.refused(request.GET.get("by", ""), str(words_of(code)))
