"""What every bulk action answers. A row goes through the rule that its own page calls."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cbpone.audit import holding
from cbpone.lib.errors import Refused
from cbpone.lib.forms import AskingForm
from cbpone.lib.summary import Line
from officers.queues import Queue, by_key

RUN = "officers.run_bulk"


class HasItAlready(Refused):
    code = "has_it_already"
    sentence = _("That officer has it already.")


class NobodyHasIt(Refused):
    code = "nobody_has_it"
    sentence = _("Nobody has it. It waits for the next officer already.")


class ReasonForm(AskingForm, forms.Form):
    """What is asked before an action runs; `values` are the answers but for the reason."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=200,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("It stays on record with every row."),
        error_messages={"required": _("Write why. It stays on record.")},
    )
    needed: tuple[str, ...] = ("reason",)

    def __init__(self, *args, by, **kwargs):
        self.by = by
        super().__init__(*args, **kwargs)

    @classmethod
    def described(cls, values: dict) -> list[Line]:
        return []


@dataclass(frozen=True)
class BulkAction:
    """`rows(user)` is what the officer may choose among, `offered(user)` what it is meant for.

    `check(row, values, by)` refuses what `act(row, values, by)` would refuse, changes nothing, and
    may say in words what will happen. `values` are the answers of the form, with the reason.
    """

    key: str
    title: Any  # lazy
    all_of: Any  # lazy: what `offered` is, in words
    permissions: tuple[str, ...]
    rows: Callable[[Any], Any]
    offered: Callable[[Any], Any]
    check: Callable[[Any, dict, Any], str | None]
    act: Callable[[Any, dict, Any], Any]
    label: Callable[[Any], str] = str
    form: type[ReasonForm] = ReasonForm
    page: str = ""  # name of the page of a row, found by its label

    def is_for(self, user) -> bool:
        works = user.is_active and user.is_staff
        return works and user.has_perms((RUN, *self.permissions))

    def foresee(self, row, values: dict, by) -> tuple[bool, str]:
        """Whether it would be done now; and what will happen, or the sentence of the refusal."""
        try:
            return True, self.check(row, values, by) or ""
        except Refused as refusal:
            return False, str(refusal)


# --- Giving work to another officer -------------------------------------------------------


def officers_with(permission: str):
    """Everybody who works in the back office and may do this, by name."""
    app, codename = permission.split(".")
    of = {"content_type__app_label": app, "codename": codename}
    by_group = Q(**{f"groups__permissions__{name}": value for name, value in of.items()})
    by_name = Q(**{f"user_permissions__{name}": value for name, value in of.items()})
    working = get_user_model().objects.filter(is_active=True, is_staff=True)
    return working.filter(by_group | by_name).distinct().order_by("name", "email")


class AssignForm(ReasonForm):
    """To whom, among those who do this kind of work."""

    to = forms.ChoiceField(label=_("Officer who gets the work"))
    needed = ("to", "reason")
    field_order = ["to", "reason"]
    permission = ""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        people = [(str(one.reference), str(one)) for one in officers_with(self.permission)]
        self.fields["to"].choices = [("", _("Choose")), *people]

    @classmethod
    def described(cls, values: dict) -> list[Line]:
        return [Line(str(cls.base_fields["to"].label), str(officer_of(values)))]


def assign_form(permission: str) -> type[AssignForm]:
    return type("AssignForm", (AssignForm,), {"permission": permission})


def officer_of(values: dict):
    return get_user_model().objects.get(reference=values["to"])


def _queue(key: str) -> Queue:
    found = by_key(key)
    if found is None:
        raise LookupError(key)
    return found


def check_reassign(queue: str, row, values: dict, by) -> None:
    """What the queue of this key would refuse, and giving a row to who has it."""
    to = officer_of(values)
    if row.taken_by_id == to.pk:
        raise HasItAlready
    if not to.is_active or not _queue(queue).may_take(to, row):
        raise holding.CannotTake


def reassign(queue: str, row, values: dict, by) -> None:
    check_reassign(queue, row, values, by)
    _queue(queue).reassign(row, to=officer_of(values), reason=values["reason"], by=by)


def check_put_back(row, values: dict, by) -> None:
    """For queues that have no rule of their own about it."""
    if row.taken_by_id is None:
        raise NobodyHasIt
    if not by.has_perm(holding.ASSIGN):
        holding.check_holds(by, row)


def put_back(row, values: dict, by) -> None:
    check_put_back(row, values, by)
    holding.put_back(row, reason=values["reason"], by=by)
