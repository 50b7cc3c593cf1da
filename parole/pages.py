"""Pages of both sides: saved at each Continue, kept as typed when they cannot be.

A case here is a SupportRequest (the supporter's side) or a Beneficiary (the person's own side).
"""

from typing import Any

from django.db import transaction

from cbpone.audit.log import record
from cbpone.audit.verbs import Verb
from cbpone.lib import clock
from cbpone.lib.errors import NotAllowed
from parole.models import Beneficiary, ParolePage, SupportRequest

Case = SupportRequest | Beneficiary


def hold(case: Case) -> None:
    """One change of a case at a time, on the row as it is now."""
    rows: Any = type(case)._default_manager.select_for_update(of=("self",), no_key=True)
    case.refresh_from_db(from_queryset=rows)


def check_can_edit(user, case: Case) -> None:
    """Supporters edit their own drafts; beneficiaries their own case until officers have it."""
    if isinstance(case, SupportRequest):
        may = case.owner_id == user.pk and case.is_draft
    else:
        may = case.user_id == user.pk and case.is_editable
    if not may:
        raise NotAllowed


def _of(case: Case) -> dict:
    return {"request" if isinstance(case, SupportRequest) else "beneficiary": case}


def pages_of(case: Case) -> dict[str, ParolePage]:
    return {page.key: page for page in case.pages.all()}


@transaction.atomic
def save_page(*, case: Case, key: str, by, changed=()) -> ParolePage:
    """A page was answered and its rows are written: note when, forget what was mistyped."""
    hold(case)
    check_can_edit(by, case)
    page, _new = ParolePage.objects.update_or_create(
        **_of(case),
        key=key,
        defaults={"saved_at": clock.now(), "typed": None, "typed_at": None},
    )
    record(Verb.SAVED, on=case, by=by, note=": ".join(filter(None, [key, ", ".join(changed)])))
    return page


def keep_typed(*, case: Case, key: str, typed: dict, by) -> None:
    """What was typed with a mistake in it is kept as it is, until it is mended."""
    check_can_edit(by, case)
    ParolePage.objects.update_or_create(
        **_of(case), key=key, defaults={"typed": typed, "typed_at": clock.now()}
    )
