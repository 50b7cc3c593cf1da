"""Support requests in review: back to the queue, or to another officer."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from cbpone.audit.holding import ASSIGN
from officers.bulk.base import BulkAction, assign_form, check_reassign, reassign
from officers.reviews import reviewable
from parole import review
from parole.reviewers import REVIEW, check_can_put_back
from parole.statuses import IN_REVIEW

PAGE = "officers:review"
ALL = _("all reviews that officers hold")


def rows(user):
    return reviewable(user).select_related("owner", "taken_by", "supporter", "beneficiary")


def held(user):
    return rows(user).filter(status__in=IN_REVIEW, taken_by__isnull=False)


PUT_BACK = BulkAction(
    key="put_back_reviews",
    title=_("Put reviews back"),
    all_of=ALL,
    permissions=(REVIEW, ASSIGN),
    rows=rows,
    offered=held,
    check=lambda row, values, by: check_can_put_back(by, row),
    act=lambda row, values, by: review.put_back(request=row, reason=values["reason"], by=by),
    page=PAGE,
)
REASSIGN = BulkAction(
    key="reassign_reviews",
    title=_("Give reviews to another officer"),
    all_of=ALL,
    permissions=(REVIEW, ASSIGN),
    rows=rows,
    offered=held,
    check=partial(check_reassign, "reviews"),
    act=partial(reassign, "reviews"),
    form=assign_form(REVIEW),
    page=PAGE,
)
