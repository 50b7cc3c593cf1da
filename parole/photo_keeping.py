"""How long the photo of a person who was to travel is needed."""

from datetime import datetime

from django.db.models import CharField, Exists, OuterRef, Q
from django.db.models.functions import Cast

from cbpone.audit.models import Event
from parole.models import Beneficiary
from parole.statuses import BENEFICIARY_MOVES

ENDED = [status for status, moves in BENEFICIARY_MOVES.items() if not moves]


def photo_cases(moment: datetime) -> tuple[Q, Q]:
    """Photos of people whose case ended before the moment, and of people with one that did not."""
    mine = Beneficiary.objects.filter(traveler=OuterRef("traveler"))
    key = Cast(OuterRef("pk"), CharField())
    ends = Event.objects.filter(
        model=Beneficiary._meta.label_lower, row_id=key, after=OuterRef("status")
    )
    over = mine.filter(Exists(ends.filter(at__lt=moment)), status__in=ENDED)
    goes_on = mine.exclude(Exists(ends.filter(at__lt=moment)), status__in=ENDED)
    return Q(Exists(over)), Q(Exists(goes_on))
