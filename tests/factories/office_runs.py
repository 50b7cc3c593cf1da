"""Bulk runs and exports in any status, written past the rules."""

from datetime import timedelta

from cbpone.lib import clock
from officers.models import BulkRow, BulkRun, Export
from tests.breaking import change
from tests.factories.parole import make_parole_supervisor
from tests.factories.people import make_supervisor

OVER = ("done", "stopped", "failed")


def make_run(rows=(), *, by=None, action="put_back_reviews", status="waiting", **values) -> BulkRun:
    """With a row that waits for each of these, labelled as it names itself."""
    run = BulkRun.objects.create(
        **{"action": action, "reason": "They are ill", "started_by": by or make_parole_supervisor()}
        | values
    )
    BulkRow.objects.bulk_create(
        BulkRow(run=run, row_id=row.pk, label=str(row)[:100]) for row in rows
    )
    for step in _way(status):
        change(run, status=step, ended_at=clock.now() if step in OVER else None)
    run.refresh_from_db()
    return run


def make_row(run=None, **values) -> BulkRow:
    run = run or make_run()
    number = run.rows.count() + 1
    return BulkRow.objects.create(run=run, **{"row_id": number, "label": f"S-{number}"} | values)


def make_export(*, by=None, kind="appointments", status="waiting", file="", **values) -> Export:
    """Of these days and the next two weeks; one that is done has a file and a day left."""
    day = clock.now().date()
    span = {"first_day": str(day - timedelta(days=1)), "last_day": str(day + timedelta(days=14))}
    row = Export.objects.create(
        **{
            "kind": kind,
            "format": "csv",
            "values": span | values.pop("filters", {}),
            "reason": "A count for the port",
            "asked_by": by or make_supervisor(),
            "asked_at": clock.now(),
        }
        | values
    )
    for step in _way(status):
        change(row, **_facts(step, file))
    row.refresh_from_db()
    return row


def _way(status: str) -> list[str]:
    if status == "waiting":
        return []
    return ["running"] if status == "running" else ["running", status]


def _facts(status: str, file: str) -> dict:
    now = clock.now()
    done = {"file": file or "exports/none", "rows": 0, "expires_at": now + timedelta(days=1)}
    ended = {"ended_at": now} if status in OVER else {}
    return {"status": status} | ended | (done if status == "done" else {})
