from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from officers.queues.base import Queue
from parole import travel
from parole.travel_officers import DECIDE

QUEUE = Queue(
    key="travel",
    title=_("Travel authorizations"),
    permission=DECIDE,
    waits=travel.open_to,
    since="submitted_at",
    page=lambda row: reverse("officers:travel_case", args=[row.reference]),
    label=lambda row: row.reference,
    home="officers:travel",
)
