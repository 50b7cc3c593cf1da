"""What was done with a case, as the person reads it whose case it is. Officers have no name."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from cbpone.audit.models import Event
from cbpone.audit.verbs import Verb

MOST = 200


@dataclass
class Told:
    at: datetime
    who: str
    what: str
    note: str


def history_of(
    reference: str, verbs: Collection, *, reader, title_of: Callable[[str], str], supporter=None
) -> list[Told]:
    """The newest first. `supporter` is the key of the account that may act beside the reader."""
    events = Event.objects.of_case(reference).filter(verb__in=verbs).order_by("-id")[:MOST]
    names = {supporter: _("Your supporter"), reader.pk: _("You"), None: _("The portal")}
    return [
        Told(
            event.at,
            names.get(event.by_id, _("An officer")),
            str(event.get_verb_display()),
            title_of(event.note.split(":")[0]) if event.verb == Verb.SAVED else "",
        )
        for event in events
    ]
