from django.contrib import admin
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from cbpone.accounts.models import User
from officers.admin.base import ReadOnlyAdmin
from officers.admin.bulk_actions import BulkActions, bulk_actions
from officers.admin.listing import NumberSearch
from officers.seeing import events_about, recent_cases
from officers.site import site
from scheduling.models import Appointment, Registration


class CasePages(NumberSearch, ReadOnlyAdmin):
    """Lists whose rows open the page of the case, where viewing is put on record."""

    page = ""

    def change_view(self, request, object_id, form_url="", extra_context=None):
        row = self.get_object(request, object_id)
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return redirect(self.page, row.reference)


@admin.register(Registration, site=site)
class RegistrationAdmin(CasePages):
    page, kind = "officers:case", "R"
    search_help_text = _(
        "A registration number, as in R-7K4M-92QX, or how it begins. Without one: families "
        "of the last 7 days and of those to come."
    )
    sortable_by = ()
    list_display = ["reference", "status", "seniority_at", "started_at"]

    def get_search_results(self, request, queryset, search_term):
        if not search_term.strip() and not request.user.sees_every_port:
            return self.model.objects.filter(pk__in=recent_cases(request.user)), False
        return super().get_search_results(request, queryset, search_term)


@admin.register(Appointment, site=site)
class AppointmentAdmin(BulkActions, CasePages):
    actions = bulk_actions("move_families")
    page, kind = "officers:family", "A"
    search_help_text = _("An appointment number, as in A-7K4M-92QX, or how it begins.")
    sortable_by = ()
    list_display = ["reference", "port", "local_start", "places", "pool", "status"]
    list_filter = ["status", "slot__port"]
    list_select_related = ["slot__port"]

    @admin.display(description=_("port"), ordering="slot__port")
    def port(self, row):
        return row.slot.port

    @admin.display(description=_("time at the port"), ordering="slot__starts_at")
    def local_start(self, row):
        return f"{row.slot.local_start:%Y-%m-%d %H:%M}"


@admin.register(User, site=site)
class OfficerAccountAdmin(ReadOnlyAdmin):
    """Only to look up officers when they are posted to a port."""

    list_display = ["email", "name", "is_active"]
    search_fields = ["email", "name"]
    fields = ["email", "name", "is_active", "is_staff"]

    def scope(self, rows, user):
        """Every officer has a role; accounts are millions, and their flag has no index."""
        return rows.filter(pk__in=User.groups.through.objects.values("user"), is_staff=True)

    def history(self, row, user):
        """What an officer of another port looked for is for the supervisors of that port."""
        return events_about(user, row)

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("scheduling.add_post")

    def has_module_permission(self, request):
        return self.has_view_permission(request)
