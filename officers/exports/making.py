"""The worker's side: rows into a sealed file. A worker that is killed leaves nothing half made."""

import logging
import shutil
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q
from django.db.models.functions import Least
from django.utils import translation

from cbpone.audit.log import move, record
from cbpone.audit.verbs import Verb
from cbpone.lib import clock
from cbpone.lib.errors import NotAllowed, Refused
from officers.alone import alone
from officers.exports import KINDS
from officers.exports.asking import OPEN, count_rows
from officers.exports.base import BATCH
from officers.exports.sealed import Sealer
from officers.exports.writing import rows_as
from officers.models import Export
from officers.statuses import RunStatus

log = logging.getLogger(__name__)
LOCK = "exports"


class Stopped(Exception):
    """Somebody asked to stop this file while it was made."""


def unfinished() -> list[int]:
    """What waits to be made, and what a worker that died has left, in the order of asking."""
    return list(Export.objects.filter(status__in=OPEN).order_by("pk").values_list("pk", flat=True))


def make(export_id: int) -> bool:
    """Make one file anew from its first row. A second run of a finished one changes nothing.

    One file at a time in the whole portal, so that the other workers stay free for other work.
    False: another worker makes one now, or this one is over.
    """
    with alone(LOCK) as is_mine:
        export = _begin(export_id) if is_mine else None
        if export is None:
            return False
        try:
            _make(export)
        except Stopped:
            _give_up(export, RunStatus.STOPPED)
        except (OperationalError, InterfaceError):  # another run makes it
            raise
        except Refused:  # the officer may not have it any more
            _give_up(export, RunStatus.FAILED)
        except Exception:
            log.exception("export %s could not be made", export.pk)
            _give_up(export, RunStatus.FAILED)
    return True


@transaction.atomic
def _begin(export_id: int) -> Export | None:
    """Not through `move`: that a worker began is nobody's deed. What one has left is removed."""
    rows = Export.objects.select_for_update(no_key=True, of=("self",))
    export = rows.filter(pk=export_id, status__in=OPEN).first()
    if export is None:
        return None
    export.file.delete(save=False)
    export.status, export.rows_done = RunStatus.RUNNING, 0
    export.file = f"exports/{uuid.uuid4().hex}"  # known before it is written, so never lost
    export.save(update_fields=["status", "rows_done", "file"])
    return export


def _make(export: Export) -> None:
    kind, user = KINDS[export.kind], export.asked_by
    if not kind.is_for(user):
        raise NotAllowed
    Export.objects.filter(pk=export.pk).update(rows=count_rows(kind, user, export.values))
    _check_goes_on(export, 0)
    with _folder() as folder, translation.override(user.language or settings.LANGUAGE_CODE):
        sealed = folder / "sealed"
        rows = _write(export, kind, sealed)
        with sealed.open("rb") as made:
            default_storage.save(export.file.name, File(made))
    now = clock.now()
    move(
        export,
        to=RunStatus.DONE,
        verb=Verb.EXPORT_MADE,
        note=str(rows),
        rows=rows,
        rows_done=rows,
        ended_at=now,
        expires_at=now + timedelta(hours=settings.EXPORT_HOURS),
    )


@contextmanager
def _folder() -> Iterator[Path]:
    """For this one file. What a killed worker has left there in the open goes first."""
    folder = Path(default_storage.path("exports-in-the-making"))
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _write(export: Export, kind, path: Path) -> int:
    """Returns how many rows there were, the line of titles not among them."""
    count = 0
    with path.open("xb") as file, closing(Sealer(file, str(export.reference))) as sealer:
        rows = rows_as(export.format, sealer, path.parent)
        rows.add([str(title) for title in kind.columns])
        for source in kind.sources(export.asked_by, export.values):
            for line in source.lines():
                rows.add(line)
                count += 1
                if not count % BATCH:
                    _check_goes_on(export, count)
        rows.close()
    return count


def _check_goes_on(export: Export, count: int) -> None:
    """Tells how far it has come; rows may have been added since they were counted."""
    still = Export.objects.filter(pk=export.pk, status=RunStatus.RUNNING, stop_asked_at=None)
    if not still.update(rows_done=Least(count, "rows")):
        raise Stopped


def _give_up(export: Export, status: RunStatus) -> None:
    export.file.delete(save=False)
    who = export.asked_by if status == RunStatus.STOPPED else None
    move(export, to=status, verb=Verb.EXPORT_STOPPED, by=who, file="", ended_at=clock.now())


def purge() -> int:
    """Removes the files whose time is over. Returns how many; a second run finds none."""
    over = Export.objects.filter(purged_at=None, expires_at__lte=clock.now())
    return sum(_purge(export) for export in over.order_by("expires_at"))


@transaction.atomic
def _purge(export: Export) -> bool:
    export.file.delete(save=False)  # first, so that a row without a file is true
    waiting = Export.objects.filter(~Q(file=""), pk=export.pk, purged_at=None)
    if not waiting.update(file="", purged_at=clock.now()):
        return False
    record(Verb.EXPORT_PURGED, on=export)
    return True
