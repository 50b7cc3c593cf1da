from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from cbpone.audit.models import Event
from cbpone.audit.verbs import Verb
from cbpone.portal.templatetags.casewords import status_word
from officers.admin.base import ReadOnlyAdmin
from officers.log import read_case
from officers.seeing import events_visible_to
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
    list_display = ["at", "who", "what", "case", "was", "became", "said"]
    list_filter = [VerbFilter]
    list_select_related = ["by"]
    search_fields = ["case"]
    search_help_text = _("A whole case number, as in R-7K4M-92QX.")

    def get_search_results(self, request, queryset, search_term):
        number = read_case(search_term)
        return (queryset.filter(case=number) if search_term.strip() else queryset), False

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
