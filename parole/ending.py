"""A travel authorization ends before it is used: cancelled by an officer, or expired."""

import logging
from datetime import datetime

from django.db import transaction

from cbpone.audit.log import move
from cbpone.audit.verbs import Verb
from cbpone.lib import clock
from cbpone.notifications.outbox import notify
from cbpone.notifications.statuses import Template
from parole import notices, numbers, travel_letters
from parole.choices import DenialReason, LetterAbout
from parole.models import Authorization, Beneficiary
from parole.pages import hold
from parole.statuses import AuthorizationStatus
from parole.travel_officers import WrongReason, check_can_cancel

log = logging.getLogger(__name__)


def hold_whole(beneficiary: Beneficiary) -> None:
    """The support cannot be withdrawn meanwhile: its request is locked first, as there."""
    hold(beneficiary.request)
    hold(beneficiary)


def tell(beneficiary: Beneficiary, template: Template, about, dedupe="") -> None:
    notify(user=beneficiary.user, template=template, about=about, sms_to=about, dedupe=dedupe)


@transaction.atomic
def cancel(*, authorization: Authorization, reason: str, letter: str, by) -> Authorization:
    """A valid authorization ends at once; the letter goes out word for word.

    Its number goes back unless its month is closed. Refuses with NotAllowed, OwnCase, InConflict,
    NotValid, WrongReason and LetterMissing.
    """
    beneficiary = authorization.beneficiary
    hold_whole(beneficiary)
    authorization.refresh_from_db(fields=["status"])
    check_can_cancel(by, authorization)
    if reason not in DenialReason.values:
        raise WrongReason
    written = travel_letters.write(beneficiary, LetterAbout.CANCELLED, letter, by)
    _end(authorization, "cancelled", Verb.ATA_CANCELLED, by, reason)
    tell(beneficiary, Template.ATA_CANCELLED, written)
    return authorization


def _end(authorization: Authorization, status: str, verb: Verb, by=None, reason="") -> None:
    """Of the authorization and of the case, whose row is locked."""
    given_back = numbers.give_back(month=authorization.month, process=authorization.process_id)
    move(
        authorization,
        to=status,
        verb=verb,
        by=by,
        note=reason,
        ended_at=clock.now(),
        ended_by=by,
        reason=reason,
        given_back=given_back,
    )
    note = f"{authorization.reference} {reason}".strip()
    move(authorization.beneficiary, to=f"ata_{status}", verb=verb, by=by, note=note)


def expire_authorizations(now: datetime | None = None) -> int:
    """End the authorizations whose last day is over at every airport. Returns how many.

    Each in its own transaction; any number of runs end one once.
    """
    due = Authorization.objects.filter(
        status=AuthorizationStatus.VALID, valid_until__lt=notices.earliest_day(now)
    )
    return sum(_expire_alone(key) for key in list(due.order_by("pk").values_list("pk", flat=True)))


def _expire_alone(key: int) -> int:
    """One that cannot be ended is a bug to mend; it must not hold up everyone else's."""
    try:
        return _expire(key)
    except Exception:
        log.exception("authorization %s was not ended", key)
        return 0


@transaction.atomic
def _expire(key: int) -> int:
    authorization = Authorization.objects.select_related("beneficiary__request").get(pk=key)
    beneficiary = authorization.beneficiary
    hold(beneficiary)
    authorization.refresh_from_db(fields=["status"])
    if authorization.status != AuthorizationStatus.VALID:
        return 0
    _end(authorization, "expired", Verb.ATA_EXPIRED)
    tell(beneficiary, Template.ATA_EXPIRED, authorization)
    return 1
