from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from officers.admin.base import PortScope, ReadOnlyAdmin
from officers.admin.listing import DayFilter
from officers.site import site
from scheduling.models import Port, Release, Slot


@admin.register(Port, site=site)
class PortAdmin(ReadOnlyAdmin):
    list_display = ["name", "code", "field_office", "zone", "mexican_city", "is_open"]


@admin.register(Release, site=site)
class ReleaseAdmin(PortScope, ReadOnlyAdmin):
    list_display = [
        "port",
        "day",
        "due_at",
        "released_at",
        "batches",
        "public_places",
        "reserve_places",
        "note",
    ]
    list_filter = ["port", DayFilter]
    list_select_related = ["port"]


@admin.register(Slot, site=site)
class SlotAdmin(PortScope, ReadOnlyAdmin):
    list_display = [
        "port",
        "day",
        "local_time",
        "capacity",
        "booked",
        "reserve_capacity",
        "reserve_booked",
        "is_open",
    ]
    list_filter = ["port", "is_open", DayFilter]
    list_select_related = ["port"]

    @admin.display(description=_("time at the port"), ordering="starts_at")
    def local_time(self, slot):
        return f"{slot.local_start:%H:%M}"
