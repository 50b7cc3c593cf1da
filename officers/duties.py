"""Looks outside the scope and conflicts of interest, for any kind of case: which one it is, who is
in it, and whose supervisor reads about it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cbpone.accounts.models import User
from cbpone.accounts.roles import PAROLE_ROLES, SHARED_ROLES
from cbpone.audit import conflicts
from cbpone.audit.access import JUDGE, OPEN, open_case
from cbpone.audit.models import Access, Conflict
from cbpone.lib.errors import NotAllowed, Refused
from cbpone.lib.references import read_reference
from officers.reviews import reviewable
from officers.travel import decidable
from parole import nearness
from parole.models import Beneficiary, SupportRequest
from parole.references import BENEFICIARY, REQUEST
from parole.reviewers import SUPERVISE
from parole.statuses import BeneficiaryStatus
from scheduling.models import Port, Post, Registration, WalkIn

SEE_ACCESSES, SEE_CONFLICTS = "audit.view_access", "audit.view_conflict"
REGISTRATION, WALK_IN = "R", "W"


class OwnPart(Refused):
    code = "own_part"
    sentence = _("You have a part in this case yourself. Another officer looks at it.")


class NotPosted(Refused):
    code = "not_posted"
    sentence = _("You are not posted to a port, so no supervisor would see this. Ask for a post.")


@dataclass(frozen=True)
class Kind:
    """Cases of one sort of work: who works on them, which there are, which of them a page shows
    to a user, and that page.
    """

    permission: str
    rows: Callable
    seen: Callable
    page: str


KINDS = {
    REGISTRATION: Kind(
        "scheduling.view_registration",
        Registration.objects.all,
        Registration.objects.visible_to,
        "officers:case",
    ),
    REQUEST: Kind(
        "parole.view_supportrequest",
        lambda: SupportRequest.objects.filed().select_related("supporter"),
        reviewable,
        "officers:review",
    ),
    BENEFICIARY: Kind(
        "parole.view_beneficiary",
        lambda: Beneficiary.objects.exclude(status=BeneficiaryStatus.WRITTEN),
        decidable,
        "officers:travel_case",
    ),
}


def find_case(number: str, user):
    """The case of exactly this number, if it is of a kind the officer works on."""
    kind = KINDS.get(number[:1])
    return _any_case(number) if kind and user.has_perm(kind.permission) else None


def _any_case(number: str):
    kind = KINDS.get(number[:1])
    return kind.rows().filter(reference=number).first() if kind else None


def kind_of(case) -> Kind:
    return KINDS[case.reference[0]]


def page_of(case) -> str:
    return reverse(kind_of(case).page, args=[case.reference])


def is_in_scope(user, case) -> bool:
    """Its page opens without asking; also while a look at it lasts."""
    return kind_of(case).seen(user).filter(pk=case.pk).exists()


def numbers_of(case) -> list[str]:
    """Its own number first; request and case of one person are one matter."""
    if isinstance(case, SupportRequest):
        return [case.reference, case.beneficiary.reference]
    if isinstance(case, Beneficiary):
        return [case.reference, case.request.reference]
    return [case.reference]


def parties_of(case) -> set[int]:
    """Accounts that have a part in it."""
    if isinstance(case, Registration):
        return {case.owner_id}
    person = case if isinstance(case, Beneficiary) else case.beneficiary
    guardian = person.guardian
    found = {person.request.owner_id, person.user_id, guardian.user_id if guardian else None}
    return {one for one in found if one}


def check_can_look(user, case) -> None:
    """With a reason, at a case of the officer's own work, and only where a supervisor sees it."""
    if not (user.has_perm(OPEN) and user.has_perm(kind_of(case).permission)):
        raise NotAllowed
    if user.pk in parties_of(case):
        raise OwnPart
    if isinstance(case, Registration) and not Port.objects.visible_to(user).exists():
        raise NotPosted
    check_not_near(user, case)


def check_not_near(user, case) -> None:
    """Refuses with InConflict: a declared number, or a relative among the people of the case."""
    if isinstance(case, Registration):
        people = [member.traveler for member in case.people()]
        conflicts.check_no_conflict(user, case=case.reference, travelers=people)
    else:
        nearness.check_not_near(user, _request_of(case))


def _is_near(user, case) -> bool:
    try:
        check_not_near(user, case)
    except conflicts.InConflict:
        return True
    return False


def _request_of(case: SupportRequest | Beneficiary) -> SupportRequest:
    return case if isinstance(case, SupportRequest) else case.request


def why_no_look(user, case) -> Refused | None:
    try:
        check_can_look(user, case)
    except Refused as refusal:
        return refusal
    return None


@transaction.atomic
def look(*, case, reason: str, by) -> Access:
    """Opens one case to one officer. Refuses as check_can_look does, and with ReasonMissing."""
    check_can_look(by, case)
    return open_case(case=case.reference, reason=reason, by=by)


def accesses_seen_by(user):
    """Looks by officers of the supervisor's ports; for parole supervisors at requests and cases."""
    rows = Access.objects.select_related("officer", "judged_by")
    if not user.has_perm(SEE_ACCESSES):
        return rows.none()
    if user.sees_every_port:
        return rows
    seen = Q(officer__in=_posted_with(user))
    if user.has_perm(SUPERVISE):
        seen |= Q(case__startswith=f"{REQUEST}-") | Q(case__startswith=f"{BENEFICIARY}-")
    return rows.filter(seen)


def _posted_with(user):
    return Post.objects.filter(port__in=Port.objects.visible_to(user)).values("officer")


def to_judge(user):
    """Of those, the ones that wait for this supervisor."""
    if not user.has_perm(JUDGE):
        return Access.objects.none()
    return accesses_seen_by(user).filter(verdict="").exclude(officer=user)


def can_judge(user, access: Access) -> bool:
    return user.has_perm(JUDGE) and not access.verdict and access.officer_id != user.pk


def accesses_to_judge(user) -> int:
    """Looks to judge, for the first page of the back office."""
    return to_judge(user).count()


def clock_port(user) -> Port | None:
    """The port whose clock this person works by; None for those who work for all of them."""
    return None if user.sees_every_port else Port.objects.visible_to(user).first()


def conflicts_seen_by(user):
    """What others have declared: officers this supervisor looks after, for auditors everybody."""
    rows = Conflict.objects.exclude(officer=user).select_related("officer", "ended_by")
    if not user.has_perm(SEE_CONFLICTS):
        return rows.none()
    return rows if user.sees_every_port else rows.filter(officer__in=_led_by(user))


def _led_by(user):
    """Officers of the same ports, of parole for its supervisors, and those who serve everybody."""
    roles = [*SHARED_ROLES, *(PAROLE_ROLES if user.has_perm(SUPERVISE) else ())]
    own = Q(pk__in=_posted_with(user)) | Q(groups__name__in=roles)
    return User.objects.filter(own).values("pk")


def read_case_number(text: str) -> str | None:
    """The number of a case as people write it. A walk-in counts as its registration, if any."""
    text = text.strip().upper()
    if not text.startswith((*KINDS, WALK_IN)):
        return None
    number = read_reference(text, text[0])
    if number and text[0] == WALK_IN:
        found = WalkIn.objects.filter(reference=number).select_related("registration").first()
        return found.case if found else number
    return number


@transaction.atomic
def declare(*, by, relation: str, case: str = "", name: str = "", birth_date=None) -> Conflict:
    """As conflicts.declare, for the whole matter: looks that are open to the officer end."""
    declared = conflicts.declare(
        by=by, relation=relation, case=case, name=name, birth_date=birth_date
    )
    opened = list(Access.objects.open_for(by).values_list("case", flat=True))
    for one in filter(None, map(_any_case, [case] if case else opened)):
        if _is_near(by, one):
            _declare_numbers(by, relation, numbers_of(one))
    return declared


def _declare_numbers(user, relation: str, numbers: list[str]) -> None:
    standing = set(Conflict.objects.of(user).values_list("case", flat=True))
    for number in numbers:
        if number not in standing:
            conflicts.declare(by=user, relation=relation, case=number)
