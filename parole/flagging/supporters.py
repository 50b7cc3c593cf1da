"""Everything that one supporter filed, under whatever account."""

from collections.abc import Collection

from django.db.models import F, QuerySet

from cbpone.travelers.identity import tidy
from parole.flagging.case import ROWS_READ, Case
from parole.models import SupportRequest


def same_supporter(case: Case) -> QuerySet:
    """Filed by the same account, with the same Social Security number, or by a person of the same
    name and birth date. Three queries in one, each by its own index."""
    supporter = case.supporter
    filed = SupportRequest.objects.filed().order_by().values("pk")
    ways = [filed.filter(owner_id=case.request.owner_id)]
    if supporter.ssn_digest:
        ways.append(filed.filter(supporter__ssn_digest=supporter.ssn_digest))
    if supporter.birth_date and tidy(supporter.full_name):
        ways.append(
            filed.filter(
                supporter__birth_date=supporter.birth_date,
                supporter__plain_name=supporter.plain_name,
            )
        )
    return SupportRequest.objects.filter(pk__in=ways[0].union(*ways[1:]))


def requests_of(case: Case, statuses: Collection[str] | None = None) -> list[Case]:
    """This request among them, earliest first."""
    rows = same_supporter(case).select_related("supporter", "beneficiary")
    if statuses:
        rows = rows.filter(status__in=statuses)
    found = rows.order_by(F("id") + 0)[:ROWS_READ]
    return [Case(row, row.supporter, row.beneficiary) for row in found]
