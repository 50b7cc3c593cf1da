"""Links to send a photo from a phone: made, shown and followed by one person, opened by a guest."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_POST, require_safe

from cbpone.lib import qr
from cbpone.lib.errors import Refused
from cbpone.notifications.models import Message
from cbpone.notifications.statuses import Template
from cbpone.photos import links
from cbpone.photos.models import PhoneLink
from cbpone.photos.places import place_of
from cbpone.photos.receiving import check_place
from cbpone.photos.views.pictures import picture
from cbpone.photos.views.step import show_step
from cbpone.travelers.models import Traveler

TOLD = {
    "waiting": _l("Nobody has opened the link yet."),
    "opened": _l("The link is open on a phone. Take the photo there; this page goes on by itself."),
}

# --- For whoever makes it -----------------------------------------------------------------


@require_POST
def photo_link_make(request):
    """A link for the traveler named in the form. Strangers are not found."""
    traveler = _own_traveler(request)
    place = place_of(traveler)
    if place is None or place.user_id != request.user.pk:
        raise Http404
    try:
        link = links.make_link(traveler=traveler, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal)
        return redirect(place.page)
    return redirect("photo_link_page", link.reference)


def _own_traveler(request) -> Traveler:
    people = Traveler.objects.select_related("member__registration", "beneficiary")
    try:
        return get_object_or_404(people, reference=request.POST.get("traveler", ""))
    except ValidationError:
        raise Http404 from None


def _own(request, reference) -> PhoneLink:
    rows = PhoneLink.objects.filter(made_by=request.user)
    people = ("traveler__member__registration", "traveler__beneficiary")
    return get_object_or_404(rows.select_related("made_by", *people), reference=reference)


@require_safe
def photo_link_page(request, reference):
    """The QR code and the address, and what has happened on the phone so far."""
    link = _own(request, reference)
    place = place_of(link.traveler)
    address = settings.SITE_URL + links.path_of(link)
    state = links.state_of(link)
    told = Message.objects.filter(user=link.made_by, template=Template.PHONE_LINK)
    context = {
        "link": link,
        "traveler": link.traveler,
        "back": place.page if place else "",
        "is_sent": state == "sent",
        "is_open": state in TOLD,
        "told": TOLD.get(state),
        "address": address,
        "minutes": settings.PHONE_LINK_MINUTES,
        "qr": qr.svg(address, str(_("Code to open the photo page on a phone"))),
        "is_told": told.filter(row_id=str(link.pk)).exists(),
    }
    return render(request, "photos/link.html", context)


@require_safe
def photo_link_state(request, reference):
    state = links.state_of(_own(request, reference))
    return JsonResponse({"state": state}, headers={"Cache-Control": "private, no-store"})


@require_POST
def photo_link_message(request, reference):
    link = _own(request, reference)
    try:
        links.send_link(link)
    except Refused as refusal:
        messages.error(request, refusal)
    else:
        messages.success(request, _("We are sending the link to you."))
    return redirect("photo_link_page", reference)


@require_POST
def photo_link_close(request, reference):
    link = _own(request, reference)
    links.close_link(link)
    messages.success(request, _("The link is closed. Nobody can send a photo with it any more."))
    place = place_of(link.traveler)
    return redirect(place.page if place else "portal:my_case")


# --- For the phone ------------------------------------------------------------------------


@login_not_required
@require_safe
def photo_link(request, code):
    """The photo step for whoever has the link: a given name, and what they sent themselves."""
    link = links.find_link(code)
    if link is None or not link.made_by.is_active:
        return _over(request, 404)
    _speak(request, link)
    try:
        check_place(link.traveler, link.made_by)
        is_closed = link.is_over
    except Refused:
        is_closed = True
    photo = links.photo_by(link)
    if is_closed and not photo:
        return _over(request, 410)
    if request.method == "GET" and not is_closed:
        links.open_link(link)
    response = show_step(
        request,
        traveler=link.traveler,
        user=link.made_by,
        photo=photo,
        link=link,
        closed=is_closed,
        around=_around(request, link, photo),
    )
    response["Referrer-Policy"] = "strict-origin"
    return response


def _around(request, link: PhoneLink, photo) -> dict:
    name = link.traveler.given_names
    return {
        "kicker": name or _("You were sent a link"),
        "person": name or _("a person"),
        "photo_url": f"{links.path_of(link)}photo/",
        "is_done": "done" in request.GET and photo is not None,
    }


def _speak(request, link: PhoneLink) -> None:
    """In the language of whoever made the link, unless this phone has chosen one."""
    language = link.made_by.language
    if (
        language in dict(settings.LANGUAGES)
        and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES
    ):
        translation.activate(language)
        request.LANGUAGE_CODE = language


def _over(request, status: int):
    words = _("This link has ended, or it was typed with a mistake in it.")
    return render(request, "photos/over.html", {"words": words, "is_guest": True}, status=status)


@login_not_required
@require_safe
def photo_link_photo(request, code):
    """The picture that came by this link, and no other."""
    link = links.find_link(code)
    photo = links.photo_by(link) if link else None
    if photo is None:
        raise Http404
    return picture(photo.file.open("rb"))
