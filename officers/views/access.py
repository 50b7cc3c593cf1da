"""Looks outside the scope: asking for one, and what supervisors say of them."""

from datetime import time

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cbpone.audit import access as rules
from cbpone.audit.access import JUDGE, OPEN
from cbpone.audit.choices import Verdict
from cbpone.audit.log import record
from cbpone.audit.verbs import Verb
from cbpone.lib import clock
from cbpone.lib.errors import Refused
from cbpone.lib.forms import AskingForm
from cbpone.lib.keys import read_key
from cbpone.lib.typed import sent
from officers import duties

MOST = 50  # rows of a list that is looked through, not searched


class ReasonForm(AskingForm, forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why do you need to look at this case?"),
        help_text=gettext_lazy("As in: the family stands at our port and gave this number."),
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        error_messages={
            "required": gettext_lazy("Write why you need to look. A supervisor reads it today.")
        },
    )
    needed = ("reason",)


class JudgeForm(AskingForm, forms.Form):
    verdict = forms.ChoiceField(
        label=gettext_lazy("Was it needed?"),
        choices=Verdict.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say whether it was needed.")},
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy("Needed when the look was not. It stays on record."),
    )
    needed = ("verdict",)


@require_http_methods(["GET", "HEAD", "POST"])
def open_case(request, case):
    """One field for the reason, then the case. What is in scope already is shown at once."""
    if not request.user.has_perm(OPEN):
        raise PermissionDenied
    row = duties.find_case(case, request.user)
    if row is None:
        raise Http404
    if duties.is_in_scope(request.user, row):
        return redirect(duties.page_of(row))
    refusal = duties.why_no_look(request.user, row)
    form = ReasonForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            duties.look(case=row, reason=form.cleaned_data["reason"], by=request.user)
        except Refused as refused:
            refusal = refused
        else:
            messages.success(request, _("The case is open to you. A supervisor reads why today."))
            return redirect(duties.page_of(row))
    context = {"case": row, "form": form, "refusal": refusal, "hours": settings.ACCESS_HOURS}
    return render(request, "officers/duties/access_open.html", context)


@require_safe
def accesses(request):
    """Today's looks first, then those that nobody has judged, then what was judged before."""
    return _list(request)


def _list(request, typed=None, about=None):
    """A verdict that could not be taken is shown as `typed`, at the look it is `about`."""
    user = request.user
    if not user.has_perm(duties.SEE_ACCESSES):
        raise PermissionDenied
    record(Verb.VIEWED, on=user, by=user, note="looks outside the scope")
    port = duties.clock_port(user)
    zone = port.zone if port else settings.PAROLE_ZONE
    midnight = clock.wall_clock(clock.today_in(zone), time(), zone)
    rows = duties.accesses_seen_by(user)
    today, earlier = rows.filter(opened_at__gte=midnight), rows.filter(opened_at__lt=midnight)
    context = {
        "port": port,
        "today": _with_forms(user, today.order_by("verdict", "-pk"), typed, about),
        "waiting": _with_forms(user, earlier.filter(verdict="").order_by("pk"), typed, about),
        "judged": earlier.exclude(verdict="")[:MOST],
        "failed": typed,
    }
    return render(request, "officers/duties/accesses.html", context)


def _with_forms(user, rows, typed, about) -> list:
    """(look, form) of so many at most; no form where this person does not judge."""
    return [
        (row, (typed if row == about else _form(row)) if duties.can_judge(user, row) else None)
        for row in rows[:MOST]
    ]


def _form(row, typed=None) -> JudgeForm:
    return JudgeForm(typed, auto_id=f"id_{row.pk}_%s")


@require_POST
def judge(request):
    if not request.user.has_perm(JUDGE):
        raise PermissionDenied
    seen = duties.accesses_seen_by(request.user)
    row = get_object_or_404(seen, pk=read_key(request.POST.get("access", "")))
    form = _form(row, request.POST)
    if not form.is_valid():
        return _list(request, form, row)
    try:
        rules.judge(access=row, by=request.user, **form.cleaned_data)
    except Refused as refusal:
        form.add_error("note", str(refusal))
        return _list(request, form, row)
    messages.success(request, _("Your verdict is on record."))
    return redirect("officers:accesses")
