"""The desk where an officer answers a family that asks for an urgent place."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cbpone.audit import holding
from cbpone.audit.log import record
from cbpone.audit.verbs import Verb
from cbpone.lib.errors import Refused
from cbpone.lib.forms import AskingForm
from cbpone.lib.typed import sent
from cbpone.photos.models import Photo
from officers import urgent
from officers.queues.lines import line_of
from officers.queues.urgent import QUEUE
from officers.views.queues import home_of
from parole.letters import language_of
from scheduling import booking
from scheduling.models import Slot, UrgentRequest
from scheduling.statuses import Refusal, UrgentStatus

MOST_TIMES = 40  # soonest ones offered; a family that cannot wait is not offered next week first
CHIPS: dict[str, str] = {
    UrgentStatus.WAITING: "chip-now",
    UrgentStatus.GRANTED: "chip-done",
    UrgentStatus.REFUSED: "chip-gone",
    UrgentStatus.WITHDRAWN: "chip-gone",
}


class TimeForm(AskingForm, forms.Form):
    slot = forms.ModelChoiceField(
        Slot.objects.none(),
        label=gettext_lazy("Time"),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={
            "required": gettext_lazy("Choose a time."),
            "invalid_choice": gettext_lazy("That time is not free any more. Choose another one."),
        },
    )
    needed = ("slot",)

    def __init__(self, *args, times, **kwargs):
        super().__init__(*args, **kwargs)
        soonest = times[:MOST_TIMES].values_list("pk", flat=True)
        chosen = Slot.objects.filter(pk__in=list(soonest)).select_related("port")
        self.fields["slot"].queryset = chosen.order_by("starts_at", "port__name")
        self.fields["slot"].label_from_instance = self.label_of

    @staticmethod
    def label_of(slot) -> str:
        return _("%(port)s, %(start)s (%(zone)s), %(free)s in reserve") % {
            "port": slot.port.name,
            "start": date_format(slot.local_start, "l j F, H:i"),
            "zone": slot.port.zone_name,
            "free": slot.reserve_capacity - slot.reserve_booked,
        }


class RefusalForm(AskingForm, forms.Form):
    needed: tuple[str, ...] = ("refusal",)
    refusal = forms.ChoiceField(
        label=gettext_lazy("Reason"), choices=Refusal.choices, widget=forms.RadioSelect
    )


class LetterForm(RefusalForm):
    refusal = forms.ChoiceField(choices=Refusal.choices, widget=forms.HiddenInput)
    letter = forms.CharField(
        label=gettext_lazy("Letter to the family"),
        max_length=6000,
        strip=False,
        widget=forms.Textarea({"rows": 20}),
        help_text=gettext_lazy("It goes out exactly as it stands here."),
        error_messages={"required": urgent.LetterMissing.sentence},
    )
    needed = ("refusal", "letter")

    def clean_letter(self):
        """Browsers send line ends in two signs; mail has one."""
        letter = self.cleaned_data["letter"].replace("\r\n", "\n").strip()
        if not letter:
            raise forms.ValidationError(urgent.LetterMissing.sentence)
        return letter


def _find(request, reference) -> UrgentRequest:
    """What the family asks now at a port of the officer, else what it asked last.

    Refuses with InConflict.
    """
    user = request.user
    if not QUEUE.is_for(user):
        raise PermissionDenied
    seen = UrgentRequest.objects.visible_to(user).filter(registration__reference=reference)
    rows = list(
        seen.select_related("registration__owner", "port", "taken_by", "decided_by", "appointment")
    )
    if not rows:
        raise Http404
    row = next((one for one in rows if one.status == UrgentStatus.WAITING), rows[0])
    if row.taken_by_id != user.pk or row.status != UrgentStatus.WAITING:
        urgent.check_no_part(user, row)
    return row


@require_safe
def request_page(request, reference):
    """The family, what it wrote, its appointment, what the reserve has, and the two answers."""
    try:
        return _show(request, _find(request, reference))
    except Refused as refusal:
        messages.error(request, refusal)
        return redirect(home_of(QUEUE))


def _show(request, row: UrgentRequest, *, time=None, refusal=None, moves=""):
    """Forms that could not be taken are shown as they were typed."""
    user, family = request.user, row.registration
    record(Verb.VIEWED, on=row, by=user)
    people = list(_people(family))
    may_decide = urgent.can_decide(user, row)
    is_open = row.status == UrgentStatus.WAITING
    times = urgent.free_times(user, people=len(people))
    live = family.appointments.live().select_related("slot__port").first()
    context = {
        "row": row,
        "line": line_of(QUEUE, row),
        "queue": QUEUE,
        "chip": CHIPS[row.status],
        "case": family.reference,
        "is_near": is_open and urgent.is_near(user, row),
        "is_mine": row.taken_by_id == user.pk,
        "is_open": is_open,
        "may_assign": user.has_perm(holding.ASSIGN),
        "may_decide": may_decide,
        "people": people,
        "live": live,
        "may_move": live and booking.can_give_up(live),
        "moves": moves,
        "earlier": family.urgent_requests.exclude(pk=row.pk).select_related("port"),
        "time": (time or TimeForm(times=times)) if may_decide else time,
        "refusal": refusal or RefusalForm(auto_id="refuse_%s"),
        "failed": time or refusal,
    }
    return render(request, "officers/queues/urgent.html", context)


def _people(family):
    photos = Photo.objects.filter(replaced_at=None)
    return family.people().prefetch_related(Prefetch("traveler__photos", photos, to_attr="current"))


@require_POST
def grant(request, reference):
    moves = request.POST.get("moves", "")
    try:
        row = _find(request, reference)
        form = _typed_time(request, row)
        if not form.is_valid():
            return _show(request, row, time=form, moves=moves)
        urgent.grant(request=row, slot=form.cleaned_data["slot"], by=request.user, moves=moves)
    except Refused as refusal:
        messages.error(request, refusal)
        return _show_again(request, reference, moves)
    messages.success(
        request, _("Booked from the reserve: %s. The family is told.") % row.appointment
    )
    return redirect(home_of(QUEUE))


def _typed_time(request, row) -> TimeForm:
    times = urgent.free_times(request.user, people=row.registration.people().count())
    return TimeForm(request.POST, times=times)


def _show_again(request, reference, moves):
    """The page as things are now, after a rule refused; what was chosen stays chosen."""
    try:
        row = _find(request, reference)
        return _show(request, row, time=_typed_time(request, row), moves=moves)
    except Refused:  # said already
        return redirect(home_of(QUEUE))


@require_http_methods(["GET", "HEAD", "POST"])
def refuse(request, reference):
    """The letter as a first draft to edit, the letter as it will go out, then the answer."""
    try:
        row = _find(request, reference)
        urgent.check_can_decide(request.user, row)
    except Refused as refusal:
        messages.error(request, refusal)
        return _not_now(request, reference)
    typed = sent(request)
    if typed is None:
        return _draft(request, row)
    form = LetterForm(typed)
    if not form.is_valid() or "change" in typed:
        return _show_letter(request, row, form)
    if "confirm" not in request.POST:
        return _show_letter(request, row, form, is_last_look=True)
    try:
        urgent.refuse(request=row, by=request.user, **form.cleaned_data)
    except Refused as refusal:
        messages.error(request, refusal)
        return _show_letter(request, row, form)
    messages.success(request, _("Answered. The letter is on its way to the family."))
    return redirect(home_of(QUEUE))


def _not_now(request, reference):
    """What was typed into a letter that cannot go out is shown for copying."""
    typed = request.POST.get("letter", "")
    if not typed:
        return redirect("officers:urgent", reference)
    context = {"queue": QUEUE, "case": reference, "typed": typed}
    return render(request, "officers/queues/urgent_unsent.html", context)


def _draft(request, row):
    chosen = RefusalForm(request.GET, auto_id="refuse_%s")
    if not chosen.is_valid():
        return _show(request, row, refusal=chosen)
    refusal = chosen.cleaned_data["refusal"]
    record(Verb.VIEWED, on=row, by=request.user)
    letter = urgent.draft_letter(row, refusal)
    form = LetterForm(initial={"refusal": refusal, "letter": letter})
    return _show_letter(request, row, form)


def _show_letter(request, row, form, is_last_look=False):
    code = form["refusal"].value()
    context = {
        "row": row,
        "queue": QUEUE,
        "case": row.registration.reference,
        "form": form,
        "reason": dict(Refusal.choices).get(code, ""),
        "language": language_of(row.registration.owner),
        "is_last_look": is_last_look,
    }
    return render(request, "officers/queues/urgent_letter.html", context)
