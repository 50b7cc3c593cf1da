"""People with an appointment, and people who came without one."""

from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cbpone.lib import clock
from cbpone.travelers.choices import Document, Sex
from officers.exports.base import Kind, PortFilterForm, Source, choice_of, days_of, word
from officers.exports.writing import Cell
from officers.statuses import ExportKind
from scheduling.models import Appointment, Attendance, WalkIn, WalkInPerson
from scheduling.statuses import AppointmentStatus, Disposition, WalkInStatus, WhyWalkIn

WITHOUT = "without"
COLUMNS = [
    gettext_lazy("Port"),
    gettext_lazy("Day"),
    gettext_lazy("Time at the port"),
    gettext_lazy("Time zone"),
    gettext_lazy("Number"),
    gettext_lazy("Registration number"),
    gettext_lazy("State"),
    gettext_lazy("Why no appointment"),
    gettext_lazy("Given names"),
    gettext_lazy("Surnames"),
    gettext_lazy("Date of birth"),
    gettext_lazy("Sex"),
    gettext_lazy("Nationality"),
    gettext_lazy("Document"),
    gettext_lazy("Document number"),
    gettext_lazy("Checked in"),
    gettext_lazy("Disposition"),
    gettext_lazy("Recorded"),
]
PERSON = [
    "given_names", "surnames", "birth_date", "sex", "nationality", "document_type",
    "document_number",
]  # fmt: skip
DONE = ["disposition", "disposed_at"]
PORT = ["name", "zone", "zone_name"]


class AppointmentFilters(PortFilterForm):
    status = choice_of(
        gettext_lazy("State"),
        [*AppointmentStatus.choices, (WITHOUT, gettext_lazy("came without an appointment"))],
        gettext_lazy("All, with and without an appointment"),
    )
    field_order = ["port", "first_day", "last_day", "status", "format", "reason"]


def sources(user, values: dict) -> list[Source]:
    port, status = values.get("port"), values.get("status")
    found = []
    if status != WITHOUT:
        found.append(Source(_booked(user, values, port, status), partial(_cells, BOOKED)))
    if status in (None, WITHOUT):
        found.append(Source(_without(user, values, port), partial(_cells, CAME)))
    return found


def _booked(user, values: dict, port, status):
    rows = Appointment.objects.visible_to(user).filter(slot__day__range=days_of(values))
    rows = rows.filter(slot__port__slug=port) if port else rows
    rows = rows.filter(status=status) if status else rows
    people = Attendance.objects.filter(appointment__in=rows.values("pk"), left_at=None)
    return people.order_by("appointment__slot__starts_at", "appointment", "pk").values(
        *BOOKED.values()
    )


def _without(user, values: dict, port):
    rows = WalkIn.objects.visible_to(user).filter(day__range=days_of(values))
    rows = rows.filter(port__slug=port) if port else rows
    people = WalkInPerson.objects.filter(walk_in__in=rows.values("pk"))
    return people.order_by("walk_in__arrived_at", "walk_in", "pk").values(*CAME.values())


def _paths(port: str, registration: str, **others: str) -> dict[str, str]:
    """Where each thing is, seen from a person."""
    paths = {f"port_{name}": f"{port}__{name}" for name in PORT}
    paths |= {name: f"traveler__{name}" for name in PERSON} | {name: name for name in DONE}
    return paths | {"registration": f"{registration}__reference"} | others


BOOKED = _paths(
    "appointment__slot__port",
    "appointment__registration",
    day="appointment__slot__day",
    at="appointment__slot__starts_at",
    number="appointment__reference",
    status="appointment__status",
    here="checked_in_at",
)
CAME = _paths(
    "walk_in__port",
    "walk_in__registration",
    day="walk_in__day",
    at="walk_in__arrived_at",
    number="walk_in__reference",
    status="walk_in__status",
    why="walk_in__why",
    here="walk_in__arrived_at",
)


def _cells(paths: dict[str, str], row: dict) -> list[Cell]:
    of = {name: row[path] for name, path in paths.items()}
    zone = of["port_zone"]
    return [
        of["port_name"],
        of["day"],
        f"{clock.wall_time(of['at'], zone):%H:%M}",
        of["port_zone_name"],
        of["number"],
        of["registration"],
        word(WalkInStatus if "why" in of else AppointmentStatus, of["status"]),
        word(WhyWalkIn, of.get("why", "")),
        of["given_names"],
        of["surnames"],
        of["birth_date"],
        word(Sex, of["sex"]),
        of["nationality"],
        word(Document, of["document_type"]),
        of["document_number"],
        of["here"] and clock.wall_time(of["here"], zone),
        word(Disposition, of["disposition"]) or _("none yet"),
        of["disposed_at"] and clock.wall_time(of["disposed_at"], zone),
    ]


KIND = Kind(
    key=ExportKind.APPOINTMENTS,
    permission="officers.export_appointments",
    form=AppointmentFilters,
    hint=gettext_lazy("A row for each person at your ports: appointment, walk-in, disposition."),
    columns=COLUMNS,
    sources=sources,
)
