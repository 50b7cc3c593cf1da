"""What an officer says of two records. It is written down and nothing follows by itself."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cbpone.audit.conflicts import InConflict, check_no_conflict
from cbpone.audit.holding import WhyMissing, check_holds
from cbpone.audit.log import record
from cbpone.audit.verbs import Verb
from cbpone.lib import clock
from cbpone.lib.errors import MovedOn, NotAllowed, Refused
from officers.duplicates.sides import Side, read_sides
from officers.models import Likeness
from officers.queues.duplicates import QUEUE
from officers.statuses import LikenessVerdict


class OwnFamily(InConflict):
    code = "own_family"
    sentence = _("This is about your own case, or one you support. Another officer compares it.")


def check_no_part(user, sides: list[Side]) -> None:
    """Refuses with InConflict: their own case, one they support, or what they declared."""
    for side in sides:
        if user.pk in side.accounts:
            raise OwnFamily
        for case in side.cases:
            check_no_conflict(user, case=case, travelers=[side.traveler, *side.people])


def is_near(user, sides: list[Side]) -> bool:
    """Too near to judge, though they may hold it still."""
    try:
        check_no_part(user, sides)
    except InConflict:
        return True
    return False


def check_can_judge(user, row: Likeness) -> None:
    """Who holds it, while nobody has judged it. Refuses with NotAllowed, InConflict, MovedOn and
    NotHolder.
    """
    if not QUEUE.is_for(user):
        raise NotAllowed
    check_no_part(user, read_sides(row))
    if row.verdict:
        raise MovedOn
    check_holds(user, row)


def can_judge(user, row: Likeness) -> bool:
    try:
        check_can_judge(user, row)
    except Refused:
        return False
    return True


@transaction.atomic
def judge(*, row: Likeness, verdict: str, note: str, by) -> Likeness:
    """One person, two, or it cannot be told, and why. On record with both cases, once.

    No registration, request or appointment changes because of it. Refuses as check_can_judge
    does, and with WhyMissing.
    """
    check_can_judge(by, row)
    said = {"verdict": LikenessVerdict(verdict), "note": note.strip()}
    if not said["note"]:
        raise WhyMissing
    held = Likeness.objects.open().filter(pk=row.pk, taken_by=by)
    if not held.update(judged_by=by, judged_at=clock.now(), **said):
        raise MovedOn
    row.refresh_from_db()
    for side in read_sides(row):
        record(Verb.LIKENESS_JUDGED, on=row, case=side.case, by=by, after=row.verdict)
    return row
