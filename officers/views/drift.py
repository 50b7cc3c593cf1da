"""Groups of people whose photos fare otherwise than those of all others."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from cbpone.lib.errors import Refused
from cbpone.lib.forms import AskingForm
from cbpone.photos.group_names import name_of
from officers import photo_figures
from scheduling.models import Port

SEE = "photos.view_photodrift"
MOST = 100


class SeenForm(AskingForm, forms.Form):
    note = forms.CharField(
        label=gettext_lazy("What did you find, and what is done about it?"),
        widget=forms.Textarea({"rows": 3}),
        max_length=1000,
        error_messages={"required": gettext_lazy("Write what you found.")},
    )
    needed = ("note",)


@require_safe
def drifts(request):
    """What is open first, then what was looked into lately."""
    return _show(request)


def _show(request, bound=None, form=None):
    if not request.user.has_perm(SEE):
        raise PermissionDenied
    rows = photo_figures.drifts_of(request.user)
    may_judge = request.user.has_perm(photo_figures.JUDGE)
    ports = dict(Port.objects.values_list("code", "name"))
    waiting = [
        {"row": row, "name": name_of(row.kind, row.group, ports),
         "form": form if bound == row.pk else SeenForm(auto_id=f"{row.pk}_%s")}
        for row in rows.filter(seen_at=None).order_by("-found_at", "-pk")[:MOST]
    ]  # fmt: skip
    seen = rows.filter(seen_at__isnull=False).order_by("-seen_at", "-pk")[:MOST]
    context = {
        "waiting": waiting,
        "seen": [{"row": row, "name": name_of(row.kind, row.group, ports)} for row in seen],
        "may_judge": may_judge,
        "form": form,
    }
    return render(request, "officers/photo_drift.html", context)


@require_POST
def drift_seen(request, pk):
    if not request.user.has_perm(photo_figures.JUDGE):
        raise PermissionDenied
    drift = get_object_or_404(photo_figures.drifts_of(request.user), pk=pk)
    form = SeenForm(request.POST, auto_id=f"{drift.pk}_%s")
    if not form.is_valid():
        return _show(request, drift.pk, form)
    try:
        photo_figures.mark_seen(drift=drift, note=form.cleaned_data["note"], by=request.user)
    except Refused as refusal:
        messages.error(request, refusal)
    else:
        messages.success(request, _("Noted. It comes up again if the difference grows."))
    return redirect("officers:photo_drift")
