"""Words and rows that tests of reviews share."""

from cbpone.lib import clock
from parole.choices import REASONS
from parole.models import Decision, Flag, SupportRequest
from parole.review import propose
from tests.facts import events, told

LETTER = "Hello Paul,\n\nwe read your request. “Ñandú” & <b>all</b>.\n\nThe officers"
OPEN = ["selected", "more_info", "fingerprints", "fraud_hold"]
CLOSED = ["pending", "confirmed", "not_confirmed", "withdrawn"]


def make_flag(request, signal="serial", verdict="", by=None, **values) -> Flag:
    if verdict:
        values |= {"verdict": verdict, "note": "Seen", "judged_by": by, "judged_at": clock.now()}
    return Flag.objects.create(request=request, signal=signal, **values)


def decide(request, outcome, by, **values) -> Decision:
    values = {"reason": REASONS[outcome][0], "letter": LETTER, "note": ""} | values
    return propose(request=request, outcome=outcome, by=by, **values)


def untouched(request) -> bool:
    """As the database has it: same state, nothing decided, nothing told, nothing on record."""
    row = SupportRequest.objects.get(pk=request.pk)
    same = (row.status, row.taken_by_id) == (request.status, request.taken_by_id)
    return same and not row.decisions.exists() and told(row.owner) == events(row) == []
