from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from cbpone.audit.holding import ASSIGN
from cbpone.audit.log import record
from cbpone.audit.models import Event
from cbpone.audit.verbs import Verb
from cbpone.lib.errors import Refused
from cbpone.lib.forms import AskingForm
from officers import travel as reads
from officers.correspondence import messages_about
from officers.duplicates.showing import of_people
from officers.queues.lines import figures, target_words
from officers.queues.travel import QUEUE
from officers.reviews import reviewable
from officers.views.moved import keeps_typed
from parole import nearness, numbers, travel, travel_letters, travel_officers
from parole.choices import LetterAbout, PaperKind
from parole.models import Authorization, Beneficiary
from parole.months import month_of
from parole.statuses import BeneficiaryStatus

SEE, HOME = "parole.view_beneficiary", "officers:travel"
CHOOSE, CHOOSE_REASON = gettext_lazy("Choose"), gettext_lazy("Choose a reason.")


class NoteForm(AskingForm, forms.Form):
    note = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": gettext_lazy("Write why. It stays on record.")},
    )
    needed = ("note",)


def reasons(about: str, **values) -> forms.ChoiceField:
    """One of the reasons for a decision with a letter."""
    known = [(one.value, one.label) for one in travel_letters.REASONS[about]]
    return forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=[("", CHOOSE), *known] if "widget" not in values else known,
        error_messages={"required": CHOOSE_REASON, "invalid_choice": CHOOSE_REASON},
        **values,
    )


class SendBackForm(AskingForm, forms.Form):
    reason = reasons(LetterAbout.SENT_BACK)
    needed = ("reason",)


class DenyForm(AskingForm, forms.Form):
    reason = reasons(
        LetterAbout.DENIED,
        help_text=gettext_lazy("The person is told it. A denied case does not open again."),
    )
    needed = ("reason",)


def check(request, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied


def seen(request, reference) -> Beneficiary:
    check(request, SEE)
    return get_object_or_404(reads.case_rows(request.user), reference=reference)


@require_safe
def queue(request):
    """Who waits for a decision or a number, what is left of the month, and the next case."""
    check(request, travel_officers.DECIDE)
    user = request.user
    may_assign = user.has_perm(ASSIGN)
    context = {
        "counts": reads.counts(user),
        "queue": QUEUE,
        "figures": figures(QUEUE, user),
        "target": target_words(QUEUE),
        "month": month_of(),
        "meters": reads.meters(month_of()),
        "days_left": reads.days_left(),
        "waits": travel.waits_for(user).first(),
        "held": reads.held_cases(user),
        "may_assign": may_assign,
        "free": reads.free_cases(user) if may_assign else [],
        "may_see_caps": user.has_perm("parole.view_monthlycap"),
    }
    return render(request, "officers/parole/travel.html", context)


@require_POST
def take(request):
    check(request, travel_officers.DECIDE)
    try:
        row = travel.take_next(by=request.user)
    except Refused as refusal:
        messages.error(request, refusal)
        return redirect(HOME)
    if row is None:
        messages.success(request, _("Nobody waits whose case you could take now."))
        return redirect(HOME)
    return redirect("officers:travel_case", row.reference)


@require_safe
def case(request, reference):
    """The whole case: person, corrections, photo, passport, answers, family, what can be done."""
    return show(request, seen(request, reference))


def show(request, row, *, denied=None, sent_back=None, put_back=None):
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
        "closed": reads.closed_relatives(row, user),
        "passports": [(one, one.format == "JPEG") for one in papers[PaperKind.PASSPORT]],
        "proofs": papers[PaperKind.RELATIONSHIP],
        "place": travel.place_in_queue(row),
        "may_decide": may_decide,
        "in_the_way": may_decide and travel_officers.why_not_approved(user, row),
        "deny": denied or (DenyForm(auto_id="deny_%s") if may_decide else None),
        "send_back": sent_back or (SendBackForm(auto_id="send_%s") if may_decide else None),
        "put_back": put_back or (NoteForm(auto_id="back_%s") if may_put_back else None),
        "failed": denied or sent_back or put_back,
    }
    return render(request, "officers/parole/travel_case.html", context | _around(user, row))


def _around(user, row: Beneficiary) -> dict:
    """What happened with the case, and who else may act."""
    authorizations, letters = list(row.authorizations.all()), list(row.letters.all())
    arrivals = [one.arrival for one in authorizations if hasattr(one, "arrival")]
    waits = row.status == BeneficiaryStatus.ATA_PENDING and user.has_perm(ASSIGN)
    return {
        "may_decide_travel": user.has_perm(travel_officers.DECIDE),
        "may_read_request": reviewable(user).filter(pk=row.request_id).exists(),
        "too_near": nearness.why_near(user, row.request),
        "assign": reverse("officers:queue_assign", args=[QUEUE.key, row.pk]) if waits else "",
        "authorizations": [
            (one, travel_officers.can_cancel(user, _of(one, row))) for one in authorizations
        ],
        "likenesses": of_people([row.written_id, row.traveler_id], user),
        "messages_sent": messages_about([row, *authorizations, *arrivals, *letters], [row.user]),
        "events": Event.objects.of_case(row.case).select_related("by")[:100],
    }


def _of(authorization: Authorization, row: Beneficiary) -> Authorization:
    authorization.beneficiary = row
    return authorization


@require_POST
@keeps_typed(reads.outside, HOME)
def judge(request, reference):
    """The verdict on one correction, named by its field in the form."""
    row = seen(request, reference)
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
@keeps_typed(reads.outside, HOME)
def approve(request, reference):
    row = seen(request, reference)
    try:
        made = travel.approve(beneficiary=row, by=request.user)
    except numbers.CapFull as full:
        messages.warning(request, full)
        return redirect(HOME)
    except Refused as refusal:
        messages.error(request, refusal)
        return redirect("officers:travel_case", reference)
    messages.success(request, _("Travel is authorized: %s. The person is told.") % made)
    return redirect(HOME)


@require_POST
@keeps_typed(reads.outside, HOME)
def put_back(request, reference):
    row = seen(request, reference)
    form = NoteForm(request.POST, auto_id="back_%s")
    if not form.is_valid():
        return show(request, row, put_back=form)
    try:
        travel.put_back(beneficiary=row, reason=form.cleaned_data["note"], by=request.user)
    except Refused as refusal:
        messages.error(request, refusal)
        return show(request, seen(request, reference), put_back=form)
    messages.success(request, _("%s is back with the others. Nobody holds it.") % reference)
    return redirect(HOME)
