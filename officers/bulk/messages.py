"""Messages that could not be sent: once more."""

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from cbpone.lib.errors import MovedOn
from cbpone.notifications.models import Delivery
from cbpone.notifications.resending import RESEND, resend
from cbpone.notifications.statuses import DeliveryStatus
from officers.bulk.base import BulkAction


def rows(user):
    """Everybody's: neither the words nor who gets them are shown."""
    return Delivery.objects.select_related("message")


def label(row) -> str:
    """By what it was about and when: no address and no name."""
    day = date_format(row.message.created_at, "j F Y")
    return f"{row.message.get_template_display()}, {row.get_channel_display()}, {day}"[:100]


def check(row, values: dict, by) -> None:
    if row.status != DeliveryStatus.FAILED:
        raise MovedOn


RESEND_FAILED = BulkAction(
    key="resend_failed",
    title=_("Send messages again that could not be sent"),
    all_of=_("all messages that could not be sent"),
    permissions=(RESEND,),
    rows=rows,
    offered=lambda user: rows(user).filter(status=DeliveryStatus.FAILED),
    check=check,
    act=lambda row, values, by: resend(delivery=row, by=by),
    label=label,
)
