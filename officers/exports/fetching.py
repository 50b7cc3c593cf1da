"""The file itself, for the one officer who asked, while it is kept."""

from collections.abc import Iterable, Iterator

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from cbpone.audit.log import record
from cbpone.audit.verbs import Verb
from cbpone.lib import clock
from cbpone.lib.errors import NotAllowed, Refused
from officers.exports import KINDS
from officers.exports.sealed import unseal_lines
from officers.models import Export
from officers.statuses import RunStatus


class Gone(Refused):
    code = "gone"
    sentence = _("This file is not kept any more. Ask for it again if you still need it.")


def is_kept(export: Export) -> bool:
    """Made, and its time is not over."""
    return export.expires_at is not None and export.expires_at > clock.now()


@transaction.atomic
def fetch(*, export: Export, by) -> Iterator[bytes]:
    """Its bytes, counted and on record. Refuses with NotAllowed and Gone."""
    if export.asked_by_id != by.pk or not KINDS[export.kind].is_for(by):
        raise NotAllowed
    kept = Export.objects.filter(
        pk=export.pk, status=RunStatus.DONE, purged_at=None, expires_at__gt=clock.now()
    )
    if not kept.update(fetched=F("fetched") + 1):
        raise Gone
    record(Verb.EXPORT_FETCHED, on=export, by=by)
    try:
        file = export.file.open("rb")
    except FileNotFoundError:  # removed a moment ago
        raise Gone
    return _bytes_of(file, str(export.reference))


def _bytes_of(file: Iterable[bytes], name: str) -> Iterator[bytes]:
    with file:  # type: ignore[attr-defined]
        yield from unseal_lines(file, name)
