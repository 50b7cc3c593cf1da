from django.db.models import F

from cbpone.lib import clock
from cbpone.lib.references import new_reference
from scheduling.models import Appointment, Attendance, Registration, Slot
from tests.factories.families import make_registration
from tests.factories.places import make_slot

GIVEN_BACK = ("changed", "cancelled")


def make_appointment(
    registration: Registration | None = None,
    slot: Slot | None = None,
    *,
    status="booked",
    pool="public",
    checked_in_by=None,
    **values,
) -> Appointment:
    """An appointment of the whole family, at any time, with its places counted on the slot.

    Nothing is told and nothing put on record: tests assert what the rule under test adds.
    """
    registration = registration or make_registration()
    slot = slot or make_slot()
    now = clock.now()
    people = list(registration.people())
    here = status in ("checked_in", "completed")
    appointment = Appointment.objects.create(
        **{
            "reference": new_reference("A"),
            "registration": registration,
            "slot": slot,
            "pool": pool,
            "places": len(people),
            "status": status,
            "booked_at": now,
            "booked_by": registration.owner,
            "reason": "urgent" if pool == "reserve" else "",
            "checked_in_at": now if here else None,
            "ended_at": now if status not in ("booked", "checked_in") else None,
        }
        | values
    )
    officer = checked_in_by if here else None
    done = {"disposition": "nta_parole", "disposed_at": now, "disposed_by": officer}
    Attendance.objects.bulk_create(
        Attendance(
            appointment=appointment,
            traveler=member.traveler,
            checked_in_at=now if officer else None,
            checked_in_by=officer,
            **done if officer and status == "completed" else {},
        )
        for member in people
    )
    if status not in GIVEN_BACK:
        counter = "reserve_booked" if pool == "reserve" else "booked"
        Slot.objects.filter(pk=slot.pk).update(**{counter: F(counter) + len(people)})
        slot.refresh_from_db()
    return appointment
