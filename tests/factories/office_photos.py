"""Photos that wait for an officer, and what officers said of them, written past the rules."""

from cbpone.accounts.models import User
from cbpone.accounts.roles import PHOTO_REVIEWER
from cbpone.lib import clock
from cbpone.photos.models import Photo
from tests.factories.families import make_photo, make_registration
from tests.factories.parole import make_beneficiary
from tests.factories.people import make_officer


def make_photo_reviewer(**values) -> User:
    return make_officer(role=PHOTO_REVIEWER, **values)


def photo_facts(status="waiting", *, by=None, advice="") -> dict:
    """What the row of a photo in this status holds; `by` holds or has judged it."""
    now = clock.now()
    facts = {"status": status, "taken_by": by, "taken_at": now if by else None}
    if status != "waiting":
        facts |= {"judged_by": by or make_photo_reviewer(), "judged_at": now}
    if status == "another":
        facts["advice"] = advice or "dark"
    return facts


def make_family_photo(registration=None, *, status="waiting", by=None, advice="", **values):
    """Of the first person of a signed family."""
    registration = registration or make_registration(people=2)
    traveler = registration.people().first().traveler
    return make_photo(traveler, **photo_facts(status, by=by, advice=advice) | values)


def make_case_photo(case=None, *, status="waiting", by=None, advice="", **values) -> Photo:
    """Of somebody who has sent everything and waits for travel authorization."""
    case = case or make_beneficiary(status="ata_pending", photo=False)
    return make_photo(case.traveler, **photo_facts(status, by=by, advice=advice) | values)
