"""Whether the board of a day would look different now: asked every few seconds by each screen."""

import hashlib
from datetime import date, timedelta

from django.db.models import Count, Max, Q

from cbpone.lib import clock
from scheduling import walk_ins
from scheduling.attendance import EARLY_HOURS, LATE_HOURS
from scheduling.models import Appointment, Port
from scheduling.statuses import AppointmentStatus, WalkInStatus

PERSONS = ["attendances__checked_in_at", "attendances__disposed_at", "attendances__left_at"]
COUNTED = ["attendances", "called_at", *PERSONS]
LATEST = ["booked_at", "checked_in_at", "called_at", "ended_at", *PERSONS]


def version_of(port: Port, day: date) -> str:
    """Another one whenever the rows would look different; two queries, no rows read.

    Every change of a family or person sets a time and counts in another column. What time alone
    changes counts too: who is late, and who may be checked in.
    """
    now = clock.now()
    due = (now - timedelta(hours=LATE_HOURS), now + timedelta(hours=EARLY_HOURS))
    expected = Appointment.objects.filter(slot__port=port, slot__day=day).aggregate(
        *map(Count, COUNTED),
        *map(Max, LATEST),
        **_in_each(AppointmentStatus),
        begun=Count("pk", filter=Q(slot__starts_at__lt=now)),
        due=Count("pk", filter=Q(slot__starts_at__range=due)),
    )
    came = walk_ins.on_day(port, day, clock.today_in(port.zone, now)).aggregate(
        *map(Count, ("people", "people__disposed_at")),
        *map(Max, ("arrived_at", "called_at", "ended_at", "people__disposed_at")),
        **_in_each(WalkInStatus),
    )
    seen = repr((sorted(expected.items()), sorted(came.items())))
    return hashlib.sha256(seen.encode()).hexdigest()[:24]


def _in_each(statuses) -> dict[str, Count]:
    return {f"in_{one}": Count("pk", filter=Q(status=one)) for one in statuses.values}
