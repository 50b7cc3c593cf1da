from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from cbpone.audit.models import Event
from cbpone.audit.verbs import Verb
from cbpone.portal.templatetags.casewords import status_word
from officers.admin.base import ReadOnlyAdmin
from officers.seeing import events_visible_to
from officers.site import site
from officers.templatetags.eventwords import note_words


class VerbFilter(admin.SimpleListFilter):
    """By what happened, in words; only what there is."""

    title, parameter_name = _("what"), "verb"

    def lookups(self, request, model_admin):
        seen = set(
            model_admin.get_queryset(request).order_by().values_list("verb", flat=True).distinct()
        )
        return sorted(((one, Verb(one).label) for one in seen), key=lambda line: str(line[1]))

    def queryset(self, request, queryset):
        return queryset.filter(verb=self.value()) if self.value() else queryset


@admin.register(Event, site=site)
class EventAdmin(ReadOnlyAdmin):
    list_display = ["at", "who", "what", "case", "was", "became", "said"]
    list_filter = [VerbFilter]
    list_select_related = ["by"]
    search_fields = ["case"]

    def scope(self, rows, user):
        return rows & events_visible_to(user)

    @admin.display(description=_("who"), ordering="by")
    def who(self, event):
        return event.by or _("the portal")

    @admin.display(description=_("what"), ordering="verb")
    def what(self, event):
        return event.get_verb_display()

    @admin.display(description=_("from"))
    def was(self, event):
        return status_word(event.before, event.model)

    @admin.display(description=_("to"))
    def became(self, event):
        return status_word(event.after, event.model)

    @admin.display(description=_("note"))
    def said(self, event):
        return note_words(event)
