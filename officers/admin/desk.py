"""Families without an appointment. What they said stays on the pages where looking is on record."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from officers.admin.base import ReadOnlyAdmin
from officers.admin.listing import DayFilter, NumberSearch
from officers.site import site
from scheduling.models import UrgentRequest, WalkIn


@admin.register(WalkIn, site=site)
class WalkInAdmin(NumberSearch, ReadOnlyAdmin):
    kind = "W"
    search_help_text = _("A walk-in number, as in W-7K4M-92QX, or how it begins.")
    fields = [
        "reference", "port", "day", "status", "why", "registration", "arrived_at", "called_at",
        "ended_at", "written_by",
    ]  # fmt: skip
    list_display = ["reference", "port", "day", "status", "why", "arrived_at", "ended_at"]
    list_filter = ["status", "why", "port", DayFilter]
    list_select_related = ["port"]


@admin.register(UrgentRequest, site=site)
class UrgentRequestAdmin(NumberSearch, ReadOnlyAdmin):
    at, kind = "registration__reference", "R"
    search_help_text = _("A registration number, as in R-7K4M-92QX, or how it begins.")
    fields = [
        "registration", "port", "urgency", "status", "asked_at", "taken_by", "decided_by",
        "decided_at", "refusal",
    ]  # fmt: skip
    list_display = ["registration", "port", "urgency", "status", "asked_at", "decided_by"]
    list_filter = ["status", "urgency", "port"]
    list_select_related = ["registration", "port", "decided_by"]
