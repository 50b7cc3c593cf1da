"""A family asks for a place from the officers' reserve, in its own words, and can take it back."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from cbpone.audit.log import move, record
from cbpone.audit.verbs import Verb
from cbpone.lib import clock
from cbpone.lib.errors import MovedOn, NotAllowed, Refused
from scheduling.models import Port, Registration, UrgentRequest
from scheduling.registering import check_can_edit, hold
from scheduling.statuses import Urgency, UrgentStatus

MOST_LETTERS = UrgentRequest._meta.get_field("said").max_length


class SignFirst(Refused):
    code = "sign_first"
    sentence = _("Finish and sign your registration first. Then officers know whom to help.")


class AskedAlready(Refused):
    code = "asked_already"
    sentence = _("Your family has asked already. An officer reads it. Nothing more is needed.")


class PortClosed(Refused):
    code = "port_closed"
    sentence = _("This port takes no bookings now. Choose another port.")


class Answered(Refused):
    code = "answered"
    sentence = _("There is an answer already, or you took it back. It is on this page.")


def check_can_ask(user, registration: Registration) -> None:
    check_can_edit(user, registration)
    if not registration.is_ready:
        raise SignFirst
    if registration.urgent_requests.open().exists():
        raise AskedAlready


def can_ask(user, registration: Registration) -> bool:
    try:
        check_can_ask(user, registration)
    except Refused:
        return False
    return True


@transaction.atomic
def ask(*, registration: Registration, port: Port, urgency: str, said: str, by) -> UrgentRequest:
    """One open request a family; officers of that port read it, the oldest first.

    An appointment the family has stays as it is. Refuses with SignFirst, AskedAlready,
    AtThePort, PortClosed and NotAllowed.
    """
    hold(registration)
    check_can_ask(by, registration)
    if not port.is_open:
        raise PortClosed
    row = UrgentRequest(
        registration=registration,
        port=port,
        urgency=Urgency(urgency),
        said=said,
        asked_at=clock.now(),
    )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if "urgent_one_open_a_family" not in str(error):
            raise
        raise AskedAlready from None
    record(Verb.URGENT_ASKED, on=row, by=by, after=row.status, note=str(port))
    return row


@transaction.atomic
def withdraw(*, request: UrgentRequest, by) -> UrgentRequest:
    """The family takes it back before an officer has answered. Refuses with Answered."""
    if request.registration.owner_id != by.pk:
        raise NotAllowed
    hold(request.registration)
    if request.status != UrgentStatus.WAITING:
        raise Answered
    try:
        return move(request, to="withdrawn", verb=Verb.URGENT_WITHDRAWN, by=by)
    except MovedOn:
        raise Answered from None
