from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from officers.queues.base import Queue
from parole import review
from parole.pages import hold
from parole.reviewers import REVIEW


def waits(user):
    """As they are taken; `chosen_at` is when the selection of the day was made."""
    return review.open_to(user).annotate(chosen_at=F("selection__ran_at"))


class Reviews(Queue):
    @transaction.atomic
    def reassign(self, row, **how):
        """A decided request keeps its officer: nothing is decided while it is given on."""
        hold(row)
        return super().reassign(row, **how)


QUEUE = Reviews(
    key="reviews",
    title=_("Support requests"),
    permission=REVIEW,
    waits=waits,
    since="chosen_at",
    page=lambda row: reverse("officers:review", args=[row.reference]),
    label=lambda row: row.reference,
    home="officers:reviews",
)
