"""Where a person stands, as plain facts for one page: done, now, next."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from django.core.cache import cache
from django.db.models import Count, F, Sum
from django.db.models.functions import Coalesce, TruncDate

from cbpone.lib import clock
from cbpone.notifications.inbox import unread_count
from parole.models import Beneficiary, SupportRequest
from scheduling import tasklist
from scheduling.family import Family, read_family
from scheduling.models import Appointment, Registration, Slot
from scheduling.statuses import AppointmentStatus

KEEP_SECONDS = 60  # how old the two numbers of the page may be


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
    """Places for everyone that can be booked, all ports; counted once a minute for all."""
    return cache.get_or_set("free_places", _count_free_places, KEEP_SECONDS) or 0


def _count_free_places() -> int:
    free = Slot.objects.bookable(clock.now()).annotate(left=F("capacity") - F("booked"))
    return free.aggregate(total=Coalesce(Sum("left"), 0))["total"]


def families_before(mine: Registration) -> int:
    """Signed families with an older seniority date who have no appointment.

    Whole days are counted once a minute for everybody, the family's own day at each view.
    """
    mine_at = mine.seniority_at or clock.now()
    midnight = datetime.combine(mine_at.astimezone(UTC).date(), time(), tzinfo=UTC)
    days = cache.get_or_set("families_waiting", _count_waiting_by_day, KEEP_SECONDS) or {}
    earlier = sum(families for day, families in days.items() if day < midnight.date())
    same_day = {"seniority_at__gte": midnight, "seniority_at__lt": mine_at}
    return earlier + _waiting().filter(**same_day).count()


def _count_waiting_by_day() -> dict[date, int]:
    by_day = _waiting().order_by().values(day=TruncDate("seniority_at", tzinfo=UTC))
    return dict(by_day.annotate(families=Count("pk")).values_list("day", "families"))


def _waiting():
    served = ["booked", "checked_in", "completed"]
    registered = Registration.objects.filter(status="registered")
    return registered.exclude(appointments__status__in=served)


MOST_SHOWN = 5


@dataclass
class Support:
    """What an account has to do with parole: cases it holds, people it supports."""

    cases: list[Beneficiary]
    requests: list[SupportRequest]

    def __bool__(self):
        return bool(self.cases or self.requests)


def read_support(user) -> Support:
    """Two queries, however many there are."""
    cases = Beneficiary.objects.of_user(user).select_related("traveler")
    mine = SupportRequest.objects.of_supporter(user).exclude(status="withdrawn")
    requests = mine.select_related("beneficiary__written")
    return Support(list(cases[:MOST_SHOWN]), list(requests[:MOST_SHOWN]))
