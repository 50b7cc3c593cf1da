"""Where a person stands, as plain facts for one page: done, now, next."""

from dataclasses import dataclass

from django.db.models import F, Sum
from django.db.models.functions import Coalesce

from cbpone.lib import clock
from cbpone.notifications.inbox import unread_count
from scheduling import tasklist
from scheduling.family import Family, read_family
from scheduling.models import Appointment, Registration, Slot
from scheduling.statuses import AppointmentStatus


@dataclass
class Case:
    registration: Registration | None = None
    family: Family | None = None
    appointment: Appointment | None = None
    last: Appointment | None = None
    next_task: tasklist.Task | None = None
    unread: int = 0
    free: int = 0
    before_you: int = 0

    @property
    def missed(self) -> bool:
        return bool(self.last and self.last.status == AppointmentStatus.NO_SHOW)

    @property
    def people(self) -> int:
        return len(self.family.members) if self.family else 0

    @property
    def stage(self) -> str:
        """Which of the page's stories is told: start, draft, changing, ready, booked or here."""
        if not self.registration:
            return "start"
        if self.appointment:
            return "booked" if self.appointment.is_booked else "here"
        return {"draft": "draft", "changing": "changing"}.get(self.registration.status, "ready")


def read_case(user) -> Case:
    mine = Registration.objects.live().filter(owner=user).first()
    if not mine:
        return Case(unread=unread_count(user))
    family = read_family(mine)
    appointments = mine.appointments.select_related("slot__port").order_by("-id")
    latest = list(appointments[:5])
    live = next((row for row in latest if row.ended_at is None), None)
    case = Case(
        registration=mine,
        family=family,
        appointment=live,
        last=None if live else next(iter(latest), None),
        next_task=tasklist.next_task(tasklist.groups(family)),
        unread=unread_count(user),
    )
    if case.stage == "ready":
        case.free, case.before_you = free_places_now(), families_before(mine)
    return case


def free_places_now() -> int:
    """Places for everyone that can be booked at this moment, all ports."""
    free = Slot.objects.bookable(clock.now()).annotate(left=F("capacity") - F("booked"))
    return free.aggregate(total=Coalesce(Sum("left"), 0))["total"]


def families_before(mine: Registration) -> int:
    """Signed families with an older seniority date who have no appointment."""
    waiting = Registration.objects.filter(status="registered", seniority_at__lt=mine.seniority_at)
    return waiting.exclude(appointments__status__in=["booked", "checked_in", "completed"]).count()
