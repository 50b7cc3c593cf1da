import pytest

from cbpone.accounts.roles import HELP_DESK, PHOTO_REVIEWER, STATISTICS
from tests.factories import (
    make_airport_officer,
    make_appointment,
    make_auditor,
    make_beneficiary,
    make_officer,
    make_parole_supervisor,
    make_photo,
    make_port,
    make_registration,
    make_request,
    make_reviewer,
    make_slot,
    make_supervisor,
    make_travel_officer,
    make_user,
)
from tests.factories.kept import make_kept
from tests.factories.uploads import make_link


@pytest.fixture
def world(db):
    port = make_port()
    owner = make_user()
    registration = make_registration(owner, people=2)
    slot = make_slot(port, days_ahead=1, at="08:00")
    appointment = make_appointment(registration, slot)
    traveler = appointment.attendances.first().traveler
    link = make_link(traveler, owner)
    request = make_request(status="confirmed")
    return {
        "port": port.slug,
        "day": slot.day.isoformat(),
        "start": f"{slot.local_start:%Y%m%dT%H%M}",
        "appointment": appointment.reference,
        "registration": registration.reference,
        "traveler": traveler.reference,
        "photo": make_photo(traveler).reference,
        "kept": make_kept(owner).reference,
        "link": link.reference,
        "code": link.code,
        "people": {
            "nobody": None,
            "owner": owner,
            "stranger": make_user(),
            "officer": make_officer(port),
            "other_officer": make_officer(make_port("laredo")),
            "supervisor": make_supervisor(port),
            "auditor": make_auditor(),
            "supporter": request.owner,
            "beneficiary": make_beneficiary(request=request, claimed=True).user,
            "reviewer": make_reviewer(),
            "travel_officer": make_travel_officer(),
            "airport_officer": make_airport_officer(),
            "parole_supervisor": make_parole_supervisor(),
            "photo_reviewer": make_officer(role=PHOTO_REVIEWER),
            "statistics": make_officer(role=STATISTICS),
            "help_desk": make_officer(role=HELP_DESK),
        },
    }
