"""What every queue of the back office answers, so that pages treat all of them the same."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Min, Q

from cbpone.audit import holding
from cbpone.lib import clock


@dataclass(frozen=True)
class Queue:
    """One kind of work that officers take in turn. Rows have `taken_by` and `taken_at`.

    `waits(user)` is everything open that the officer may work on, held or not, in the order of
    its turn and without what they stand too near to; `since` the field its age counts from.
    """

    key: str
    title: Any  # lazy
    permission: str
    waits: Callable
    since: str
    page: Callable[[Any], str]  # the address of a row
    label: Callable[[Any], str]
    home: str  # name of the page of the whole queue

    def is_for(self, user) -> bool:
        return user.has_perm(self.permission)

    @property
    def target(self) -> timedelta:
        return timedelta(hours=settings.TARGET_HOURS[self.key])

    def may_take(self, user, row) -> bool:
        return self.is_for(user) and self.waits(user).filter(pk=row.pk).exists()

    def take_next(self, *, by):
        """The officer's own row that waits, else the next; None when none waits."""
        if not self.is_for(by):
            raise holding.NotAllowed
        rows = self.waits(by)
        return holding.take(rows, by=by, own=rows.filter(taken_by=by))

    @transaction.atomic
    def reassign(self, row, *, to, reason: str, by):
        # Or it could be decided between the question who may take it and the answer.
        type(row)._base_manager.select_for_update(of=("self",), no_key=True).get(pk=row.pk)
        return holding.reassign(row, to=to, reason=reason, by=by, may_take=self.may_take)

    def numbers(self, user) -> dict:
        """How many wait, are free, held by the officer, and late; and when the oldest came."""
        late = clock.now() - self.target
        return (
            self.waits(user)
            .order_by()
            .aggregate(
                waiting=Count("pk"),
                free=Count("pk", filter=Q(taken_by=None)),
                own=Count("pk", filter=Q(taken_by=user)),
                late=Count("pk", filter=Q(**{f"{self.since}__lt": late})),
                oldest=Min(self.since),
            )
        )
