from datetime import date, timedelta

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from cbpone.audit.log import record
from cbpone.audit.verbs import Verb
from cbpone.lib import clock
from officers.today import read_day
from scheduling.models import Port

FIRST_DAY = date(2023, 1, 12)  # the first day appointments could be made


def own_port(request, slug) -> Port:
    return get_object_or_404(Port.objects.visible_to(request.user), slug=slug)


def asked_day(request, port: Port) -> date:
    """The day asked for, as far as there are records and releases; else today at the port."""
    today = clock.today_in(port.zone)
    try:
        day = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return today
    return day if FIRST_DAY <= day <= today + timedelta(days=366) else today


def _context(request, port):
    day = asked_day(request, port)
    batches = read_day(port, day, request.user)
    return {
        "port": port,
        "day": day,
        "today": clock.today_in(port.zone),
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "batches": batches,
        "people": sum(batch.people for batch in batches),
        "families": sum(len(batch.families) for batch in batches),
        "here": sum(batch.here for batch in batches),
        "now": clock.wall_time(clock.now(), port.zone),
    }


@require_safe
def board(request, port):
    """Who is expected at this port on a day, by time and family, and who is here."""
    port = own_port(request, port)
    context = _context(request, port)
    record(Verb.VIEWED, on=port, by=request.user, note=f"board {port.code} {context['day']}")
    return render(request, "officers/board.html", context)


@require_safe
def manifest(request, port):
    port = own_port(request, port)
    context = _context(request, port)
    record(Verb.PRINTED, on=port, by=request.user, note=f"manifest {port.code} {context['day']}")
    return render(request, "officers/manifest.html", context)
