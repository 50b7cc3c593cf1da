"""The end of a sign-in: when it comes, and the link that moves it on."""

from django.contrib.auth.decorators import login_not_required
from django.http import JsonResponse
from django.shortcuts import render
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from cbpone.accounts import staying


@require_safe
def stay(request):
    staying.touch(request.session, request.user, at_once=True)
    seconds = staying.seconds_of(request.user)
    said = _said(seconds)
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"left": seconds, "said": said})
    return render(request, "account/stay.html", {"said": said})


def _said(seconds: int) -> str:
    hours, minutes = seconds // 3600, seconds // 60
    if hours >= 2:
        told = ngettext(
            "You are signed in for %(n)s more hour.",
            "You are signed in for %(n)s more hours.",
            hours,
        )
        return told % {"n": hours}
    told = ngettext(
        "You are signed in for %(n)s more minute.",
        "You are signed in for %(n)s more minutes.",
        minutes,
    )
    return told % {"n": minutes}


@login_not_required
@require_safe
def left(request):
    """Asked by a script before it warns: another page or device may have moved the end on."""
    user = request.user
    return JsonResponse({"left": staying.left(request.session, user) if user.pk else 0})
