"""For each permission of our own one thing that takes it: a rule, or a page where it opens one.

Each raises NotAllowed for whoever lacks it. Made before anybody tries: `world` is a port, and
rows that wait there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace

from django.test import Client

from cbpone.audit import access, conflicts, holding
from cbpone.lib import clock
from cbpone.lib.errors import NotAllowed
from cbpone.notifications.resending import resend
from officers import mass, photo_figures, photo_review, urgent
from officers.bulk import choosing
from officers.bulk.base import BulkAction
from officers.duplicates import judging
from officers.exports import asking
from parole import arrival, caps, review, travel
from parole.models import Airport, Beneficiary, SupportRequest
from scheduling import attendance, booking, walk_ins
from scheduling.models import Port, Registration
from tests.factories import (
    make_appointment,
    make_authorization,
    make_beneficiary,
    make_officer,
    make_photo,
    make_port,
    make_registration,
    make_request,
    make_slot,
    make_traveler,
    make_user,
)
from tests.factories.office_drift import make_drift
from tests.factories.office_duties import make_access, make_conflict, make_delivery
from tests.factories.office_likenesses import make_likeness
from tests.factories.office_mass import make_mass
from tests.factories.office_urgent import make_urgent
from tests.parole.rows import cap_change, decision

PORTS = 8


def make_world() -> SimpleNamespace:
    port = make_port("laredo")
    day = make_slot(port, days_ahead=0, reserve=10)
    at_desk = make_appointment(slot=day, status="checked_in")
    return SimpleNamespace(
        port=port,
        slot=day,
        booked=make_appointment(slot=day),
        here=at_desk.attendances.first(),
        waiting=make_registration(),
        urgent=make_urgent(port=port),
        photo=make_photo(make_registration(people=1).people().get().traveler),
        likeness=make_likeness(),
        drift=make_drift(),
        look=make_access(make_officer(port)),
        conflict=make_conflict(make_officer(port)),
        delivery=make_delivery(),
        draft=make_mass(port),
        proposed=make_mass(port, status="proposed"),
        request=make_request(status="pending"),
        proposal=decision(outcome="not_confirm", reason="income_low"),
        invited=make_beneficiary(status="invited"),
        ticket=make_authorization(),
        cap=cap_change(quota=100),
        person=make_traveler(),
        family=make_user(),
    )


ANY_BULK = BulkAction(
    key="try",
    title="Try",
    all_of="everything",
    permissions=(),
    rows=lambda user: Registration.objects.all(),
    offered=lambda user: Registration.objects.all(),
    check=lambda row, values, by: None,
    act=lambda row, values, by: None,
)


@dataclass
class Opens:
    """A page: what is not allowed is answered with a refusal, or nothing is found."""

    address: str
    typed: Callable | None = None

    def __call__(self, world, by) -> None:
        client = Client()
        client.force_login(by)
        answer = client.post(self.address, self.typed(world)) if self.typed else None
        answer = answer or client.get(self.address)
        if answer.status_code != (302 if self.typed else 200):
            raise NotAllowed


def sees(rows: Callable, row: str) -> Callable:
    def look(world, by) -> None:
        if not rows(by).filter(pk=getattr(world, row).pk).exists():
            raise NotAllowed

    return look


def sees_every_port(world, by) -> None:
    if Port.objects.visible_to(by).count() < PORTS:
        raise NotAllowed


def export(kind: str) -> Callable:
    days = {"first_day": "2026-06-01", "last_day": "2026-06-30"}
    asked = {"kind": kind, "format": "csv", "values": days, "reason": "A report"}
    return lambda world, by: asking.ask(by=by, **asked)


def propose_cap(world, by):
    month = clock.today_in("America/New_York").replace(day=1)
    return caps.propose_cap(month=month, process=None, cap=10, quota=10, reason="Fewer", by=by)


def reassign(world, by):
    return holding.reassign(
        world.urgent, to=make_officer(), reason="Away", by=by, may_take=lambda user, row: True
    )


def write_mass(world, by):
    day = date(2026, 6, 4)
    values = {"title": "Late", "audience": "booked", "first_day": day, "last_day": day}
    return mass.write(values=values | {"port": world.port}, texts={}, by=by)


def put_on_board(world, by):
    return walk_ins.register(port=world.port, why="danger", registration=world.waiting, by=by)


ATTEMPTS: dict[str, Callable] = {
    "audit.declare_conflict": lambda world, by: conflicts.declare(
        by=by, relation="friend", case="R-2222-2222"
    ),
    "audit.end_conflict": lambda world, by: conflicts.end(conflict=world.conflict, by=by),
    "audit.judge_access": lambda world, by: access.judge(
        access=world.look, verdict="needed", note="", by=by
    ),
    "audit.open_access": lambda world, by: access.open_case(
        case="R-2222-2222", reason="They ask.", by=by
    ),
    "notifications.help_people": Opens("/officers/help/"),
    "notifications.resend_delivery": lambda world, by: resend(delivery=world.delivery, by=by),
    "officers.assign_work": reassign,
    "officers.export_appointments": export("appointments"),
    "officers.export_events": export("events"),
    "officers.export_numbers": export("numbers"),
    "officers.export_requests": export("requests"),
    "officers.judge_likeness": lambda world, by: judging.judge(
        row=world.likeness, verdict="same", note="Both.", by=by
    ),
    "photos.judge_photodrift": lambda world, by: photo_figures.mark_seen(
        drift=world.drift, note="A new camera", by=by
    ),
    "officers.release_massmessage": lambda world, by: mass.release(mass=world.proposed, by=by),
    "officers.run_bulk": lambda world, by: choosing.choose(
        action=ANY_BULK, rows=Registration.objects.all(), by=by
    ),
    "officers.view_numbers": Opens("/officers/numbers/"),
    "officers.write_massmessage": write_mass,
    "parole.agree_cap": lambda world, by: caps.agree_cap(change=world.cap, by=by),
    "parole.agree_decision": lambda world, by: review.agree(decision=world.proposal, by=by),
    "parole.decide_travel": lambda world, by: travel.take_next(by=by),
    "parole.inspect_arrival": lambda world, by: arrival.arrive(
        authorization=world.ticket, airport=Airport.objects.get(code="MIA"), by=by
    ),
    "parole.propose_cap": propose_cap,
    "parole.review_supportrequest": lambda world, by: review.take_next(by=by),
    "parole.view_every_case": sees(Beneficiary.objects.visible_to, "invited"),
    "parole.view_every_request": sees(SupportRequest.objects.visible_to, "request"),
    "photos.review_photo": lambda world, by: photo_review.approve(photo=world.photo, by=by),
    "scheduling.book_reserve": lambda world, by: booking.book_reserve(
        slot=world.slot, registration=world.waiting, by=by, reason="Late pregnancy"
    ),
    "scheduling.check_in_appointment": lambda world, by: attendance.check_in(
        appointment=world.booked, by=by
    ),
    "scheduling.decide_urgent": lambda world, by: urgent.grant(
        request=world.urgent, slot=world.slot, by=by
    ),
    "scheduling.dispose_attendance": lambda world, by: attendance.dispose(
        row=world.here, disposition="paroled", by=by
    ),
    "scheduling.find_registration": Opens(
        "/officers/find/", lambda world: {"q": world.waiting.reference}
    ),
    "scheduling.view_every_port": sees_every_port,
    "scheduling.write_walkin": put_on_board,
}
