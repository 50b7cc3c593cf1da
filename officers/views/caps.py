from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cbpone.lib.errors import Refused
from cbpone.lib.forms import AskingForm
from cbpone.lib.keys import read_key
from cbpone.lib.typed import sent
from officers import travel
from parole import caps
from parole.models import CapChange, Process

SEE = "parole.view_monthlycap"
ALL = "all"


class CapForm(AskingForm, forms.Form):
    month = forms.ChoiceField(label=gettext_lazy("From this month on"), widget=forms.RadioSelect)
    process = forms.ChoiceField(label=gettext_lazy("For whom"))
    cap = forms.IntegerField(
        label=gettext_lazy("People who may be authorized in a month"),
        min_value=0,
        max_value=caps.LARGEST,
        widget=forms.TextInput({"inputmode": "numeric", "class": "w-10"}),
    )
    quota = forms.IntegerField(
        label=gettext_lazy("Requests that may be chosen for review in a month"),
        min_value=0,
        max_value=caps.LARGEST,
        widget=forms.TextInput({"inputmode": "numeric", "class": "w-10"}),
        help_text=gettext_lazy("For one nationality, leave it empty to set no limit of its own."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"), max_length=300, widget=forms.Textarea({"rows": 3})
    )
    needed = ("month", "process", "cap", "reason")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        first = caps.month_of()
        months = (first, caps.month_after(first))
        self.fields["month"].choices = [(str(day), date_format(day, "F Y")) for day in months]
        processes = [(process.slug, str(process)) for process in Process.objects.all()]
        self.fields["process"].choices = [(ALL, _("All nationalities together")), *processes]

    def clean_month(self):
        value = self.cleaned_data["month"]
        first = caps.month_of()
        return first if value == str(first) else caps.month_after(first)

    def clean_process(self):
        value = self.cleaned_data["process"]
        return None if value == ALL else Process.objects.get(country=value.upper())


@require_safe
def months(request):
    """The latest months with their caps, and changes that wait for a second person."""
    _check(request, SEE)
    user = request.user
    waiting = [
        (change, caps.can_agree(user, change), change.proposed_by_id == user.pk)
        for change in travel.changes(waiting=True)[: travel.MOST]
    ]
    context = {
        "rows": travel.months(),
        "waiting": waiting,
        "past": travel.changes(waiting=False)[: travel.MOST],
        "may_propose": user.has_perm(caps.PROPOSE),
    }
    return render(request, "officers/parole/caps.html", context)


def _check(request, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request):
    _check(request, caps.PROPOSE)
    form = CapForm(sent(request), initial={"month": str(caps.month_of()), "process": ALL})
    if request.method == "POST" and form.is_valid():
        try:
            caps.propose_cap(by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Proposed. It counts when a second person agrees."))
            return redirect("officers:caps")
    context = {"form": form, "meters": travel.meters(caps.month_of())}
    return render(request, "officers/parole/cap_propose.html", context)


@require_POST
def agree(request):
    _check(request, caps.AGREE)
    return _answer(request, caps.agree_cap, _("Agreed. The cap counts from now on."))


@require_POST
def decline(request):
    if not (request.user.has_perm(caps.AGREE) or request.user.has_perm(caps.PROPOSE)):
        raise PermissionDenied
    return _answer(request, caps.decline_cap, _("Declined. Every cap stays as it was."))


def _answer(request, rule, done: str):
    change = get_object_or_404(CapChange, pk=read_key(request.POST.get("change", "")))
    try:
        rule(change=change, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("officers:caps")
