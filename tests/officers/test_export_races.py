"""One file, made by one worker, whatever runs at once: real connections, let go at one moment."""

from pathlib import Path

import pytest
from django.conf import settings

from cbpone.audit.models import Event
from officers import tasks
from officers.exports import asking, making
from officers.exports.fetching import fetch
from officers.models import Export
from tests.breaking import change
from tests.factories import make_appointment, make_port, make_slot, make_supervisor
from tests.officers.exporting import ask, made, read_csv
from tests.race import at_once, kinds

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


@pytest.fixture
def boss(db):
    port = make_port()
    make_appointment(slot=make_slot(port))
    return make_supervisor(port)


@pytest.fixture(autouse=True)
def _no_files_left():
    for path in files():
        path.unlink()


def files() -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).glob("exports*/*") if path.is_file()]


def count(verb) -> int:
    return Event.objects.filter(verb=verb).count()


def test_task_run_by_four_workers_at_once_makes_one_file(boss):
    row = ask("appointments", boss)

    outcomes = at_once([lambda: tasks.make_export(row.pk)] * 4)
    tasks.make_export()

    assert kinds(outcomes) == ["ok"] * 4
    assert (Export.objects.get().status, len(files()), count("export_made")) == ("done", 1, 1)


def test_two_files_at_once_are_made_one_after_the_other(boss):
    rows = [ask("appointments", boss), ask("numbers", boss, "xlsx")]

    at_once([lambda row=row: making.make(row.pk) for row in rows])
    tasks.make_export()
    tasks.make_export()

    assert set(Export.objects.values_list("status", flat=True)) == {"done"}
    assert len(files()) == 2


def test_stop_while_it_is_made_leaves_a_whole_file_or_none(boss):
    row = ask("appointments", boss)

    at_once(
        [
            lambda: making.make(row.pk),
            lambda: asking.stop(export=Export.objects.get(), by=boss),
        ]
    )
    tasks.make_export()

    found = Export.objects.get()
    assert (found.status, len(files())) in [("done", 1), ("stopped", 0)]
    assert bool(found.file) == (found.status == "done")


def test_fetch_and_purge_at_once_never_give_half_a_file(boss):
    row = made("appointments", boss)

    def take():
        return b"".join(fetch(export=Export.objects.get(), by=boss))

    def purge():
        change(row, expires_at=row.asked_at)
        return making.purge()

    outcomes = at_once([take, take, take, purge])

    for outcome in outcomes[:3]:
        whole = isinstance(outcome, bytes) and len(read_csv(outcome)) == 4
        assert whole or type(outcome).__name__ == "Gone"
    assert files() == []
    assert count("export_purged") == 1


def test_two_purges_at_once_put_one_on_record(boss):
    row = made("appointments", boss)
    change(row, expires_at=row.asked_at)

    outcomes = at_once([making.purge] * 4)

    assert sorted(outcomes) == [0, 0, 0, 1]
    assert count("export_purged") == 1
