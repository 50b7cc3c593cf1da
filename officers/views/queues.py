"""The page of any queue, and what is done with its rows whatever they are."""

from django import forms
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cbpone.audit import holding
from cbpone.audit.log import record
from cbpone.audit.verbs import Verb
from cbpone.lib.errors import MovedOn, Refused
from cbpone.lib.forms import AskingForm
from cbpone.lib.typed import sent
from officers import queues
from officers.queues.base import Queue
from officers.queues.lines import line_of, overview, takers, target_words

HOME = "officers:queue"


class ReasonForm(AskingForm, forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": holding.WhyMissing.sentence},
    )
    needed: tuple[str, ...] = ("reason",)


class AssignForm(ReasonForm):
    officer = forms.ModelChoiceField(
        get_user_model().objects.none(),
        label=gettext_lazy("Officer"),
        empty_label=gettext_lazy("Choose"),
        error_messages={"required": gettext_lazy("Choose an officer.")},
    )
    field_order = ("officer", "reason")
    needed = ("officer", "reason")

    def __init__(self, *args, officers, **kwargs):
        super().__init__(*args, **kwargs)
        known = get_user_model().objects.filter(pk__in=[one.pk for one in officers])
        self.fields["officer"].queryset = known.order_by("name", "email")


def home_of(one: Queue) -> str:
    return reverse(HOME, args=[one.key]) if one.home == HOME else reverse(one.home)


def _queue(request, key) -> Queue:
    found = queues.by_key(key)
    if not found:
        raise Http404
    if not found.is_for(request.user):
        raise PermissionDenied
    return found


@require_safe
def queue(request, key):
    """Its numbers, the officer's own rows and those of others; free ones for who gives them out."""
    one, user = _queue(request, key), request.user
    if one.home != HOME:
        return redirect(one.home)
    record(Verb.VIEWED, on=user, by=user, note=f"queue {key}")
    seen, may_assign = overview(one, user), user.has_perm(holding.ASSIGN)
    context = {
        "queue": one,
        "numbers": seen.numbers,
        "target": target_words(one),
        "next": seen.own[0] if seen.own else None,
        "own": seen.own,
        "others": seen.others,
        "free": seen.free if may_assign else None,
        "may_assign": may_assign,
    }
    return render(request, "officers/queues/queue.html", context)


@require_POST
def take(request, key):
    one = _queue(request, key)
    return to_next(request, one)


def to_next(request, one: Queue):
    """The page of the officer's next row, taken now; of the queue when none is free."""
    try:
        row = one.take_next(by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(home_of(one))
    if row is None:
        messages.success(request, _("Nothing waits for you here now."))
        return redirect(home_of(one))
    return redirect(one.page(row))


def _row(one: Queue, user, pk):
    """A row of the officer's queue. Refuses with MovedOn when it is there no more."""
    row = one.waits(user).select_related("taken_by").filter(pk=pk).first()
    if row is None:
        raise MovedOn
    return row


@require_http_methods(["GET", "HEAD", "POST"])
def put_back(request, key, pk):
    """By who holds it, or by who gives out the work, with a reason."""
    one = _queue(request, key)
    if one.home != HOME:  # it has rules of its own about putting back
        raise Http404
    try:
        row = _row(one, request.user, pk)
        if not request.user.has_perm(holding.ASSIGN):
            holding.check_holds(request.user, row)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(home_of(one))
    form = ReasonForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            holding.put_back(row, reason=form.cleaned_data["reason"], by=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            done = _("%s is back with the others. Nobody holds it.") % one.label(row)
            messages.success(request, done)
            return redirect(home_of(one))
    return _show(request, "officers/queues/put_back.html", one, row, form)


@require_http_methods(["GET", "HEAD", "POST"])
def assign(request, key, pk):
    """A supervisor gives the row to another officer who may work on it, with a reason."""
    one = _queue(request, key)
    if not request.user.has_perm(holding.ASSIGN):
        raise PermissionDenied
    try:
        row = _row(one, request.user, pk)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(home_of(one))
    form = AssignForm(sent(request), officers=takers(one, row))
    if request.method == "POST" and form.is_valid():
        to, reason = form.cleaned_data["officer"], form.cleaned_data["reason"]
        try:
            one.reassign(row, to=to, reason=reason, by=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("%(what)s is with %(officer)s now.") % {
                "what": one.label(row), "officer": to,
            })  # fmt: skip
            return redirect(home_of(one))
    return _show(request, "officers/queues/assign.html", one, row, form)


def _show(request, template, one: Queue, row, form):
    record(Verb.VIEWED, on=row, by=request.user, note=f"queue {one.key}")
    context = {"queue": one, "home": home_of(one), "line": line_of(one, row), "form": form}
    return render(request, template, context)
