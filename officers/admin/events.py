from django.contrib import admin
from django.contrib.admin.views.main import SEARCH_VAR
from django.utils.translation import gettext_lazy as _

from cbpone.audit.models import Event
from cbpone.audit.verbs import Verb
from cbpone.portal.templatetags.casewords import status_word
from officers.admin.base import ReadOnlyAdmin
from officers.log import read_case
from officers.seeing import events_of_case, events_visible_to, recent_events
from officers.site import site
from officers.templatetags.eventwords import note_words


class VerbFilter(admin.SimpleListFilter):
    """By what happened, in words. All there can be: asking which there are reads every row."""

    title, parameter_name = _("what"), "verb"

    def lookups(self, request, model_admin):
        return sorted(Verb.choices, key=lambda line: str(line[1]))

    def queryset(self, request, queryset):
        return queryset.filter(verb=self.value()) if self.value() else queryset


@admin.register(Event, site=site)
class EventAdmin(ReadOnlyAdmin):
    sortable_by = ()
    list_display = ["at", "who", "what", "case", "was", "became", "said"]
    list_filter = [VerbFilter]
    list_select_related = ["by"]
    search_fields = ["case"]
    search_help_text = _(
        "A whole case number, as in R-7K4M-92QX. Without one supervisors see the last 14 days."
    )
    ordering = ["-at", "-id"]

    def get_queryset(self, request):
        """For the list what is recent, or one case; a row is opened among all."""
        typed = request.GET.get(SEARCH_VAR, "").strip()
        if not request.resolver_match.url_name.endswith("_changelist"):
            return events_visible_to(request.user)
        return (
            events_of_case(request.user, read_case(typed)) if typed else recent_events(request.user)
        )

    def get_search_results(self, request, queryset, search_term):
        return queryset, False

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
