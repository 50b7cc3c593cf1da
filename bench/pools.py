"""Requests that wait, made in bulk: copies of one that the models made."""

from datetime import date, timedelta

from bench import filling

SHARES = {"H": 53, "C": 34, "V": 11, "N": 2}  # of a hundred; domain.md
USERS = 200_000
BASE = 10_000_000  # keys of copies begin after it
PLAN = "We meet her at the airport. She has a room of her own. We help with papers and classes. "
LETTER = (
    "CASE WHEN x < 53 THEN {H} WHEN x < 87 THEN {C} WHEN x < 98 THEN {V} ELSE {N} END"  # SHARES
)


def of_number(low: int, high: int) -> str:
    """Numbers n with x from 0 to 99, which has nothing to do with their order."""
    mixed = "abs(hashint4(n)::bigint) % 100"
    return f"(SELECT n, {mixed} AS x FROM generate_series({low}, {high}) n) s"


class Pool:
    """Grows from size to size, so that the largest is made once."""

    def __init__(self, superuser_url: str) -> None:
        self.url, self.size = superuser_url, 0
        self.user, self.request, self.supporter = _first()

    def grow(self, size: int) -> None:
        """Past the triggers of foreign keys, which would look up each of the rows just made."""
        import psycopg

        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("SET session_replication_role = replica")
            for statement in self.statements(self.size + 1, size):
                connection.execute(statement)
            for table in ("accounts_user", "parole_supportrequest", "parole_supporter"):
                connection.execute(f"VACUUM (ANALYZE) {table}")
            connection.execute("CHECKPOINT")
        self.size = size

    def statements(self, low: int, high: int) -> list[str]:
        from cbpone.accounts.models import User
        from parole.models import Process, Supporter, SupportRequest

        keys = {process.letter: process.pk for process in Process.objects.all()}
        each = of_number(low, high)
        made = []
        if low == 1:
            made.append(
                filling.copying(
                    User, self.user, f"generate_series(0, {USERS - 1}) n", id=f"{BASE} + n",
                    reference="gen_random_uuid()", email="'supporter' || n || '@bench.example'",
                )
            )  # fmt: skip
        made.append(
            filling.copying(
                SupportRequest, self.request, each, id=f"{BASE} + s.n", filing_number="s.n",
                reference="'S-' || lpad(s.n::text, 9, '0')", owner_id=f"{BASE} + s.n % {USERS}",
                process_id=LETTER.format(**keys), pair_key="md5(s.n::text) || md5('x' || s.n)",
                housing_key="md5('h' || s.n / 3) || md5('k' || s.n / 3)", status="'pending'",
                filed_ip="('10.0.0.0'::inet + s.n / 3)",
                plan_reception=f"'{PLAN}' || s.n", plan_housing=f"'{PLAN}' || s.n",
            )
        )  # fmt: skip
        made.append(
            filling.copying(
                Supporter, self.supporter, each, id=f"{BASE} + s.n",
                request_id=f"{BASE} + s.n", surnames="'Supporter ' || s.n",
                ssn_digest="md5(s.n::text) || md5('s' || s.n)", ssn_last="'1234'",
                address_key="md5('h' || s.n / 3) || md5('k' || s.n / 3)",
                phone="'+1305' || lpad((s.n / 2)::text, 7, '0')", text_messages="s.n % 4 = 0",
                email="'supporter' || s.n || '@bench.example'",
            )
        )  # fmt: skip
        return made


def _first():
    """The rows that are copied. This request itself is only received: it does not wait."""
    from cbpone.accounts.models import User
    from cbpone.lib import clock
    from parole.models import Process, Supporter

    user = User.objects.create_user("supporter@bench.example", language="en")
    request = _request(user, Process.objects.get(letter="H"), clock.now())
    supporter = Supporter.objects.create(
        request=request, given_names="Paul", surnames="Benoit", birth_date=date(1980, 7, 2),
        sex="male", birth_country="HT", citizenship="US", status="citizen", mailing_same="yes",
        street="12 NE 2nd Avenue", city="Miami", state="FL", zip="33137", employment="employed",
        employer="Mercy Hospital", occupation="nurse", annual_income=64_000, household_size=3,
    )  # fmt: skip
    return user, request, supporter


def _request(user, process, now):
    from parole.models import SupportRequest

    return SupportRequest.objects.create(
        reference="S-BEN-CH00", owner=user, status="received", process=process,
        filer_type="alone", has_preparer="no", lives="with_me",
        housing_street="12 NE 2nd Avenue", housing_city="Miami", housing_state="FL",
        housing_zip="33137", bedrooms=3, occupants=3, plan_work=PLAN, plan_school=PLAN,
        plan_health=PLAN, filing_number=2_000_000_000, filed_at=now, signed_name="Paul Benoit",
        pair_key="first",
    )  # fmt: skip


def open_day(*, places: int):
    """Today, with its seed committed to yesterday, and a month that has these places; its seed.

    Yesterday gets an empty selection: the plain statement needs one to point at.
    """
    from cbpone.lib import clock
    from parole import selection
    from parole.models import DrawSeed, MonthlyCap, Selection

    now = clock.now()
    day = clock.today_in("America/New_York", now)
    seeds = [
        selection.commit_seed(one, now=now - timedelta(days=2))
        for one in (day - timedelta(days=1), day)
    ]
    MonthlyCap.objects.get_or_create(
        month=day.replace(day=1), process=None, defaults={"cap": places, "quota": places}
    )
    none = {"wanted": 0, "pool_size": 0, "in_order": 0, "drawn": 0}
    Selection.objects.create(
        day=seeds[0].day, month=seeds[0].day.replace(day=1), seed=seeds[0], pool_sha256="0" * 64,
        result_sha256="0" * 64, **none,
    )  # fmt: skip
    return DrawSeed.objects.get(day=day)
