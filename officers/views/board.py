from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from cbpone.audit.log import record
from cbpone.audit.models import Event
from cbpone.audit.verbs import Verb
from cbpone.lib import clock
from officers.board_version import version_of
from officers.today import ON_BOARD, State, read_day
from scheduling.attendance import may_act
from scheduling.models import Port
from scheduling.walk_ins import WRITE

FIRST_DAY = date(2023, 1, 12)  # the first day appointments could be made
LOOK_COUNTS_FOR = timedelta(minutes=15)  # rows that came by themselves are one look this long


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


def asked_state(values) -> State | None:
    return next((state for state in ON_BOARD if state == values.get("state")), None)


def back_to_board(request, port: Port, day: date, reference: str):
    """The board as it was filtered, at this family."""
    state = asked_state(request.POST)
    query = {"day": day.isoformat()} | ({"state": str(state)} if state else {})
    return redirect(reverse("officers:board", args=[port.slug], query=query, fragment=reference))


def _context(request, port):
    day, state = asked_day(request, port), asked_state(request.GET)
    return {
        "port": port,
        "day": day,
        "board": read_day(port, day, request.user, state),
        "now": clock.wall_time(clock.now(), port.zone),
    }


@require_safe
def board(request, port):
    """Who is expected at this port on a day, by time and family, and who is here."""
    port = own_port(request, port)
    etag = _etag(request, port)  # before the rows are read: what comes between shows at once
    context = _context(request, port)
    day = context["day"]
    context |= {
        "etag": etag,
        "today": clock.today_in(port.zone),
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "may_write": may_act(request.user, port, WRITE),
    }
    record(Verb.VIEWED, on=port, by=request.user, note=f"board {port.code} {day}")
    return render(request, "officers/board.html", context)


def _etag(request, port) -> str:
    seen = version_of(port, asked_day(request, port))
    parts = (seen, asked_state(request.GET) or "all", request.user.pk, get_language())
    return f'"{"-".join(map(str, parts))}"'


@require_safe
def rows(request, port):
    """What board.js asks for: 304 while nothing has changed, else the rows as they are now."""
    request.session.modified = False  # a screen that looks by itself keeps no session alive
    port = own_port(request, port)
    etag = _etag(request, port)
    answer = get_conditional_response(request, etag=etag) or _rows(request, port)
    answer.headers["ETag"] = etag
    return answer


def _rows(request, port) -> HttpResponse:
    context = _context(request, port)
    note = f"board {port.code} {context['day']}"
    since = clock.now() - LOOK_COUNTS_FOR
    looks = Event.objects.about(port).filter(verb=Verb.VIEWED, by=request.user, at__gt=since)
    if not looks.filter(note=note).exists():
        record(Verb.VIEWED, on=port, by=request.user, note=note)
    return render(request, "officers/_board_rows.html", context)


@require_safe
def manifest(request, port):
    port = own_port(request, port)
    context = _context(request, port)
    record(Verb.PRINTED, on=port, by=request.user, note=f"manifest {port.code} {context['day']}")
    return render(request, "officers/manifest.html", context)
