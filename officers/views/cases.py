from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from cbpone.audit.log import record
from cbpone.audit.models import Event
from cbpone.audit.verbs import Verb
from cbpone.notifications.models import Message
from cbpone.photos.models import Photo
from officers.duplicates.showing import of_registration
from scheduling.models import Registration
from scheduling.statuses import Criterion

MESSAGES, EVENTS = 30, 100  # the newest; all of them are in the lists


@require_safe
def case(request, reference):
    """A registration's whole story: people, answers, what they asked for, were told, and events."""
    if not request.user.has_perm("scheduling.view_registration"):
        raise PermissionDenied
    rows = Registration.objects.visible_to(request.user).select_related(
        "owner", "rule_answer__regime"
    )
    row = get_object_or_404(rows, reference=reference)
    record(Verb.VIEWED, on=row, by=request.user)
    photos = Photo.objects.filter(replaced_at=None)
    rule = getattr(row, "rule_answer", None)
    context = {
        "registration": row,
        "port": row.clock_port,
        "members": row.people().prefetch_related(
            Prefetch("traveler__photos", photos, to_attr="current")
        ),
        "appointments": row.appointments.select_related("slot__port"),
        "walk_ins": row.walk_ins.select_related("port"),
        "requests": row.urgent_requests.select_related("port", "appointment", "decided_by"),
        "told": _told(row),
        "likenesses": of_registration(row, request.user),
        "events": Event.objects.of_case(row.reference).select_related("by")[:EVENTS],
        "rule": rule,
        "criteria": [Criterion(code).label for code in rule.criteria] if rule else [],
    }
    return render(request, "officers/case.html", context)


def _told(row: Registration):
    """Messages to the family. What the same account was told as a supporter is no part of it."""
    messages = Message.objects.filter(user=row.owner).exclude(model__startswith="parole.")
    return messages.prefetch_related("deliveries")[:MESSAGES]
