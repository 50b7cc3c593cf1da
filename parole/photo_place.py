"""Photos of people who are to travel by parole."""

from django.urls import reverse

from cbpone.photos.places import Place
from cbpone.travelers.models import Traveler
from parole import pages, steps
from parole.case_dossier import read_case
from parole.models import Beneficiary
from parole.tasklist import cases as tasklist


def find(traveler: Traveler) -> Place | None:
    case = getattr(traveler, "beneficiary", None)
    if not case or not case.user_id:
        return None
    return Place(
        case=case.reference,
        user_id=case.user_id,
        page=reverse("parole:case_photo", args=[case.reference]),
        check_can_send=lambda user: steps.check_can_send_photo(user, case),
        hold=lambda: pages.hold(case),
        sent=lambda user: _sent(case, user),
        after=lambda: _next_page(case),
    )


def _sent(case: Beneficiary, user) -> None:
    """Later, when an officer asked for another one, the case stays where it is."""
    if case.is_editable:
        steps.advance(beneficiary=case, by=user)


def _next_page(case: Beneficiary) -> str:
    if case.is_editable:
        return tasklist.after(read_case(case), "case_photo")
    return reverse("parole:case", args=[case.reference])
