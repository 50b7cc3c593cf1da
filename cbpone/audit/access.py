"""Looking at a case outside one's scope: possible with a reason, and never unseen."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cbpone.audit.choices import Verdict
from cbpone.audit.conflicts import check_no_conflict
from cbpone.audit.log import record
from cbpone.audit.models import Access
from cbpone.audit.verbs import Verb
from cbpone.lib import clock
from cbpone.lib.errors import MovedOn, NotAllowed, Refused

OPEN, JUDGE = "audit.open_access", "audit.judge_access"


class ReasonMissing(Refused):
    code = "reason_missing"
    sentence = _("Write why you need to look at this case. A supervisor reads it today.")


class NoteMissing(Refused):
    code = "note_missing"
    sentence = _("Say why it was not needed. It stays on record.")


class OwnLook(Refused):
    code = "own_look"
    sentence = _("Another supervisor judges your own look.")


@transaction.atomic
def open_case(*, case: str, reason: str, by, travelers=()) -> Access:
    """Lets the officer look at one case for ACCESS_HOURS; supervisors see it at once.

    `visible_to` of registrations, requests and cases asks these rows. Opening again while one
    stands gives the same. Refuses with NotAllowed, ReasonMissing, and InConflict where the officer
    stands too near to the case or to one of its `travelers`.
    """
    if not by.has_perm(OPEN):
        raise NotAllowed
    check_no_conflict(by, case=case, travelers=travelers)
    if not reason.strip():
        raise ReasonMissing
    # One press at a time for each officer: two would be two looks to judge.
    get_user_model().objects.select_for_update(no_key=True).get(pk=by.pk)
    standing = Access.objects.open_for(by).filter(case=case).first()
    if standing:
        return standing
    now = clock.now()
    row = Access.objects.create(
        officer=by,
        case=case,
        reason=reason.strip(),
        opened_at=now,
        until=now + timedelta(hours=settings.ACCESS_HOURS),
    )
    record(Verb.ACCESS_OPENED, on=row, case=case, by=by, note=row.reason)
    return row


@transaction.atomic
def judge(*, access: Access, verdict: str, note: str, by) -> Access:
    """What a supervisor says of it, once.

    Refuses with NotAllowed, OwnLook, MovedOn, and NoteMissing where it says only that it was not
    needed.
    """
    if not by.has_perm(JUDGE):
        raise NotAllowed
    if access.officer_id == by.pk:
        raise OwnLook
    if verdict == Verdict.NOT_NEEDED and not note.strip():
        raise NoteMissing
    judged = {"verdict": Verdict(verdict), "note": note.strip()}
    waiting = Access.objects.filter(pk=access.pk, verdict="")
    if not waiting.update(judged_by=by, judged_at=clock.now(), **judged):
        raise MovedOn
    access.refresh_from_db()
    record(Verb.ACCESS_JUDGED, on=access, case=access.case, by=by, after=verdict, note=access.note)
    return access
