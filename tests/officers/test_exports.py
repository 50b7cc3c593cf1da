"""Exports: who may ask for what, made once and whole, stopped, made anew, gone in time."""

import stat
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import default_storage

from cbpone.audit.models import Event
from cbpone.lib.errors import NotAllowed
from officers import tasks
from officers.exports import KINDS, asking, kinds_for, making
from officers.exports.base import Source
from officers.exports.fetching import Gone, fetch
from officers.models import Export
from tests.breaking import change
from tests.factories import (
    make_appointment,
    make_auditor,
    make_officer,
    make_parole_supervisor,
    make_port,
    make_reviewer,
    make_slot,
    make_supervisor,
)
from tests.factories.office_runs import make_export
from tests.officers.exporting import ask, bytes_of, made, read_csv, span

pytestmark = pytest.mark.django_db
ROLES = {
    make_supervisor: {"appointments", "numbers"},
    make_parole_supervisor: {"requests", "authorizations", "numbers"},
    make_auditor: {"events", "numbers"},
    make_officer: set(),
    make_reviewer: set(),
}


@pytest.fixture
def family(port):
    return make_appointment(slot=make_slot(port))


def events_of(row) -> list[tuple]:
    events = Event.objects.about(row).order_by("id")
    return list(events.values_list("verb", "by", "after", "note"))


def files() -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).glob("exports*/*") if path.is_file()]


@pytest.fixture(autouse=True)
def _no_files_left():
    for path in files():
        path.unlink()


@pytest.mark.parametrize("make", ROLES)
def test_kinds_of_each_role(make):
    user = make()

    assert {str(kind.key) for kind in kinds_for(user)} == ROLES[make]
    for key in set(KINDS) - ROLES[make]:
        with pytest.raises(NotAllowed):
            ask(key, user)
    assert not Export.objects.exists()


def test_ask_puts_who_what_and_why_on_record(supervisor, family):
    row = ask("appointments", supervisor, status="booked")

    assert (row.kind, row.format, row.reason, row.rows) == ("appointments", "csv", "A count", 3)
    assert row.values == span() | {"status": "booked"}
    assert row.status == "waiting"
    told = ("export_asked", supervisor.pk, "waiting", "appointments, csv: A count")
    assert events_of(row) == [told]


def test_ask_without_a_reason_or_for_too_many_rows_is_refused(supervisor, family, monkeypatch):
    how = {"kind": "appointments", "format": "csv", "values": span(), "by": supervisor}
    with pytest.raises(asking.WhyMissing):
        asking.ask(reason=" ", **how)
    monkeypatch.setattr(asking, "MOST_ROWS", 2)
    with pytest.raises(asking.TooManyRows):
        asking.ask(reason="A count", **how)

    assert not Export.objects.exists()


def test_make_seals_the_file_on_the_disk(supervisor, family, clock):
    row = ask("appointments", supervisor)

    tasks.make_export(row.pk)

    row.refresh_from_db()
    assert (row.status, row.rows, row.rows_done) == ("done", 3, 3)
    assert row.expires_at == clock.at + timedelta(hours=settings.EXPORT_HOURS)
    [path] = files()
    assert path == Path(default_storage.path(row.file.name))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    name = family.registration.people()[0].traveler.surnames
    assert name.encode() not in path.read_bytes()
    assert name.encode() in bytes_of(row)
    assert events_of(row)[1:] == [
        ("export_made", None, "done", "3"),
        ("export_fetched", supervisor.pk, "", ""),
    ]


def test_second_run_of_the_task_changes_nothing(supervisor, family):
    row = made("appointments", supervisor)
    before = Export.objects.values().get()

    tasks.make_export(row.pk)
    tasks.make_export()

    assert Export.objects.values().get() == before
    assert len(files()) == 1


def test_file_that_a_killed_worker_left_is_made_anew(supervisor, family):
    name = default_storage.save("exports/half", _content(b"half"))
    folder = Path(settings.MEDIA_ROOT) / "exports-in-the-making"
    folder.mkdir()
    (folder / "book").write_text("names in the open")
    row = make_export(by=supervisor, status="running", file="")
    change(row, file=name, rows_done=0, rows=3)

    tasks.make_export()

    row.refresh_from_db()
    assert (row.status, row.rows_done) == ("done", 3)
    assert [path.name for path in files()] == [Path(row.file.name).name]
    assert len(read_csv(bytes_of(row))) == 4


def _content(data: bytes):
    from django.core.files.base import ContentFile

    return ContentFile(data)


def test_tasks_make_what_waits_in_the_order_of_asking(
    supervisor, family, monkeypatch, django_capture_on_commit_callbacks
):
    first, second = ask("appointments", supervisor), ask("numbers", supervisor)
    sent = []
    monkeypatch.setattr(tasks.make_export, "apply_async", lambda args, **how: sent.append(args))

    with django_capture_on_commit_callbacks(execute=True):
        tasks.make_export()

    assert sent == [[None]]
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == ("done", "waiting")


def test_stop_of_one_that_waits_ends_it_at_once(supervisor, family):
    row = ask("appointments", supervisor)

    asking.stop(export=row, by=supervisor)
    tasks.make_export(row.pk)

    row.refresh_from_db()
    assert (row.status, row.file.name) == ("stopped", "")
    assert events_of(row)[1:] == [("export_stopped", supervisor.pk, "stopped", "")]
    with pytest.raises(asking.NotRunning):
        asking.stop(export=row, by=supervisor)


def test_stop_while_it_is_made_leaves_no_file(supervisor, family, monkeypatch):
    monkeypatch.setattr(making, "BATCH", 2)
    row = ask("appointments", supervisor)
    lines = Source.lines

    def stop_at_the_second(source):
        for number, line in enumerate(lines(source), start=1):
            if number == 2:
                running = Export.objects.get()
                assert (running.status, running.rows_done) == ("running", 0)
                asking.stop(export=running, by=supervisor)
                asking.stop(export=Export.objects.get(), by=supervisor)
            yield line

    monkeypatch.setattr(Source, "lines", stop_at_the_second)
    making.make(row.pk)

    row.refresh_from_db()
    assert (row.status, row.file.name, files()) == ("stopped", "", [])
    assert [event[0] for event in events_of(row)] == ["export_asked", "export_stopped"]


def test_progress_is_told_with_every_batch(supervisor, family, monkeypatch):
    monkeypatch.setattr(making, "BATCH", 1)
    row, seen = ask("appointments", supervisor), []
    check = making._check_goes_on

    def look(export, count):
        check(export, count)
        seen.append(Export.objects.get().rows_done)

    monkeypatch.setattr(making, "_check_goes_on", look)
    making.make(row.pk)

    assert seen == [0, 1, 2, 3]


def test_more_rows_than_were_counted_are_in_the_file(supervisor, family, monkeypatch):
    monkeypatch.setattr(making, "BATCH", 1)
    row = ask("appointments", supervisor)
    monkeypatch.setattr(making, "count_rows", lambda *of: 1)

    making.make(row.pk)

    row.refresh_from_db()
    assert (row.rows, row.rows_done) == (3, 3)


def test_officer_who_may_not_have_it_any_more_gets_no_file(supervisor, family):
    row = ask("appointments", supervisor)
    supervisor.groups.clear()

    making.make(row.pk)

    row.refresh_from_db()
    assert (row.status, row.file.name, files()) == ("failed", "", [])


def test_mistake_while_it_is_made_ends_it(supervisor, family, monkeypatch, caplog):
    row = ask("appointments", supervisor, "xlsx")
    monkeypatch.setattr("officers.exports.writing.XlsxRows.add", lambda *of: 1 / 0)

    making.make(row.pk)

    row.refresh_from_db()
    assert (row.status, row.file.name, files()) == ("failed", "", [])
    assert "could not be made" in caplog.text
    assert events_of(row)[-1] == ("export_stopped", None, "failed", "")


def test_stop_by_another_is_refused(supervisor, family, port):
    row = ask("appointments", supervisor)

    for user in (make_supervisor(port), make_auditor()):
        with pytest.raises(NotAllowed):
            asking.stop(export=row, by=user)


def test_fetch_is_counted_and_only_for_who_asked(supervisor, family, port):
    row = made("appointments", supervisor)

    for _ in range(2):
        assert len(read_csv(bytes_of(row))) == 4

    for user in (make_supervisor(port), make_auditor()):
        with pytest.raises(NotAllowed):
            fetch(export=row, by=user)
    row.refresh_from_db()
    assert row.fetched == 2
    assert Event.objects.filter(verb="export_fetched").count() == 2


def test_fetch_by_an_officer_without_the_permission_any_more_is_refused(supervisor, family):
    row = made("appointments", supervisor)
    supervisor.groups.clear()

    with pytest.raises(NotAllowed):
        fetch(export=row, by=type(supervisor).objects.get(pk=supervisor.pk))


def test_file_is_gone_when_its_time_is_over(supervisor, family, clock):
    row = made("appointments", supervisor)

    clock.forward(hours=settings.EXPORT_HOURS, seconds=-1)
    tasks.purge_exports()
    bytes_of(row)
    clock.forward(seconds=1)

    with pytest.raises(Gone):
        fetch(export=row, by=supervisor)
    assert len(files()) == 1


def test_purge_removes_files_whose_time_is_over_once(supervisor, family, clock):
    row = made("appointments", supervisor)
    clock.forward(hours=settings.EXPORT_HOURS)
    kept = made("appointments", supervisor)

    assert [making.purge(), making.purge()] == [1, 0]

    row.refresh_from_db()
    assert (row.file.name, row.purged_at, row.status) == ("", clock.at, "done")
    assert files() == [Path(default_storage.path(kept.file.name))]
    assert events_of(row)[-1] == ("export_purged", None, "", "")


def test_exports_are_seen_by_their_officer_supervisors_and_auditors(supervisor, family, port):
    row = ask("appointments", supervisor)

    def seen(user):
        return list(asking.exports_visible_to(user))

    for user in (supervisor, make_supervisor(make_port("laredo")), make_parole_supervisor()):
        assert seen(user) == [row]
    assert seen(make_auditor()) == [row]
    assert seen(make_officer(port)) == []
