"""Drafts that could be filed, for tests of what a supporter does."""

from cbpone.lib import clock
from parole.dossier import NEEDED
from parole.models import ParolePage, SupportRequest
from tests.factories import make_request


def make_ready(owner=None, **values) -> SupportRequest:
    """A draft with every answer, each page saved."""
    request = make_request(owner, **values)
    save_all(request)
    return request


def save_all(request, *more) -> None:
    ParolePage.objects.bulk_create(
        ParolePage(request=request, key=key, saved_at=clock.now()) for key in (*NEEDED, *more)
    )
