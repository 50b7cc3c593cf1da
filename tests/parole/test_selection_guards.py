"""What may happen while a selection runs: withdrawals, other quotas, other runs, broken lines."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from cbpone.audit.models import Event
from cbpone.notifications.models import Message
from parole import selection
from parole.models import DrawSeed, MonthlyCap, Selection, SupportRequest
from parole.recomputing import recompute
from parole.selection import select_cases
from tests.facts import events, told
from tests.parole.selecting import DAY, chosen, commit, make_waiting, quota, utc
from tests.race import at_once, kinds

pytestmark = pytest.mark.django_db


@pytest.fixture
def morning(clock):
    """06:30 in Washington on the last day of June 2026; the seed was committed to on the 29th."""
    clock.at = utc(2026, 6, 29, 15)
    commit(DAY)
    clock.at = utc(2026, 6, 30, 10, 30)
    return clock


def text_of(file) -> str:
    with file.open() as stored:
        return stored.read().decode()


# --- Withdrawn meanwhile ------------------------------------------------------------------


def test_select_cases_withdrawn_after_the_freeze_stays_withdrawn(morning, monkeypatch):
    """The result stays what the seed says, and keeps the place; the request is left alone."""
    quota(2)
    gone, other = make_waiting(), make_waiting()
    frozen = selection.freeze

    def freeze_then_withdraw():
        pool = frozen()
        SupportRequest.objects.filter(pk=gone.pk).update(
            status="withdrawn", withdrawn_at=morning.at
        )
        return pool

    monkeypatch.setattr(selection, "freeze", freeze_then_withdraw)
    made = select_cases()

    gone.refresh_from_db()
    assert (gone.status, gone.selection, gone.picked) == ("withdrawn", None, "")
    assert events(gone) == []
    assert told(gone.owner) == []
    assert chosen() == [(other.filing_number, "draw")]
    assert (made.in_order, made.drawn) == (1, 1)
    assert f"\n1 order {gone.filing_number}\n" in text_of(made.result)
    assert MonthlyCap.objects.get(process=None).selected == 2
    assert Event.objects.get(verb="selection_ran").note.endswith("1 withdrawn meanwhile")
    found = recompute(made)
    assert (found.differs, found.missing) == ([], 1)


# --- Undone as a whole --------------------------------------------------------------------


def test_select_cases_quota_lowered_meanwhile_undoes_everything(morning, monkeypatch):
    cap = quota(4)
    rows = [make_waiting() for _ in range(4)]
    frozen = selection.freeze

    def freeze_then_lower():
        MonthlyCap.objects.filter(pk=cap.pk).update(quota=3)
        return frozen()

    monkeypatch.setattr(selection, "freeze", freeze_then_lower)
    with pytest.raises(IntegrityError, match="quota_never_passed"):
        select_cases()

    assert not Selection.objects.exists()
    assert {SupportRequest.objects.get(pk=row.pk).status for row in rows} == {"pending"}
    assert not Message.objects.exists()


def test_select_cases_undone_leaves_no_file(morning, monkeypatch, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    quota(4)
    make_waiting()

    def fail(*_):
        raise RuntimeError("the line broke")

    monkeypatch.setattr(selection, "_take_places", fail)
    with pytest.raises(RuntimeError, match="the line broke"):
        select_cases()

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


# --- At once ------------------------------------------------------------------------------


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_select_cases_at_once_runs_once(morning):
    quota(6)
    for _ in range(9):
        make_waiting()

    outcomes = at_once([select_cases] * 6)

    assert kinds(outcomes) == ["ok"] * 6
    assert len([one for one in outcomes if one]) == 1
    assert Selection.objects.count() == 1
    assert DrawSeed.objects.filter(day=DAY + timedelta(days=1)).count() == 1
    assert Event.objects.filter(verb="seed_committed").count() == 1
    assert len(chosen()) == 6
    assert MonthlyCap.objects.get(month=DAY.replace(day=1)).selected == 6
    assert Message.objects.count() == 6


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_select_cases_and_withdrawals_at_once_agree(morning):
    """Whoever withdraws first stays out; whoever was chosen first is withdrawn from review."""
    quota(8)
    rows = [make_waiting() for _ in range(8)]

    def withdraw(row):
        def run():
            return SupportRequest.objects.filter(pk=row.pk).update(
                status="withdrawn", withdrawn_at=morning.at
            )

        return run

    outcomes = at_once([select_cases, *(withdraw(row) for row in rows[:4])])

    assert kinds(outcomes) == ["ok"] * 5
    made = Selection.objects.get()
    found = recompute(made)
    assert found.differs == []
    assert SupportRequest.objects.filter(status="withdrawn").count() == 4
    moved = SupportRequest.objects.filter(selection=made).count()
    assert Event.objects.filter(verb="selected").count() == Message.objects.count() == moved
