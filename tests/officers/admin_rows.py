"""One more row for each list of the records, each time about somebody and somewhere else."""

from datetime import date, time, timedelta
from itertools import count, cycle

from cbpone.audit.log import record
from cbpone.audit.models import Seal
from cbpone.audit.verbs import Verb
from cbpone.lib import clock
from parole.models import Airport, KnownGood, MonthlyCap, NonResidential, Process
from scheduling.models import Closure, Override, Port, Post, SlotPlan
from tests.factories import (
    make_appointment,
    make_arrival,
    make_authorization,
    make_beneficiary,
    make_officer,
    make_port,
    make_registration,
    make_release,
    make_request,
    make_reviewer,
    make_selection,
    make_slot,
    make_supervisor,
)
from tests.factories.office_duties import make_access, make_conflict
from tests.factories.office_likenesses import make_likeness
from tests.factories.office_mass import make_mass
from tests.factories.office_ports import make_walk_in
from tests.factories.office_runs import make_export, make_run
from tests.factories.office_urgent import make_urgent
from tests.parole.rows import cap_change, guideline, made

_numbers = count(1)
_ports = cycle(["san-ysidro", "laredo", "nogales", "el-paso"])
_places = {"public_places": 20, "reserve_places": 2}


def there() -> Port:
    return make_port(next(_ports))


def day() -> date:
    return date(2030, 1, 1) + timedelta(days=next(_numbers))


def arrival():
    airport = Airport.objects.all()[next(_numbers) % 3]
    return make_arrival(decided=True, airport=airport)


def month() -> date:
    number = next(_numbers)
    return date(2030 + number // 12, number % 12 + 1, 1)


def seal() -> Seal:
    number = next(_numbers)
    head = Seal.objects.order_by("last_event").last()
    first = head.last_event + 1 if head else 1
    return Seal.objects.create(
        first_event=first, last_event=first, events=1, previous=head, digest=f"{number:064x}"
    )


ROWS = {
    "accounts.user": lambda: make_officer(),
    "audit.access": lambda: make_access(make_officer(there()), judged_by=make_supervisor(there())),
    "audit.conflict": lambda: make_conflict(ended_by=make_supervisor(there())),
    "audit.event": lambda: record(
        Verb.VIEWED, on=make_registration(complete=False), by=make_officer()
    ),
    "audit.seal": seal,
    "officers.bulkrun": make_run,
    "officers.export": make_export,
    "officers.likeness": lambda: make_likeness(taken_by=make_officer(), verdict="same"),
    "officers.massmessage": lambda: make_mass(there(), status="released"),
    "parole.airport": lambda: Airport.objects.create(
        code=f"Z{chr(65 + next(_numbers) % 26)}{chr(65 + next(_numbers) % 26)}",
        name="An airport", city="Town", state="TX", zone="America/Chicago", zone_name="Town time",
    ),
    "parole.arrival": arrival,
    "parole.authorization": make_authorization,
    "parole.beneficiary": lambda: make_beneficiary(status="ata_pending"),
    "parole.capchange": lambda: cap_change(month=month(), process=Process.objects.first()),
    "parole.decision": lambda: made(request=make_request(status="selected")),
    "parole.drawseed": lambda: make_selection(day()).seed,
    "parole.i94": lambda: arrival().i94,
    "parole.knowngood": lambda: KnownGood.objects.create(
        kind="phone", value=f"+1305{next(_numbers):07}", name="Shelter", added_by=make_reviewer()
    ),
    "parole.monthlycap": lambda: MonthlyCap.objects.create(
        month=month(), process=Process.objects.last(), cap=9
    ),
    "parole.nonresidential": lambda: NonResidential.objects.create(
        name="Depot", address_key=f"{next(_numbers)} oak street|33136"
    ),
    "parole.povertyguideline": lambda: guideline(year=2027 + next(_numbers) % 60),
    "parole.process": lambda: Process.objects.first(),
    "parole.selection": lambda: make_selection(day()),
    "parole.supportrequest": lambda: make_request(status="selected", taken_by=make_reviewer()),
    "scheduling.appointment": lambda: make_appointment(slot=make_slot(there())),
    "scheduling.closure": lambda: Closure.objects.create(
        port=there(), day=day(), reason="Storm", closed_by=make_supervisor()
    ),
    "scheduling.override": lambda: Override.objects.create(
        port=there(), day=day(), starts_at=time(8), reason="Storm", **_places
    ),
    "scheduling.port": lambda: make_port(),
    "scheduling.post": lambda: Post.objects.create(
        officer=make_officer(), port=there(), since=clock.now().date()
    ),
    "scheduling.registration": make_registration,
    "scheduling.release": lambda: make_release(there(), day()),
    "scheduling.slot": lambda: make_slot(there()),
    "scheduling.slotplan": lambda: SlotPlan.objects.create(
        port=there(), weekday=next(_numbers) % 7,
        starts_at=time(next(_numbers) % 24, next(_numbers) % 60), **_places,
    ),
    "scheduling.urgentrequest": lambda: make_urgent(port=there(), status="refused"),
    "scheduling.walkin": lambda: make_walk_in(there()),
}  # fmt: skip
