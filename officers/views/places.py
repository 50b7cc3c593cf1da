from datetime import datetime

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from cbpone.audit.log import record
from cbpone.audit.verbs import Verb
from cbpone.lib.errors import Refused
from cbpone.lib.forms import AskingForm
from cbpone.lib.typed import sent
from officers.ahead import touched
from officers.stale import Stale, check_fresh, version_of
from officers.views.board import own_port
from officers.views.days import is_confirmed
from scheduling import release
from scheduling.models import Port, Slot
from scheduling.models.places import MOST_PLACES

SEEN = ("capacity", "reserve_capacity", "is_open")  # in the order of the form


class PlacesForm(AskingForm, forms.Form):
    public_places = forms.IntegerField(
        label=gettext_lazy("Places for everyone"), min_value=0, max_value=MOST_PLACES
    )
    reserve_places = forms.IntegerField(
        label=gettext_lazy("Officer reserve"), min_value=0, max_value=MOST_PLACES
    )
    is_open = forms.BooleanField(label=gettext_lazy("Takes bookings"))
    version = forms.CharField(widget=forms.HiddenInput)
    needed = ("public_places", "reserve_places")

    def __init__(self, *args, slot: Slot, **kwargs):
        self.slot = slot
        now = {
            "public_places": slot.capacity,
            "reserve_places": slot.reserve_capacity,
            "is_open": slot.is_open,
            "version": version_of(slot, SEEN),
        }
        super().__init__(*args, initial=now, **kwargs)

    def check_enough(self, name: str, taken: int) -> int:
        places = self.cleaned_data[name]
        if places < taken:
            raise forms.ValidationError(str(release.BelowBooked(booked=taken)))
        return places

    def clean_public_places(self):
        return self.check_enough("public_places", self.slot.booked)

    def clean_reserve_places(self):
        return self.check_enough("reserve_places", self.slot.reserve_booked)


def read_slot(port: Port, start: str) -> Slot:
    try:
        at = datetime.strptime(start, "%Y%m%dT%H%M").replace(tzinfo=port.tz)
    except ValueError:
        raise Http404
    return get_object_or_404(Slot.objects.select_related("port"), port=port, starts_at=at)


@require_http_methods(["GET", "POST"])
def places(request, port, start):
    """First the numbers, then the families booked at this time, then it is done."""
    port = own_port(request, port)
    if not request.user.has_perm("scheduling.change_slot"):
        raise PermissionDenied
    slot = read_slot(port, start)
    form = PlacesForm(sent(request), slot=slot)
    families = stale = None
    if request.method == "POST" and form.is_valid() and "back" not in request.POST:
        families = list(touched(slot))
        try:
            if is_confirmed(request, len(families)) and _change(request, slot, form):
                return redirect("officers:day", port.slug, slot.day.isoformat())
        except Stale as refused:
            stale, families = refused, None
            form = PlacesForm(request.POST.dict() | {"version": stale.version}, slot=slot)
    if families is not None:
        record(Verb.VIEWED, on=slot, by=request.user, note=f"families of {slot}")
    context = {"port": port, "slot": slot, "form": form, "families": families, "stale": stale}
    return render(request, "officers/slot_places.html", context)


@transaction.atomic
def _change_as_seen(slot: Slot, *, version: str, by, **numbers) -> None:
    """Refuses with Stale too, when somebody has changed the time since the page was opened."""
    release.hold_port(slot.port)
    if version:
        typed = dict(zip(SEEN, numbers.values(), strict=True))
        check_fresh(Slot.objects.select_for_update().get(pk=slot.pk), version, SEEN, typed)
    release.change_slot(slot=slot, by=by, **numbers)


def _change(request, slot: Slot, form: PlacesForm) -> bool:
    try:
        _change_as_seen(slot, by=request.user, **form.cleaned_data)
    except Stale:
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
        return False
    messages.success(request, _("The places of this time are changed."))
    return True
