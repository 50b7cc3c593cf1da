"""What the pages about travel and caps read: who waits, the numbers of a month, one whole case."""

from calendar import monthrange
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Prefetch, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cbpone.lib import clock
from cbpone.lib.summary import Line, shown
from cbpone.photos.models import Photo
from officers.queues.lines import span
from officers.queues.travel import QUEUE
from parole.choices import Vaccination, Yes
from parole.models import (
    Authorization,
    Beneficiary,
    CapChange,
    Correction,
    MonthlyCap,
    Paper,
    TravelLetter,
)
from parole.months import month_of
from parole.queue import pending
from parole.statuses import BeneficiaryStatus, CapChangeStatus
from parole.steps import COMPARED
from parole.travel_officers import DECIDE

MOST = 50  # rows of a list that is looked through, not searched
MONTHS = 13
CHIPS = {
    "ata_pending": "chip-now",
    "ata_approved": "chip-done",
    "travelled": "chip-done",
    "paroled": "chip-done",
    "ata_denied": "chip-gone",
    "ata_cancelled": "chip-gone",
    "parole_denied": "chip-gone",
    "closed": "chip-gone",
    "ata_expired": "chip-late",
}
# Answers that the notices name as bars. A lead for the officer, never a refusal by itself.
BARS = {
    "outside_us": "no",
    "passport_valid": "no",
    "other_country": "yes",
    "removal_order": "yes",
    "irregular_entry": "yes",
    "interdicted": "yes",
    "flies_on_own": "no",
}


def decidable(user):
    """Cases this officer may look at: none of their own or their child's, none they support."""
    return _of_others(Beneficiary.objects.visible_to(user), user)


def _of_others(cases, user):
    # One by one: asked about each row, where all in one would be read for the whole table.
    mine = Beneficiary.objects.of_user(user).values("pk")
    return cases.exclude(user=user).exclude(request__owner=user).exclude(guardian__in=mine)


def outside(user):
    """Cases of people who were invited that the officer sees only after a look with a reason."""
    if not user.has_perm("parole.view_beneficiary"):
        return Beneficiary.objects.none()
    invited = Beneficiary.objects.exclude(status=BeneficiaryStatus.WRITTEN)
    return _of_others(invited, user).exclude(pk__in=decidable(user).values("pk"))


def closed_relatives(case: Beneficiary, user) -> set[str]:
    """Numbers of the family whose pages open only after a look with a reason."""
    family = [case.guardian, *case.wards.all()]
    numbers = [one.reference for one in family if one]
    return set(outside(user).filter(reference__in=numbers).values_list("reference", flat=True))


@dataclass
class Meter:
    """The numbers of one row of a month."""

    row: MonthlyCap
    label: str

    @property
    def percent(self) -> int:
        return 100 if not self.row.cap else 100 * self.row.used // self.row.cap

    @property
    def is_full(self) -> bool:
        return self.row.left <= 0


def _meter(row: MonthlyCap) -> Meter:
    return Meter(row, str(row.process or _("All nationalities")))


def meters(month) -> list[Meter]:
    rows = MonthlyCap.objects.of_month(month).select_related("process").order_by("pk")
    return [_meter(row) for row in rows]


def days_left() -> int:
    """Of the month, today among them."""
    today = clock.today_in(settings.PAROLE_ZONE)
    return monthrange(today.year, today.month)[1] - today.day + 1


def counts(user) -> dict:
    """How many wait for a decision, wait for a number, and are with this officer."""
    free = Q(taken_by=None, queued_at=None)
    return pending().aggregate(
        waiting=Count("pk", filter=free),
        queued=Count("pk", filter=Q(queued_at__isnull=False)),
        own=Count("pk", filter=Q(taken_by=user)),
        held=Count("pk", filter=~Q(taken_by=None)),
    )


def waiting(user) -> dict | None:
    """Numbers for the first page of the back office; None for roles that do not decide."""
    if not user.has_perm(DECIDE):
        return None
    whole = MonthlyCap.objects.filter(month=month_of(), process=None).first()
    left = whole.left if whole else settings.PAROLE_MONTHLY_CAP
    return {**counts(user), "left": left, "url": reverse("officers:travel")}


@dataclass
class Held:
    """A case that waits, as a line of a list."""

    case: Beneficiary
    age: str
    is_late: bool


def held_cases(user) -> list[Held]:
    """Cases that officers hold, the one held longest first."""
    held = decidable(user) & pending().exclude(taken_by=None)
    return _lines(held.order_by("taken_at", "pk"))


def free_cases(user) -> list[Held]:
    """Cases nobody holds yet, in their turn, for who gives out the work."""
    return _lines(QUEUE.waits(user).filter(taken_by=None), most=10)


def _lines(cases, most: int = MOST) -> list[Held]:
    rows, now = cases.select_related("traveler", "request__process", "taken_by"), clock.now()
    waited = [(row, now - row.submitted_at) for row in rows[:most]]
    return [Held(row, span(time), time > QUEUE.target) for row, time in waited]


def case_rows(user):
    """One case with all that its page shows of it."""
    rows = decidable(user).select_related(
        "traveler", "written", "attestation", "user", "taken_by", "queued_by",
        "request__process", "request__supporter", "request__owner",
        "guardian__traveler", "guardian__written",
    )  # fmt: skip
    return rows.prefetch_related(
        Prefetch("papers", Paper.objects.current(), to_attr="current_papers"),
        Prefetch("corrections", Correction.objects.select_related("judged_by")),
        Prefetch("traveler__photos", Photo.objects.filter(replaced_at=None), to_attr="shown"),
        Prefetch("authorizations", Authorization.objects.select_related("approved_by", "arrival")),
        Prefetch("letters", TravelLetter.objects.select_related("written_by")),
        Prefetch("wards", Beneficiary.objects.select_related("traveler", "written")),
    )


@dataclass
class Compared:
    """One detail: what the supporter wrote, what the person says."""

    label: str
    wrote: str
    says: str
    correction: Correction | None = None

    @property
    def chip(self) -> str:
        verdict = self.correction.verdict if self.correction else ""
        return {"": "chip-now", "accepted": "chip-done", "not_accepted": "chip-gone"}[verdict]


def compared(case: Beneficiary) -> list[Compared]:
    corrections = {row.field: row for row in case.corrections.all()}
    rows = [
        Compared(
            _label(case.written, name),
            shown(case.written, name),
            shown(case.traveler, name) if case.traveler else "",
            corrections.get(name),
        )
        for name in COMPARED
    ]
    wrote, says = _name(case.written_country), _name(case.country)
    where = _("country where the person lives")
    rows += [
        Compared(where, wrote, says, corrections.get("country")),
        Compared(_("address"), case.written_street, case.street),
        Compared(_("phone"), case.written_phone, case.phone),
    ]
    return [row for row in rows if row.wrote or row.says]


def _label(row, name: str) -> str:
    return str(row._meta.get_field(name).verbose_name)


def _name(country) -> str:
    return str(country.name) if country else ""


@dataclass
class Answer:
    label: str
    text: str
    is_lead: bool = False
    hint: str = ""


def answers(case: Beneficiary) -> list[Answer]:
    """What was attested; the answers that the notices name as bars are marked."""
    attested = getattr(case, "attestation", None)
    if attested is None:
        return []
    process, rows = case.request.process, []
    hints = process and {
        "irregular_entry": process.irregular_entry_after,
        "interdicted": process.interdicted_after,
    }
    for name, bar in BARS.items():
        value, day = getattr(attested, name), hints and hints.get(name)
        hint = _("The day: %s") % date_format(day, "j F Y") if day else ""
        if value:
            rows.append(Answer(_label(attested, name), shown(attested, name), value == bar, hint))
        if name == "irregular_entry" and value == bar:
            rows.append(_returned(attested))
    return rows


def _returned(attested) -> Answer:
    """One entry is tolerated when the person left of their own will."""
    name = "irregular_returned"
    is_lead = attested.irregular_returned != Yes.YES
    return Answer(_label(attested, name), shown(attested, name) or "–", is_lead)


def health(case: Beneficiary) -> list[Answer]:
    attested = getattr(case, "attestation", None)
    if attested is None:
        return []
    rows = []
    for name in ("measles", "polio", "covid"):
        is_lead = getattr(attested, name) in ("", Vaccination.EXCEPTION)
        rows.append(Answer(_label(attested, name), shown(attested, name) or "–", is_lead))
    name = "tb_agreed"
    return [*rows, Answer(_label(attested, name), shown(attested, name), not attested.tb_agreed)]


def family(case: Beneficiary) -> list[Line]:
    lines = [
        Line(_("Travels along"), case.family_along),
        Line(_("Stays behind"), case.family_left),
    ]
    return [line for line in lines if line.value]


def months() -> list[Meter]:
    """The latest months with all their rows, the newest first."""
    known = MonthlyCap.objects.filter(process=None).order_by("-month")
    latest = list(known.values_list("month", flat=True)[:MONTHS])
    rows = MonthlyCap.objects.filter(month__in=latest).select_related("process")
    return [_meter(row) for row in rows.order_by("-month", "pk")]


def changes(*, waiting: bool):
    rows = CapChange.objects.select_related("process", "proposed_by", "closed_by")
    proposed = Q(status=CapChangeStatus.PROPOSED)
    return rows.filter(proposed if waiting else ~proposed).order_by("-pk")
