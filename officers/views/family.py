from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from cbpone.audit.log import record
from cbpone.audit.models import Event
from cbpone.audit.verbs import Verb
from cbpone.lib.errors import NotAllowed, Refused
from cbpone.lib.forms import speak_plainly
from officers.today import CHIPS, state_of, with_people
from officers.views.board import back_to_board
from scheduling import attendance
from scheduling.models import Appointment, Attendance
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
    user, port = request.user, row.slot.port
    may_check_in = attendance.may_act(user, port, attendance.CHECK_IN)
    too_near = why_not_decide(
        user, port=port, case=row.case, people=row.people, registration=row.registration
    )
    may_decide = not too_near and attendance.may_act(user, port, attendance.DISPOSE)
    state = state_of(row, row.people)
    context = {
        "appointment": row,
        "port": port,
        "state": state,
        "chip": CHIPS[state],
        "local": row.slot.local_start,
        "may_check_in": may_check_in and attendance.is_due(row),
        "may_call": may_check_in and attendance.waits_for_call(row),
        "too_near": too_near,
        "people": [
            (
                who,
                may_decide and attendance.waits_for_disposition(who),
                may_check_in and attendance.can_arrive(who),
                typed if typed and typed.data.get("person") == str(who.pk) else None,
            )
            for who in _bound(row)
        ],
        "dispositions": Disposition.choices,
        "events": Event.objects.of_case(row.case).select_related("by")[:50],
    }
    return render(request, "officers/family.html", context)


def why_not_decide(user, *, port, case, people, registration) -> str:
    """Why this officer, who may decide at this port, may not about these people. Else nothing."""
    try:
        attendance.check_may_decide(
            user,
            port=port,
            case=case,
            travelers=[who.traveler for who in people],
            registration=registration,
        )
    except NotAllowed:
        return ""
    except Refused as refusal:
        return str(refusal)
    return ""


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
    return _back(request, row)


def _back(request, row):
    """To where the button was pressed: the board, or the page of the family."""
    if "board" in request.POST:
        return back_to_board(request, row.slot.port, row.slot.day, row.reference)
    return redirect("officers:family", row.reference)


@require_POST
def call(request, reference):
    row = seen_appointment(request, reference)
    try:
        attendance.call(appointment=row, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal)
    else:
        messages.success(request, _("%s is called in.") % row.reference)
    return _back(request, row)


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
    """Of one person, of an appointment or a walk-in: the page says whose `people`."""

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

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people
        for field in self.fields.values():
            speak_plainly(field)


@require_POST
def dispose(request, reference):
    row = seen_appointment(request, reference)
    people = row.attendances.select_related("appointment__slot__port", "appointment__registration")
    form = DispositionForm(request.POST, people=people)
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
