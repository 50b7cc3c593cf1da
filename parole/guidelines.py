"""The poverty guideline beside what a supporter has: an indicator for officers, never a refusal.

Figures are rows of PovertyGuideline, each with its source: 88 FR 3424 (2023), 89 FR 2961 (2024)
and 90 FR 5917 (2025), the yearly notices of the Department of Health and Human Services. No notice
sets a threshold for this process (domain.md 5.2), so the ratio only helps an officer to ask.
"""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _

from cbpone.lib import clock
from parole.choices import StateGroup
from parole.models import PovertyGuideline, Supporter, SupportRequest
from parole.statuses import OPEN, BeneficiaryStatus, RequestStatus

# Of a confirmed request: the person does not come, so nobody is carried.
ENDED = (
    BeneficiaryStatus.CLOSED,
    BeneficiaryStatus.ATA_DENIED,
    BeneficiaryStatus.ATA_CANCELLED,
    BeneficiaryStatus.PAROLE_DENIED,
)
OWN_GROUP = (StateGroup.ALASKA, StateGroup.HAWAII)


@dataclass(frozen=True)
class Ratio:
    """Whole dollars a year. `percent` is rounded down, so 100 is never shown for a little less.

    When the guideline of that year is not on file, `missing` is a sentence that says so and names
    the earlier one used instead; with none for that place, `dollars_needed` and `percent` are None.
    `assets` stand beside the income, never in it.
    """

    people: int
    income: int
    assets: int
    dollars_needed: int | None
    percent: int | None
    missing: str


def poverty_ratio(request: SupportRequest, year: int | None = None) -> Ratio:
    """Income of the household and of those who support along, against the guideline for everybody.

    The year is that of filing (of today for a draft), the place the supporter's state.
    """
    supporter = request.supporter
    along = request.co_supporters.aggregate(dollars=Sum("annual_income"))["dollars"] or 0
    income, people = supporter.income + along, people_carried(request)
    day = clock.today_in(settings.PAROLE_ZONE, request.filed_at)
    year, states = year or day.year, group_of(supporter)
    known = PovertyGuideline.objects.filter(year__lte=year, states=states)
    guideline = known.order_by("-year").first()
    missing = _missing(year, states, guideline)
    if not guideline:
        return Ratio(people, income, supporter.assets, None, None, missing)
    needed = guideline.dollars_for(people)
    return Ratio(people, income, supporter.assets, needed, income * 100 // needed, missing)


def _missing(year: int, states: str, guideline: PovertyGuideline | None) -> str:
    if guideline and guideline.year == year:
        return ""
    told = _("There is no poverty guideline for %(year)s on file (%(place)s).")
    sentence = told % {"year": year, "place": StateGroup(states).label}
    if guideline:
        sentence += " " + _("The one of %(year)s is used.") % {"year": guideline.year}
    return sentence


def group_of(supporter: Supporter) -> str:
    """Alaska and Hawaii have guidelines of their own; everywhere else those of the 48 states."""
    return supporter.state if supporter.state in OWN_GROUP else StateGroup.STATES_48


def people_carried(request: SupportRequest) -> int:
    """Everybody this money is for: household, people carried outside, all requests, this person.

    A household not written yet counts as the supporter alone.
    """
    household = request.supporter.household_size or 1
    return household + request.carried.count() + other_requests(request).count() + 1


def other_requests(request: SupportRequest) -> QuerySet[SupportRequest]:
    """Further requests that hold the same supporter to a person: open, or confirmed and going on.

    The same supporter is the same account, or the same Social Security number on another account.
    """
    rows = SupportRequest.objects.order_by().values("pk")
    # A union of two look-ups by index: of one OR across tables no index is of use.
    same = rows.filter(owner=request.owner_id)
    if request.supporter.ssn_digest:
        same = same.union(rows.filter(supporter__ssn_digest=request.supporter.ssn_digest))
    holds = Q(status__in=OPEN) | (
        Q(status=RequestStatus.CONFIRMED) & ~Q(beneficiary__status__in=ENDED)
    )
    return SupportRequest.objects.filter(holds, pk__in=same).exclude(pk=request.pk)
