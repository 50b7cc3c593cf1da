"""How long the photo of a person at the ports is needed."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from scheduling.models import Attendance, Member, WalkInPerson
from scheduling.statuses import LIVE, Disposition, WalkInStatus

# After these the family may well come again on another day.
COMES_AGAIN = ("", Disposition.DID_NOT_COME, Disposition.TURNED_BACK, Disposition.MEDICAL)
ON_THE_BOARD = (WalkInStatus.WAITING, WalkInStatus.CALLED)


def photo_cases(moment: datetime) -> tuple[Q, Q]:
    """Photos of people whose case ended before the moment, and of people with one that did not.

    A case ends when the registration is withdrawn, the person leaves the family, or an officer has
    decided about them at the port. Who signs again after that has a new one.
    """
    who = OuterRef("traveler")
    member = Member.objects.filter(traveler=who)
    attended = Attendance.objects.filter(traveler=who)
    walked_in = WalkInPerson.objects.filter(traveler=who)
    over = Q(left_at__lt=moment) | Q(registration__withdrawn_at__lt=moment)
    decided_before = Exists(_decided(attended).filter(disposed_at__lt=moment)) | Exists(
        _decided(walked_in).filter(disposed_at__lt=moment)
    )
    stays = member.exclude(over)
    goes_on = (
        Exists(stays.filter(registration__signed_at__gte=moment))
        | Exists(attended.filter(disposed_at__gte=moment))
        | Exists(attended.filter(appointment__status__in=LIVE, left_at=None, disposition=""))
        | Exists(walked_in.filter(disposed_at__gte=moment))
        | Exists(walked_in.filter(walk_in__status__in=ON_THE_BOARD))
    )
    waits = Exists(stays) & ~decided_before
    return Q(Exists(member.filter(over))) | Q(decided_before), Q(goes_on) | Q(waits)


def _decided(people):
    return people.exclude(disposition__in=COMES_AGAIN)
