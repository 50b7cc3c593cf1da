from django.contrib import admin
from django.core.paginator import Paginator
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from cbpone.lib.references import read_reference
from officers.admin.base import ReadOnlyAdmin
from officers.reviews import reviewable
from officers.site import site
from parole.models import Decision, SupportRequest
from parole.references import REQUEST

SEE = "parole.view_supportrequest"


class NearCount(Paginator):
    """Counts so far and no further: there are millions of rows, and nobody turns all pages."""

    most = 10_000

    @cached_property
    def count(self):
        return self.object_list.order_by()[: self.most].count()


class ReviewPages(ReadOnlyAdmin):
    """Rows open the page of the review, where viewing is put on record."""

    paginator = NearCount
    search_fields = ["reference"]
    search_help_text = _("A whole receipt number, as in S-7K4M-92QX.")
    at = "reference"  # the receipt number, seen from a row

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm(SEE)

    def has_module_permission(self, request):
        return request.user.has_perm(SEE)

    def get_search_results(self, request, queryset, search_term):
        if not search_term.strip():
            return queryset, False
        number = read_reference(search_term, REQUEST)
        return queryset.filter(**{self.at: number or ""}), False


@admin.register(SupportRequest, site=site)
class SupportRequestAdmin(ReviewPages):
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
    list_display = ["number", "outcome", "reason", "status", "proposed_by", "closed_by"]
    list_filter = ["status", "outcome", "reason"]
    list_select_related = ["request", "proposed_by", "closed_by"]

    def scope(self, rows, user):
        return rows.filter(request__in=reviewable(user))

    @admin.display(description=_("receipt number"), ordering="request__reference")
    def number(self, row):
        return row.request.reference

    def change_view(self, request, object_id, form_url="", extra_context=None):
        row = self.get_object(request, object_id)
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return redirect("officers:review", row.request.reference)
