"""The parole part of the office: requests, what became of them, authorizations, arrivals."""

from datetime import timedelta

from bench import filling, pools
from bench.office_names import PersonColumns, one_of, reference, share, words_of

NATION = "(ARRAY['HT','HT','HT','HT','HT','CU','CU','CU','VE','NI'])"
STATE = """CASE WHEN x < 70 THEN 'pending' WHEN x < 71 THEN 'selected' WHEN x < 75
 THEN 'not_confirmed' ELSE 'confirmed' END"""
# Of the person of a confirmed request.
PERSON = """CASE WHEN x < 75 THEN 'written' WHEN x < 78 THEN 'invited' WHEN x < 79
 THEN 'ata_pending' WHEN x < 80 THEN 'ata_approved' ELSE 'paroled' END"""


def _firsts():
    """The rows that are copied: of a request that is only received, then of one that went on."""
    from cbpone.lib import clock
    from cbpone.travelers.models import Traveler
    from parole.models import I94, Airport, Arrival, Authorization, Beneficiary, Decision

    user, request, supporter = pools._first()
    now = clock.now()
    written, own = (
        Traveler.objects.create(given_names="Marie", surnames="Bench") for _ in range(2)
    )
    person = Beneficiary.objects.create(
        reference="B-BEN-CH00", request=request, written=written, traveler=own, user=user,
        claimed_at=now, invited_at=now, attested_at=now, submitted_at=now, status="paroled",
    )  # fmt: skip
    decision = Decision.objects.create(
        request=request, outcome="confirm", reason="meets", letter="Support is confirmed.",
        status="made", proposed_by=user, closed_by=user, closed_at=now,
    )  # fmt: skip
    authorization = Authorization.objects.create(
        reference="T-BEN-CH00", beneficiary=person, process=request.process, status="used",
        month=now.date().replace(day=1), approved_at=now, approved_by=user, ended_at=now,
        valid_until=now.date() + timedelta(days=90),
    )  # fmt: skip
    arrival = Arrival.objects.create(
        authorization=authorization, airport=Airport.objects.earliest("pk"), arrived_at=now,
        checked_by=user, decided_at=now, decided_by=user,
    )  # fmt: skip
    i94 = I94.objects.create(
        number="000000000A0", arrival=arrival, admitted_on=now.date(),
        admitted_until=now.date() + timedelta(days=700),
    )  # fmt: skip
    return user, request, supporter, written, person, decision, authorization, arrival, i94


def statements(size):
    """(name, statement) of everything; keys are those of bench.office."""
    from bench.office import BASE, CLAIMED, PAST, WRITTEN, officer_of
    from cbpone.accounts.models import User
    from cbpone.travelers.models import Traveler
    from parole.models import (
        I94,
        Airport,
        Arrival,
        Authorization,
        Beneficiary,
        Decision,
        Process,
        Selection,
        Supporter,
        SupportRequest,
    )

    user, request, supporter, written, person, decision, authorization, arrival, i94 = _firsts()
    pools.open_day(places=1000)
    selection = Selection.objects.earliest("pk").pk
    keys = {process.letter: process.pk for process in Process.objects.all()}
    process = f"(ARRAY[{', '.join(str(keys[one]) for one in 'HHHHHCCCVN')}])"
    process = f"{process}[1 + {share('s.n', 208, 10)}]"
    inner = f"SELECT n, {share('n', 21, 100)} AS x FROM generate_series(1, {size.requests}) n"
    each = f"(SELECT n, x, {STATE} AS state, {PERSON} AS person FROM ({inner}) one) s"
    picked, decided = "s.state <> 'pending'", "s.state IN ('confirmed', 'not_confirmed')"
    filed = f"now() - interval '{PAST} days' * (1 - s.n / {size.requests}.0)"
    yield "supporters' accounts", filling.copying(
        User, user, f"generate_series(0, {pools.USERS - 1}) n", id=f"4 * {BASE} + n",
        reference="gen_random_uuid()", email="'supporter' || n || '@bench.example'",
    )  # fmt: skip
    yield "support requests", filling.copying(
        SupportRequest, request, each, id=f"{BASE} + s.n", filing_number="s.n", status="s.state",
        reference=reference("S", "s.n"), owner_id=f"4 * {BASE} + s.n % {pools.USERS}",
        process_id=process, pair_key="md5(s.n::text) || md5('x' || s.n)", filed_at=filed,
        housing_key="md5('h' || s.n / 3) || md5('k' || s.n / 3)",
        filed_ip="('10.0.0.0'::inet + s.n / 3)",
        selection_id=f"CASE WHEN {picked} THEN {selection} END",
        picked=f"CASE WHEN {picked} THEN 'draw' ELSE '' END",
        picked_rank=f"CASE WHEN {picked} THEN s.n END",
        decided_by_id=f"CASE WHEN {decided} THEN {officer_of('s.n')} END",
        decided_at=f"CASE WHEN {decided} THEN {filed} + interval '5 days' END",
    )  # fmt: skip
    women, surnames = words_of("women"), words_of("surnames")
    yield "supporters", filling.copying(
        Supporter, supporter, each, id=f"{BASE} + s.n", request_id=f"{BASE} + s.n",
        given_names=one_of(women, "s.n", 301), surnames=one_of(surnames, "s.n", 302),
        birth_date=f"date '1950-01-01' + {share('s.n', 303, 18_000)}",
        ssn_digest="md5(s.n::text) || md5('s' || s.n)",
        ssn_last="lpad((s.n % 10000)::text, 4, '0')",
        a_number=f"'A' || lpad({share('s.n', 304, 1_000_000_000)}::text, 9, '0')",
        address_key="md5('h' || s.n / 3) || md5('k' || s.n / 3)",
        phone="'+1305' || lpad((s.n / 2 % 10000000)::text, 7, '0')",
        email="'supporter' || s.n || '@bench.example'",
    )  # fmt: skip
    yield "people as written", filling.copying(
        Traveler, written, each, id=f"{WRITTEN} + s.n", reference="gen_random_uuid()",
        **PersonColumns("s.n", 2, NATION).all(),
    )  # fmt: skip
    claimed = "s.person NOT IN ('written', 'invited')"
    own = filling.copying(
        Traveler, written, each, id=f"{CLAIMED} + s.n", reference="gen_random_uuid()",
        **PersonColumns("s.n", 2, NATION).all(),
    )  # fmt: skip
    yield "people as they say", f"{own} AND {claimed}"
    yield "beneficiaries", filling.copying(
        Beneficiary, person, each, id=f"{BASE} + s.n", request_id=f"{BASE} + s.n",
        reference=reference("B", "s.n"), written_id=f"{WRITTEN} + s.n", status="s.person",
        traveler_id=f"CASE WHEN {claimed} THEN {CLAIMED} + s.n END",
        user_id=f"CASE WHEN {claimed} THEN 4 * {BASE} + s.n % {pools.USERS} END",
        claimed_at=f"CASE WHEN {claimed} THEN {filed} END", submitted_at=filed,
        written_phone="'+509' || lpad((s.n % 100000000)::text, 8, '0')",
        written_email="'person' || s.n || '@bench.example'",
    )  # fmt: skip
    yield "decisions", filling.copying(
        Decision, decision, each, id=f"{BASE} + s.n", request_id=f"{BASE} + s.n",
        outcome="CASE s.state WHEN 'confirmed' THEN 'confirm' ELSE 'not_confirm' END",
        reason="CASE s.state WHEN 'confirmed' THEN 'meets' ELSE 'income_low' END",
        proposed_by_id=officer_of("s.n"), closed_by_id=officer_of("s.n", 1), closed_at=filed,
    ) + f" AND {decided}"  # fmt: skip
    allowed = "s.person IN ('ata_approved', 'paroled')"
    yield "authorizations", filling.copying(
        Authorization, authorization, each, id=f"{BASE} + s.n", beneficiary_id=f"{BASE} + s.n",
        reference=reference("T", "s.n"), process_id=process, approved_at=filed,
        status="CASE s.person WHEN 'paroled' THEN 'used' ELSE 'valid' END",
        month=f"date_trunc('month', {filed})::date", approved_by_id=officer_of("s.n"),
        valid_until=f"({filed})::date + 90",
        ended_at=f"CASE s.person WHEN 'paroled' THEN {filed} END",
    ) + f" AND {allowed}"  # fmt: skip
    airports = ", ".join(str(one.pk) for one in Airport.objects.order_by("pk"))
    count = Airport.objects.count()
    yield "arrivals", filling.copying(
        Arrival, arrival, each, id=f"{BASE} + s.n", authorization_id=f"{BASE} + s.n",
        airport_id=f"(ARRAY[{airports}])[1 + {share('s.n', 305, count)}]", arrived_at=filed,
        decided_at=filed, checked_by_id=officer_of("s.n"), decided_by_id=officer_of("s.n"),
    ) + " AND s.person = 'paroled'"  # fmt: skip
    yield "I-94 records", filling.copying(
        I94, i94, each, id=f"{BASE} + s.n", arrival_id=f"{BASE} + s.n",
        number="lpad(s.n::text, 9, '0') || 'A1'", admitted_on=f"({filed})::date",
        admitted_until=f"({filed})::date + 700",
    ) + " AND s.person = 'paroled'"  # fmt: skip
