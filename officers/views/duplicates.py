"""Two records side by side, and what an officer says of them."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from cbpone.audit import holding
from cbpone.audit.log import record
from cbpone.audit.verbs import Verb
from cbpone.lib.errors import Refused
from cbpone.lib.forms import AskingForm
from cbpone.photos.seeing import photos_visible_to
from officers.duplicates import judging
from officers.duplicates.lines import compared
from officers.duplicates.showing import CHIPS, may_open
from officers.duplicates.sides import Side, add_appointments, read_sides
from officers.duplicates.signals import SIGNALS
from officers.models import Likeness
from officers.queues.duplicates import QUEUE
from officers.queues.lines import line_of
from officers.statuses import Band, LikenessVerdict
from officers.views.queues import home_of, to_next

CHOICES = [
    (LikenessVerdict.SAME, gettext_lazy("One person")),
    (LikenessVerdict.DIFFERENT, gettext_lazy("Two people")),
    (LikenessVerdict.UNSURE, gettext_lazy("It cannot be told")),
]


class VerdictForm(AskingForm, forms.Form):
    verdict = forms.ChoiceField(
        label=gettext_lazy("Who are they?"),
        choices=CHOICES,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the three.")},
    )
    note = forms.CharField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("For colleagues. Neither family reads it."),
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": holding.WhyMissing.sentence},
    )
    needed = ("verdict", "note")


def _find(request, first, second) -> tuple[Likeness, list[Side]]:
    """Refuses with InConflict, except who holds it: they put it back."""
    if not QUEUE.is_for(request.user):
        raise PermissionDenied
    rows = Likeness.objects.select_related("first", "second", "taken_by", "judged_by")
    row = get_object_or_404(rows, first__reference=first, second__reference=second)
    sides = read_sides(row)
    if not may_open(request.user, row, sides):
        raise Http404
    if row.taken_by_id != request.user.pk or row.verdict:
        judging.check_no_part(request.user, sides)
    return row, sides


@require_safe
def pair(request, first, second):
    try:
        row, sides = _find(request, first, second)
    except Refused as refusal:
        messages.error(request, refusal)
        return redirect(home_of(QUEUE))
    return _show(request, row, sides)


def _show(request, row: Likeness, sides: list[Side], form=None):
    """Looking at it is on record with both cases."""
    user = request.user
    is_near = judging.is_near(user, sides)
    if not is_near:
        for side in sides:
            record(Verb.VIEWED, on=side.row, case=side.case, by=user)
    may_judge = judging.can_judge(user, row)
    add_appointments(sides)
    context = {
        "row": row,
        "line": line_of(QUEUE, row),
        "queue": QUEUE,
        "chip": CHIPS[Band(row.band)],
        "sides": sides,
        "photos": _photos(user, sides),
        "lines": compared(sides),
        "signals": [SIGNALS[name] for name in row.signals if name in SIGNALS],
        "is_near": is_near,
        "is_mine": row.taken_by_id == user.pk,
        "may_assign": user.has_perm(holding.ASSIGN),
        "form": (form or VerdictForm()) if may_judge else None,
        "unkept": form["note"].value() if form and not may_judge else "",
    }
    return render(request, "officers/queues/likeness.html", context)


def _photos(user, sides: list[Side]) -> list:
    """The current photo of each side that the officer may see."""
    ids = [side.traveler.pk for side in sides]
    seen = photos_visible_to(user).filter(traveler__in=ids, replaced_at=None)
    by_traveler = {photo.traveler_id: photo for photo in seen}
    return [(side, by_traveler.get(side.traveler.pk)) for side in sides]


@require_POST
def judge(request, first, second):
    """One verdict; then the next pair opens at once, or the queue."""
    form = VerdictForm(request.POST)
    try:
        row, sides = _find(request, first, second)
        if not form.is_valid():
            return _show(request, row, sides, form)
        judging.judge(row=row, by=request.user, **form.cleaned_data)
    except Refused as refusal:
        messages.error(request, refusal)
        return _show_again(request, first, second, form)
    messages.success(request, _("On record: %s.") % row.get_verdict_display())
    return redirect(home_of(QUEUE)) if "stop" in request.POST else to_next(request, QUEUE)


def _show_again(request, first, second, form):
    """The pair as it is now, after a rule refused, with what was typed."""
    try:
        return _show(request, *_find(request, first, second), form)
    except Refused:  # said already
        return redirect(home_of(QUEUE))
