"""Numbers without people: what the ports and the parole office did, day by day."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _

from cbpone.lib import clock
from officers import charts
from parole.models import Authorization, Decision, SupportRequest
from parole.statuses import DecisionStatus
from scheduling.models import Attendance, Port, Slot, WalkInPerson
from scheduling.statuses import AppointmentStatus, Disposition

SPANS = (7, 14, 30)  # days that can be asked for
EXPECTED = ["booked", "checked_in", "completed", "no_show"]


@dataclass
class Span:
    """Days on the calendars of the ports, both ends included."""

    first: date
    last: date

    @classmethod
    def of(cls, days: int) -> "Span":
        today = clock.today_in(settings.PAROLE_ZONE)
        return cls(today - timedelta(days=days - 1), today)

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]

    def instants(self, zone: str) -> tuple[datetime, datetime]:
        """From the first midnight to the one after the last day, on the clock of the zone."""
        after = self.last + timedelta(days=1)
        return clock.wall_clock(self.first, time(0), zone), clock.wall_clock(after, time(0), zone)


COUNTED = {
    "booked": Count("pk"),
    "came": Count("pk", filter=Q(checked_in_at__isnull=False)),
    "absent": Count("pk", filter=Q(appointment__status=AppointmentStatus.NO_SHOW)),
    "decided": Count("pk", filter=~Q(disposition="")),
}


def _people(span: Span):
    """People of appointments that stand or stood, on the days of their times."""
    return Attendance.objects.filter(
        appointment__slot__day__range=(span.first, span.last),
        appointment__status__in=EXPECTED,
        left_at=None,
    )


def by_port(span: Span) -> list[dict]:
    """A row for every port: people booked, who came, who did not, without appointment, decided."""
    rows = _people(span).values(port=F("appointment__slot__port")).annotate(**COUNTED).order_by()
    found = {row["port"]: row for row in rows}
    walked = WalkInPerson.objects.filter(walk_in__day__range=(span.first, span.last))
    counts = walked.values(port=F("walk_in__port")).annotate(n=Count("pk")).order_by()
    walk_ins = {row["port"]: row["n"] for row in counts}
    nothing = dict.fromkeys(COUNTED, 0)
    return [
        {**nothing, **found.get(port.pk, {}), "port": port, "walk_ins": walk_ins.get(port.pk, 0)}
        for port in Port.objects.all()
    ]


def by_day(span: Span) -> list[dict]:
    rows = _people(span).values(day=F("appointment__slot__day")).annotate(**COUNTED).order_by()
    found = {row["day"]: row for row in rows}
    nothing = dict.fromkeys(COUNTED, 0)
    return [{**nothing, **found.get(day, {}), "day": day} for day in span.days]


def dispositions(span: Span) -> list[tuple[str, int]]:
    """What was decided about how many people, the most frequent first."""
    days = {"appointment__slot__day__range": (span.first, span.last)}
    counted: dict[str, int] = {}
    for rows in (
        Attendance.objects.filter(**days),
        WalkInPerson.objects.filter(walk_in__day__range=(span.first, span.last)),
    ):
        decided = rows.exclude(disposition="").values("disposition").annotate(n=Count("pk"))
        for row in decided.order_by():
            counted[row["disposition"]] = counted.get(row["disposition"], 0) + row["n"]
    ordered = sorted(counted.items(), key=lambda line: -line[1])
    return [(str(Disposition(code).label), n) for code, n in ordered]


PAROLE = (
    (_("requests filed"), SupportRequest.objects.all, "filed_at"),
    (
        _("decisions made"),
        lambda: Decision.objects.filter(status=DecisionStatus.MADE),
        "closed_at",
    ),
    (_("travel authorized"), Authorization.objects.all, "approved_at"),
)


def parole_by_day(span: Span) -> list[dict]:
    """One row for each thing counted, with its numbers in the order of the days."""
    begins, ends = span.instants(settings.PAROLE_ZONE)
    zone = ZoneInfo(settings.PAROLE_ZONE)
    lines = []
    for name, rows, field in PAROLE:
        within = rows().filter(**{f"{field}__gte": begins, f"{field}__lt": ends})
        counted = within.annotate(on=TruncDate(field, tzinfo=zone)).values("on")
        found = {row["on"]: row["n"] for row in counted.annotate(n=Count("pk")).order_by()}
        numbers = [found.get(day, 0) for day in span.days]
        lines.append({"name": name, "numbers": numbers, "sum": sum(numbers)})
    return lines


def ahead(ports, days: int = 14) -> list[tuple[date, int, int]]:
    """(day, people booked, places) of these ports from today on, in the reserve too."""
    today = clock.today_in(settings.PAROLE_ZONE)
    rows = (
        Slot.objects.filter(port__in=ports, day__range=(today, today + timedelta(days=days)))
        .values("day")
        .annotate(
            taken=Sum(F("booked") + F("reserve_booked")),
            places=Sum(F("capacity") + F("reserve_capacity")),
        )
        .order_by("day")
    )
    return [(row["day"], row["taken"], row["places"]) for row in rows]


def day_chart(rows: list[tuple[date, int]]):
    """Days as columns, named by the number of the day."""
    return charts.columns([(str(day.day), number) for day, number in rows])
