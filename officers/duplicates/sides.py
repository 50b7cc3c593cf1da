"""The two people of a pair, each with the case they are in, for whoever compares them."""

from dataclasses import dataclass, field

from django.db.models import Prefetch, Q

from cbpone.photos.models import Photo
from cbpone.travelers.models import Traveler
from officers.duplicates.records import case_of
from officers.models import Likeness
from parole.models import Beneficiary
from scheduling.models import Appointment, Member, Registration


@dataclass
class Side:
    """`cases` are the numbers it is known by, `case` the one its officers use."""

    traveler: Traveler
    case: str = ""
    cases: list[str] = field(default_factory=list)
    accounts: set[int] = field(default_factory=set)
    people: list[Traveler] = field(default_factory=list)  # everybody the case is about
    registration: Registration | None = None
    beneficiary: Beneficiary | None = None
    appointments: list[Appointment] = field(default_factory=list)

    @property
    def state(self) -> str:
        row = self.registration or (self.beneficiary and self._parole_row)
        return row.get_status_display() if row else ""

    @property
    def _parole_row(self):
        written = self.case == self.beneficiary.request.reference
        return self.beneficiary.request if written else self.beneficiary

    @property
    def row(self):
        """What a look at this side is on record with."""
        return self.registration or self.beneficiary or self.traveler


def read_sides(row: Likeness) -> list[Side]:
    """The first and the second; one query more for each family, whatever its size."""
    ids = [row.first_id, row.second_id]
    photos = Prefetch("photos", Photo.objects.filter(replaced_at=None), to_attr="current")
    people = Traveler.objects.filter(pk__in=ids).prefetch_related(photos)
    sides = {one.pk: Side(one) for one in people}
    for member in Member.objects.filter(traveler__in=ids).select_related("registration"):
        _put_family(sides[member.traveler_id], member.registration)
    for case in _cases(ids):
        for pk in ids:
            if pk in (case.traveler_id, case.written_id):
                _put_case(sides[pk], case)
    return [sides[pk] for pk in ids]


def _cases(ids: list[int]):
    found = Beneficiary.objects.filter(Q(traveler__in=ids) | Q(written__in=ids))
    return found.select_related("request__process", "guardian", "traveler", "written")


def _put_family(side: Side, family: Registration) -> None:
    side.registration, side.case = family, family.reference
    side.cases = [family.reference]
    side.accounts = {family.owner_id}
    side.people = [member.traveler for member in family.people()]


def _put_case(side: Side, case: Beneficiary) -> None:
    side.beneficiary, side.case = case, case_of(case)
    side.cases = [case.reference, case.request.reference]
    side.people = [one for one in (case.traveler, case.written) if one]
    guardian = case.guardian.user_id if case.guardian else None
    accounts = (case.user_id, case.request.owner_id, guardian)
    side.accounts = {pk for pk in accounts if pk}


def add_appointments(sides: list[Side]) -> None:
    """In one query, for the page that shows them."""
    families = [side.registration.pk for side in sides if side.registration]
    rows = Appointment.objects.filter(registration__in=families).select_related("slot__port")
    for appointment in rows.order_by("pk"):
        for side in sides:
            if side.registration and side.registration.pk == appointment.registration_id:
                side.appointments.append(appointment)
