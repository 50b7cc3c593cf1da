from django.contrib import admin

from cbpone.audit.verbs import Verb
from officers.admin.base import OfficerAdmin, PortScope, ReadOnlyAdmin
from officers.site import site
from scheduling.models import Closure, Override, Post, SlotPlan


@admin.register(SlotPlan, site=site)
class SlotPlanAdmin(PortScope, OfficerAdmin):
    list_display = ["port", "weekday", "starts_at", "public_places", "reserve_places"]
    list_filter = ["port", "weekday"]
    list_select_related = ["port"]


@admin.register(Override, site=site)
class OverrideAdmin(PortScope, OfficerAdmin):
    list_display = ["port", "day", "starts_at", "public_places", "reserve_places", "reason"]
    list_filter = ["port"]
    list_select_related = ["port"]
    date_hierarchy = "day"


@admin.register(Closure, site=site)
class ClosureAdmin(PortScope, ReadOnlyAdmin):
    list_display = ["port", "day", "reason", "closed_by", "closed_at"]
    list_filter = ["port"]
    list_select_related = ["port", "closed_by"]


@admin.register(Post, site=site)
class PostAdmin(PortScope, OfficerAdmin):
    changed_verb = Verb.POSTED
    list_display = ["officer", "port", "since", "until"]
    list_filter = ["port"]
    list_select_related = ["port", "officer"]

    def has_delete_permission(self, request, obj=None):
        return False
