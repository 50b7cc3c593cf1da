from datetime import timedelta

from django.db.models import Max

from cbpone.lib import clock
from cbpone.lib.references import new_reference
from scheduling.models import Closure, Port, Registration, Slot, WalkIn, WalkInPerson
from tests.factories.families import make_traveler
from tests.factories.people import make_officer
from tests.factories.places import make_port


def make_walk_in(
    port: Port | None = None,
    *,
    people=2,
    registration: Registration | None = None,
    status="waiting",
    by=None,
    days_ago=0,
    **values,
) -> WalkIn:
    """A family at the door, in any status. Completed ones have a disposition each.

    Nothing is put on record: tests assert what the rule under test adds.
    """
    port = port or make_port()
    by = by or make_officer(port)
    now = clock.now()
    called = {"called_at": now, "called_by": by} if status in ("called", "completed") else {}
    row = WalkIn.objects.create(
        **{
            "reference": new_reference("W"),
            "port": port,
            "day": clock.today_in(port.zone) - timedelta(days=days_ago),
            "why": "no_place",
            "status": status,
            "registration": registration,
            "arrived_at": now - timedelta(days=days_ago),
            "written_by": by,
            "ended_at": now if status in ("completed", "left") else None,
        }
        | called
        | values
    )
    done = {"disposition": "nta_parole", "disposed_at": now, "disposed_by": by}
    travelers = (
        [member.traveler for member in registration.people()]
        if registration
        else [make_traveler() for _ in range(people)]
    )
    WalkInPerson.objects.bulk_create(
        WalkInPerson(walk_in=row, traveler=one, **done if status == "completed" else {})
        for one in travelers
    )
    return row


def make_closure(port: Port | None = None, *, day=None, by=None, reopened=False, **values):
    """A closed day, its times closed with it; nothing on record."""
    port = port or make_port()
    day = day or Slot.objects.filter(port=port).aggregate(day=Max("day"))["day"]
    Slot.objects.filter(port=port, day=day).update(is_open=reopened)
    again = {"reopened_at": clock.now(), "reopened_by": by or make_officer(port)}
    return Closure.objects.create(
        **{"port": port, "day": day, "reason": "Flood", "closed_by": by}
        | (again if reopened else {})
        | values
    )
