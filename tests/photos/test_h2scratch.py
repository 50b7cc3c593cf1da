import time

import pytest
from django.db import connection

from officers.queues.photos import QUEUE
from tests.factories import *
from tests.factories.office_photos import *

pytestmark = pytest.mark.django_db
N, W = 300000, 30000


def test_it(client, port):
    p = make_family_photo()
    boss = make_supervisor(port)
    make_appointment(p.registration)
    c = connection.cursor()
    reg, mem, tra, pho, own = p.registration, p.traveler.member, p.traveler, p, p.account

    def copy(model, row, changes, n, base):
        fields = [
            f
            for f in model._meta.concrete_fields
            if not getattr(f, "generated", False) and f.db_returning is not None
        ]
        cols, vals = [], []
        for f in model._meta.concrete_fields:
            if f.generated:
                continue
            cols.append(f'"{f.column}"')
            vals.append(changes.get(f.column, f't."{f.column}"'))
        c.execute(
            f"INSERT INTO {model._meta.db_table} ({','.join(cols)}) SELECT {','.join(vals)} FROM {model._meta.db_table} t, generate_series(1,{n}) g WHERE t.id = {row.pk}"
        )

    t0 = time.time()
    copy(
        type(own),
        own,
        {"id": "1000000+g", "email": "'x'||g||'@e.org'", "reference": "gen_random_uuid()"},
        N,
        0,
    )
    copy(type(reg), reg, {"id": "1000000+g", "reference": "'R'||g", "owner_id": "1000000+g"}, N, 0)
    copy(type(tra), tra, {"id": "1000000+g", "reference": "gen_random_uuid()"}, N, 0)
    copy(
        type(mem),
        mem,
        {
            "id": "1000000+g",
            "registration_id": "1000000+g",
            "traveler_id": "1000000+g",
            "identity": "'i'||g",
        },
        N,
        0,
    )
    copy(
        type(pho),
        pho,
        {
            "id": "1000000+g",
            "reference": "gen_random_uuid()",
            "traveler_id": "1000000+g",
            "status": f"CASE WHEN g % {N // W} = 0 THEN 'waiting' ELSE 'good' END",
            "judged_by_id": f"CASE WHEN g % {N // W} = 0 THEN NULL ELSE {boss.pk} END",
            "judged_at": f"CASE WHEN g % {N // W} = 0 THEN NULL ELSE now() END",
        },
        N,
        0,
    )
    from scheduling.models import Appointment, Attendance

    a = Appointment.objects.get()
    at = Attendance.objects.first()
    copy(
        Appointment,
        a,
        {"id": "1000000+g", "reference": "'A'||g", "registration_id": "1000000+g"},
        N,
        0,
    )
    copy(
        Attendance,
        at,
        {"id": "1000000+g", "appointment_id": "1000000+g", "traveler_id": "1000000+g"},
        N,
        0,
    )
    for t in (
        "scheduling_member",
        "scheduling_registration",
        "photos_photo",
        "travelers_traveler",
        "scheduling_appointment",
        "scheduling_attendance",
        "scheduling_slot",
        "parole_beneficiary",
        "scheduling_walkinperson",
        "audit_conflict",
    ):
        c.execute(f"ANALYZE {t}")
    print("filled", time.time() - t0)

    def timed(name, f):
        f()
        t = time.time()
        r = f()
        print(name, round((time.time() - t) * 1000), "ms")
        return r

    timed("numbers", lambda: QUEUE.numbers(boss))
    timed("first", lambda: QUEUE.waits(boss).filter(taken_by=None)[:50][0])
    timed("take", lambda: QUEUE.take_next(by=boss))
    client.force_login(boss)
    timed("page", lambda: client.get("/officers/queues/photos/"))
    row = QUEUE.waits(boss).last()
    timed("review", lambda: client.get(f"/officers/photos/{row.reference}/"))
    timed("file", lambda: client.get(f"/photos/{row.reference}/"))
    rev = make_photo_reviewer()
    client.force_login(rev)
    timed("file reviewer", lambda: client.get(f"/photos/{row.reference}/"))
    print(QUEUE.waits(boss).filter(taken_by=None).explain(analyze=True)[:6000])
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as cc:
        QUEUE.numbers(boss)
    c.execute("EXPLAIN ANALYZE " + cc.captured_queries[-1]["sql"])
    print("\n".join(r[0] for r in c.fetchall())[:5000])
