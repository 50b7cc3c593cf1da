from django.db.models import Q
from django.urls import reverse

from cbpone.lib.references import read_reference
from cbpone.travelers.spelling import spelled_plainly
from officers.reviews import reviewable
from officers.today import with_people
from officers.travel import decidable
from parole import notices
from parole.models import Authorization
from parole.references import BENEFICIARY, REQUEST
from scheduling import tickets
from scheduling.models import Appointment, Registration

FINDERS = (
    "scheduling.view_appointment",
    "parole.view_supportrequest",
    "parole.view_beneficiary",
)


def may_find(user) -> bool:
    return any(user.has_perm(permission) for permission in FINDERS)


def read_number(text: str, user) -> str | None:
    """The page of whatever has this number, or this QR text, as far as the officer may see it."""
    pages = (_appointment_page, _request_page, _case_page, _authorization_page, _registration_page)
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


def find_people(text: str, user):
    """Appointments at the officer's ports with a person whose name holds every word typed.

    Accents and case do not matter, on either side.
    """
    named = Q()
    for word in spelled_plainly(text).split():
        named &= Q(attendances__traveler__search_name__contains=word)
    own = Appointment.objects.visible_to(user).filter(named, attendances__left_at=None)
    return with_people(own.distinct()).order_by("-slot__starts_at")
