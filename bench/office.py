"""A back office after two years, for benchmarks of its lists and of finding people in it.

Two million families with an appointment each at ports of entry, two million support requests with
supporter and person, their authorizations and arrivals, and two million events. All of it follows
from numbers, so that two runs make the same rows. See README.md.
"""

from dataclasses import dataclass
from datetime import timedelta

from bench import filling
from bench.office_names import (
    PersonColumns,
    drop_indexes,
    one_of,
    reference,
    restore_indexes,
    share,
)

BASE = 100_000_000  # keys of copies begin after it
WRITTEN = 2 * BASE  # travelers as supporters wrote them; BASE is those at ports
CLAIMED = 3 * BASE  # and as they say themselves
OFFICERS = 400  # who did what is on record
PAST, AHEAD, TIMES = 700, 14, 6  # days and times a day of every port


@dataclass(frozen=True)
class Size:
    families: int = 2_000_000
    requests: int = 2_000_000
    events: int = 2_000_000

    @classmethod
    def small(cls) -> "Size":
        return cls(20_000, 20_000, 20_000)


ROLES = {
    "officer": "Port officer",
    "supervisor": "Supervisor",
    "auditor": "Auditor",
    "reviewer": "Parole reviewer",
    "travel_officer": "Travel officer",
    "airport_officer": "Airport officer",
    "parole_supervisor": "Parole supervisor",
    "photo_reviewer": "Photo reviewer",
    "help_desk": "Help desk",
}
PORT_STAFF = ("officer", "supervisor")


def fill(superuser_url: str, size: Size = Size(), say=lambda words: None) -> dict:
    """Makes everything; returns one account of each of ROLES, by its key. Needs `use_django`.

    Port staff is posted to San Ysidro, an eighth of the families. Takes minutes; tables are
    analyzed at the end and their indexes are whole.
    """
    import psycopg

    from bench import office_parole

    people = _staff()
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        # Past the triggers of foreign keys, which would look up each of the rows just made.
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET synchronous_commit = off")
        connection.execute("SET maintenance_work_mem = '1GB'")
        connection.execute("SET work_mem = '256MB'")
        dropped = drop_indexes(connection)
        for part in (_ports(size), office_parole.statements(size), _events(size)):
            for name, statement in part:
                say(name)
                connection.execute(statement)
        say("indexes")
        restore_indexes(connection, dropped)
        # Of the copies these alone follow the keys that the models give out.
        connection.execute("SELECT setval('audit_event_id_seq', max(id)) FROM audit_event")
    say("statistics")
    filling.settle(superuser_url)
    return people


def _staff() -> dict:
    """One of each role, and those that the rows name; `first` keys are theirs, in one piece."""
    from django.contrib.auth.models import Group

    from cbpone.accounts.models import User
    from cbpone.lib import clock
    from scheduling.models import Port, Post

    made, since = {}, clock.now().date() - timedelta(days=PAST)
    for key, role in ROLES.items():
        made[key] = User.objects.create_user(
            f"{key}@bench.example", name=role, is_staff=True, language="en"
        )
        made[key].groups.add(Group.objects.get(name=role))
        if key in PORT_STAFF:
            port = Port.objects.get(slug="san-ysidro")
            Post.objects.create(officer=made[key], port=port, since=since)
    filling.copies(
        User, made["officer"], f"generate_series(1, {OFFICERS}) n", id=f"{BASE} * 9 + n",
        reference="gen_random_uuid()", email="'officer' || n || '@bench.example'",
        name="'Officer ' || n",
    )  # fmt: skip
    ports = list(Port.objects.order_by("id")[: filling.PORTS])
    Post.objects.bulk_create(
        Post(officer_id=BASE * 9 + n, port=ports[n % len(ports)], since=since)
        for n in range(1, OFFICERS + 1)
    )
    return made


def officer_of(number: str, other: int = 0) -> str:
    """Of this row; `other` is how far away a second one is."""
    return f"{BASE} * 9 + 1 + ({share(number, 91, OFFICERS)} + {other}) % {OFFICERS}"


# --- ports of entry -------------------------------------------------------------------------


def _slots():
    """Days behind and ahead at eight ports; returns the key of the first, as they have no gap."""
    from cbpone.lib import clock
    from scheduling.models import Port, Release, Slot

    today, releases = clock.now().replace(hour=15, minute=0, second=0, microsecond=0), []
    ports = list(Port.objects.order_by("id")[: filling.PORTS])
    for ahead in range(-PAST, AHEAD):
        start = today + timedelta(days=ahead)
        releases += [
            Release(
                port=port, day=start.date(), due_at=start - timedelta(days=14), batches=TIMES,
                public_places=TIMES * 500, reserve_places=0,
            )
            for port in ports
        ]  # fmt: skip
    slots = [
        Slot(
            release=row, port=row.port, day=row.day, capacity=500,
            starts_at=today + timedelta(days=(row.day - today.date()).days, hours=hour),
        )
        for row in Release.objects.bulk_create(releases, 2000)
        for hour in range(TIMES)
    ]  # fmt: skip
    return Slot.objects.bulk_create(slots, 2000)[0].pk


# Of a slot that has passed: done, nobody came, or cancelled; of one to come: booked or cancelled.
CAME = """CASE WHEN l.starts_at > now() THEN CASE WHEN s.x < 90 THEN 'booked' ELSE 'cancelled' END
 WHEN s.x < 75 THEN 'completed' WHEN s.x < 83 THEN 'no_show' ELSE 'cancelled' END"""
NATION = "(ARRAY['VE','MX','HT','CU','HN','CO','SV','GT','EC','NI'])"


def _ports(size: Size):
    from cbpone.accounts.models import User
    from cbpone.travelers.models import Traveler
    from scheduling.models import Appointment, Attendance, Member, Registration, Slot

    user, traveler, first, member = filling._first_family()
    first_slot = _slots()
    slot = Slot.objects.get(pk=first_slot)
    visit = Appointment.objects.create(
        reference="A-BEN-CH00", registration=first, slot=slot, places=1, booked_by=user
    )
    seen = Attendance.objects.create(appointment=visit, traveler=traveler)
    many = filling.PORTS * (PAST + AHEAD) * TIMES
    each = f"(SELECT n, {share('n', 5, 100)} AS x FROM generate_series(1, {size.families}) n) s"
    # Families in the order of their day, spread over the ports of it.
    place = f"{first_slot} + s.n * {many}::bigint / {size.families + 1}"
    at_slot = f"{each} JOIN scheduling_slot l ON l.id = {place}"
    began = f"now() - interval '{PAST + 30} days' * (1 - s.n / {size.families}.0)"
    yield "accounts", filling.copying(
        User, user, each, id=f"{BASE} + s.n", reference="gen_random_uuid()",
        email="'family' || s.n || '@bench.example'",
    )  # fmt: skip
    yield "travelers", filling.copying(
        Traveler, traveler, each, id=f"{BASE} + s.n", reference="gen_random_uuid()",
        **PersonColumns("s.n", 1, NATION).all(),
    )  # fmt: skip
    yield "registrations", filling.copying(
        Registration, first, each, id=f"{BASE} + s.n", owner_id=f"{BASE} + s.n",
        reference=reference("R", "s.n"), started_at=began, seniority_at=began, signed_at=began,
        phone="'+52664' || lpad((s.n * 7 % 10000000)::text, 7, '0')",
        mexico_city=one_of(["Tijuana", "Mexicali", "Ciudad Juárez", "Reynosa"], "s.n", 7),
        text_messages="s.n % 4 = 0",
    )  # fmt: skip
    yield "members", filling.copying(
        Member, member, each, id=f"{BASE} + s.n", registration_id=f"{BASE} + s.n",
        traveler_id=f"{BASE} + s.n", holds_identity="true", identity="md5(s.n::text) || md5('m')",
    )  # fmt: skip
    yield "appointments", filling.copying(
        Appointment, visit, at_slot, id=f"{BASE} + s.n", registration_id=f"{BASE} + s.n",
        slot_id="l.id", reference=reference("A", "s.n"), status=CAME,
        booked_at="l.starts_at - interval '14 days'", booked_by_id=f"{BASE} + s.n",
        checked_in_at=f"CASE WHEN ({CAME}) = 'completed' THEN l.starts_at END",
        ended_at=f"CASE WHEN ({CAME}) <> 'booked' THEN l.starts_at + interval '2 hours' END",
    )  # fmt: skip
    done = "({}) = 'completed'".format("a.status")
    yield "attendances", filling.copying(
        Attendance, seen,
        f"scheduling_appointment a, LATERAL (SELECT a.id - {BASE} AS n) s",
        id="a.id", appointment_id="a.id", traveler_id="a.id",
        checked_in_at="a.checked_in_at", disposed_at="a.checked_in_at",
        checked_in_by_id=f"CASE WHEN {done} THEN {officer_of('s.n')} END",
        disposed_by_id=f"CASE WHEN {done} THEN {officer_of('s.n')} END",
        disposition=f"CASE WHEN {done} THEN 'nta_parole' ELSE '' END",
    ) + f" AND a.id > {BASE}"  # fmt: skip
    yield (
        "places taken",
        (
            "UPDATE scheduling_slot l SET booked = c.n FROM (SELECT slot_id, count(*) AS n"
            " FROM scheduling_appointment WHERE status <> 'cancelled' GROUP BY 1) c"
            " WHERE c.slot_id = l.id"
        ),
    )


# --- the log --------------------------------------------------------------------------------

# What a hundred events are, with the row each is about and whether an officer did it.
VERBS = (
    [("signed_in", "accounts.user", False)] * 22
    + [("saved", "scheduling.registration", False)] * 24
    + [("signed", "scheduling.registration", False)] * 6
    + [("booked", "scheduling.appointment", False)] * 9
    + [("viewed", "scheduling.registration", True)] * 14
    + [("searched", "accounts.user", True)] * 6
    + [("checked_in", "scheduling.appointment", True)] * 6
    + [("disposed", "scheduling.attendance", True)] * 5
    + [("selected", "parole.supportrequest", None)] * 3
    + [("viewed", "parole.supportrequest", True)] * 3
    + [("authorized", "parole.beneficiary", True)] * 2
)


def _events(size: Size):
    from cbpone.audit.log import record
    from cbpone.audit.models import Event
    from cbpone.audit.verbs import Verb
    from scheduling.models import Registration

    first = record(Verb.VIEWED, on=Registration.objects.earliest("pk"))
    verbs, models, done_by = zip(*VERBS, strict=True)
    x, row = share("n", 11, len(VERBS)), f"1 + {share('n', 12, size.families)}"
    words = ", ".join(f"'{verb}'" for verb in verbs)
    names = ", ".join(f"'{name}'" for name in models)
    by_officer = ", ".join({True: "2", False: "1", None: "0"}[one] for one in done_by)
    each = (
        f"(SELECT n, (ARRAY[{words}])[1 + x] AS verb, (ARRAY[{names}])[1 + x] AS model,"
        f" (ARRAY[{by_officer}])[1 + x] AS whose, row FROM"
        f" (SELECT n, {x} AS x FROM generate_series(1, {size.events}) n) one,"
        f" LATERAL (SELECT {row} AS row) r) s"
    )
    kind = "CASE WHEN s.model LIKE 'parole.%' THEN 'S-' || lpad(s.row::text, 8, '0')"
    yield "events", filling.copying(
        Event, first, each, id=f"{first.pk} + s.n", verb="s.verb", model="s.model",
        row_id=f"({BASE} + s.row)::text", note="''",
        at=f"now() - interval '{PAST} days' * (1 - s.n / {size.events}.0)",
        by_id=f"CASE s.whose WHEN 2 THEN {officer_of('s.n')} WHEN 1 THEN {BASE} + s.row END",
        case=f"{kind} WHEN s.model = 'accounts.user' THEN '' ELSE {reference('R', 's.row')} END",
    )  # fmt: skip
