"""What a traveler holds: the notice, the I-94 record, the test to report; and public checks."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cbpone.audit.log import record
from cbpone.audit.verbs import Verb
from cbpone.lib import clock
from cbpone.lib.errors import Refused
from cbpone.lib.limits import count_try
from cbpone.lib.typed import sent
from parole import i94, notices, tuberculosis
from parole.forms.arrivals import RetrieveForm, TestDayForm, TravelCheckForm
from parole.models import Arrival, Authorization, Beneficiary
from parole.statuses import AuthorizationStatus


def _own_case(request, reference) -> Beneficiary:
    cases = Beneficiary.objects.of_user(request.user).select_related("traveler")
    return get_object_or_404(cases, reference=reference)


@require_safe
def authorization(request, reference):
    """The notice to print or show: who, until when, which passport. Says when it is over."""
    case = _own_case(request, reference)
    row = case.authorizations.first()
    if row is None:
        raise Http404
    today = notices.earliest_day()
    is_over = row.valid_until < today
    context = {
        "case": case,
        "authorization": row,
        "is_current": notices.is_current(row),
        "is_used": row.status == AuthorizationStatus.USED,
        "is_cancelled": row.status == AuthorizationStatus.CANCELLED,
        "is_expired": row.status == AuthorizationStatus.EXPIRED or is_over,
        "days_left": (row.valid_until - today).days,
        "passport": case.traveler.document_number[-4:],
        "is_minor": case.is_minor_on(today),
        "qr": notices.qr_svg(row),
    }
    return render(request, "parole/authorization.html", context)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def check(request, reference="", signature=""):
    """For carriers: yes with the last day, or no, to somebody who knows number and birth date."""
    signed = bool(reference) and notices.is_signed(reference, signature)
    form = TravelCheckForm(sent(request), initial={"number": reference if signed else ""})
    answer, found = None, None
    if request.method == "POST" and form.is_valid():
        try:
            count_try("travel_check", form.cleaned_data["number"], most=10, seconds=3600)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            found = _current(request.user, **form.cleaned_data)
            answer = found is not None
    context = {
        "form": form,
        "answer": answer,
        "valid_until": found.valid_until if found else None,
        "broken_code": bool(reference) and not signed,
    }
    return render(request, "parole/travel_check.html", context)


def _current(user, number, birth_date) -> Authorization | None:
    found = Authorization.objects.filter(
        reference=number, beneficiary__traveler__birth_date=birth_date
    ).select_related("beneficiary")
    row = found.first()
    if row is None or not notices.is_current(row):
        return None
    record(Verb.VERIFIED, on=row, by=user)
    return row


def _arrival_of(case: Beneficiary) -> Arrival:
    rows = Arrival.objects.select_related("authorization__beneficiary__traveler", "airport", "i94")
    return get_object_or_404(rows, authorization__beneficiary=case)


@require_safe
def i94_record(request, reference):
    """The person's own record, to read and to print."""
    case = _own_case(request, reference)
    record_of = get_object_or_404(i94.records(), arrival__authorization__beneficiary=case)
    arrival = record_of.arrival
    context = {
        "case": case,
        "record": record_of,
        "arrival": arrival,
        "needs_tb": tuberculosis.needs_tb_test(arrival) and not arrival.tb_reported_on,
        "tb_due": arrival.tb_due_on,
        "has_ended": record_of.admitted_until < clock.today_in(arrival.airport.zone),
    }
    return render(request, "parole/i94.html", context)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def i94_retrieve(request):
    """For people who lost their account: three facts together give the record, or nothing."""
    form = RetrieveForm(sent(request))
    found, was_asked = None, False
    if request.method == "POST" and form.is_valid():
        try:
            found = i94.retrieve(**form.cleaned_data, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            was_asked = True
    context = {
        "form": form,
        "record": found,
        "is_missing": was_asked and not found,
    }
    return render(request, "parole/i94_retrieve.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def tb_report(request, reference):
    """Report, or correct, the day of the tuberculosis blood test."""
    case = _own_case(request, reference)
    arrival = _arrival_of(case)
    if not tuberculosis.is_paroled(arrival):
        raise Http404
    form = TestDayForm(sent(request), initial={"day": arrival.tb_reported_on})
    if request.method == "POST" and form.is_valid():
        try:
            tuberculosis.report_tb(arrival=arrival, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("day", str(refusal))
        else:
            messages.success(request, _("Reported. Keep the paper of the test."))
            return redirect("parole:i94", reference)
    context = {
        "case": case,
        "arrival": arrival,
        "form": form,
        "is_needed": tuberculosis.needs_tb_test(arrival),
        "due_on": arrival.tb_due_on,
        "arrived_on": arrival.day,
    }
    return render(request, "parole/tb.html", context)
