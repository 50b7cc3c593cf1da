"""One row is done once, whatever runs at once: real connections, all let go at one moment."""

import pytest
from django.db import OperationalError

from cbpone.audit.models import Event
from officers import tasks
from officers.bulk import running
from officers.models import BulkRun
from parole.models import SupportRequest
from tests.factories import make_parole_supervisor, make_request, make_reviewer
from tests.factories.office_runs import make_run
from tests.officers.bulking import choose, start, told
from tests.race import at_once, kinds

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
KEY = "put_back_reviews"


@pytest.fixture
def boss(db):
    return make_parole_supervisor()


def make_held(n) -> list[SupportRequest]:
    reviewer = make_reviewer()
    return [make_request(status="selected", taken_by=reviewer) for _ in range(n)]


def done_once(run, n) -> bool:
    run.refresh_from_db()
    events = Event.objects.filter(verb="put_back").values("row_id").distinct().count()
    all_events = Event.objects.filter(verb="put_back").count()
    ended = Event.objects.filter(verb="bulk_ended").count()
    return (told(run), run.status, events, all_events, ended) == (
        [("done", "")] * n,
        "done",
        n,
        n,
        1,
    )


def test_task_run_by_four_workers_at_once_does_each_row_once(boss):
    run = start(KEY, make_held(12), boss)

    outcomes = at_once([lambda: tasks.run_bulk(run.pk)] * 4)

    assert kinds(outcomes) == ["ok"] * 4
    assert done_once(run, 12)


def test_worker_that_dies_in_a_row_leaves_it_whole_for_the_next(boss, monkeypatch):
    run = start(KEY, make_held(5), boss)
    act, calls = running._act, []

    def die_in_the_third(*of):
        calls.append(of)
        said = act(*of)
        if len(calls) == 3:
            raise OperationalError("the connection is gone")
        return said

    monkeypatch.setattr(running, "_act", die_in_the_third)
    with pytest.raises(OperationalError):
        tasks.run_bulk(run.pk)
    assert [state for state, _said in told(run)] == ["done"] * 2 + ["waiting"] * 3

    tasks.run_bulk()

    assert done_once(run, 5)


def test_rows_worked_on_without_the_lock_of_the_run_are_done_once(boss):
    """As after a lost connection: a worker that does not know that it is alone no more."""
    run = start(KEY, make_held(6), boss)
    ids = list(run.rows.values_list("pk", flat=True))

    outcomes = at_once([lambda: [running._do(run, pk) for pk in ids]] * 3)

    assert kinds(outcomes) == ["ok"] * 3
    running.carry_out(run.pk)
    assert done_once(run, 6)


def test_two_runs_over_the_same_rows_do_each_row_once(boss):
    cases = make_held(6)
    runs = [start(KEY, cases, boss), start(KEY, cases, make_parole_supervisor())]

    at_once([lambda run=run: running.carry_out(run.pk) for run in runs])

    states = [state for run in runs for state, _said in told(run)]
    assert sorted(states) == ["done"] * 6 + ["refused"] * 6
    assert Event.objects.filter(verb="put_back").count() == 6


def test_stop_while_it_runs_leaves_every_row_either_done_or_skipped(boss):
    run = start(KEY, make_held(10), boss)

    outcomes = at_once([lambda: running.carry_out(run.pk), lambda: running.stop(run=run, by=boss)])

    assert "ok" in kinds(outcomes)
    run.refresh_from_db()
    counts = running.counts(run)
    assert counts["waiting"] == counts["refused"] == 0
    assert counts["done"] == Event.objects.filter(verb="put_back").count()
    assert run.status == ("stopped" if counts["skipped"] else "done")


def test_start_pressed_twice_at_once_makes_one_run(boss):
    choice = choose(KEY, make_held(3), boss)

    outcomes = at_once([lambda: running.start(choice=choice, by=boss)] * 4)

    assert kinds(outcomes) == ["ok"] * 4
    assert BulkRun.objects.count() == 1
    assert Event.objects.filter(verb="bulk_started").count() == 1


def test_run_another_worker_has_is_left_to_it(boss):
    run = make_run(make_held(2), by=boss)

    def work():
        with running.alone(running.LOCK, run.pk) as is_mine:
            return is_mine and at_once([lambda: running.carry_out(run.pk)])

    assert at_once([work]) == [[False]]
    assert [state for state, _said in told(run)] == ["waiting", "waiting"]
