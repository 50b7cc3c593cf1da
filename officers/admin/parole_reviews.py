from django.contrib import admin
from django.db.models import Q
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from officers.admin.base import ReadOnlyAdmin
from officers.admin.bulk_actions import BulkActions, bulk_actions
from officers.admin.listing import NumberSearch
from officers.reviews import reviewable
from officers.site import site
from parole.models import Decision, SupportRequest
from parole.references import REQUEST
from parole.reviewers import SUPERVISE
from parole.statuses import DecisionStatus

SEE = "parole.view_supportrequest"


class ReviewPages(NumberSearch, ReadOnlyAdmin):
    """Rows open the page of the review, where viewing is put on record."""

    kind = REQUEST
    search_help_text = _("A receipt number, as in S-7K4M-92QX, or how it begins.")

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm(SEE)

    def has_module_permission(self, request):
        return request.user.has_perm(SEE)


@admin.register(SupportRequest, site=site)
class SupportRequestAdmin(BulkActions, ReviewPages):
    actions = bulk_actions("put_back_reviews", "reassign_reviews")
    sortable_by = ()
    list_display = ["reference", "status", "process", "filed_at", "picked", "taken_by"]
    list_filter = ["status", "process", "picked"]
    list_select_related = ["process", "taken_by"]

    def scope(self, rows, user):
        return rows & reviewable(user)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        row = self.get_object(request, object_id)
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return redirect("officers:review", row.reference)


@admin.register(Decision, site=site)
class DecisionAdmin(ReviewPages):
    at = "request__reference"
    sortable_by = ()
    list_display = ["number", "outcome", "reason", "status", "proposed_by", "closed_by"]
    list_filter = ["status", "outcome"]
    list_select_related = ["request", "proposed_by", "closed_by"]

    def scope(self, rows, user):
        """Of reviewers their own, and what waits for a second person."""
        rows = rows.filter(request__in=reviewable(user))
        if user.has_perm(SUPERVISE):
            return rows
        own = Q(proposed_by=user) | Q(closed_by=user)
        return rows.filter(own | Q(status=DecisionStatus.PROPOSED))

    @admin.display(description=_("receipt number"), ordering="request__reference")
    def number(self, row):
        return row.request.reference

    def change_view(self, request, object_id, form_url="", extra_context=None):
        row = self.get_object(request, object_id)
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return redirect("officers:review", row.request.reference)
