from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from cbpone.audit.log import record
from cbpone.audit.models import Event
from cbpone.audit.verbs import Verb
from cbpone.lib.errors import Refused
from cbpone.lib.forms import speak_plainly
from cbpone.notifications.models import Delivery
from cbpone.photos.models import Photo
from officers.today import CHIPS, with_people
from scheduling import attendance
from scheduling.models import Appointment, Attendance, Registration
from scheduling.statuses import Disposition


def seen_appointment(request, reference) -> Appointment:
    if not request.user.has_perm("scheduling.view_appointment"):
        raise PermissionDenied
    rows = with_people(Appointment.objects.visible_to(request.user))
    return get_object_or_404(rows, reference=reference)


@require_safe
def appointment(request, reference):
    """One family at the port: photo beside each person, check-in, dispositions, what happened."""
    return _show(request, seen_appointment(request, reference))


def _show(request, row, typed=None):
    """`typed` is a disposition that could not be recorded, to be mended in place."""
    record(Verb.VIEWED, on=row, by=request.user)
    port = row.slot.port
    may_dispose = attendance.may_act(request.user, port, attendance.DISPOSE)
    may_check_in = attendance.may_act(request.user, port, attendance.CHECK_IN)
    context = {
        "appointment": row,
        "port": port,
        "chip": CHIPS[row.status],
        "local": row.slot.local_start,
        "may_check_in": may_check_in and attendance.is_due(row),
        "people": [
            (
                who,
                may_dispose and attendance.waits_for_disposition(who),
                may_check_in and attendance.can_arrive(who),
                typed if typed and typed.data.get("person") == str(who.pk) else None,
            )
            for who in _bound(row)
        ],
        "dispositions": Disposition.choices,
        "events": Event.objects.of_case(row.case).select_related("by")[:50],
    }
    return render(request, "officers/family.html", context)


def _bound(row):
    for who in row.people:
        who.appointment = row
    return row.people


@require_POST
def check_in(request, reference):
    """From the board the whole family; from its own page those who are ticked, at least one."""
    row = seen_appointment(request, reference)
    chosen = request.POST.getlist("present")
    from_board = "board" in request.POST
    present = None if from_board else [who for who in row.people if str(who.pk) in chosen]
    if present == []:
        messages.error(request, _("Tick who is here, then press the button."))
        return redirect("officers:family", reference)
    try:
        attendance.check_in(appointment=row, by=request.user, present=present)
    except Refused as refusal:
        messages.error(request, refusal)
    else:
        messages.success(request, _("%s is checked in.") % row.reference)
    if from_board:
        return redirect("officers:board", row.slot.port.slug)
    return redirect("officers:family", reference)


@require_POST
def arrive(request, reference):
    """Somebody of a family that is here already came later."""
    row = seen_appointment(request, reference)
    person = next((who for who in _bound(row) if str(who.pk) == request.POST.get("person")), None)
    try:
        if person is None:
            raise attendance.NotExpected
        attendance.arrive(row=person, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal)
    else:
        messages.success(request, _("%s is checked in.") % person.traveler)
    return redirect("officers:family", reference)


class DispositionForm(forms.Form):
    person = forms.ModelChoiceField(Attendance.objects.none())
    disposition = forms.ChoiceField(
        choices=Disposition.choices,
        error_messages={
            "required": gettext_lazy("Choose a disposition from the list, then press Record."),
            "invalid_choice": gettext_lazy(
                "Choose a disposition from the list, then press Record."
            ),
        },
    )
    note = forms.CharField(max_length=300, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            speak_plainly(field)


@require_POST
def dispose(request, reference):
    row = seen_appointment(request, reference)
    form = DispositionForm(request.POST)
    form.fields["person"].queryset = row.attendances.select_related("appointment__slot__port")
    if not form.is_valid():
        if "person" in form.errors:
            messages.error(request, attendance.NotExpected())
        return _show(request, row, typed=form)
    person = form.cleaned_data["person"]
    try:
        attendance.dispose(
            row=person,
            disposition=form.cleaned_data["disposition"],
            note=form.cleaned_data["note"],
            by=request.user,
        )
    except Refused as refusal:
        messages.error(request, refusal)
        return _show(request, seen_appointment(request, reference), typed=form)
    messages.success(request, _("On file for %s.") % person.traveler)
    return redirect("officers:family", reference)


@require_safe
def case(request, reference):
    """A registration's whole story: people, answers, appointments, messages and events."""
    if not request.user.has_perm("scheduling.view_registration"):
        raise PermissionDenied
    row = get_object_or_404(
        Registration.objects.visible_to(request.user).select_related("owner"), reference=reference
    )
    record(Verb.VIEWED, on=row, by=request.user)
    photos = Photo.objects.filter(replaced_at=None)
    context = {
        "registration": row,
        "port": row.clock_port,
        "members": row.people().prefetch_related(
            Prefetch("traveler__photos", photos, to_attr="current")
        ),
        "appointments": row.appointments.select_related("slot__port"),
        "deliveries": Delivery.objects.filter(message__user=row.owner).select_related("message")[
            :20
        ],
        "events": Event.objects.of_case(row.reference).select_related("by")[:100],
        "rule": getattr(row, "rule_answer", None),
    }
    return render(request, "officers/case.html", context)
