"""Travel authorizations: take a case, judge corrections, approve, deny, send back, ask again."""

from django.db import transaction

from cbpone.accounts.models import User
from cbpone.audit.log import move, record
from cbpone.audit.verbs import Verb
from cbpone.lib import clock
from cbpone.lib.errors import MovedOn
from cbpone.notifications.statuses import Template
from parole import numbers
from parole.choices import DenialReason
from parole.ending import cancel, expire_authorizations, hold_whole, tell
from parole.models import Authorization, Beneficiary, Correction
from parole.pages import hold
from parole.queue import full_now, pending, place_in_queue
from parole.statuses import BeneficiaryStatus
from parole.travel_officers import (
    NoteMissing,
    WrongReason,
    check_can_approve,
    check_can_ask_again,
    check_can_decide,
    check_can_put_back,
    check_can_take,
)

__all__ = ["cancel", "expire_authorizations", "place_in_queue"]
VERDICTS = ("accepted", "not_accepted")
# Why a case is denied: an authorization given by mistake is cancelled, a case never is.
DENIALS = [reason for reason in DenialReason if reason != DenialReason.ERROR]
NOBODY = {"taken_by": None, "taken_at": None}
OUT_OF_QUEUE = {"queued_at": None, "queued_by": None}


def _said(note: str) -> str:
    if not note.strip():
        raise NoteMissing
    return note.strip()


def _each_time(template: Template, beneficiary: Beneficiary) -> str:
    """A key for what can be told about a case more than once."""
    return f"{template}:{beneficiary.pk}:{clock.now():%Y%m%d%H%M%S%f}"


def waits_for(user):
    """The case this officer holds and has to go on with."""
    return pending().filter(taken_by=user).order_by("taken_at", "pk")


@transaction.atomic
def take_next(*, by) -> Beneficiary | None:
    """The officer's own open case, else the next one nobody holds; None when none waits.

    People for whom a month had no number come first, as long as this one has; then who sent
    everything longest ago. Never a case two officers press for at once, never a case one has a
    part in. Refuses with NotAllowed.
    """
    check_can_take(by)
    # One press at a time for each officer: two tabs would take two cases.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    own = waits_for(by).first()
    if own:
        return own
    free = pending().filter(taken_by=None).exclude(user=by).exclude(request__owner=by)
    free = free.exclude(guardian__in=Beneficiary.objects.of_user(by))
    beneficiary = _first(_with_numbers(free)) or _first(
        free.filter(queued_at=None).order_by("submitted_at", "pk")
    )
    if beneficiary is None:
        return None
    values = {"taken_by": by, "taken_at": clock.now()}
    if not free.filter(pk=beneficiary.pk).update(**values):
        raise MovedOn
    for name, value in values.items():
        setattr(beneficiary, name, value)
    record(Verb.TAKEN, on=beneficiary, by=by)
    return beneficiary


def _with_numbers(free):
    """Of the queue, the ones whose month has a number now."""
    all_full, processes = full_now()
    if all_full:
        return free.none()
    waiting = free.exclude(queued_at=None).exclude(request__process__in=processes)
    return waiting.order_by("queued_at", "pk")


def _first(rows) -> Beneficiary | None:
    return rows.select_for_update(skip_locked=True, no_key=True, of=("self",)).first()


@transaction.atomic
def put_back(*, beneficiary: Beneficiary, reason: str, by) -> Beneficiary:
    """Nobody holds the case then. Verdicts and the place in the queue stay."""
    hold(beneficiary)
    check_can_put_back(by, beneficiary)
    reason = _said(reason)
    _free(beneficiary)
    record(Verb.PUT_BACK, on=beneficiary, by=by, note=reason)
    return beneficiary


def _free(beneficiary: Beneficiary, **values) -> None:
    """Nobody holds a case that goes on waiting; with these changes, on a row that is locked."""
    values |= NOBODY
    if not pending().filter(pk=beneficiary.pk).update(**values):
        raise MovedOn
    for name, value in values.items():
        setattr(beneficiary, name, value)


@transaction.atomic
def judge_correction(*, correction: Correction, verdict: str, by) -> Correction:
    """Whether what the person says, other than the supporter wrote, is taken as true.

    It can be judged anew until something is decided. Refuses with NotYours, NotWaiting, OwnCase.
    """
    beneficiary = correction.beneficiary
    hold(beneficiary)
    check_can_decide(by, beneficiary)
    if verdict not in VERDICTS:
        raise WrongReason
    correction.refresh_from_db(fields=["verdict"])
    before = correction.verdict
    values = {"verdict": verdict, "judged_by": by, "judged_at": clock.now()}
    if not Correction.objects.filter(pk=correction.pk, verdict=before).update(**values):
        raise MovedOn
    record(
        Verb.CORRECTION_JUDGED,
        on=correction,
        case=beneficiary.case,
        by=by,
        before=before,
        after=verdict,
        note=correction.field,
    )
    for name, value in values.items():
        setattr(correction, name, value)
    return correction


def approve(*, beneficiary: Beneficiary, by) -> Authorization:
    """Authorize travel, with a number of this month. Valid 90 days.

    When the month has no number for the person, they wait in the queue, are told at which place,
    and the refusal says so: CapFull, OwnCapFull, LongerWaiting. Refuses as well with NotYours,
    NotWaiting, OwnCase, SupportEnded, CorrectionsWaiting, CorrectionNotAccepted, NoPhoto,
    PassportExpired and MinorAlone; nothing is written then.
    """
    try:
        return _approve(beneficiary, by)
    except numbers.CapFull as full:
        process = beneficiary.request.process
        place = _queue(beneficiary, by)
        raise type(full)(place=place, process=process) from None


@transaction.atomic
def _approve(beneficiary: Beneficiary, by) -> Authorization:
    hold_whole(beneficiary)
    check_can_approve(by, beneficiary)
    numbers.check_turn(beneficiary)
    before = beneficiary.status
    authorization = numbers.take(beneficiary=beneficiary, by=by)
    record(
        Verb.AUTHORIZED,
        on=beneficiary,
        by=by,
        before=before,
        after=beneficiary.status,
        note=f"{authorization.reference}, {authorization.month:%Y-%m}",
    )
    tell(beneficiary, Template.ATA_APPROVED, authorization)
    return authorization


@transaction.atomic
def _queue(beneficiary: Beneficiary, by) -> int | None:
    """The decision stands and waits for a number. A place that one has stays the same."""
    hold_whole(beneficiary)
    check_can_approve(by, beneficiary)
    if beneficiary.queued_at:
        _free(beneficiary)
        return place_in_queue(beneficiary)
    _free(beneficiary, queued_at=clock.now(), queued_by=by)
    place = place_in_queue(beneficiary)
    record(Verb.QUEUED, on=beneficiary, by=by, note=str(place))
    key = _each_time(Template.ATA_WAITING, beneficiary)
    tell(beneficiary, Template.ATA_WAITING, beneficiary, key)
    return place


@transaction.atomic
def deny(*, beneficiary: Beneficiary, reason: str, by) -> Beneficiary:
    """Travel is not authorized; `reason` is one of DENIALS, and the person is told it."""
    hold_whole(beneficiary)
    check_can_decide(by, beneficiary)
    if reason not in DENIALS:
        raise WrongReason
    move(
        beneficiary,
        to="ata_denied",
        verb=Verb.ATA_DENIED,
        by=by,
        note=reason,
        denial_reason=reason,
        **NOBODY,
        **OUT_OF_QUEUE,
    )
    tell(beneficiary, Template.ATA_DENIED, beneficiary)
    return beneficiary


@transaction.atomic
def send_back(*, beneficiary: Beneficiary, note: str, by) -> Beneficiary:
    """The person sends something again; `note` says what, in a sentence they read."""
    hold_whole(beneficiary)
    check_can_decide(by, beneficiary)
    note = _said(note)
    move(
        beneficiary,
        to="photo_submitted",
        verb=Verb.SENT_BACK,
        by=by,
        note=note,
        sent_back_note=note,
        **NOBODY,
        **OUT_OF_QUEUE,
    )
    key = _each_time(Template.CASE_SENT_BACK, beneficiary)
    tell(beneficiary, Template.CASE_SENT_BACK, beneficiary, key)
    return beneficiary


@transaction.atomic
def ask_again(*, beneficiary: Beneficiary, by) -> Beneficiary:
    """The person asks for another authorization, in one press, with what they sent before.

    A second press changes nothing. Refuses with NotAllowed, CannotAsk and SupportEnded.
    """
    hold_whole(beneficiary)
    waits = beneficiary.status == BeneficiaryStatus.ATA_PENDING
    if waits and beneficiary.user_id == by.pk:
        return beneficiary
    check_can_ask_again(by, beneficiary)
    move(
        beneficiary,
        to="ata_pending",
        verb=Verb.ASKED_AGAIN,
        by=by,
        submitted_at=clock.now(),
        **NOBODY,
    )
    key = _each_time(Template.CASE_SUBMITTED, beneficiary)
    tell(beneficiary, Template.CASE_SUBMITTED, beneficiary, key)
    return beneficiary
