from django.shortcuts import render
from django.views.decorators.http import require_safe

from cbpone.accounts import keeping
from officers import arrivals, home, reviews, travel
from officers.finding import may_find
from officers.today import ports_today


@require_safe
def index(request):
    """The work that waits for this officer, how old it is, and today's numbers."""
    user = request.user
    ports = ports_today(user)
    context = {
        "may_find": may_find(user),
        "work": home.work_of(user),
        "asks": home.asks_of(user),
        "log": home.log_state(user),
        "ports": ports,
        **home.ports_charts(ports),
        "works_at_ports": user.has_perm("scheduling.view_appointment"),
        "reviews": reviews.waiting(user),
        "travel": travel.waiting(user),
        "airport": arrivals.waiting(user),
        "tools": home.tools_of(user),
        "kept_form": keeping.waiting_for(user),
    }
    return render(request, "officers/index.html", context)
