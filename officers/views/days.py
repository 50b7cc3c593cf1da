from datetime import date, datetime

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from cbpone.lib import clock
from cbpone.lib.errors import Refused
from cbpone.lib.forms import AskingForm
from officers.views.board import own_port
from scheduling import release
from scheduling.models import Closure, Release, Slot
from scheduling.models.places import MOST_PLACES


@require_safe
def days(request, port):
    """Two weeks ahead: what was released, taken, held in reserve and closed."""
    port = own_port(request, port)
    today = clock.today_in(port.zone)
    live = Q(appointments__status__in=["booked", "checked_in", "completed"])
    slots = (
        Slot.objects.filter(port=port, day__gte=today)
        .select_related("port")
        .annotate(families=Count("appointments", filter=live))
        .order_by("starts_at")
    )
    context = {
        "port": port,
        "slots": slots,
        "closures": {
            row.day: row for row in Closure.objects.standing().filter(port=port, day__gte=today)
        },
        "releases": Release.objects.filter(port=port, day__gte=today).select_related("released_by"),
        "may_close": request.user.has_perm("scheduling.add_closure"),
        "may_change": request.user.has_perm("scheduling.change_slot"),
    }
    return render(request, "officers/days.html", context)


FURTHEST_DAYS = 366  # a day may be closed this long ahead


class CloseForm(AskingForm, forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why the port is closed on this day"),
        max_length=200,
        error_messages={"required": gettext_lazy("Write the reason. It stays on record.")},
    )
    needed = ("reason",)


@require_http_methods(["GET", "POST"])
def close(request, port, day):
    port = own_port(request, port)
    if not request.user.has_perm("scheduling.add_closure"):
        raise PermissionDenied
    try:
        on = date.fromisoformat(day)
    except ValueError:
        raise Http404
    if not 0 <= (on - clock.today_in(port.zone)).days <= FURTHEST_DAYS:
        raise Http404
    form = CloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            release.close_day(port=port, day=on, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            messages.error(request, refusal)
        else:
            messages.success(request, _("Closed. Families who are booked keep their appointment."))
            return redirect("officers:days", port.slug)
    touched = Slot.objects.filter(port=port, day=on).aggregate(
        families=Count("appointments", filter=Q(appointments__status="booked"))
    )
    return render(
        request, "officers/day_close.html", {"port": port, "day": on, "form": form, **touched}
    )


class PlacesForm(AskingForm, forms.Form):
    public_places = forms.IntegerField(
        label=gettext_lazy("Places for everyone"), min_value=0, max_value=MOST_PLACES
    )
    reserve_places = forms.IntegerField(
        label=gettext_lazy("Officer reserve"), min_value=0, max_value=MOST_PLACES
    )
    is_open = forms.BooleanField(label=gettext_lazy("Takes bookings"))
    needed = ("public_places", "reserve_places")


@require_http_methods(["GET", "POST"])
def places(request, port, start):
    port = own_port(request, port)
    if not request.user.has_perm("scheduling.change_slot"):
        raise PermissionDenied
    try:
        at = datetime.strptime(start, "%Y%m%dT%H%M").replace(tzinfo=port.tz)
    except ValueError:
        raise Http404
    slot = get_object_or_404(Slot.objects.select_related("port"), port=port, starts_at=at)
    initial = {
        "public_places": slot.capacity,
        "reserve_places": slot.reserve_capacity,
        "is_open": slot.is_open,
    }
    form = PlacesForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            release.change_slot(slot=slot, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("public_places", str(refusal))
        else:
            messages.success(request, _("The places of this time are changed."))
            return redirect("officers:days", port.slug)
    return render(request, "officers/slot_places.html", {"port": port, "slot": slot, "form": form})
