"""Bulk runs: chosen rows, each through its rule, stopped, resumed, reported."""

from dataclasses import replace

import pytest

from cbpone.audit.models import Event
from cbpone.lib.errors import NotAllowed
from officers import tasks
from officers.bulk import ACTIONS, choosing, running
from officers.models import BulkRun
from parole.models import SupportRequest
from tests.breaking import change
from tests.factories import (
    make_auditor,
    make_parole_supervisor,
    make_request,
    make_reviewer,
    make_supervisor,
)
from tests.factories.office_runs import make_run
from tests.officers.bulking import choose, start, told

pytestmark = pytest.mark.django_db
PUT_BACK = "put_back_reviews"


@pytest.fixture
def boss(db):
    return make_parole_supervisor()


@pytest.fixture
def held(db):
    """Three cases that one reviewer holds."""
    reviewer = make_reviewer()
    return [make_request(status="selected", taken_by=reviewer) for _ in range(3)]


def put_back_events() -> int:
    return Event.objects.filter(verb="put_back").count()


def run_events(run) -> list[tuple]:
    rows = Event.objects.about(run).order_by("id")
    return list(rows.values_list("verb", "by", "after", "note"))


def test_run_puts_every_row_through_the_rule_as_its_officer(boss, held):
    run = start(PUT_BACK, held, boss)

    assert not running.carry_out(run.pk)

    assert told(run) == [("done", "")] * 3
    assert not SupportRequest.objects.exclude(taken_by=None).exists()
    events = Event.objects.filter(verb="put_back").values_list("by", "note")
    assert list(events) == [(boss.pk, "They are ill")] * 3
    run.refresh_from_db()
    assert run.status == "done"
    assert run_events(run) == [
        ("bulk_started", boss.pk, "waiting", "put_back_reviews, 3: They are ill"),
        ("bulk_ended", None, "done", "done 3"),
    ]


def test_run_keeps_the_sentence_of_a_refused_row_and_goes_on(boss, held):
    change(held[1], taken_by=None, taken_at=None)
    run = start(PUT_BACK, held, boss)

    running.carry_out(run.pk)

    assert [state for state, _said in told(run)] == ["done", "refused", "done"]
    assert "Another officer has this case, or nobody." in told(run)[1][1]
    assert running.counts(run) == {"waiting": 0, "done": 2, "refused": 1, "skipped": 0}
    assert BulkRun.objects.get().status == "done"


def test_second_run_of_the_task_changes_nothing(boss, held):
    run = start(PUT_BACK, held, boss)

    tasks.run_bulk(run.pk)
    tasks.run_bulk(run.pk)
    tasks.run_bulk()

    assert put_back_events() == 3
    assert Event.objects.filter(verb="bulk_ended").count() == 1


def test_run_that_a_worker_left_goes_on_with_the_rows_that_wait(boss, held):
    run = make_run(held, by=boss, status="running")
    change(run.rows.first(), status="done")

    tasks.run_bulk()

    assert told(run) == [("done", "")] * 3
    assert put_back_events() == 2
    run.refresh_from_db()
    assert run.status == "done"


def test_stop_skips_what_has_not_begun(boss, held, monkeypatch):
    run = start(PUT_BACK, held, boss)
    do = running._do

    def stop_after_the_first(*args):
        do(*args)
        running.stop(run=run, by=boss)

    monkeypatch.setattr(running, "_do", stop_after_the_first)
    running.carry_out(run.pk)

    assert told(run) == [("done", ""), ("skipped", ""), ("skipped", "")]
    run.refresh_from_db()
    assert run.status == "stopped"
    assert [row[0] for row in run_events(run)] == ["bulk_started", "bulk_stopped", "bulk_ended"]
    assert run_events(run)[-1][3] == "done 1, skipped 2"


def test_stop_before_it_begins_does_no_row(boss, held):
    run = start(PUT_BACK, held, boss)

    running.stop(run=run, by=boss)
    running.stop(run=run, by=boss)
    running.carry_out(run.pk)

    assert [state for state, _said in told(run)] == ["skipped"] * 3
    assert put_back_events() == 0
    assert Event.objects.filter(verb="bulk_stopped").count() == 1


def test_stop_after_the_last_row_changes_nothing(boss, held):
    run = start(PUT_BACK, held, boss)
    running.carry_out(run.pk)

    with pytest.raises(running.OverAlready):
        running.stop(run=run, by=boss)

    assert BulkRun.objects.get().stop_asked_at is None


def test_stop_by_somebody_who_may_not_run_it_is_refused(boss, held, supervisor):
    run = start(PUT_BACK, held, boss)

    for user in (supervisor, make_reviewer(), make_auditor()):
        with pytest.raises(NotAllowed):
            running.stop(run=run, by=user)

    assert running.can_stop(make_parole_supervisor(), run)


@pytest.mark.parametrize("loss", ["inactive", "no officer", "no role"])
def test_rows_are_refused_once_the_officer_may_not_do_it_any_more(boss, held, loss):
    run = start(PUT_BACK, held, boss)
    if loss == "no role":
        boss.groups.clear()
    else:
        change(boss, **({"is_active": False} if loss == "inactive" else {"is_staff": False}))

    running.carry_out(run.pk)

    assert told(run) == [("refused", "Your account is not allowed to do this.")] * 3
    assert put_back_events() == 0


def test_row_out_of_sight_is_refused(boss):
    run = make_run([make_request()], by=boss)  # a draft, which no officer sees

    running.carry_out(run.pk)

    assert told(run) == [("refused", "This is not among what you may work on any more.")]


def test_mistake_in_one_row_leaves_the_others_to_be_done(boss, held, monkeypatch, caplog):
    run = start(PUT_BACK, held, boss)
    act = ACTIONS[PUT_BACK].act

    def stumble(row, values, by):
        act(row, values, by)
        if row.pk == held[0].pk:
            raise ZeroDivisionError

    monkeypatch.setitem(ACTIONS, PUT_BACK, replace(ACTIONS[PUT_BACK], act=stumble))
    running.carry_out(run.pk)

    assert [state for state, _said in told(run)] == ["refused", "done", "done"]
    assert told(run)[0][1] == str(running.MISTAKE)
    held[0].refresh_from_db()
    assert held[0].taken_by is not None
    assert "was left as it is" in caplog.text


def test_action_that_is_offered_no_more_refuses_every_row(boss, held):
    run = make_run(held, by=boss, action="set_on_fire")

    running.carry_out(run.pk)

    assert told(run) == [("refused", "This action does not exist any more.")] * 3


def test_long_run_lets_other_work_have_its_turn_and_goes_on(boss, held):
    run = start(PUT_BACK, held, boss)

    assert running.carry_out(run.pk, seconds=0)
    assert [state for state, _said in told(run)] == ["waiting"] * 3

    assert not running.carry_out(run.pk)
    assert told(run) == [("done", "")] * 3


def test_task_calls_itself_again_for_what_is_left(
    boss, held, monkeypatch, django_capture_on_commit_callbacks
):
    run, sent = start(PUT_BACK, held, boss), []
    monkeypatch.setattr(running, "carry_out", lambda pk: True)
    monkeypatch.setattr(tasks.run_bulk, "apply_async", lambda args, **how: sent.append(args))

    with django_capture_on_commit_callbacks(execute=True):
        tasks.run_bulk(run.pk)

    assert sent == [[run.pk]]


def test_broker_that_is_away_stops_nothing(monkeypatch, caplog, django_capture_on_commit_callbacks):
    def fail(*args, **how):
        raise OSError

    monkeypatch.setattr(tasks.run_bulk, "apply_async", fail)
    with django_capture_on_commit_callbacks(execute=True):
        tasks.wake(tasks.run_bulk, 1)

    assert "the regular run will start it" in caplog.text


def test_start_twice_gives_one_run(boss, held):
    choice = choose(PUT_BACK, held, boss)

    runs = [running.start(choice=choice, by=boss) for _ in range(2)]

    assert runs[0] == runs[1] == BulkRun.objects.get()
    assert Event.objects.filter(verb="bulk_started").count() == 1


def test_start_leaves_out_rows_the_officer_does_not_see(boss, held):
    own = make_request(boss, status="selected", taken_by=make_reviewer())

    run = start(PUT_BACK, [*held, own], boss)

    assert set(run.rows.values_list("label", flat=True)) == {row.reference for row in held}


def test_start_when_no_row_is_left_is_refused(boss):
    draft = make_request()

    with pytest.raises(choosing.NothingChosen):
        start(PUT_BACK, [draft], boss)

    assert not BulkRun.objects.exists()


def test_start_by_an_officer_without_the_permission_is_refused(boss, held):
    choice = choose(PUT_BACK, held, boss)

    for user in (make_reviewer(), make_supervisor(), make_auditor()):
        with pytest.raises(NotAllowed):
            running.start(choice=choice, by=user)

    assert not BulkRun.objects.exists()


def test_choose_nothing_or_too_many_is_refused(boss, held, monkeypatch):
    with pytest.raises(choosing.NothingChosen):
        choose(PUT_BACK, [], boss)
    monkeypatch.setattr(choosing, "MOST", 2)
    with pytest.raises(choosing.TooManyChosen):
        choose(PUT_BACK, held, boss)


def test_choice_is_kept_for_its_officer_alone(boss, held):
    choice = choose(PUT_BACK, held, boss)

    assert choosing.read(choice.reference, by=boss) == choice
    assert choosing.read(choice.reference, by=make_parole_supervisor()) is None
    boss.groups.clear()
    assert choosing.read(choice.reference, by=type(boss).objects.get(pk=boss.pk)) is None


def test_runs_are_seen_by_their_officer_by_who_may_run_the_same_and_by_auditors(boss, held, port):
    mine, other = start(PUT_BACK, held, boss), make_run(action="move_families")

    def seen(user):
        return set(running.runs_visible_to(user))

    assert seen(boss) == seen(make_parole_supervisor()) == {mine}
    assert seen(make_supervisor(port)) == {other}
    assert seen(make_auditor()) == {mine, other}
    assert seen(make_reviewer()) == set()
