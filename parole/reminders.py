"""Reminders of the end of an authorization, of the tuberculosis test, of the end of parole.

Run as often as one likes: each reminder goes out once for each stage. Days are Washington's.
"""

import logging
from datetime import date, time, timedelta

from django.conf import settings
from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat

from cbpone.lib import clock
from cbpone.notifications.models import Message
from cbpone.notifications.outbox import notify
from cbpone.notifications.statuses import Template
from parole.models import I94, Arrival, Authorization
from parole.models.travels import TB_WITHIN
from parole.statuses import AuthorizationStatus
from parole.tuberculosis import needs_tb_test

log = logging.getLogger(__name__)
ATA_DAYS = 14  # before the last valid day
TB_DAYS = (30, 75)  # after arrival; the test is due within 90
PAROLE_DAYS = (90, 30)  # before the last day of parole
JUST_TOLD = timedelta(days=7)  # a short parole is not followed by its reminder at once


def remind_travelers(now=None) -> int:
    """Everything that is due and was not said yet. Returns how many messages were queued."""
    today = clock.today_in(settings.PAROLE_ZONE, now or clock.now())
    told = sum(_remind(row, Template.ATA_ENDING, ATA_DAYS) for row in _endings(today))
    for stage, rows in _tests(today):
        told += sum(_remind(row, Template.TB_REMINDER, stage) for row in rows if needs_tb_test(row))
    for stage, rows in _parole_ends(today):
        told += sum(_remind(row, Template.PAROLE_ENDING, stage) for row in rows)
    return told


def _endings(today: date):
    last = today + timedelta(days=ATA_DAYS)
    rows = Authorization.objects.filter(
        status=AuthorizationStatus.VALID, valid_until__range=(today, last)
    ).select_related("beneficiary__user")
    return _not_told(rows, Template.ATA_ENDING, ATA_DAYS).order_by("pk")


def _tests(today: date):
    """Each stage lasts until the next begins, the last one until the test is due."""
    ends = (*TB_DAYS[1:], TB_WITHIN.days + 1)
    for stage, end in zip(TB_DAYS, ends, strict=True):
        rows = _paroled().filter(
            tb_reported_on=None,
            arrived_at__gte=_midnight(today - timedelta(days=end - 1)),
            arrived_at__lt=_midnight(today - timedelta(days=stage - 1)),
        )
        yield stage, _not_told(rows, Template.TB_REMINDER, stage).order_by("pk")


def _parole_ends(today: date):
    nexts = (*PAROLE_DAYS[1:], -1)
    for stage, following in zip(PAROLE_DAYS, nexts, strict=True):
        rows = _paroled().filter(i94__in=_ending(today, following + 1, stage))
        yield stage, _not_told(rows, Template.PAROLE_ENDING, stage).order_by("pk")


def _ending(today: date, first: int, last: int):
    """Records of paroles that end so many days from today, and did not begin just now."""
    days = (today + timedelta(days=first), today + timedelta(days=last))
    return I94.objects.filter(admitted_until__range=days, admitted_on__lte=today - JUST_TOLD)


def _paroled():
    return Arrival.objects.filter(decided_at__isnull=False, denial="").select_related(
        "authorization__beneficiary__user", "authorization__beneficiary__traveler", "airport"
    )


def _midnight(day: date):
    return clock.wall_clock(day, time(0), settings.PAROLE_ZONE)


def _key(template: Template, stage: int, model) -> str:
    return f"{template}:{stage}:{model._meta.label_lower}:"


def _not_told(rows, template: Template, stage: int):
    key = Concat(Value(_key(template, stage, rows.model)), Cast(OuterRef("pk"), CharField()))
    return rows.exclude(Exists(Message.objects.filter(dedupe_key=key)))


def _remind(row, template: Template, stage: int) -> bool:
    """One row that cannot be told is a bug to mend; it must not hold up everyone else."""
    try:
        notify(
            user=row.beneficiary.user,
            template=template,
            about=row,
            sms_to=row,
            dedupe=f"{_key(template, stage, type(row))}{row.pk}",
        )
    except Exception:
        log.exception("%s of %s %s was not queued", template, type(row).__name__, row.pk)
        return False
    return True
