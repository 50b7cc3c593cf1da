import pytest

from tests.factories import (
    make_appointment,
    make_auditor,
    make_officer,
    make_photo,
    make_port,
    make_registration,
    make_slot,
    make_supervisor,
    make_user,
)


@pytest.fixture
def world(db):
    port = make_port()
    owner = make_user()
    registration = make_registration(owner, people=2)
    slot = make_slot(port, days_ahead=1, at="08:00")
    appointment = make_appointment(registration, slot)
    traveler = appointment.attendances.first().traveler
    return {
        "port": port.slug,
        "day": slot.day.isoformat(),
        "start": f"{slot.local_start:%Y%m%dT%H%M}",
        "appointment": appointment.reference,
        "registration": registration.reference,
        "traveler": traveler.reference,
        "photo": make_photo(traveler).reference,
        "people": {
            "nobody": None,
            "owner": owner,
            "stranger": make_user(),
            "officer": make_officer(port),
            "other_officer": make_officer(make_port("laredo")),
            "supervisor": make_supervisor(port),
            "auditor": make_auditor(),
        },
    }
