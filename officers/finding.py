"""One field for whatever an officer has of a person: a number, a scanned text, a name, a document,
a phone. What is found is what the officer may see.
"""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from cbpone.lib.references import read_reference
from cbpone.travelers.finding import people_named, people_with_document
from officers import duties
from officers.reviews import reviewable
from officers.today import with_people
from officers.travel import decidable
from parole import notices
from parole.models import Authorization, Beneficiary
from parole.references import BENEFICIARY, REQUEST
from scheduling import tickets
from scheduling.models import Appointment, Attendance, Member, Registration, WalkIn

FINDERS = (
    "scheduling.view_appointment",
    "parole.view_supportrequest",
    "parole.view_beneficiary",
)
MOST = 50  # of each kind that are shown
MOST_NAMED = 2_000  # people of one name that are looked through


def may_find(user) -> bool:
    return any(user.has_perm(permission) for permission in FINDERS)


# --- Numbers ------------------------------------------------------------------------------


def read_number(text: str, user) -> str | None:
    """The page of whatever has this number, or this QR text, as far as the officer may see it."""
    pages = (
        _appointment_page,
        _request_page,
        _case_page,
        _authorization_page,
        _registration_page,
        _walk_in_page,
        _look_page,
    )
    return next((page for find in pages if (page := find(text, user))), None)


def _appointment_page(text: str, user) -> str | None:
    number = tickets.read_qr(text)
    if number and Appointment.objects.visible_to(user).filter(reference=number).exists():
        return reverse("officers:family", args=[number])
    return None


def _request_page(text: str, user) -> str | None:
    number = read_reference(text, REQUEST)
    if number and reviewable(user).filter(reference=number).exists():
        return reverse("officers:review", args=[number])
    return None


def _case_page(text: str, user) -> str | None:
    number = read_reference(text, BENEFICIARY)
    if number and decidable(user).filter(reference=number).exists():
        return reverse("officers:travel_case", args=[number])
    return None


def _authorization_page(text: str, user) -> str | None:
    number = notices.read_qr(text)
    row = number and Authorization.objects.filter(
        reference=number, beneficiary__in=decidable(user)
    ).select_related("beneficiary").first()  # fmt: skip
    if not row:
        return None
    if user.has_perm("parole.inspect_arrival"):
        return reverse("officers:arrival", args=[row.reference])
    return reverse("officers:travel_case", args=[row.beneficiary.reference])


def _registration_page(text: str, user) -> str | None:
    number = read_reference(text, "R")
    if not number:
        return None
    if Registration.objects.visible_to(user).filter(reference=number).exists():
        return reverse("officers:case", args=[number])
    exists = Registration.objects.live().filter(reference=number).exists()
    if exists and user.has_perm("scheduling.find_registration"):
        return reverse("officers:reserve", args=[number])
    return None


def _walk_in_page(text: str, user) -> str | None:
    number = read_reference(text, "W")
    if number and WalkIn.objects.visible_to(user).filter(reference=number).exists():
        return reverse("officers:walk_in", args=[number])
    return None


def _look_page(text: str, user) -> str | None:
    """A case of the officer's own kind of work outside the scope: the page asks for the reason."""
    number = duties.read_case_number(text)
    case = number and duties.find_case(number, user)
    if case and duties.why_no_look(user, case) is None:
        return reverse("officers:access_open", args=[case.reference])
    return None


# --- People -------------------------------------------------------------------------------


@dataclass
class Found:
    """What fits, by kind of work, at most MOST of each."""

    appointments: Any
    registrations: Any
    requests: Any
    cases: Any
    is_cut: bool  # so many bear the name that not all were looked through

    def __bool__(self) -> bool:
        return any([self.appointments, self.registrations, self.requests, self.cases])


def phones_of(text: str) -> list[str]:
    """Ways in which a typed phone number can be on file: all are kept as + and digits."""
    digits = "".join(char for char in text if char.isdigit())
    only = all(char.isdigit() or char in "+-(). " for char in text)
    if not only or len(digits) < 7:
        return []
    return [f"+{digits}", f"+52{digits}", f"+1{digits}", f"+{digits.removeprefix('00')}"]


def find_people(text: str, user) -> Found:
    """Everybody the officer may see whose name, document or phone this is."""
    people = _people(text)
    phones = phones_of(text)
    return Found(
        appointments=_appointments(people, phones, user),
        registrations=_registrations(people, phones, user),
        requests=_requests(people, phones, "".join(text.split()).upper(), user),
        cases=_cases(people, phones, user),
        is_cut=len(people) == MOST_NAMED,
    )


def _people(text: str) -> list[int]:
    """Ids of travelers, so that each kind of work is asked by its own index."""
    return _ids(people_with_document(text), people_named(text))


def _ids(*queries, column: str = "pk") -> list[int]:
    """What each finds by an index of its own; joined by OR they would have none."""
    found: dict[int, None] = {}
    for rows in queries:
        if rows is not None:
            found |= dict.fromkeys(rows.values_list(column, flat=True)[:MOST_NAMED])
    return list(found)[:MOST_NAMED]


def _appointments(people: list[int], phones: list[str], user) -> list:
    if not user.has_perm("scheduling.view_appointment"):
        return []
    fits = _ids(
        Attendance.objects.filter(traveler__in=people, left_at=None).order_by(),
        Attendance.objects.filter(appointment__registration__phone__in=phones).order_by(),
        column="appointment",
    )
    rows = with_people(Appointment.objects.visible_to(user).filter(pk__in=fits))
    return list(rows.order_by("-slot__starts_at")[:MOST])


def _registrations(people: list[int], phones: list[str], user) -> list:
    """Families without an appointment that the officer sees all the same."""
    if not user.has_perm("scheduling.view_registration"):
        return []
    fits = _ids(
        Member.objects.filter(traveler__in=people, left_at=None).order_by(),
        Member.objects.filter(registration__phone__in=phones).order_by(),
        column="registration",
    )
    alone = Registration.objects.filter(pk__in=fits, appointments=None).values("pk")
    rows = Registration.objects.visible_to(user).filter(pk__in=alone)
    return list(rows.prefetch_related("members__traveler").order_by("-pk")[:MOST])


def _requests(people: list[int], phones: list[str], a_number: str, user) -> list:
    if not user.has_perm("parole.view_supportrequest"):
        return []
    fits = _ids(
        Beneficiary.objects.filter(written__in=people).order_by(),
        Beneficiary.objects.filter(traveler__in=people).order_by(),
        Beneficiary.objects.filter(request__supporter__phone__in=phones).order_by(),
        Beneficiary.objects.filter(request__supporter__a_number=a_number).order_by(),
        column="request",
    )
    rows = reviewable(user).filter(pk__in=fits)
    rows = rows.select_related("beneficiary__written", "supporter")
    return list(rows.order_by("-pk")[:MOST])


def _cases(people: list[int], phones: list[str], user) -> list:
    if not user.has_perm("parole.view_beneficiary"):
        return []
    fits = _ids(
        Beneficiary.objects.filter(written__in=people).order_by(),
        Beneficiary.objects.filter(traveler__in=people).order_by(),
        Beneficiary.objects.filter(phone__in=phones).order_by(),
        Beneficiary.objects.filter(written_phone__in=phones).order_by(),
    )
    rows = decidable(user).filter(pk__in=fits).select_related("traveler", "written")
    return list(rows.order_by("-pk")[:MOST])
