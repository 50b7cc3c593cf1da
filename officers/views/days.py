from datetime import date

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe
from kombu.exceptions import OperationalError

from cbpone.audit.log import record
from cbpone.audit.verbs import Verb
from cbpone.lib import clock
from cbpone.lib.errors import Refused
from cbpone.lib.forms import AskingForm
from cbpone.lib.typed import sent
from officers.ahead import families_of, plan_of, read_days, read_one_day
from officers.views.board import own_port
from scheduling import moving, release, tasks
from scheduling.models import Closure, Release

FURTHEST_DAYS = 366  # a day may be closed this long ahead
AT_ONCE = 20  # families moved while the supervisor waits; more are moved by a job
KEEP, MOVE = "keep", "move"


@require_safe
def days(request, port):
    """Two weeks ahead: what is open, taken, held in reserve and closed, each day with its sums."""
    port = own_port(request, port)
    today = clock.today_in(port.zone)
    releases = Release.objects.filter(port=port, day__gte=today)
    context = {
        "port": port,
        "days": read_days(port),
        "releases": releases.select_related("released_by"),
        "may_change": request.user.has_perm("scheduling.change_slot"),
    }
    return render(request, "officers/days.html", context)


def read_day(port, text) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Http404
    if not 0 <= (day - clock.today_in(port.zone)).days <= FURTHEST_DAYS:
        raise Http404
    return day


@require_safe
def day(request, port, day):
    """One day: its times, whether it is closed, and what became of every family."""
    port = own_port(request, port)
    on = read_day(port, day)
    may_see = request.user.has_perm("scheduling.view_appointment")
    families = families_of(port, on) if may_see else []
    if may_see:
        record(Verb.VIEWED, on=port, by=request.user, note=f"day {port.code} {on}")
    context = {
        "port": port,
        "ahead": read_one_day(port, on),
        "families": families,
        "waiting": sum(row.is_booked for row in families),
        "may_see": may_see,
        "may_close": release.may_close(request.user, port),
        "may_change": request.user.has_perm("scheduling.change_slot"),
    }
    return render(request, "officers/day.html", context)


def supervised(request, port, text):
    """Port and day for those who may close it; nobody else gets further."""
    port = own_port(request, port)
    if not request.user.has_perm("scheduling.add_closure"):
        raise PermissionDenied
    return port, read_day(port, text)


class CloseForm(AskingForm, forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why the port is closed on this day"),
        max_length=200,
        error_messages={"required": gettext_lazy("Write the reason. It stays on record.")},
    )
    families = forms.ChoiceField(
        label=gettext_lazy("Families who are booked"),
        choices=[
            (KEEP, gettext_lazy("Keep their appointments. Only new bookings stop.")),
            (MOVE, gettext_lazy("Move each family, whole, to the next free time at this port.")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what becomes of the families.")},
    )
    needed = ("reason", "families")


def is_confirmed(request, touched: int) -> bool:
    """Pressed under a preview that showed as many families as there are now."""
    seen = request.POST.get("confirm")
    if seen is None:
        return False
    if seen != str(touched):
        messages.warning(request, _("The families have changed since. Look again, then decide."))
        return False
    return True


@require_http_methods(["GET", "POST"])
def close(request, port, day):
    """First why and what for, then whom it touches, then it is done."""
    port, on = supervised(request, port, day)
    form = CloseForm(sent(request), initial={"families": KEEP})
    plan, moves = None, False
    if request.method == "POST" and form.is_valid() and "back" not in request.POST:
        moves = form.cleaned_data["families"] == MOVE
        plan = plan_of(port, on, moves=moves)
        if is_confirmed(request, len(plan)) and _close(request, port, on, form, plan):
            return redirect("officers:day", port.slug, on.isoformat())
    if plan is not None:
        record(Verb.VIEWED, on=port, by=request.user, note=f"day {port.code} {on}")
    context = {
        "port": port,
        "day": on,
        "form": form,
        "plan": plan,
        "moves": moves,
        "families": moving.booked_on(port, on).count(),
    }
    return render(request, "officers/day_close.html", context)


def _close(request, port, on, form, plan) -> bool:
    reason = form.cleaned_data["reason"]
    try:
        closure = release.close_day(port=port, day=on, reason=reason, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return False
    if form.cleaned_data["families"] == MOVE:
        _move(request, closure, len(plan))
    else:
        messages.success(request, _("Closed. Families who are booked keep their appointment."))
    return True


def _move(request, closure, families: int) -> None:
    """Few at once; many by the job, which can be asked again."""
    if families <= AT_ONCE:
        return _tell(request, moving.move_families(closure=closure, by=request.user))
    try:
        tasks.move_families.apply_async([closure.pk, request.user.pk], retry=False)
    except (OperationalError, OSError):
        messages.warning(request, _("Nobody is moved yet. Press Move the families again."))
    else:
        words = _("%(n)s families are being moved now. Look again here to see what became of each.")
        messages.success(request, words % {"n": families})


def _tell(request, moved: moving.Moved) -> None:
    n = len(moved.new)
    words = ngettext("%(n)s family has a new time.", "%(n)s families have a new time.", n)
    messages.success(request, words % {"n": n})
    for number, why in moved.left:
        messages.warning(request, f"{number}: {why}")


@require_http_methods(["GET", "POST"])
def move(request, port, day):
    """Families still booked on a closed day: to the next free times."""
    port, on = supervised(request, port, day)
    closure = get_object_or_404(
        Closure.objects.standing().select_related("port"), port=port, day=on
    )
    plan = moving.plan_moves(port, on)
    if request.method == "POST" and is_confirmed(request, len(plan)):
        try:
            _move(request, closure, len(plan))
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect("officers:day", port.slug, on.isoformat())
    record(Verb.VIEWED, on=port, by=request.user, note=f"day {port.code} {on}")
    context = {
        "port": port,
        "day": on,
        "closure": closure,
        "plan": plan,
        "moves": True,
    }
    return render(request, "officers/day_move.html", context)


@require_http_methods(["GET", "POST"])
def reopen(request, port, day):
    port, on = supervised(request, port, day)
    closure = get_object_or_404(
        Closure.objects.standing().select_related("port"), port=port, day=on
    )
    if request.method == "POST":
        try:
            release.reopen_day(closure=closure, by=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Open again. Nothing has changed for the families."))
        return redirect("officers:day", port.slug, on.isoformat())
    context = {
        "port": port,
        "closure": closure,
        "ahead": read_one_day(port, on),
        "told": len(release.told_closed(closure)),
    }
    return render(request, "officers/day_reopen.html", context)
