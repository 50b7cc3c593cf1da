"""The blood test for tuberculosis after arrival: who needs it, and reporting its day."""

from datetime import date

from django.conf import settings
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from cbpone.audit.log import record
from cbpone.audit.verbs import Verb
from cbpone.lib import clock
from cbpone.lib.errors import MovedOn, NotAllowed, Refused
from parole.models import Arrival
from parole.pages import hold

TB_AGE = 2  # and older: 88 FR 1243, 1255, 1266; 87 FR 63507


class NotParoled(Refused):
    code = "not_paroled"
    sentence = _("The test is reported after parole. There is no parole on record here.")


class TooYoung(Refused):
    code = "too_young"
    sentence = _("Children under 2 do not need this test. There is nothing to report.")


class NotSince(Refused):
    code = "not_since"
    sentence = _("The test must be after arrival. Enter a day from %(first)s to %(last)s.")


def needs_tb_test(arrival: Arrival) -> bool:
    """Everybody who is 2 or older on the day of arrival, and was paroled."""
    age = arrival.beneficiary.person.age_on(arrival.day)
    return is_paroled(arrival) and (age is None or age >= TB_AGE)


def is_paroled(arrival: Arrival) -> bool:
    return bool(arrival.decided_at) and not arrival.denial


@transaction.atomic
def report_tb(*, arrival: Arrival, day: date, by) -> Arrival:
    """The day of the blood test, from arrival to today. A later report corrects an earlier one.

    Refuses with NotAllowed, NotParoled, TooYoung and NotSince.
    """
    if arrival.beneficiary.user_id != by.pk:
        raise NotAllowed
    hold(arrival.beneficiary)
    arrival.refresh_from_db(fields=["tb_reported_on", "decided_at", "denial"])
    if not is_paroled(arrival):
        raise NotParoled
    if not needs_tb_test(arrival):
        raise TooYoung
    first, last = arrival.day, clock.today_in(settings.PAROLE_ZONE)
    if not first <= day <= last:
        raise NotSince(first=date_format(first, "j F Y"), last=date_format(last, "j F Y"))
    before = arrival.tb_reported_on
    if before == day:
        return arrival
    changed = Arrival.objects.filter(pk=arrival.pk, tb_reported_on=before)
    if not changed.update(tb_reported_on=day):
        raise MovedOn
    arrival.tb_reported_on = day
    was = before.isoformat() if before else ""
    record(Verb.TB_REPORTED, on=arrival, by=by, before=was, after=day.isoformat())
    return arrival
