from itertools import groupby

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from cbpone.audit.models import Event
from cbpone.lib import clock
from cbpone.lib.errors import Refused
from cbpone.lib.keys import read_key
from scheduling import booking, tickets
from scheduling.family import read_family
from scheduling.models import Appointment, Port, Registration, Slot


def own_appointment(request, reference) -> Appointment:
    """Of the person's own family: officers have pages of their own, where looking is on record."""
    mine = Appointment.objects.filter(registration__owner=request.user)
    return get_object_or_404(
        mine.select_related("registration__owner", "slot__port"), reference=reference
    )


@require_http_methods(["GET", "POST"])
def book(request):
    """Places that are free, and the one press that takes them for the whole family."""
    if request.method == "POST":
        return _book(request)
    mine = get_object_or_404(Registration.objects.live(), owner=request.user)
    family = read_family(mine)
    live = mine.appointments.live().select_related("slot__port").first()
    ports = list(Port.objects.filter(is_open=True))
    if not ports:
        return render(request, "scheduling/book.html", {"registration": mine, "nowhere": True})
    port = _chosen_port(request, ports, family)
    slots = list(
        Slot.objects.bookable().filter(port=port).select_related("port").order_by("starts_at")
    )
    days = _days(slots, len(family.members))
    day = _chosen_day(request, days)
    context = {
        "registration": mine,
        "people": len(family.members),
        "ports": _ports_first(ports, family),
        "port": port,
        "days": days,
        "day": day,
        "appointment": live,
        "now": clock.wall_time(clock.now(), port.zone),
    }
    return render(request, "scheduling/book.html", context)


def _book(request):
    slot_id = read_key(request.POST.get("slot", ""))
    if not slot_id:
        messages.error(request, _("Choose a time first, then press the button."))
        return redirect(request.get_full_path())
    try:
        reference = booking.book(slot_id=slot_id, by=request.user, change="change" in request.POST)
    except Refused as refusal:
        messages.error(request, refusal)
        return redirect(request.get_full_path())
    return redirect("scheduling:appointment", reference)


def _chosen_port(request, ports, family):
    by_slug = {port.slug: port for port in ports}
    wanted = family.ports or ports
    return by_slug.get(request.GET.get("port")) or by_slug.get(wanted[0].slug) or ports[0]


def _ports_first(ports, family):
    wished = [port for port in family.ports if port.is_open]
    return wished + [port for port in ports if port not in wished]


def _days(slots, people):
    """Days with their times; `enough` where the whole family fits into one time."""
    days = []
    for day, rows in groupby(slots, key=lambda slot: slot.day):
        times = list(rows)
        free = sum(slot.free for slot in times)
        enough = any(slot.free >= people for slot in times)
        days.append({"day": day, "times": times, "free": free, "enough": enough})
    return days


def _chosen_day(request, days):
    asked = request.GET.get("day", "")
    for day in days:
        if day["day"].isoformat() == asked:
            return day
    return next((day for day in days if day["enough"]), days[0] if days else None)


@require_safe
def appointment(request, reference):
    row = own_appointment(request, reference)
    context = {
        "appointment": row,
        "people": row.attendances.filter(left_at=None).select_related("traveler"),
        "local": row.slot.local_start,
        "qr": tickets.qr_svg(row),
        "may_change": booking.can_give_up(row),
        "is_live": row.ended_at is None,
        "instead": row.registration.appointments.live().exclude(pk=row.pk).first(),
    }
    return render(request, "scheduling/appointment.html", context)


@require_safe
def appointment_calendar(request, reference):
    row = own_appointment(request, reference)
    response = HttpResponse(tickets.calendar_file(row), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="appointment.ics"'
    return response


@require_http_methods(["GET", "POST"])
def appointment_cancel(request, reference):
    row = own_appointment(request, reference)
    people = row.attendances.filter(left_at=None).count()
    if request.method == "GET" and not booking.can_give_up(row):
        return redirect("scheduling:appointment", reference)
    if request.method == "POST":
        try:
            booking.cancel(appointment=row, by=request.user)
        except Refused as refusal:
            messages.error(request, refusal)
            return redirect("scheduling:appointment", reference)
        told = ngettext(
            "Your appointment is cancelled for %d person.",
            "Your appointment is cancelled for %d people.",
            people,
        )
        messages.success(request, told % people + " " + _("Your seniority date stays."))
        return redirect("portal:my_case")
    context = {"appointment": row, "people": people, "local": row.slot.local_start}
    return render(request, "scheduling/appointment_cancel.html", context)


@require_safe
def history(request):
    mine = Registration.objects.filter(owner=request.user).order_by("-id").first()
    events = Event.objects.of_case(mine.reference) if mine else Event.objects.none()
    own = events.select_related("by")[:200]
    port = mine and mine.clock_port
    context = {"registration": mine, "events": own, "port": port}
    return render(request, "scheduling/history.html", context)
