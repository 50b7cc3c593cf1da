from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from cbpone.audit.log import record
from cbpone.audit.verbs import Verb
from cbpone.lib.errors import Refused
from cbpone.lib.forms import AskingForm
from cbpone.lib.typed import sent
from scheduling import booking, registering
from scheduling.models import Registration, Slot


class ReserveForm(AskingForm, forms.Form):
    slot = forms.ModelChoiceField(
        Slot.objects.none(),
        label=gettext_lazy("Time"),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": gettext_lazy("Choose a time.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Why this family needs the reserve"),
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": gettext_lazy("Write the reason. It stays on record.")},
    )
    needed = ("slot", "reason")

    def __init__(self, *args, user, people, **kwargs):
        super().__init__(*args, **kwargs)
        own = Slot.objects.visible_to(user).bookable().select_related("port")
        enough = own.filter(reserve_capacity__gte=F("reserve_booked") + people)
        self.fields["slot"].queryset = enough.order_by("starts_at")
        self.fields["slot"].label_from_instance = self.slot_label

    @staticmethod
    def slot_label(slot):
        return _("%(port)s, %(start)s, %(free)s in reserve") % {
            "port": slot.port.name,
            "start": f"{slot.local_start:%a %-d %b %H:%M}",
            "free": slot.reserve_capacity - slot.reserve_booked,
        }


@require_http_methods(["GET", "POST"])
def reserve(request, reference):
    """Places from the reserve for an urgent case, by its number, with a reason on record.

    An appointment the family has already, at whatever port, ends only when that one is ticked.
    """
    user = request.user
    if not user.has_perm("scheduling.book_reserve"):
        raise PermissionDenied
    row = get_object_or_404(Registration.objects.live(), reference=reference)
    people = list(row.people())
    form = ReserveForm(sent(request), user=user, people=len(people))
    moves = (sent(request) or {}).get("moves", "")
    if request.method == "POST" and form.is_valid():
        try:
            number = _book(row, user, moves, form.cleaned_data)
        except Refused as refusal:
            messages.error(request, refusal)
        else:
            messages.success(request, _("Booked from the reserve: %s.") % number)
            return redirect("officers:family", number)
    else:
        record(Verb.VIEWED, on=row, by=user, note="reserve")
    live = held(row)
    context = {
        "registration": row,
        "people": people,
        "form": form,
        "has_times": form.fields["slot"].queryset.exists(),
        "live": live,
        "may_move": live and booking.can_give_up(live),
        "moves": moves,
    }
    return render(request, "officers/reserve.html", context)


def held(registration):
    return registration.appointments.live().select_related("slot__port").first()


@transaction.atomic
def _book(registration, user, moves: str, data) -> str:
    """The family is held, so that what was ticked is what gives way."""
    registering.hold(registration)
    live = held(registration)
    change = live is not None and live.reference == moves
    return booking.book_reserve(registration=registration, by=user, change=change, **data)
