"""At an airport: find the person who stands here, check in, decide on parole."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cbpone.audit.log import record
from cbpone.audit.models import Event
from cbpone.audit.verbs import Verb
from cbpone.lib import clock
from cbpone.lib.errors import Refused
from officers import arrivals
from officers.views.find import readable
from parole import arrival as arriving
from parole import nearness, notices
from parole.forms.arrivals import AirportForm, DenialForm, ParoleForm
from parole.models import Airport, Authorization

MOST = 50
CHOSEN = "airport"  # in the session: the code of the airport where this officer works today


def _check_inspects(request) -> None:
    if not request.user.has_perm(arriving.INSPECT):
        raise PermissionDenied


def chosen_airport(request) -> Airport | None:
    return Airport.objects.filter(code=request.session.get(CHOSEN, "")).first()


@require_http_methods(["GET", "HEAD", "POST"])
def airport(request):
    """Today's arrivals at the chosen airport, and one field to find whoever stands here.

    Searches come by POST: names must not stand in addresses, which servers log.
    """
    _check_inspects(request)
    here = chosen_airport(request)
    context = {"airport": here, "form": AirportForm(initial={"airport": here and here.code})}
    text = readable(request.POST.get("q", ""))[:300]
    if not text:
        return _list(request, context)
    record(Verb.SEARCHED, on=request.user, by=request.user, note=text[:200])
    number = arriving.find_authorization(text)
    if number and arrivals.people(request.user).filter(pk=number.pk).exists():
        return redirect("officers:arrival", number.reference)
    found = arrivals.with_photos(arriving.find_people(text, request.user))[:MOST]
    context |= {"text": text, "is_forged": notices.is_forged(text), "found": found, "most": MOST}
    return _list(request, context)


def _list(request, context):
    here = context["airport"]
    if here:
        context |= {
            "lines": arrivals.arrivals_at(here),
            "today": clock.today_in(here.zone),
            "now": clock.wall_time(clock.now(), here.zone),
        }
        record(Verb.VIEWED, on=here, by=request.user, note=f"arrivals {here.code}")
    return render(request, "officers/parole/airport.html", context)


@require_POST
def choose(request):
    _check_inspects(request)
    form = AirportForm(request.POST)
    if not form.is_valid():
        return _list(request, {"airport": chosen_airport(request), "form": form})
    request.session[CHOSEN] = form.cleaned_data["airport"].code
    return redirect("officers:airport")


def _seen(request, reference) -> Authorization:
    _check_inspects(request)
    return get_object_or_404(arrivals.people(request.user), reference=reference)


@require_safe
def arrival(request, reference):
    """One person beside photo and passport: state of the authorization, family, what to do."""
    return _show(request, _seen(request, reference))


def _show(request, row: Authorization, parole=None, denial=None):
    """`parole` and `denial` are forms that could not be taken, shown as they were typed."""
    record(Verb.VIEWED, on=row, by=request.user)
    case, here = row.beneficiary, chosen_airport(request)
    made = getattr(row, "arrival", None)
    day = made.day if made else clock.today_in(here.zone) if here else notices.earliest_day()
    may_decide = made is not None and arriving.can_decide(request.user, made)
    if may_decide:
        parole = parole or _parole_form(None, made)
        denial = denial or _denial_form(None, made)
    context = {
        "authorization": row,
        "case": case,
        "person": case.person,
        "age": case.person.age_on(day),
        "pictures": arrivals.passport_pictures(case),
        "chip": arrivals.CHIPS[row.status],
        "airport": here,
        "arrival": made,
        "arrived_at": made and clock.wall_time(made.arrived_at, made.airport.zone),
        "i94": getattr(made, "i94", None),
        "why_not": _why_not(request.user, row, here) if here and not made else "",
        "may_check_in": here is not None
        and made is None
        and arriving.can_arrive(request.user, row, here),
        "is_undecided": made is not None and not made.decided_at,
        "may_decide": may_decide,
        "parole_form": parole,
        "denial_form": denial,
        "form": next((one for one in (parole, denial) if one and one.errors), None),
        "is_minor": case.is_minor_on(day),
        "travels_alone": arriving.travels_alone(case, day),
        "family": arrivals.family_of(case),
        "too_near": nearness.why_near(request.user, case.request),
        "events": Event.objects.of_case(case.reference).select_related("by")[:50],
    }
    return render(request, "officers/parole/arrival.html", context)


def _why_not(user, row, here) -> str:
    try:
        arriving.check_can_arrive(user, row, here)
    except Refused as refusal:
        return str(refusal)
    return ""


def _parole_form(data, made) -> ParoleForm:
    return ParoleForm(data, auto_id="parole_%s", initial={"until": arriving.longest(made.day)})


def _denial_form(data, made) -> DenialForm:
    is_minor = made.beneficiary.is_minor_on(made.day)
    return DenialForm(data, auto_id="deny_%s", is_minor=is_minor)


@require_POST
def check_in(request, reference):
    row, here = _seen(request, reference), chosen_airport(request)
    if here is None:
        messages.error(request, _("Choose the airport where you work first."))
        return redirect("officers:airport")
    try:
        arriving.arrive(authorization=row, airport=here, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal)
    else:
        messages.success(request, _("%s is checked in.") % row.beneficiary.traveler)
    return redirect("officers:arrival", reference)


@require_POST
def parole_in(request, reference):
    row = _seen(request, reference)
    made = getattr(row, "arrival", None)
    if made is None:
        return _first_check_in(request, reference)
    form = _parole_form(request.POST, made)
    if form.is_valid():
        try:
            record_of = arriving.parole_in(arrival=made, by=request.user, **form.cleaned_data)
        except (arriving.TooLong, arriving.NotLater) as refusal:
            form.add_error("until", str(refusal))
        except Refused as refusal:
            messages.error(request, refusal)
            return redirect("officers:arrival", reference)
        else:
            messages.success(request, _("Paroled. I-94 number: %s") % record_of.number)
            return redirect("officers:arrival", reference)
    return _show(request, _seen(request, reference), parole=form)


@require_POST
def deny(request, reference):
    row = _seen(request, reference)
    made = getattr(row, "arrival", None)
    if made is None:
        return _first_check_in(request, reference)
    form = _denial_form(request.POST, made)
    if form.is_valid():
        try:
            arriving.deny_parole(arrival=made, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            messages.error(request, refusal)
        else:
            messages.success(request, _("On file: parole was not granted."))
            return redirect("officers:arrival", reference)
    return _show(request, _seen(request, reference), denial=form)


def _first_check_in(request, reference):
    messages.error(request, _("Check this person in first."))
    return redirect("officers:arrival", reference)
