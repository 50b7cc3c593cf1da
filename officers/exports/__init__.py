"""Files that officers take out: what of, for whom, and with which rows."""

from officers.exports import appointments, authorizations, events, numbers, requests
from officers.exports.base import Kind

KINDS: dict[str, Kind] = {
    str(part.KIND.key): part.KIND
    for part in (appointments, requests, authorizations, events, numbers)
}


def kinds_for(user) -> list[Kind]:
    return [kind for kind in KINDS.values() if kind.is_for(user)]
