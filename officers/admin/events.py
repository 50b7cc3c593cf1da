from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from cbpone.audit.models import Event
from officers.admin.base import ReadOnlyAdmin
from officers.seeing import events_visible_to
from officers.site import site


@admin.register(Event, site=site)
class EventAdmin(ReadOnlyAdmin):
    list_display = ["at", "who", "get_verb_display", "case", "before", "after", "note"]
    list_filter = ["verb"]
    list_select_related = ["by"]
    search_fields = ["case"]

    def scope(self, rows, user):
        return rows & events_visible_to(user)

    @admin.display(description=_("who"), ordering="by")
    def who(self, event):
        return event.by or _("the portal")
