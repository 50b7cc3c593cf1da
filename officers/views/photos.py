"""The desk where an officer looks at one photo after the other."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from cbpone.audit import holding
from cbpone.audit.log import record
from cbpone.audit.verbs import Verb
from cbpone.lib.errors import MovedOn, Refused
from cbpone.lib.forms import AskingForm
from cbpone.photos.models import Photo
from cbpone.photos.statuses import Advice, PhotoStatus
from officers import photo_review
from officers.queues.lines import line_of
from officers.queues.photos import QUEUE
from officers.views.queues import home_of, to_next
from scheduling.models import Appointment
from scheduling.statuses import AppointmentStatus

MOST_EARLIER = 10
GROUPS: list[tuple[Any, list[tuple]]] = [
    (gettext_lazy("Nothing more is needed"), [(PhotoStatus.GOOD, gettext_lazy("Good"))]),
    (
        gettext_lazy("Ask the person for another picture, with this advice"),
        [(f"{PhotoStatus.ANOTHER}:{code}", words) for code, words in Advice.choices],
    ),
    (
        gettext_lazy("The person cannot take a better one"),
        [(PhotoStatus.AT_PORT, gettext_lazy("An officer takes the picture when they arrive"))],
    ),
]


class VerdictForm(AskingForm, forms.Form):
    verdict = forms.ChoiceField(
        label=gettext_lazy("What is needed?"),
        choices=[choice for _title, choices in GROUPS for choice in choices],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of these, then save.")},
    )
    needed = ("verdict",)

    def groups(self) -> list[tuple]:
        """The choices under their titles, for the page."""
        options = iter(self["verdict"].subwidgets)
        return [(title, [next(options) for _choice in choices]) for title, choices in GROUPS]


def _find(request, reference) -> Photo:
    """A photo of the officer's queue. Refuses with InConflict or MovedOn."""
    if not QUEUE.is_for(request.user):
        raise PermissionDenied
    rows = QUEUE.waits(request.user).select_related(
        "taken_by",
        "traveler__member__registration",
        "traveler__beneficiary__request",
        "traveler__beneficiary__guardian",
        "traveler__beneficiary__written",
    )
    row = rows.filter(reference=reference).first()
    if row is None:
        known = get_object_or_404(Photo, reference=reference)
        photo_review.check_no_part(request.user, known)
        raise MovedOn
    return row


@require_safe
def photo(request, reference):
    """The picture, whom it shows, what came before, and the three things an officer can say."""
    try:
        return _show(request, _find(request, reference))
    except Refused as refusal:
        messages.error(request, refusal)
        return redirect(home_of(QUEUE))


def _show(request, row: Photo, form=None):
    user, case = request.user, row.about.reference
    record(Verb.VIEWED, on=row, case=case, by=user)
    is_near = photo_review.is_near(user, row)
    may_judge = photo_review.can_judge(user, row)
    rows = Photo.objects.filter(traveler=row.traveler_id).exclude(pk=row.pk)
    earlier = list(rows.select_related("judged_by").order_by("-added_at", "-pk")[:MOST_EARLIER])
    context = {
        "photo": row,
        "line": line_of(QUEUE, row),
        "case": case,
        "is_near": is_near,
        "is_mine": row.taken_by_id == user.pk,
        "may_assign": user.has_perm(holding.ASSIGN),
        "form": form or (VerdictForm() if may_judge else None),
        "coming": _coming(row),
        "port": row.registration and row.registration.clock_port,
        "before": _before(earlier),
        "earlier": earlier,
        "queue": QUEUE,
    }
    return render(request, "officers/queues/photo.html", context)


def _before(earlier: list[Photo]) -> Photo | None:
    """The picture this one was asked for instead of, to be seen beside it."""
    last = earlier[0] if earlier else None
    return last if last and last.status == PhotoStatus.ANOTHER else None


def _coming(row: Photo) -> Appointment | None:
    booked = Appointment.objects.filter(status=AppointmentStatus.BOOKED)
    family = row.registration
    return family and booked.filter(registration=family).select_related("slot__port").first()


@require_POST
def judge(request, reference):
    """One verdict; then the next photo opens at once, or the queue."""
    form = VerdictForm(request.POST)
    try:
        row = _find(request, reference)
        if not form.is_valid():
            return _show(request, row, form)
        _judge(row, form.cleaned_data["verdict"], request.user)
    except Refused as refusal:
        messages.error(request, refusal)
        return redirect(home_of(QUEUE))
    messages.success(request, _("%(person)s: %(verdict)s.") % {
        "person": row.traveler, "verdict": row.get_status_display(),
    })  # fmt: skip
    return redirect(home_of(QUEUE)) if "stop" in request.POST else to_next(request, QUEUE)


def _judge(row: Photo, verdict: str, by) -> None:
    to, _colon, advice = verdict.partition(":")
    if to == PhotoStatus.ANOTHER:
        photo_review.ask_another(photo=row, advice=advice, by=by)
    elif to == PhotoStatus.AT_PORT:
        photo_review.mark_at_port(photo=row, by=by)
    else:
        photo_review.approve(photo=row, by=by)
