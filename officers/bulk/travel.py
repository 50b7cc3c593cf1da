"""Cases that wait for a decision on travel: back to the queue, or to another officer."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from cbpone.audit.holding import ASSIGN
from officers.bulk.base import BulkAction, assign_form, check_reassign, reassign
from officers.travel import decidable
from parole import travel
from parole.queue import pending
from parole.travel_officers import DECIDE, check_can_put_back

PAGE = "officers:travel_case"
ALL = _("all travel cases that officers hold")


def rows(user):
    return decidable(user).select_related("request__owner", "guardian", "taken_by", "user")


def held(user):
    return rows(user).filter(pk__in=pending().values("pk"), taken_by__isnull=False)


PUT_BACK = BulkAction(
    key="put_back_travel",
    title=_("Put travel cases back"),
    all_of=ALL,
    permissions=(DECIDE, ASSIGN),
    rows=rows,
    offered=held,
    check=lambda row, values, by: check_can_put_back(by, row),
    act=lambda row, values, by: travel.put_back(beneficiary=row, reason=values["reason"], by=by),
    page=PAGE,
)
REASSIGN = BulkAction(
    key="reassign_travel",
    title=_("Give travel cases to another officer"),
    all_of=ALL,
    permissions=(DECIDE, ASSIGN),
    rows=rows,
    offered=held,
    check=partial(check_reassign, "travel"),
    act=partial(reassign, "travel"),
    form=assign_form(DECIDE),
    page=PAGE,
)
