"""What the database refuses of bulk runs and exports."""

from itertools import product

import pytest

from cbpone.lib import clock
from officers.models import BulkRun, Export
from officers.statuses import ROW_MOVES, RUN_MOVES, RowStatus, RunStatus
from tests.audit.tripping import check_trips
from tests.breaking import change, check_refuses, is_refused
from tests.factories import make_officer
from tests.factories.office_runs import OVER, make_export, make_row, make_run

pytestmark = pytest.mark.django_db
NOW = clock.now()
KEPT = {
    BulkRun: ["action", "reason", "started_by"],
    Export: ["kind", "format", "reason", "asked_by"],
}


def asleep(make):
    row = make()
    facts = {name: getattr(row, name) for name in KEPT[type(row)]}
    type(row).objects.create(**facts, status="asleep")


def twice_in_a_run():
    run = make_run()
    for _ in range(2):
        make_row(run, row_id=7)


BREAKS = [
    ("bulkrun_status_known", lambda: asleep(make_run)),
    ("bulkrun_has_reason", lambda: make_run(reason="")),
    ("bulkrun_ended_has_time", lambda: change(make_run(status="running"), status="done")),
    ("bulkrun_ended_has_time", lambda: change(make_run(), ended_at=NOW)),
    ("bulkrow_once", twice_in_a_run),
    ("bulkrow_status_known", lambda: make_row(status="lost")),
    ("bulkrow_refused_has_why", lambda: make_row(status="refused")),
    ("export_kind_known", lambda: make_export(kind="everything")),
    ("export_format_known", lambda: make_export(format="pdf")),
    ("export_status_known", lambda: asleep(make_export)),
    ("export_has_reason", lambda: make_export(reason="")),
    ("export_ended_has_time", lambda: change(make_export(), ended_at=NOW)),
    ("export_done_has_file_and_end", lambda: change(make_export(status="done"), file="")),
    ("export_done_has_file_and_end", lambda: change(make_export(status="done"), expires_at=None)),
    ("export_progress_possible", lambda: make_export(rows=1, rows_done=2)),
]


@pytest.mark.parametrize(("constraint", "attempt"), BREAKS)
def test_constraint_holds(constraint, attempt):
    check_refuses(constraint, attempt)


def ask_to_stop_again():
    run = make_run(stop_asked_at=NOW)
    change(run, stop_asked_at=clock.now())


RUN_ONCE = "officers_bulkrun.reference_set_once"
ROW_ONCE = "officers_bulkrow.run_id_set_once"
EXPORT_ONCE = "officers_export.reference_set_once"
TRIPS = [
    ("officers_bulkrun.status_moves", lambda: change(make_run(status="running"), status="waiting")),
    (RUN_ONCE, lambda: change(make_run(), action="put_back_travel")),
    (RUN_ONCE, lambda: change(make_run(), values={"to": "me"})),
    (RUN_ONCE, lambda: change(make_run(), reason="Another")),
    (RUN_ONCE, lambda: change(make_run(), started_by=make_officer())),
    (RUN_ONCE, ask_to_stop_again),
    ("officers_bulkrow.status_moves", lambda: change(make_row(status="done"), status="waiting")),
    (ROW_ONCE, lambda: change(make_row(), run=make_run())),
    (ROW_ONCE, lambda: change(make_row(), row_id=99)),
    (ROW_ONCE, lambda: change(make_row(), label="another")),
    (
        "officers_export.status_moves",
        lambda: change(make_export(status="running"), status="waiting"),
    ),
    (EXPORT_ONCE, lambda: change(make_export(), kind="events")),
    (EXPORT_ONCE, lambda: change(make_export(), format="xlsx")),
    (EXPORT_ONCE, lambda: change(make_export(), values={})),
    (EXPORT_ONCE, lambda: change(make_export(), reason="Another")),
    (EXPORT_ONCE, lambda: change(make_export(), asked_by=make_officer())),
    (EXPORT_ONCE, lambda: change(make_export(), asked_at=clock.now())),
]


@pytest.mark.parametrize(("trigger", "attempt"), TRIPS)
def test_trigger_refuses_the_change(trigger, attempt):
    check_trips(trigger, attempt)


MOVES = [(a, b) for a, b in product(RunStatus.values, repeat=2) if a != b]


@pytest.mark.parametrize(("before", "after"), MOVES)
@pytest.mark.parametrize("make", [make_run, make_export])
def test_run_and_export_move_only_along_the_table(make, before, after):
    row = make(status=before)
    file = {"file": "exports/x", "expires_at": NOW} if isinstance(row, Export) else {}

    refused = is_refused(
        lambda: change(row, status=after, ended_at=NOW if after in OVER else None, **file)
    )

    assert refused == (after not in RUN_MOVES[before])
    assert type(row).objects.get().status == (before if refused else after)


@pytest.mark.parametrize(
    ("before", "after"), [(a, b) for a, b in product(RowStatus.values, repeat=2) if a != b]
)
def test_row_moves_only_along_the_table(before, after):
    row = make_row(status=before, said="Why")

    refused = is_refused(lambda: change(row, status=after))

    assert refused == (after not in ROW_MOVES[before])


def test_stop_is_asked_once_and_stays():
    run = make_run(stop_asked_at=NOW)

    assert is_refused(lambda: change(run, stop_asked_at=None))
    assert BulkRun.objects.get().stop_asked_at == NOW
