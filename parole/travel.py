"""Travel authorizations: take a case, judge corrections, approve, deny, send back, ask again."""

from django.db import transaction
from django.db.models import F, Q
from django.utils import translation

from cbpone.audit import holding
from cbpone.audit.log import move, record
from cbpone.audit.verbs import Verb
from cbpone.lib import clock
from cbpone.lib.errors import MovedOn
from cbpone.notifications.statuses import Template
from parole import numbers, travel_letters
from parole.choices import LetterAbout
from parole.ending import cancel, expire_authorizations, hold_whole, tell
from parole.letters import language_of
from parole.models import Authorization, Beneficiary, Correction
from parole.nearness import near
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


def open_to(user):
    """Cases this officer may decide, in turn, held or not.

    None they have a part in; of those they stand too near to, only what they hold and have to put
    back. First the people for whom a month had no number, who are left out until there is one;
    then who sent everything longest ago.
    """
    mine = Beneficiary.objects.of_user(user)
    rows = pending().exclude(user=user).exclude(request__owner=user).exclude(guardian__in=mine)
    rows = rows.filter(Q(taken_by=user) | ~near(user, request="request__", beneficiary=""))
    all_full, processes = full_now()
    has_turn = Q(queued_at=None) | ~Q(taken_by=None)
    if not all_full:
        has_turn |= ~Q(request__process__in=processes)
    first = F("queued_at").asc(nulls_last=True)
    return rows.filter(has_turn).order_by(first, "submitted_at", "pk")


def take_next(*, by) -> Beneficiary | None:
    """The officer's own open case, else the next one nobody holds; None when none waits.

    Never a case two officers press for at once. Refuses with NotAllowed.
    """
    check_can_take(by)
    return holding.take(open_to(by), by=by, own=waits_for(by))


@transaction.atomic
def put_back(*, beneficiary: Beneficiary, reason: str, by) -> Beneficiary:
    """Nobody holds the case then. Verdicts and the place in the queue stay."""
    hold(beneficiary)
    check_can_put_back(by, beneficiary)
    return holding.put_back(beneficiary, reason=_said(reason), by=by)


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


def _write(beneficiary: Beneficiary, about: LetterAbout, reason: str, letter: str, by):
    """The letter of a decision about a case this officer holds, on rows that are locked."""
    hold_whole(beneficiary)
    check_can_decide(by, beneficiary)
    if reason not in travel_letters.REASONS[about]:
        raise WrongReason
    return travel_letters.write(beneficiary, about, letter, by)


@transaction.atomic
def deny(*, beneficiary: Beneficiary, reason: str, letter: str, by) -> Beneficiary:
    """Travel is not authorized; the letter goes out word for word.

    Refuses with NotYours, NotWaiting, OwnCase, InConflict, WrongReason and LetterMissing.
    """
    written = _write(beneficiary, LetterAbout.DENIED, reason, letter, by)
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
    tell(beneficiary, Template.ATA_DENIED, written)
    return beneficiary


@transaction.atomic
def send_back(*, beneficiary: Beneficiary, reason: str, letter: str, by) -> Beneficiary:
    """The person sends something again; the letter says what. Refuses as deny does."""
    written = _write(beneficiary, LetterAbout.SENT_BACK, reason, letter, by)
    with translation.override(language_of(beneficiary.user)):
        asked = travel_letters.why(beneficiary, LetterAbout.SENT_BACK, reason)
    move(
        beneficiary,
        to="photo_submitted",
        verb=Verb.SENT_BACK,
        by=by,
        note=reason,
        sent_back_note=asked[:300],
        **NOBODY,
        **OUT_OF_QUEUE,
    )
    tell(beneficiary, Template.CASE_SENT_BACK, written)
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
