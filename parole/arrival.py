"""At the airport: find the person, check in, then parole or deny it, once."""

from datetime import date

from django.db import transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Replace, Upper
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from cbpone.audit.log import move
from cbpone.audit.verbs import Verb
from cbpone.lib import clock
from cbpone.lib.errors import NotAllowed, Refused
from cbpone.notifications.outbox import notify
from cbpone.notifications.statuses import Template
from cbpone.travelers.spelling import spelled_plainly
from parole import i94, notices
from parole.choices import ArrivalDenial
from parole.models import I94, Airport, Arrival, Authorization, Beneficiary
from parole.pages import hold
from parole.statuses import AuthorizationStatus, BeneficiaryStatus
from parole.travel_officers import check_no_party
from parole.tuberculosis import report_tb

INSPECT = "parole.inspect_arrival"
YEARS = 2  # at most: 88 FR 1243, 1255, 1266; 87 FR 63507
__all__ = ["report_tb"]


class NotValid(Refused):
    code = "not_valid"
    sentence = _("This travel authorization cannot be used.")


class Expired(NotValid):
    code = "expired"
    sentence = _("This travel authorization was valid through %(day)s. It has expired.")


class Cancelled(NotValid):
    code = "cancelled"
    sentence = _("This travel authorization was cancelled. It cannot be used.")


class AlreadyUsed(NotValid):
    code = "used"
    sentence = _("This travel authorization was used already. The arrival is on record.")


class AlreadyDecided(Refused):
    code = "already_decided"
    sentence = _("The decision about this arrival is made already. It cannot be made twice.")


class NotLater(Refused):
    code = "not_later"
    sentence = _("Parole must end after today. Choose a later day.")


class TooLong(Refused):
    code = "too_long"
    sentence = _("Parole is for two years at most. Choose %(day)s or an earlier day.")


class NotOnList(Refused):
    code = "not_on_list"
    sentence = _("Choose what happens from the list.")


class NotAChild(Refused):
    code = "not_a_child"
    sentence = _("Only a child under 18 is referred to Health and Human Services.")


class WhyMissing(Refused):
    code = "why_missing"
    sentence = _("Write why. It stays on record.")


def find_authorization(text: str) -> Authorization | None:
    """By its number or by a scanned code that we signed."""
    reference = notices.read_qr(text)
    return Authorization.objects.filter(reference=reference).first() if reference else None


def find_people(text: str, user):
    """Authorizations of people who may travel now, by every word of a name or by a passport number.

    Accents and case do not matter, on either side.
    """
    words = spelled_plainly(text).split()
    if not words:
        return Authorization.objects.none()
    named = Q()
    for word in words:
        named &= Q(beneficiary__traveler__search_name__contains=word)
    typed = "".join(char for char in text.upper() if char.isalnum())
    passport = Q(passport=typed) if typed else Q(pk=None)
    return (
        Authorization.objects.filter(
            status=AuthorizationStatus.VALID,
            beneficiary__status=BeneficiaryStatus.ATA_APPROVED,
            beneficiary__in=Beneficiary.objects.visible_to(user).values("pk"),
        )
        .exclude(beneficiary__request__owner=user)
        .annotate(passport=_letters_of(F("beneficiary__traveler__document_number")))
        .filter(named | passport)
        .order_by("beneficiary__traveler__search_name", "pk")
    )


def _letters_of(number):
    """A passport number without the blanks and dashes people type into it."""
    bare = Replace(Replace(number, Value(" "), Value("")), Value("-"), Value(""))
    return Upper(bare)


def check_may_inspect(user, beneficiary: Beneficiary) -> None:
    if not user.has_perm(INSPECT):
        raise NotAllowed
    check_no_party(user, beneficiary)


def check_can_arrive(user, authorization: Authorization, airport: Airport) -> None:
    check_may_inspect(user, authorization.beneficiary)
    day = date_format(authorization.valid_until, "j F Y")
    if authorization.status == AuthorizationStatus.EXPIRED:
        raise Expired(day=day)
    if authorization.status == AuthorizationStatus.CANCELLED:
        raise Cancelled
    if authorization.status == AuthorizationStatus.USED:
        raise AlreadyUsed
    if clock.today_in(airport.zone) > authorization.valid_until:
        raise Expired(day=day)


def can_arrive(user, authorization: Authorization, airport: Airport) -> bool:
    try:
        check_can_arrive(user, authorization, airport)
    except Refused:
        return False
    return True


def travels_alone(beneficiary: Beneficiary, day: date) -> bool:
    """A child whose parent or guardian is not here: a warning for the officer, not a refusal."""
    if not beneficiary.is_minor_on(day):
        return False
    guardian = beneficiary.guardian
    here = (BeneficiaryStatus.TRAVELLED, BeneficiaryStatus.PAROLED)
    return guardian is None or guardian.status not in here


@transaction.atomic
def arrive(*, authorization: Authorization, airport: Airport, by) -> Arrival:
    """The person stands at this airport; the authorization is used up.

    Good through the last valid day on the airport's own calendar. Refuses with NotAllowed,
    OwnCase, Expired, Cancelled and AlreadyUsed.
    """
    person = authorization.beneficiary
    hold(person)  # cancelling and arriving wait for each other here
    authorization.refresh_from_db(fields=["status"])
    check_can_arrive(by, authorization, airport)
    now = clock.now()
    move(authorization, to="used", verb=Verb.TRAVELLED, by=by, ended_at=now, ended_by=by)
    move(person, to="travelled", verb=Verb.TRAVELLED, by=by, note=airport.code)
    return Arrival.objects.create(
        authorization=authorization, airport=airport, arrived_at=now, checked_by=by
    )


def check_can_decide(user, arrival: Arrival) -> None:
    check_may_inspect(user, arrival.beneficiary)
    if arrival.decided_at:
        raise AlreadyDecided


def can_decide(user, arrival: Arrival) -> bool:
    try:
        check_can_decide(user, arrival)
    except Refused:
        return False
    return True


def longest(day: date) -> date:
    """The last day a parole that begins on `day` may run to: the same day two years later."""
    try:
        return day.replace(year=day.year + YEARS)
    except ValueError:  # 29 February
        return day.replace(year=day.year + YEARS, day=28)


def check_length(arrival: Arrival, until: date) -> None:
    last = longest(arrival.day)
    if until > last:
        raise TooLong(day=date_format(last, "j F Y"))
    if until <= clock.today_in(arrival.airport.zone):
        raise NotLater


def _hold_open(arrival: Arrival, by) -> None:
    """Two officers who decide at once wait for each other here; the second is refused."""
    hold(arrival.beneficiary)
    arrival.refresh_from_db(fields=["decided_at"])
    check_can_decide(by, arrival)


def _decide(arrival: Arrival, by, **values) -> None:
    values |= {"decided_at": clock.now(), "decided_by": by}
    if not Arrival.objects.filter(pk=arrival.pk, decided_at=None).update(**values):
        raise AlreadyDecided
    for name, value in values.items():
        setattr(arrival, name, value)


def _tell(arrival: Arrival, template: Template) -> None:
    notify(user=arrival.beneficiary.user, template=template, about=arrival, sms_to=arrival)


@transaction.atomic
def parole_in(*, arrival: Arrival, until: date, by) -> I94:
    """Parole through `until`, at most two years from the day of arrival, with an I-94 record.

    Refuses with NotAllowed, OwnCase, AlreadyDecided, NotLater and TooLong.
    """
    _hold_open(arrival, by)
    check_length(arrival, until)
    _decide(arrival, by)
    made = i94.make_record(arrival=arrival, until=until)
    move(arrival.beneficiary, to="paroled", verb=Verb.PAROLED, by=by, note=until.isoformat())
    _tell(arrival, Template.PAROLED)
    return made


@transaction.atomic
def deny_parole(*, arrival: Arrival, denial: ArrivalDenial, note: str, by) -> Arrival:
    """Parole is not granted; `denial` says what happens instead, `note` why.

    Refuses with NotAllowed, OwnCase, AlreadyDecided, NotOnList, NotAChild and WhyMissing.
    """
    _hold_open(arrival, by)
    if denial not in ArrivalDenial.values:
        raise NotOnList
    if denial == ArrivalDenial.HHS and not arrival.beneficiary.is_minor_on(arrival.day):
        raise NotAChild
    if not note.strip():
        raise WhyMissing
    _decide(arrival, by, denial=denial, note=note.strip())
    move(arrival.beneficiary, to="parole_denied", verb=Verb.PAROLE_DENIED, by=by, note=denial)
    _tell(arrival, Template.PAROLE_DENIED)
    return arrival
