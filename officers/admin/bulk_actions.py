"""Bulk actions in admin's lists. They only keep which rows were chosen; the pages do the rest."""

from django.contrib import admin, messages
from django.shortcuts import redirect

from cbpone.lib.errors import Refused
from officers.bulk import ACTIONS, choosing
from officers.bulk.base import RUN


def bulk_actions(*keys: str) -> list:
    """What a list names as its `actions`."""
    return [_action(key) for key in keys]


def _action(key: str):
    @admin.action(description=ACTIONS[key].title, permissions=["bulk"])
    def start(model_admin, request, queryset):
        """The rows ticked, or with "select all" those of the whole list with its filters."""
        try:
            choice = choosing.choose(action=ACTIONS[key], rows=queryset, by=request.user)
        except Refused as refusal:
            model_admin.message_user(request, str(refusal), messages.ERROR)
            return None
        return redirect("officers:bulk_choice", choice.reference)

    start.__name__ = key
    return start


class BulkActions:
    """Mix into a list: an action is offered to officers who may run it, and to nobody else."""

    def has_bulk_permission(self, request) -> bool:
        return request.user.has_perm(RUN)

    def get_actions(self, request) -> dict:
        found = super().get_actions(request)  # type: ignore[misc]
        user = request.user
        kept = {key for key in found if key not in ACTIONS or ACTIONS[key].is_for(user)}
        return {key: action for key, action in found.items() if key in kept}
