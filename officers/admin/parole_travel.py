from django.contrib import admin
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from officers.admin.base import ReadOnlyAdmin
from officers.admin.bulk_actions import BulkActions, bulk_actions
from officers.admin.listing import MonthFilter, NumberSearch
from officers.site import site
from officers.travel import decidable
from parole.models import I94, Arrival, Authorization, Beneficiary, CapChange, MonthlyCap, Process
from parole.references import AUTHORIZATION, BENEFICIARY

SEE = "parole.view_beneficiary"


@admin.register(Process, site=site)
class ProcessAdmin(ReadOnlyAdmin):
    list_display = ["country", "letter", "opens_on", "closed_on", "irregular_entry_after"]


@admin.register(MonthlyCap, site=site)
class MonthlyCapAdmin(ReadOnlyAdmin):
    list_display = ["month", "whom", "cap", "used", "quota", "selected", "reported_at"]
    list_filter = ["process", MonthFilter]
    list_select_related = ["process"]

    @admin.display(description=_("for"))
    def whom(self, row):
        return row.process or _("all nationalities")


@admin.register(CapChange, site=site)
class CapChangeAdmin(ReadOnlyAdmin):
    list_display = ["month", "process", "cap", "quota", "status", "proposed_by", "closed_by"]
    list_filter = ["status"]
    list_select_related = ["process", "proposed_by", "closed_by"]


@admin.register(Beneficiary, site=site)
class BeneficiaryAdmin(BulkActions, NumberSearch, ReadOnlyAdmin):
    """Rows open the page of the case, where viewing is put on record."""

    actions = bulk_actions("put_back_travel", "reassign_travel")
    kind = BENEFICIARY
    search_help_text = _("A case number, as in B-7K4M-92QX, or how it begins.")
    sortable_by = ()
    list_display = ["reference", "status", "process", "submitted_at", "queued_at", "taken_by"]
    list_filter = ["status", "request__process"]
    list_select_related = ["request__process", "taken_by"]

    def scope(self, rows, user):
        return rows & decidable(user)

    @admin.display(description=_("parole process"))
    def process(self, row):
        return row.request.process

    def change_view(self, request, object_id, form_url="", extra_context=None):
        row = self.get_object(request, object_id)
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return redirect("officers:travel_case", row.reference)


class CountedRows(NumberSearch, ReadOnlyAdmin):
    """Facts without the person, for auditors; for who may see the person, the page of the case."""

    kind, case_at = AUTHORIZATION, "beneficiary"
    search_help_text = _("An authorization number, as in T-7K4M-92QX, or how it begins.")

    def beneficiary(self, row) -> Beneficiary:
        return row.beneficiary

    def scope(self, rows, user):
        if user.has_perm(SEE):
            return rows.filter(**{f"{self.case_at}__in": decidable(user).values("pk")})
        return rows

    def change_view(self, request, object_id, form_url="", extra_context=None):
        row = self.get_object(request, object_id)
        if row is not None and request.user.has_perm(SEE):
            return redirect("officers:travel_case", self.beneficiary(row).reference)
        return super().change_view(request, object_id, form_url, extra_context)


@admin.register(Authorization, site=site)
class AuthorizationAdmin(CountedRows):
    sortable_by = ()
    list_display = ["reference", "status", "process", "month", "approved_at", "valid_until"]
    list_filter = ["status", "process", MonthFilter]
    list_select_related = ["process"]


@admin.register(Arrival, site=site)
class ArrivalAdmin(CountedRows):
    at, case_at = "authorization__reference", "authorization__beneficiary"
    sortable_by = ()
    list_display = ["authorization", "airport", "arrived_at", "denial", "decided_at"]
    list_filter = ["airport", "denial"]
    list_select_related = ["authorization", "airport"]

    def beneficiary(self, row) -> Beneficiary:
        return row.authorization.beneficiary


@admin.register(I94, site=site)
class I94Admin(CountedRows):
    """Part of the arrival it belongs to: who may see that may see this."""

    at, case_at = "number", "arrival__authorization__beneficiary"
    search_fields = ["number"]
    search_help_text = _("A whole I-94 number.")
    sortable_by = ()
    list_display = ["number", "airport", "admitted_on", "admitted_until"]
    list_select_related = ["arrival__airport"]

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("parole.view_arrival")

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def get_search_results(self, request, queryset, search_term):
        number = search_term.strip().upper()
        return (queryset.filter(number=number) if number else queryset), False

    @admin.display(description=_("airport"))
    def airport(self, row):
        return row.arrival.airport

    def beneficiary(self, row) -> Beneficiary:
        return row.arrival.authorization.beneficiary
