"""Cases an officer stands too near to: numbers and relatives they have declared.

A request and the case of its person are one matter: either number counts for both.
"""

from django.db.models import Func, Q, Value
from django.db.models.functions import Concat, Lower
from django.db.models.lookups import Contains

from cbpone.audit.conflicts import cases_of, check_no_conflict, relatives_of
from cbpone.audit.models import Conflict
from cbpone.lib.errors import Refused
from cbpone.travelers.models import Traveler
from cbpone.travelers.spelling import LETTERS, PLAIN
from parole.models import CoSupporter, Supporter, SupportRequest


def check_not_near(user, request: SupportRequest) -> None:
    """Refuses with InConflict: a declared number, or a relative on either side of the request."""
    check_no_conflict(user, case=request.reference, travelers=_people(request))
    check_no_conflict(user, case=request.beneficiary.reference)


def why_near(user, request: SupportRequest) -> Refused | None:
    """What the rules would refuse with; None where the officer may decide."""
    try:
        check_not_near(user, request)
    except Refused as refusal:
        return refusal
    return None


def _people(request: SupportRequest) -> list:
    beneficiary = request.beneficiary
    guardian = beneficiary.guardian
    others = [
        Traveler(given_names=one.given_names, surnames=one.surnames, birth_date=one.birth_date)
        for one in request.co_supporters.all()
    ]
    return [
        request.supporter,
        beneficiary.written,
        beneficiary.traveler,
        guardian and guardian.person,
        *others,
    ]


def near(user, *, request: str, beneficiary: str) -> Q:
    """The same as a condition: `request` and `beneficiary` lead there from the rows asked for."""
    numbers = cases_of(user)
    found = Q(**{f"{request}reference__in": numbers})
    found |= Q(**{f"{beneficiary}reference__in": numbers})
    for person in ("written", "traveler", "guardian__written", "guardian__traveler"):
        found |= relatives_of(user, f"{beneficiary}{person}__")
    for model, names in ((Supporter, (*NAMES, "other_names")), (CoSupporter, NAMES)):
        found |= Q(**{f"{request}pk__in": _helped_by(user, model, names)})
    return found


NAMES = ("given_names", "surnames")


def _helped_by(user, model, names):
    """Requests of supporters whom the officer has named as relatives."""
    parts = [part for name in names for part in (name, Value(" "))]
    plain = Func(Lower(Concat(*parts)), Value(LETTERS), Value(PLAIN), function="translate")
    found = Q(pk__in=[])
    for row in Conflict.objects.of(user).filter(case=""):
        one = Q(birth_date=row.birth_date)
        for word in row.plain_name.split():
            one &= Q(Contains(plain, Value(word)))
        found |= one
    return model.objects.filter(found).values("request")
