"""The whole log, for those who check the work of the office: what to show of it, page by page."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Q

from cbpone.accounts.models import User
from cbpone.audit.models import Event
from cbpone.audit.verbs import Verb
from cbpone.lib.keys import read_key
from cbpone.lib.references import read_reference

READ = "audit.view_seal"
ROWS = 50
PORTAL = "portal"  # what it did by itself
CASES = ("R", "S", "B", "W")
OURS = ("cbpone", "scheduling", "parole", "officers")


def may_read(user) -> bool:
    return user.has_perm("audit.view_event") and user.has_perm(READ)


def kinds() -> dict[str, str]:
    """Every kind of row that events are about, by its code in the log."""
    ours = [one for one in apps.get_models() if one.__module__.startswith(OURS)]
    named = {one._meta.label_lower: str(one._meta.verbose_name) for one in ours}
    return dict(sorted(named.items(), key=lambda pair: pair[1]))


def read_case(text: str) -> str:
    """A case number as it was meant, or nothing."""
    found = (read_reference(text, kind) for kind in CASES)
    return next((number for number in found if number), "")


def read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@dataclass
class Chosen:
    """Which events. Days are those of UTC, both included; `before` is the last one seen."""

    who: User | None = None
    by_portal: bool = False
    verb: str = ""
    case: str = ""
    kind: str = ""
    first: date | None = None
    last: date | None = None
    before: int | None = None

    @classmethod
    def read(cls, asked) -> "Chosen":
        """From an address; what cannot be read is left out."""
        who = asked.get("who", "")
        verb, kind = asked.get("verb", ""), asked.get("kind", "")
        return cls(
            who=_user(who),
            by_portal=who == PORTAL,
            verb=verb if verb in Verb.values else "",
            case=read_case(asked.get("case", "")),
            kind=kind if kind in kinds() else "",
            first=read_day(asked.get("from", "")),
            last=read_day(asked.get("until", "")),
            before=read_key(asked.get("before", "")),
        )

    def asked(self) -> dict[str, str]:
        """The same as an address. People stand there by a number that tells nothing."""
        found: dict[str, Any] = {
            "who": PORTAL if self.by_portal else self.who and self.who.reference,
            "verb": self.verb,
            "case": self.case,
            "kind": self.kind,
            "from": self.first,
            "until": self.last,
        }
        return {name: str(value) for name, value in found.items() if value}

    def rows(self):
        """Newest first by number. With days, by time: the index of times finds them at once."""
        rows = Event.objects.select_related("by").filter(**self._wanted())
        if not (self.first or self.last):
            return (rows.filter(id__lt=self.before) if self.before else rows).order_by("-id")
        rows = rows.order_by("-at", "-id")
        seen = self.before and Event.objects.filter(id=self.before).first()
        if seen:
            rows = rows.filter(Q(at__lt=seen.at) | Q(id__lt=seen.id), at__lte=seen.at)
        return rows

    def _wanted(self) -> dict[str, Any]:
        named = {"by": self.who, "verb": self.verb, "case": self.case, "model": self.kind}
        wanted: dict[str, Any] = {name: value for name, value in named.items() if value}
        if self.by_portal:
            wanted["by"] = None
        if self.first:
            wanted["at__gte"] = datetime.combine(self.first, time(), tzinfo=UTC)
        if self.last and self.last < date.max:
            wanted["at__lt"] = datetime.combine(self.last, time(), tzinfo=UTC) + timedelta(days=1)
        return wanted


def _user(reference: str) -> User | None:
    try:
        return User.objects.filter(reference=UUID(reference)).first()
    except ValueError:
        return None
