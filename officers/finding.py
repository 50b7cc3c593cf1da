from django.db.models import Q
from django.urls import reverse

from cbpone.lib.references import read_reference
from cbpone.travelers.spelling import spelled_plainly
from officers.reviews import reviewable
from officers.today import with_people
from parole.references import REQUEST
from scheduling.models import Appointment, Registration
from scheduling.tickets import read_qr


def read_number(text: str, user) -> str | None:
    """The page of the appointment or registration whose number, or QR text, this is."""
    appointment = read_qr(text)
    if appointment and Appointment.objects.visible_to(user).filter(reference=appointment).exists():
        return reverse("officers:family", args=[appointment])
    request = read_reference(text, REQUEST)
    if request and reviewable(user).filter(reference=request).exists():
        return reverse("officers:review", args=[request])
    registration = read_reference(text, "R")
    if not registration:
        return None
    if Registration.objects.visible_to(user).filter(reference=registration).exists():
        return reverse("officers:case", args=[registration])
    exists = Registration.objects.live().filter(reference=registration).exists()
    if exists and user.has_perm("scheduling.find_registration"):
        return reverse("officers:reserve", args=[registration])
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
