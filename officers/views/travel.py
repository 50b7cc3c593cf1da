from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cbpone.audit.log import record
from cbpone.audit.models import Event
from cbpone.audit.verbs import Verb
from cbpone.lib.errors import Refused
from cbpone.lib.forms import AskingForm
from officers import travel as reads
from parole import numbers, travel, travel_officers
from parole.choices import DenialReason, PaperKind
from parole.models import Authorization, Beneficiary
from parole.months import month_of

SEE = "parole.view_beneficiary"
CHOOSE = gettext_lazy("Choose a reason.")


class NoteForm(AskingForm, forms.Form):
    note = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": gettext_lazy("Write why. It stays on record.")},
    )
    needed = ("note",)


class SendBackForm(AskingForm, forms.Form):
    note = forms.CharField(
        label=gettext_lazy("What the person has to change"),
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("The person reads this sentence as it stands here."),
        error_messages={"required": gettext_lazy("Write what has to change.")},
    )
    needed = ("note",)


class DenyForm(AskingForm, forms.Form):
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=[("", gettext_lazy("Choose")), *((one.value, one.label) for one in travel.DENIALS)],
        help_text=gettext_lazy("The person is told it. A denied case does not open again."),
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )
    needed = ("reason",)


class CancelForm(AskingForm, forms.Form):
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=DenialReason.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("The person is told it."),
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )
    needed = ("reason",)


def _check(request, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied


def _seen(request, reference) -> Beneficiary:
    _check(request, SEE)
    return get_object_or_404(reads.case_rows(request.user), reference=reference)


@require_safe
def queue(request):
    """Who waits for a decision or a number, what is left of the month, and the next case."""
    _check(request, travel_officers.DECIDE)
    context = {
        "counts": reads.counts(request.user),
        "month": month_of(),
        "meters": reads.meters(month_of()),
        "days_left": reads.days_left(),
        "waits": travel.waits_for(request.user).first(),
        "held": reads.held_cases(request.user)[: reads.MOST],
        "may_see_caps": request.user.has_perm("parole.view_monthlycap"),
    }
    return render(request, "officers/parole/travel.html", context)


@require_POST
def take(request):
    _check(request, travel_officers.DECIDE)
    try:
        row = travel.take_next(by=request.user)
    except Refused as refusal:
        messages.error(request, refusal)
        return redirect("officers:travel")
    if row is None:
        messages.success(request, _("Nobody waits whose case you could take now."))
        return redirect("officers:travel")
    return redirect("officers:travel_case", row.reference)


@require_safe
def case(request, reference):
    """The whole case: person, corrections, photo, passport, answers, family, what can be done."""
    return _show(request, _seen(request, reference))


def _show(request, row, *, denied=None, sent_back=None, put_back=None):
    """A form that could not be taken is shown as it was typed."""
    record(Verb.VIEWED, on=row, by=request.user)
    user = request.user
    may_decide = travel_officers.can_decide(user, row)
    may_put_back = travel_officers.can_put_back(user, row)
    papers = {kind: [one for one in row.current_papers if one.kind == kind] for kind in PaperKind}
    context = {
        "row": row,
        "chip": reads.CHIPS.get(row.status, "chip-todo"),
        "compared": reads.compared(row),
        "answers": reads.answers(row),
        "health": reads.health(row),
        "family": reads.family(row),
        "passports": [(one, one.format == "JPEG") for one in papers[PaperKind.PASSPORT]],
        "proofs": papers[PaperKind.RELATIONSHIP],
        "place": travel.place_in_queue(row),
        "may_decide": may_decide,
        "in_the_way": may_decide and travel_officers.why_not_approved(user, row),
        "deny": denied or (DenyForm(auto_id="deny_%s") if may_decide else None),
        "send_back": sent_back or (SendBackForm(auto_id="send_%s") if may_decide else None),
        "put_back": put_back or (NoteForm(auto_id="back_%s") if may_put_back else None),
        "failed": denied or sent_back or put_back,
        "may_decide_travel": user.has_perm(travel_officers.DECIDE),
        "authorizations": [
            (one, travel_officers.can_cancel(user, _of(one, row)))
            for one in row.authorizations.all()
        ],
        "events": Event.objects.of_case(row.case).select_related("by")[:100],
    }
    return render(request, "officers/parole/travel_case.html", context)


def _of(authorization: Authorization, row: Beneficiary) -> Authorization:
    authorization.beneficiary = row
    return authorization


@require_POST
def judge(request, reference):
    """The verdict on one correction, named by its field in the form."""
    row = _seen(request, reference)
    field = request.POST.get("field", "")
    correction = next((one for one in row.corrections.all() if one.field == field), None)
    if correction is None:
        raise Http404
    correction.beneficiary = row
    verdict = request.POST.get("verdict", "")
    try:
        travel.judge_correction(correction=correction, verdict=verdict, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal)
    else:
        messages.success(request, _("The verdict is on record."))
    return redirect("officers:travel_case", reference)


@require_POST
def approve(request, reference):
    row = _seen(request, reference)
    try:
        made = travel.approve(beneficiary=row, by=request.user)
    except numbers.CapFull as full:
        messages.warning(request, full)
        return redirect("officers:travel")
    except Refused as refusal:
        messages.error(request, refusal)
        return redirect("officers:travel_case", reference)
    messages.success(request, _("Travel is authorized: %s. The person is told.") % made)
    return redirect("officers:travel")


@require_POST
def deny(request, reference):
    row = _seen(request, reference)
    form = DenyForm(request.POST, auto_id="deny_%s")
    if not form.is_valid():
        return _show(request, row, denied=form)
    try:
        travel.deny(beneficiary=row, reason=form.cleaned_data["reason"], by=request.user)
    except Refused as refusal:
        messages.error(request, refusal)
        return _show(request, _seen(request, reference), denied=form)
    messages.success(request, _("Travel is not authorized for %s. The person is told.") % reference)
    return redirect("officers:travel")


@require_POST
def send_back(request, reference):
    row = _seen(request, reference)
    form = SendBackForm(request.POST, auto_id="send_%s")
    if not form.is_valid():
        return _show(request, row, sent_back=form)
    try:
        travel.send_back(beneficiary=row, note=form.cleaned_data["note"], by=request.user)
    except Refused as refusal:
        messages.error(request, refusal)
        return _show(request, _seen(request, reference), sent_back=form)
    messages.success(request, _("%s is with the person again, who is told why.") % reference)
    return redirect("officers:travel")


@require_POST
def put_back(request, reference):
    row = _seen(request, reference)
    form = NoteForm(request.POST, auto_id="back_%s")
    if not form.is_valid():
        return _show(request, row, put_back=form)
    try:
        travel.put_back(beneficiary=row, reason=form.cleaned_data["note"], by=request.user)
    except Refused as refusal:
        messages.error(request, refusal)
        return _show(request, _seen(request, reference), put_back=form)
    messages.success(request, _("%s is back with the others. Nobody holds it.") % reference)
    return redirect("officers:travel")


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request, reference):
    """End a valid authorization, with a reason, after reading what that means."""
    _check(request, travel_officers.DECIDE)
    cases = reads.decidable(request.user)
    rows = Authorization.objects.filter(beneficiary__in=cases.values("pk"))
    row = get_object_or_404(
        rows.select_related("beneficiary__traveler", "beneficiary__request", "process"),
        reference=reference,
    )
    person = row.beneficiary
    form = CancelForm(request.POST if request.method == "POST" else None)
    try:
        travel_officers.check_can_cancel(request.user, row)
        if request.method == "POST" and form.is_valid():
            reason = form.cleaned_data["reason"]
            travel.cancel(authorization=row, reason=reason, by=request.user)
            messages.success(request, _("%s is cancelled. The person is told.") % row)
            return redirect("officers:travel_case", person.reference)
    except Refused as refusal:
        messages.error(request, refusal)
        return redirect("officers:travel_case", person.reference)
    record(Verb.VIEWED, on=row, by=request.user)
    context = {"row": row, "person": person.person, "case": person, "form": form}
    return render(request, "officers/parole/travel_cancel.html", context)
