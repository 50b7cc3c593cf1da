"""Every question of the signals is answered by an index: the work for one request does not grow
with the number of requests on file."""

import json
import os
from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parole.flagging import find_flags
from parole.models import Flag, NonResidential, SupportRequest
from parole.sorting import sort_requests
from tests import engines
from tests.factories import make_request
from tests.parole.flags import know, signals
from tests.parole.test_similar import COPIED

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
ON_FILE = int(os.environ.get("FLAGS_ON_FILE", 10_000))
READ_AT_MOST = ON_FILE // 10  # rows that one step of a plan may look at
# Ways of reading a table from end to end; by bitmap, every index can still be used.
WHOLE_TABLE = ["enable_seqscan", "enable_indexscan", "enable_indexonlyscan"]
NO_PLAN = dict.fromkeys(["plan_housing", "plan_work", "plan_school", "plan_health"], "")


def fill(row, number: int, **columns: str) -> None:
    """Copies of a row, numbered by g, with SQL for the columns that differ.

    Their keys are negative, as only the owner of the tables may move a sequence on.
    """
    table = row._meta.db_table
    fields = [one for one in row._meta.concrete_fields if not one.generated]
    columns = {"id": "-g"} | columns
    names = ", ".join(f'"{one.column}"' for one in fields)
    values = ", ".join(columns.get(one.column, f'"{one.column}"') for one in fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {values} FROM {table},"
            f" generate_series(1, {number}) g WHERE id = {row.pk}"
        )


@pytest.fixture
def on_file(db):
    """Many requests that wait, of as many supporters, with nothing in common."""
    one = make_request(status="pending", filed_ip="10.0.0.0", text_bands=list(range(16)))
    fill(
        one.owner,
        ON_FILE,
        email="'s' || g || '@example.org'",
        reference="gen_random_uuid()",
        username="'u' || g",
    )
    fill(one.beneficiary.written, ON_FILE, reference="gen_random_uuid()", surnames="'N' || g")
    fill(
        one,
        ON_FILE,
        owner_id="-g",
        reference="'Q' || g",
        filing_number="1000000 + g",
        pair_key="md5(g::text) || md5(g::text)",
        filed_ip="'10.0.0.0'::inet + g / 3",
        text_bands="ARRAY(SELECT hashint8extended(g * 16 + k, 1) FROM generate_series(1, 16) k)",
        housing_key="''",
    )
    fill(
        one.supporter,
        ON_FILE,
        request_id="-g",
        surnames="'N' || g",
        birth_date="'1950-01-01'::date + g % 15000",
        ssn_digest="md5(g::text)",
        address_key="md5(g::text)",
        phone="'+1' || g",
        email="'s' || g || '@example.org'",
    )
    fill(
        one.beneficiary,
        ON_FILE,
        request_id="-g",
        written_id="-g",
        reference="'B' || g",
        written_email="'b' || g || '@example.org'",
        written_phone="'+509' || g",
    )
    flag = Flag.objects.create(request=one, signal="serial", key="x")
    fill(flag, ON_FILE, request_id="-g")
    assert SupportRequest.objects.count() == ON_FILE + 1
    _gather_statistics()


def _gather_statistics() -> None:
    """As the server does by itself; without them PostgreSQL guesses how much an index spares."""
    owner = engines.ENGINES.migration_database_url
    url = engines.at_database(owner, connection.settings_dict["NAME"])
    with psycopg.connect(url, autocommit=True) as connected:
        connected.execute("VACUUM ANALYZE")


def nodes(plan: dict) -> Iterator[dict]:
    yield plan
    for part in plan.get("Plans", []):
        yield from nodes(part)


def rows_read(node: dict) -> float:
    removed = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    return (node["Actual Rows"] + removed) * node["Actual Loops"]


def walks(action) -> list[tuple[int, str]]:
    """Questions that look at many rows, with how many; the others stay out.

    Ten thousand rows are read so fast that PostgreSQL may spare itself an index that it takes at
    a million, so those ways are made dear.
    """
    with CaptureQueriesContext(connection) as queries:
        action()
    found = []
    with connection.cursor() as cursor:
        for way in WHOLE_TABLE:
            cursor.execute(f"SET {way} = off")
        for sql in dict.fromkeys(query["sql"] for query in queries):
            if not sql.startswith("SELECT"):
                continue
            cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + sql)
            (plan,) = cursor.fetchone()
            plan = json.loads(plan) if isinstance(plan, str) else plan
            most = max(rows_read(node) for node in nodes(plan[0]["Plan"]))
            if most > READ_AT_MOST:
                found.append((int(most), sql))
        for way in WHOLE_TABLE:
            cursor.execute(f"RESET {way}")
    return found


def clustered(**values):
    return make_request(
        status="received",
        supporter={
            "phone": "+14075550199", "ssn": "111111111", "street": "1 Oak St", "zip": "33137",
            "annual_income": None, "household_income": None,
        },
        beneficiary={"written_phone": "+50937555555", "written_email": "one@mail.example"},
        filed_ip="203.0.113.77",
        lives="elsewhere",
        housing_street="2 Oak St",
        housing_zip="33137",
        plan_reception=COPIED,
        **NO_PLAN | values,
    )  # fmt: skip


def test_no_question_walks_through_the_requests_on_file(on_file):
    for _ in range(5):
        clustered()
    sort_requests()
    know("phone", "+14075550199")
    know("ip", "203.0.113.77")
    NonResidential.objects.create(address_key="0" * 64, name="Warehouse")
    request = clustered()

    found = walks(lambda: find_flags(request)) + walks(sort_requests)

    assert found == []
    assert {"text_similar", "income", "ssn_shared", "address_cluster"} <= set(signals(request))


def test_a_question_that_walks_is_noticed(on_file):
    assert walks(lambda: SupportRequest.objects.filter(bedrooms=99).first())
