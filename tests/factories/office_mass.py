from cbpone.lib import clock
from officers.models import MassMessage, MassRecipient, MassText
from tests.breaking import change
from tests.factories.families import make_registration
from tests.factories.people import make_supervisor
from tests.factories.places import make_port


def make_mass(port=None, *, by=None, words="The port opens at ten.", status="draft", **values):
    """A message to families with an appointment on these days, in a status it can have."""
    port = port or make_port()
    day = clock.today_in(port.zone)
    values = {
        "title": "Late start",
        "audience": "booked",
        "first_day": day,
        "last_day": day,
    } | values
    mass = MassMessage.objects.create(port=port, written_by=by or make_supervisor(port), **values)
    MassText.objects.create(mass=mass, language="en", body=words)
    steps = ["draft", "proposed", "released"]
    for step in steps[1 : steps.index(status) + 1]:
        change(mass, **_released(port) if step == "released" else {"status": step})
    mass.refresh_from_db()
    return mass


def _released(port) -> dict:
    now = clock.now()
    by = make_supervisor(port)
    return {"status": "released", "released_by": by, "released_at": now, "counted": 1}


def make_recipient(mass, registration=None):
    return MassRecipient.objects.create(mass=mass, registration=registration or make_registration())
