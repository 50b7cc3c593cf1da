"""Rows an officer has chosen for an action, kept until it is confirmed or two hours are over."""

import uuid
from dataclasses import asdict, dataclass, field

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from cbpone.lib.errors import NotAllowed, Refused
from officers.bulk import ACTIONS
from officers.bulk.base import BulkAction

KEPT_SECONDS = 2 * 3600
MOST = 5_000


class NothingChosen(Refused):
    code = "nothing_chosen"
    sentence = _("No row is chosen. Choose at least one.")


class TooManyChosen(Refused):
    code = "too_many_chosen"
    sentence = _("That is more than 5,000 rows. Choose fewer, or narrow the list.")


@dataclass
class Choice:
    """`values` are None until the form was answered. The run that follows has `reference` too."""

    reference: uuid.UUID
    action_key: str
    user: int
    ids: list[int]
    values: dict | None = field(default=None)

    @property
    def action(self) -> BulkAction:
        return ACTIONS[self.action_key]


def _name(reference) -> str:
    return f"bulk:{reference}"


def _keep(choice: Choice) -> None:
    cache.set(_name(choice.reference), asdict(choice), KEPT_SECONDS)


def choose(*, action: BulkAction, rows, by) -> Choice:
    """Keeps which rows it is to be. Refuses with NotAllowed, NothingChosen and TooManyChosen."""
    if not action.is_for(by):
        raise NotAllowed
    ids = list(rows.order_by("pk").values_list("pk", flat=True).distinct()[: MOST + 1])
    if not ids:
        raise NothingChosen
    if len(ids) > MOST:
        raise TooManyChosen
    choice = Choice(uuid.uuid4(), action.key, by.pk, ids)
    _keep(choice)
    return choice


def read(reference, *, by) -> Choice | None:
    """The officer's own choice, as long as it is kept and the action is for them."""
    kept = cache.get(_name(reference))
    if kept is None or kept["user"] != by.pk:
        return None
    choice = Choice(**kept)
    return choice if choice.action.is_for(by) else None


def answer(choice: Choice, values: dict) -> None:
    choice.values = values
    _keep(choice)


def rows_of(choice: Choice, *, by):
    """The chosen rows that the officer may still see, in the order of their numbers."""
    return choice.action.rows(by).filter(pk__in=choice.ids).order_by("pk")
