from django.db import models, transaction

from cbpone.audit.models import Event
from cbpone.audit.verbs import Verb
from cbpone.lib import clock
from cbpone.lib.errors import MovedOn


def record(verb: Verb, *, on: models.Model, by=None, case="", before="", after="", note=""):
    """Put one event on record, in the transaction of whatever caused it. `by` None = the portal."""
    return Event.objects.create(
        at=clock.now(),
        verb=verb,
        model=on._meta.label_lower,
        row_id=str(on.pk),
        case=case or getattr(on, "case", ""),
        by=by if by and by.pk else None,
        before=before,
        after=after,
        note=note,
    )


@transaction.atomic
def move(row, *, to: str, verb: Verb, by=None, note="", **values):
    """The one door for a status change.

    Refuses with MovedOn when someone else moved the row since it was read; the database's own
    trigger refuses a move that the status table does not name.
    """
    before = row.status
    changed = type(row)._base_manager.filter(pk=row.pk, status=before)
    if not changed.update(status=to, **values):
        raise MovedOn
    for name, value in {"status": to, **values}.items():
        setattr(row, name, value)
    record(verb, on=row, by=by, before=before, after=to, note=note)
    return row
