from django.shortcuts import render
from django.views.decorators.http import require_safe

from officers import arrivals, reviews, travel
from officers.finding import may_find
from officers.today import ports_today


@require_safe
def index(request):
    """The work that waits for this officer, as the role allows."""
    user = request.user
    context = {
        "ports": ports_today(user),
        "may_find": may_find(user),
        "works_at_ports": user.has_perm("scheduling.view_appointment"),
        "reviews": reviews.waiting(user),
        "travel": travel.waiting(user),
        "airport": arrivals.waiting(user),
    }
    return render(request, "officers/index.html", context)
