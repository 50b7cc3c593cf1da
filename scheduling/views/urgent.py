from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cbpone.lib.errors import Refused
from cbpone.lib.typed import sent
from scheduling import urgent
from scheduling.forms.urgent import UrgentForm
from scheduling.models import UrgentRequest
from scheduling.statuses import UrgentStatus
from scheduling.views.registration import own_registration

CHIPS: dict[str, str] = {
    UrgentStatus.WAITING: "chip-now",
    UrgentStatus.GRANTED: "chip-done",
    UrgentStatus.REFUSED: "chip-gone",
    UrgentStatus.WITHDRAWN: "chip-gone",
}


@require_http_methods(["GET", "HEAD", "POST"])
def urgent_request(request):
    """What the family asked and was answered, and the form for as long as it may ask."""
    mine = own_registration(request)
    if request.method != "POST":
        return _show(request, mine, UrgentForm(sent(request), registration=mine))
    form = UrgentForm(request.POST, registration=mine)
    if not form.is_valid():
        return _show(request, mine, form)
    try:
        urgent.ask(registration=mine, by=request.user, **form.cleaned_data)
    except Refused as refusal:
        messages.error(request, refusal)
        mine.refresh_from_db()
        return _show(request, mine, form)
    messages.success(request, _("Sent. An officer at the port reads it."))
    return redirect("scheduling:urgent")


def _show(request, mine, form):
    may_ask = urgent.can_ask(request.user, mine)
    rows = list(mine.urgent_requests.select_related("port", "appointment"))
    context = {
        "registration": mine,
        "form": form if may_ask else None,
        "unsent": "" if may_ask else form["said"].value() or "",
        "asked": [(row, CHIPS[row.status]) for row in rows],
        "open": next((row for row in rows if row.status == UrgentStatus.WAITING), None),
        "appointment": mine.appointments.live().select_related("slot__port").first(),
    }
    return render(request, "scheduling/urgent.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def urgent_withdraw(request):
    mine = own_registration(request)
    waiting = UrgentRequest.objects.open().filter(registration=mine)
    row = waiting.select_related("registration", "port").first()
    if request.method != "POST" and not row:
        return redirect("scheduling:urgent")
    if request.method != "POST":
        return render(request, "scheduling/urgent_withdraw.html", {"row": row})
    try:
        if not row:
            raise urgent.Answered
        urgent.withdraw(request=row, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal)
    else:
        messages.success(request, _("You took it back. Everything else stays as it was."))
    return redirect("scheduling:urgent")
