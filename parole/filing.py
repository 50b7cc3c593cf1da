"""A request is signed and filed, corrected or withdrawn by its supporter."""

import hashlib
from functools import partial

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from cbpone.accounts.models import User
from cbpone.audit.log import move, record
from cbpone.audit.verbs import Verb
from cbpone.lib import clock
from cbpone.lib.errors import NotAllowed, Refused
from cbpone.notifications.outbox import notify
from cbpone.notifications.statuses import Template
from cbpone.travelers.identity import tidy
from parole import inviting, sorting, steps
from parole.dossier import Dossier, read_dossier
from parole.models import Authorization, Beneficiary, SupportRequest
from parole.pages import check_can_edit, hold
from parole.statuses import (
    BENEFICIARY_MOVES,
    OPEN,
    AuthorizationStatus,
    BeneficiaryStatus,
    DecisionStatus,
    RequestStatus,
)


class NotComplete(Refused):
    code = "not_complete"
    sentence = _("Some answers are still missing. They are marked in the list below.")


class ProcessClosed(Refused):
    code = "process_closed"
    sentence = _(
        "The process for %(country)s is not open today, so the request cannot be filed. "
        "Your answers stay here."
    )


class AlreadyPending(Refused):
    code = "already_pending"
    sentence = _(
        "You filed a request for %(name)s already, and it is not decided yet. "
        "One at a time is enough: a second one would not be read sooner."
    )


class PrincipalFirst(Refused):
    code = "principal_first"
    sentence = _(
        "%(name)s travels as the family of %(principal)s. "
        "File the request for %(principal)s first, then this one."
    )


class CannotWithdraw(Refused):
    code = "cannot_withdraw"
    sentence = _(
        "Travel is authorized already, so the request cannot be withdrawn here. "
        "If something is wrong, write to us through Help."
    )


class AlreadyDecided(Refused):
    code = "already_decided"
    sentence = _("This request has ended. There is nothing to withdraw any more.")


class AddressSettled(Refused):
    code = "address_settled"
    sentence = _("The person has accepted the invitation. Its address cannot be changed any more.")


def check_can_file(user, dossier: Dossier) -> None:
    """Refuses with NotAllowed, NotComplete, PrincipalFirst, ProcessClosed or AlreadyPending."""
    check_can_edit(user, dossier.request)
    process, principal = dossier.process, dossier.request.principal
    written = dossier.beneficiary.written
    if not (dossier.is_complete and process and written.identity):
        raise NotComplete
    if principal and principal.status not in (*OPEN, RequestStatus.CONFIRMED):
        raise PrincipalFirst(name=written, principal=principal.beneficiary.written)
    today = clock.today_in(settings.PAROLE_ZONE)
    if not type(process).objects.open_on(today).filter(pk=process.pk).exists():
        raise ProcessClosed(country=process)
    if _is_pending_already(dossier):
        raise AlreadyPending(name=written)


def _is_pending_already(dossier: Dossier) -> bool:
    """The same person once with a passport number and once without has two identities."""
    written = dossier.beneficiary.written
    same_day = SupportRequest.objects.open().filter(
        owner=dossier.request.owner_id, beneficiary__written__birth_date=written.birth_date
    )
    names = same_day.values_list(
        "beneficiary__written__given_names", "beneficiary__written__surnames"
    )
    return tidy_name(written.given_names, written.surnames) in {tidy_name(*name) for name in names}


def tidy_name(given_names: str, surnames: str) -> str:
    return "".join(sorted(tidy(f"{given_names} {surnames}")))


def pair_key(dossier: Dossier) -> str:
    """The same for one supporter and one beneficiary, whichever account files."""
    who = dossier.supporter.ssn_digest or f"account {dossier.request.owner_id}"
    both = f"{who}|{dossier.beneficiary.written.identity}"
    return hashlib.sha256(both.encode()).hexdigest()


@transaction.atomic
def file(*, request: SupportRequest, name: str, by, ip: str | None) -> SupportRequest:
    """Sign and file a draft: it gets its place in the order. A second press changes nothing.

    Refuses as `check_can_file` does, and with AlreadyPending when the same supporter filed for the
    same person under another account.
    """
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=by.pk)
    hold(request)
    if request.filed_at and request.owner_id == by.pk:
        return request
    dossier = read_dossier(request)
    check_can_file(by, dossier)
    values = {
        "filing_number": _next_filing_number(),
        "filed_at": clock.now(),
        "filed_ip": ip or None,
        "signed_name": name,
        "pair_key": pair_key(dossier),
        "process": dossier.process,
    }
    try:
        with transaction.atomic():
            move(request, to="received", verb=Verb.FILED, by=by, **values)
    except IntegrityError as error:
        if "request_one_open_a_pair" not in str(error):
            raise
        raise AlreadyPending(name=dossier.beneficiary.written) from None
    notify(
        user=by,
        template=Template.REQUEST_RECEIVED,
        about=request,
        sms_to=request,
        stays_true=True,
    )
    return request


def _next_filing_number() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('parole_filing_number')")
        return cursor.fetchone()[0]


def check_can_withdraw(user, request: SupportRequest) -> None:
    """Any time before travel is authorized. Refuses with AlreadyDecided or CannotWithdraw."""
    if request.owner_id != user.pk or request.is_draft:
        raise NotAllowed
    if request.status not in (*OPEN, RequestStatus.CONFIRMED):
        raise AlreadyDecided
    authorized = Authorization.objects.filter(
        beneficiary__request=request,
        status__in=[AuthorizationStatus.VALID, AuthorizationStatus.USED],
    )
    if authorized.exists():
        raise CannotWithdraw


def can_withdraw(user, request: SupportRequest) -> bool:
    try:
        check_can_withdraw(user, request)
    except Refused:
        return False
    return True


@transaction.atomic
def withdraw(*, request: SupportRequest, by) -> SupportRequest:
    """The supporter asks for nothing any more. Who was invited is told that it has ended.

    A refusal that waits for a second person falls: there is nothing to refuse any more.
    """
    hold(request)
    check_can_withdraw(by, request)
    move(
        request,
        to="withdrawn",
        verb=Verb.REQUEST_WITHDRAWN,
        by=by,
        withdrawn_at=clock.now(),
        taken_by=None,
        taken_at=None,
    )
    for decision in request.decisions.filter(status=DecisionStatus.PROPOSED):
        closed = {"closed_by": by, "closed_at": clock.now()}
        move(decision, to="declined", verb=Verb.DECLINED, note="the supporter withdrew", **closed)
    beneficiary = request.beneficiary
    written = beneficiary.status == BeneficiaryStatus.WRITTEN
    if not written and "closed" in BENEFICIARY_MOVES[beneficiary.status]:
        steps.close(beneficiary=beneficiary, note="the supporter withdrew")
    notify(user=by, template=Template.REQUEST_WITHDRAWN, about=request, sms_to=request)
    return request


def can_correct_address(user, request: SupportRequest) -> bool:
    beneficiary = request.beneficiary
    return (
        request.owner_id == user.pk
        and request.status == RequestStatus.CONFIRMED
        and beneficiary.status == BeneficiaryStatus.INVITED
        and beneficiary.user_id is None
    )


@transaction.atomic
def correct_address(*, request: SupportRequest, email: str, by) -> Beneficiary:
    """The invitation goes to another address. Refuses with AddressSettled once it was accepted.

    Leads are looked for anew: whoever reads the mailbox holds the case.
    """
    hold(request)
    if request.owner_id != by.pk or request.status != RequestStatus.CONFIRMED:
        raise NotAllowed
    invited = Beneficiary.objects.filter(
        request=request, status=BeneficiaryStatus.INVITED, user=None
    )
    if not invited.update(written_email=email):
        raise AddressSettled
    beneficiary = Beneficiary.objects.select_related("written").get(request=request)
    record(Verb.ADDRESS_CORRECTED, on=request, by=by)
    inviting.send_again(beneficiary=beneficiary, by=by)
    transaction.on_commit(partial(sorting.look_around, request.pk), robust=True)
    return beneficiary
