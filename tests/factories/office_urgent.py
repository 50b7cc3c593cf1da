from cbpone.lib import clock
from scheduling.models import UrgentRequest
from tests.factories.appointments import make_appointment
from tests.factories.families import make_registration
from tests.factories.people import make_officer
from tests.factories.places import make_port, make_slot


def make_urgent(
    registration=None, *, port=None, status="waiting", taken_by=None, **values
) -> UrgentRequest:
    """A family's urgent request in any status, answered by who holds it or by somebody."""
    registration = registration or make_registration()
    now = clock.now()
    facts = {"taken_by": taken_by, "taken_at": now if taken_by else None}
    if status in ("granted", "refused"):
        facts |= {"decided_by": taken_by or make_officer(), "decided_at": now}
    if status == "refused":
        facts |= {"refusal": "not_urgent", "letter": "Not this time."}
    if status == "granted":
        slot = make_slot(port, reserve=10)
        facts["appointment"] = make_appointment(registration, slot, pool="reserve")
    return UrgentRequest.objects.create(
        **{
            "registration": registration,
            "port": port or make_port(),
            "urgency": "medical",
            "said": "My daughter has a fever since Monday.",
            "status": status,
            "asked_at": now,
        }
        | facts
        | values
    )
