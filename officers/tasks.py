import logging

from celery import Task, shared_task
from django.db import transaction
from kombu.exceptions import OperationalError

from officers import duplicates, mass, photo_figures
from officers.bulk import running
from officers.exports import making

log = logging.getLogger(__name__)
EXPORT_SECONDS = 1800  # for one file


def wake(task: Task, row_id: int | None = None) -> None:
    """Start soon, once what is written now is committed. Without a broker the regular run does."""

    def send():
        try:
            task.apply_async([row_id], retry=False)
        except (OperationalError, OSError):
            log.warning("broker not reached; the regular run will start it")

    transaction.on_commit(send)


@shared_task(name="officers.queue_mass_messages")
def queue_mass_messages():
    mass.queue_messages()


@shared_task(name="officers.find_duplicates")
def find_duplicates():
    duplicates.find_all()


@shared_task(name="officers.run_bulk")
def run_bulk(run_id=None):
    """One run, or all that are unfinished; a long one lets other work have its turn between."""
    for pk in [run_id] if run_id else running.unfinished():
        if running.carry_out(pk):
            wake(run_bulk, pk)


@shared_task(
    name="officers.make_export",
    soft_time_limit=EXPORT_SECONDS,
    time_limit=EXPORT_SECONDS + 60,
)
def make_export(export_id=None):
    """One file, or the first that is unfinished; then the next has its turn."""
    pk = export_id or next(iter(making.unfinished()), None)
    if pk and making.make(pk) and making.unfinished():
        wake(make_export)


@shared_task(name="officers.purge_exports")
def purge_exports():
    making.purge()


@shared_task(name="officers.count_photos")
def count_photos():
    photo_figures.count_lately()


@shared_task(name="officers.watch_photos")
def watch_photos():
    photo_figures.watch()
