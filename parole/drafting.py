"""A supporter's request from its beginning to just before it is filed."""

from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from cbpone.accounts.models import User
from cbpone.audit.log import move, record
from cbpone.audit.verbs import Verb
from cbpone.lib import clock
from cbpone.lib.errors import NotAllowed, Refused
from cbpone.lib.references import new_reference
from cbpone.travelers.models import Traveler
from parole import references
from parole.models import Beneficiary, Carried, CoSupporter, Supporter, SupportRequest
from parole.pages import check_can_edit, hold
from parole.statuses import RequestStatus

MOST_DRAFTS = 20
MOST_LISTED = 40  # people on one list of a request
LISTS: dict[str, type[Model]] = {"others": CoSupporter, "carried": Carried}
# About the housing, which is the same for the next person; the plan is written for each anew.
HOUSING = (
    "lives", "housing_street", "housing_city", "housing_state", "housing_zip", "bedrooms",
    "occupants",
)  # fmt: skip


class TooManyDrafts(Refused):
    code = "too_many_drafts"
    sentence = _("You have %(most)s requests that are not filed. File or discard one first.")


class ListFull(Refused):
    code = "list_full"
    sentence = _("There are %(most)s people on this list already. More do not fit.")


@transaction.atomic
def start(*, by, like: SupportRequest | None = None) -> SupportRequest:
    """A new draft. What the supporter wrote about themselves before is offered again.

    A draft in which nothing was saved yet is returned instead of another one, so that pressing
    twice makes one. `like` names the earlier request to take answers from; else it is the latest.
    Refuses the draft after the twentieth with TooManyDrafts.
    """
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=by.pk)
    mine = SupportRequest.objects.of_supporter(by)
    drafts = mine.filter(status=RequestStatus.DRAFT)
    untouched = drafts.filter(pages=None).first()
    if untouched:
        return untouched
    if drafts.count() >= MOST_DRAFTS:
        raise TooManyDrafts(most=MOST_DRAFTS)
    if like and like.owner_id != by.pk:
        raise NotAllowed
    like = like or mine.exclude(supporter__surnames="", supporter__given_names="").first()
    request = SupportRequest.objects.create(
        reference=new_reference(references.REQUEST), owner=by, **_housing(like)
    )
    _offer_again(like, request)
    Beneficiary.objects.create(
        reference=new_reference(references.BENEFICIARY),
        request=request,
        written=Traveler.objects.create(),
    )
    record(Verb.REQUEST_STARTED, on=request, by=by)
    return request


def _housing(like: SupportRequest | None) -> dict[str, Any]:
    return {name: getattr(like, name) for name in HOUSING} if like else {}


def _offer_again(like: SupportRequest | None, request: SupportRequest) -> None:
    """The answers about the supporter, as a draft; each page is still to be looked at and saved."""
    if not like:
        Supporter.objects.create(request=request, email=request.owner.email)
        return
    columns = [field.attname for field in Supporter._meta.concrete_fields]
    same = {name: getattr(like.supporter, name) for name in columns} | {"request_id": request.pk}
    same.pop("id")
    Supporter.objects.create(**same)
    Carried.objects.bulk_create(
        Carried(request=request, name=row.name, form=row.form, filed_on=row.filed_on)
        for row in like.carried.all()
    )


@transaction.atomic
def add_listed(*, request: SupportRequest, kind: str, by, **values) -> Model:
    """One more person on a list of the draft. Refuses past the fortieth with ListFull."""
    hold(request)
    check_can_edit(by, request)
    model = LISTS[kind]
    if model._default_manager.filter(request=request).count() >= MOST_LISTED:
        raise ListFull(most=MOST_LISTED)
    row = model._default_manager.create(request=request, **values)
    record(Verb.PERSON_ADDED, on=row, by=by, case=request.reference)
    return row


@transaction.atomic
def remove_listed(*, request: SupportRequest, kind: str, number: int, by) -> bool:
    """Takes a person off a list again. False when somebody did so a moment ago."""
    hold(request)
    check_can_edit(by, request)
    row = LISTS[kind]._default_manager.filter(request=request, pk=number).first()
    if not row:
        return False
    record(Verb.PERSON_REMOVED, on=row, by=by, case=request.reference)
    row.delete()
    return True


@transaction.atomic
def discard(*, request: SupportRequest, by) -> SupportRequest:
    """A draft is given up. It was never filed, so nobody is told."""
    hold(request)
    check_can_edit(by, request)
    return move(
        request, to="withdrawn", verb=Verb.REQUEST_WITHDRAWN, by=by, withdrawn_at=clock.now()
    )
