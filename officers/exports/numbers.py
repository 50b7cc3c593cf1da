"""Numbers without people, one thing counted a row: of ports and of the parole processes, by day."""

from functools import partial
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, F, Q
from django.db.models.functions import TruncDate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from officers.exports.base import FilterForm, Kind, Source, days_of, instants_of, word
from officers.exports.writing import Cell
from officers.statuses import ExportKind
from parole.choices import Outcome
from parole.models import Authorization, Decision, SupportRequest
from parole.statuses import DecisionStatus
from scheduling.models import Attendance, WalkInPerson
from scheduling.statuses import AppointmentStatus, Disposition

FEWEST = 5  # people of one outcome on one day; of fewer a number could tell who it was
EXPECTED = ["booked", "checked_in", "completed", "no_show"]
COLUMNS = [_("Part"), _("Port or process"), _("Day"), _("What is counted"), _("Number")]
PORTS, PAROLE = _("Ports, people"), _("Parole, requests and persons")


class NumberFilters(FilterForm):
    field_order = ["first_day", "last_day", "format", "reason"]


def sources(user, values: dict) -> list[Source]:
    """Of every port and process, whoever asks: nobody can be told from these."""
    return [*_ports(values), *_parole(values)]


def _ports(values: dict) -> list[Source]:
    days = days_of(values)
    on = {"of": F("appointment__slot__port__name"), "on": F("appointment__slot__day")}
    people = Attendance.objects.filter(appointment__slot__day__range=days, left_at=None)
    booked = people.filter(appointment__status__in=EXPECTED)
    came = Q(checked_in_at__isnull=False)
    absent = Q(appointment__status=AppointmentStatus.NO_SHOW)
    without_on = {"of": F("walk_in__port__name"), "on": F("walk_in__day")}
    without = WalkInPerson.objects.filter(walk_in__day__range=days)
    return [
        _counted(PORTS, _("with an appointment"), booked, on),
        _counted(PORTS, _("came to their appointment"), booked.filter(came), on),
        _counted(PORTS, _("did not come"), booked.filter(absent), on),
        _counted(PORTS, _("came without an appointment"), without, without_on),
        _decided(_("with an appointment: %s"), people, on),
        _decided(_("without an appointment: %s"), without, without_on),
    ]


def _parole(values: dict) -> list[Source]:
    begins, ends = instants_of(values, settings.PAROLE_ZONE)

    def within(rows, field: str):
        return rows.filter(**{f"{field}__gte": begins, f"{field}__lt": ends})

    made = Decision.objects.filter(status=DecisionStatus.MADE)
    decided_on = _office_day("request__process__country", "closed_at") | {"code": F("outcome")}
    return [
        _counted(
            PAROLE,
            _("requests filed"),
            within(SupportRequest.objects.filed(), "filed_at"),
            _office_day("process__country", "filed_at"),
        ),
        Source(
            _grouped(within(made, "closed_at"), decided_on),
            partial(_coded, PAROLE, _("decisions: %s"), Outcome),
        ),
        _counted(
            PAROLE,
            _("travel authorized"),
            within(Authorization.objects.all(), "approved_at"),
            _office_day("process__country", "approved_at"),
        ),
    ]


def _office_day(of: str, field: str) -> dict:
    return {"of": F(of), "on": TruncDate(field, tzinfo=ZoneInfo(settings.PAROLE_ZONE))}


def _grouped(rows, on: dict):
    return rows.order_by().values(**on).annotate(n=Count("pk")).order_by("on", *on)


def _counted(part, what, rows, on: dict) -> Source:
    return Source(_grouped(rows, on), partial(_cells, part, what))


def _decided(what, rows, on: dict) -> Source:
    decided = _grouped(rows.exclude(disposition=""), on | {"code": F("disposition")})
    return Source(decided, partial(_coded, PORTS, what, Disposition))


def _cells(part, what, row: dict) -> list[Cell]:
    return [str(part), row["of"], row["on"], str(what), row["n"]]


def _coded(part, what, choices, row: dict) -> list[Cell]:
    few = gettext("fewer than %(n)s") % {"n": FEWEST}
    shown = row if row["n"] >= FEWEST else row | {"n": few}
    return _cells(part, str(what) % word(choices, row["code"]), shown)


KIND = Kind(
    key=ExportKind.NUMBERS,
    permission="officers.export_numbers",
    form=NumberFilters,
    hint=_("How many people and requests, by port, process and day. Nobody can be told from it."),
    columns=COLUMNS,
    sources=sources,
)
