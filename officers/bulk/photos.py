"""Photos that wait to be judged: back to the queue."""

from django.utils.translation import gettext_lazy as _

from cbpone.audit.holding import ASSIGN
from officers.bulk.base import BulkAction, check_put_back, put_back
from officers.queues.photos import REVIEW, waits

PUT_BACK = BulkAction(
    key="put_back_photos",
    title=_("Put photos back"),
    all_of=_("all photos that officers hold"),
    permissions=(REVIEW, ASSIGN),
    rows=waits,
    offered=lambda user: waits(user).filter(taken_by__isnull=False),
    check=check_put_back,
    act=put_back,
    # Not the name: the report of a run is kept for ever.
    label=lambda row: str(_("Photo %s")) % str(row.reference)[:8],
)
