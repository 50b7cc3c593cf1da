"""One row of each table of the back office that may not be emptied, written past the rules."""

from cbpone.audit.models import Seal
from cbpone.lib import clock
from cbpone.lib.references import new_reference
from officers.models import BulkRow, BulkRun, Export, Likeness, MassMessage, MassRecipient
from parole.models import TravelLetter
from scheduling.models import UrgentRequest, WalkIn, WalkInPerson
from tests.factories import (
    make_beneficiary,
    make_officer,
    make_port,
    make_registration,
    make_supervisor,
    make_travel_officer,
    make_traveler,
)


def bulk_run() -> BulkRun:
    return BulkRun.objects.create(action="move", reason="Flood", started_by=make_supervisor())


def bulk_row() -> BulkRow:
    return BulkRow.objects.create(run=bulk_run(), row_id=1, label="A-2222-2222")


def export() -> Export:
    asked = {"reason": "Monthly report", "asked_by": make_supervisor()}
    return Export.objects.create(kind="numbers", format="csv", **asked)


def likeness() -> Likeness:
    first, second = make_traveler(), make_traveler()
    return Likeness.objects.create(first=first, second=second, score=90, band="likely")


def mass_message() -> MassMessage:
    return MassMessage.objects.create(
        title="Late start", audience="waiting", port=make_port(), written_by=make_supervisor()
    )


def mass_recipient() -> MassRecipient:
    return MassRecipient.objects.create(mass=mass_message(), registration=make_registration())


def seal() -> Seal:
    return Seal.objects.create(first_event=1, last_event=9, events=9, digest="0" * 64)


def travel_letter() -> TravelLetter:
    return TravelLetter.objects.create(
        beneficiary=make_beneficiary(status="ata_denied"),
        about="denied",
        letter="We did not authorize travel.",
        written_by=make_travel_officer(),
    )


def urgent_request() -> UrgentRequest:
    asked = {"urgency": "medical", "said": "A broken arm."}
    return UrgentRequest.objects.create(registration=make_registration(), port=make_port(), **asked)


def walk_in() -> WalkIn:
    port = make_port()
    return WalkIn.objects.create(
        reference=new_reference("W"),
        port=port,
        day=clock.today_in(port.zone),
        why="danger",
        written_by=make_officer(port),
    )


def walk_in_person() -> WalkInPerson:
    return WalkInPerson.objects.create(walk_in=walk_in(), traveler=make_traveler())
