"""Looks outside the scope, conflicts of interest and deliveries, written past the rules."""

from datetime import date, timedelta

from django.conf import settings

from cbpone.audit.models import Access, Conflict
from cbpone.lib import clock
from cbpone.notifications.models import Delivery
from cbpone.notifications.outbox import notify
from tests.breaking import change
from tests.factories.families import make_registration
from tests.factories.people import make_officer
from tests.factories.places import make_port


def make_access(officer=None, case="", *, judged_by=None, **values) -> Access:
    """A look of now, open for as long as looks are; judged as needed when somebody judged it."""
    now = values.get("opened_at") or clock.now()
    done = {"verdict": "needed", "judged_by": judged_by, "judged_at": now} if judged_by else {}
    return Access.objects.create(
        **{
            "officer": officer or make_officer(make_port()),
            "case": case or make_registration().reference,
            "reason": "The family stands at our port.",
            "opened_at": now,
            "until": now + timedelta(hours=settings.ACCESS_HOURS),
        }
        | done
        | values
    )


def make_conflict(officer=None, *, case="", name="", ended_by=None, **values) -> Conflict:
    """A declared case, a declared relative when a name is given; ended when somebody ended it."""
    person = {"name": name, "plain_name": name.lower(), "case": case}
    person["birth_date"] = date(1994, 3, 21)
    number = {"case": case or make_registration(complete=False).reference}
    ended = {"ended_by": ended_by, "ended_at": clock.now()} if ended_by else {}
    return Conflict.objects.create(
        **{
            "officer": officer or make_officer(),
            "relation": "family",
            "declared_at": clock.now(),
        }
        | (person if name else number)
        | ended
        | values
    )


def make_delivery(registration=None, *, status="failed", **values) -> Delivery:
    """The e-mail that tells a family it is registered, with what became of it."""
    row = registration or make_registration()
    delivery = notify(user=row.owner, template="registered", about=row).deliveries.get()
    facts = {"sent": {"sent_at": clock.now()}, "failed": {"attempts": 9}}.get(status, {})
    change(delivery, status=status, **facts | values)
    delivery.refresh_from_db()
    return delivery
