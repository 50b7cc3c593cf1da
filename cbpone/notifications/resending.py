"""A message that could not be sent is tried once more, when a person says so."""

from django.db import transaction

from cbpone.audit.log import move
from cbpone.audit.verbs import Verb
from cbpone.lib import clock
from cbpone.lib.errors import MovedOn, NotAllowed
from cbpone.notifications.models import Delivery
from cbpone.notifications.outbox import nudge
from cbpone.notifications.statuses import DeliveryStatus

RESEND = "notifications.resend_delivery"


@transaction.atomic
def resend(*, delivery: Delivery, by) -> Delivery:
    """It waits again and goes out with the next run, if it is still true then.

    Refuses with NotAllowed, and with MovedOn when it did not fail or waits again already.
    """
    if not by.has_perm(RESEND):
        raise NotAllowed
    if delivery.status != DeliveryStatus.FAILED:
        raise MovedOn
    note = delivery.message.template
    move(delivery, to="waiting", verb=Verb.RESENT, by=by, note=note, next_try_at=clock.now())
    transaction.on_commit(nudge)
    return delivery
