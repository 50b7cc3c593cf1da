from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cbpone.audit.log import record
from cbpone.audit.models import Event
from cbpone.audit.verbs import Verb
from cbpone.lib import clock
from cbpone.lib.errors import Refused
from cbpone.lib.forms import AskingForm, DateField
from cbpone.lib.references import read_reference
from cbpone.lib.typed import sent
from cbpone.travelers.choices import Sex
from cbpone.travelers.forms import BornForm, NamedForm
from cbpone.travelers.models import Traveler
from officers.today import CHIPS, state_of, with_arrivals
from officers.views.board import back_to_board, own_port
from officers.views.family import DispositionForm, why_not_decide
from scheduling import attendance, walk_ins
from scheduling.models import Registration, WalkIn
from scheduling.statuses import Disposition, WhyWalkIn


class WalkInForm(AskingForm, forms.Form):
    why = forms.ChoiceField(
        label=gettext_lazy("Why they have no appointment"),
        choices=[("", gettext_lazy("Choose")), *WhyWalkIn.choices],
        error_messages={"required": gettext_lazy("Choose the reason they give.")},
    )
    note = forms.CharField(label=gettext_lazy("Note"), max_length=300)
    registration = forms.CharField(
        label=gettext_lazy("Registration number"),
        max_length=30,
        help_text=gettext_lazy("If they have one, its people come along. Write nobody below then."),
    )
    needed = ("why",)

    def clean_registration(self):
        text = self.cleaned_data["registration"].strip()
        if not text:
            return None
        number = read_reference(text, "R")
        row = number and Registration.objects.live().filter(reference=number).first()
        if not row:
            raise forms.ValidationError(
                _("No registration has this number. Check each letter; it begins with R.")
            )
        return row


class ArrivalForm(NamedForm, BornForm, forms.ModelForm):
    """One person as far as an officer at the door needs it."""

    birth_date = DateField(label=gettext_lazy("Date of birth"))
    needed = ("birth_date", "sex", "nationality")

    class Meta:
        model = Traveler
        fields = [
            "given_names",
            "surnames",
            "birth_date",
            "sex",
            "nationality",
            "document_type",
            "document_number",
        ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, empty_permitted=True, use_required_attribute=False, **kwargs)
        # A person left empty must not come out as a woman.
        self.fields["sex"].choices = [("", _("Choose")), *Sex.choices]

    def clean_document_number(self):
        return "".join(self.cleaned_data["document_number"].split()).upper()

    def clean(self):
        data = super().clean()
        if data.get("document_number") and not data.get("document_type"):
            self.add_error("document_type", _("Say which document this number is from."))
        return data


def how_many(data) -> int:
    """People on the form: one at first, one more for "Add another person", at most ten."""
    typed = data.get("people", "")
    asked = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 3 else 1
    return max(1, min(asked + ("more" in data), settings.FAMILY_MOST_PEOPLE))


@require_http_methods(["GET", "POST"])
def walk_in_new(request, port):
    """A family at the door: one to ten people, or those of a registration."""
    port = own_port(request, port)
    if not attendance.may_act(request.user, port, walk_ins.WRITE):
        raise PermissionDenied
    typed = sent(request)
    is_sent = "more" not in request.POST
    family = WalkInForm(typed)
    people = [ArrivalForm(typed, prefix=f"p{n}") for n in range(how_many(typed or {}))]
    if is_sent and request.POST and (row := _write(request, port, family, people)):
        return back_to_board(request, port, row.day, row.reference)
    if request.POST and not is_sent:
        for form in (family, *people):
            form.errors.clear()  # only asked for another person: nothing is judged yet
        people[-1].fields["given_names"].widget.attrs["autofocus"] = True
    context = {
        "port": port,
        "family": family,
        "people": people,
        "may_add": len(people) < settings.FAMILY_MOST_PEOPLE,
        "forms": [family, *people],
        "has_errors": any(form.errors for form in (family, *people)),
    }
    return render(request, "officers/walk_in_new.html", context)


def _write(request, port, family: WalkInForm, people: list[ArrivalForm]) -> WalkIn | None:
    if not all([family.is_valid(), *(form.is_valid() for form in people)]):
        return None
    named = [form for form in people if form.has_changed()]
    data = family.cleaned_data
    if data["registration"] and named:
        family.add_error("registration", _("Write the people or their number, not both."))
        return None
    if not data["registration"] and not named:
        family.add_error("registration", _("Write the people below, or this number."))
        return None
    try:
        row = walk_ins.register(
            port=port, by=request.user, people=[form.cleaned_data for form in named], **data
        )
    except Refused as refusal:
        family.add_error("registration" if data["registration"] else None, str(refusal))
        return None
    messages.success(request, _("%s is on the board.") % row.reference)
    return row


def seen_walk_in(request, reference) -> WalkIn:
    if not request.user.has_perm("scheduling.view_walkin"):
        raise PermissionDenied
    rows = with_arrivals(WalkIn.objects.visible_to(request.user))
    return get_object_or_404(rows, reference=reference)


@require_safe
def walk_in(request, reference):
    """One family without an appointment: who came, why, dispositions, what happened."""
    return _show(request, seen_walk_in(request, reference))


def _show(request, row: WalkIn, typed=None):
    record(Verb.VIEWED, on=row, by=request.user)
    user, port, people = request.user, row.port, list(row.people.all())
    for who in people:
        who.walk_in = row
    too_near = why_not_decide(
        user, port=port, case=row.case, people=people, registration=row.registration
    )
    may_decide = not too_near and attendance.may_act(user, port, attendance.DISPOSE)
    may_act = attendance.may_act(user, port, attendance.CHECK_IN)
    state = state_of(row)
    context = {
        "walk_in": row,
        "port": port,
        "state": state,
        "chip": CHIPS[state],
        "arrived": clock.wall_time(row.arrived_at, port.zone),
        "may_call": may_act and walk_ins.waits_for_call(row),
        "may_leave": walk_ins.can_leave(row) and attendance.may_act(user, port, walk_ins.WRITE),
        "too_near": too_near,
        "people": [
            (
                who,
                may_decide and walk_ins.waits_for_disposition(who),
                typed if typed and typed.data.get("person") == str(who.pk) else None,
            )
            for who in people
        ],
        "dispositions": Disposition.choices,
        "events": Event.objects.of_case(row.case).select_related("by")[:50],
    }
    return render(request, "officers/walk_in.html", context)


@require_POST
def call(request, reference):
    return _move(request, reference, walk_ins.call, _("%s is called in."))


@require_POST
def leave(request, reference):
    return _move(request, reference, walk_ins.leave, _("%s has left. That is on record."))


def _move(request, reference, rule, done: str):
    row = seen_walk_in(request, reference)
    try:
        rule(walk_in=row, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done % row.reference)
    if "board" in request.POST:
        return back_to_board(request, row.port, clock.today_in(row.port.zone), row.reference)
    return redirect("officers:walk_in", row.reference)


@require_POST
def dispose(request, reference):
    row = seen_walk_in(request, reference)
    form = DispositionForm(request.POST, people=row.people.select_related("traveler"))
    if not form.is_valid():
        if "person" in form.errors:
            messages.error(request, attendance.NotExpected())
        return _show(request, row, typed=form)
    person = form.cleaned_data.pop("person")
    try:
        walk_ins.dispose(row=person, by=request.user, **form.cleaned_data)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return _show(request, seen_walk_in(request, reference), typed=form)
    messages.success(request, _("On file for %s.") % person.traveler)
    return redirect("officers:walk_in", reference)
