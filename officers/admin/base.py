from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import PAGE_VAR
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models
from django.template.response import TemplateResponse

from cbpone.audit.log import record
from cbpone.audit.models import Event
from cbpone.audit.verbs import Verb
from officers.admin.listing import NearCount, Rows, with_zones
from officers.stale import FreshForm
from scheduling.models import Port


class OfficerAdmin(admin.ModelAdmin):
    """Lists and forms of the back office: scoped rows, our own events instead of admin's log."""

    changed_verb = Verb.PLAN_CHANGED
    list_per_page = 50
    list_max_show_all = 0
    show_facets = admin.ShowFacets.NEVER  # each would count a whole table
    paginator = NearCount
    # The browser's own date and time fields: admin's scripts for them need inline styles.
    formfield_overrides = {
        models.DateField: {"widget": forms.DateInput({"type": "date"}, format="%Y-%m-%d")},
        models.TimeField: {"widget": forms.TimeInput({"type": "time"}, format="%H:%M")},
    }
    show_full_result_count = False

    @property
    def media(self):
        """Without admin's jQuery, which tries inline styles that our policy refuses."""
        return forms.Media(js=["admin/js/core.js", "admin/js/actions.js"])

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return self.scope(rows, request.user)

    def scope(self, rows, user):
        return rows.visible_to(user) if hasattr(rows, "visible_to") else rows

    def get_changelist(self, request, **kwargs):
        return Rows

    def get_paginator(self, request, *args, **kwargs):
        pages = super().get_paginator(request, *args, **kwargs)
        pages.reach(request.GET.get(PAGE_VAR, ""))
        return pages

    def get_list_display(self, request):
        return with_zones(self.model, super().get_list_display(request))

    def get_object(self, request, object_id, from_field=None):
        """Locked while it is saved, so that its version is the one that is compared."""
        row = super().get_object(request, object_id, from_field)
        if row and request.method == "POST" and self.has_change_permission(request, row):
            return self.model._base_manager.select_for_update().filter(pk=row.pk).first()
        return row

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        if change and self.has_change_permission(request, obj):
            return type(form)(form.__name__, (FreshForm, form), {})
        return form

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except IntegrityError:
            # Somebody saved the same a moment before: now the form sees it, and says so.
            return super().changeform_view(request, object_id, form_url, extra_context)

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        """Removed while somebody typed: what was typed is shown to be copied."""
        fields = self.get_form(request).base_fields
        typed = [
            (field.label, request.POST[name])
            for name, field in fields.items()
            if name in request.POST
        ]
        if not typed:
            return super()._get_obj_does_not_exist_redirect(request, opts, object_id)
        context = {
            **self.admin_site.each_context(request),
            "title": opts.verbose_name,
            "typed": typed,
            "opts": opts,
        }
        return TemplateResponse(request, "admin/gone.html", context, status=409)

    def _record(self, request, row, note):
        return record(self.changed_verb, on=row, by=request.user, note=f"{row}: {note}")

    def log_addition(self, request, obj, message):
        return self._record(request, obj, "added")

    def log_change(self, request, obj, message):
        fields = [name for part in message for name in part.get("changed", {}).get("fields", [])]
        return self._record(request, obj, ", ".join(str(name) for name in fields))

    def log_deletions(self, request, queryset):
        return [self._record(request, row, "removed") for row in queryset]

    def history(self, row, user):
        return Event.objects.about(row)

    def history_view(self, request, object_id, extra_context=None):
        row = self.get_object(request, object_id)
        if row is None or not self.has_view_permission(request, row):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": str(row),
            "events": self.history(row, request.user).select_related("by")[:200],
            "opts": self.opts,
        }
        return TemplateResponse(request, "officers/history.html", context)


class ReadOnlyAdmin(OfficerAdmin):
    """Rows that only rules write. Nobody changes them here, not even superusers."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class PortScope:
    """Rows of the officer's own ports only, and only own ports to choose from."""

    def scope(self, rows, user):
        return rows.filter(port__in=Port.objects.visible_to(user))

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "port":
            kwargs["queryset"] = Port.objects.visible_to(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
