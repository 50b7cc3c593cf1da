from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from cbpone.accounts.models import User
from cbpone.audit.verbs import Verb
from officers.admin.base import OfficerAdmin, PortScope, ReadOnlyAdmin
from officers.admin.listing import DayFilter
from officers.site import site
from scheduling.models import Closure, Override, Post, Release, SlotPlan


@admin.register(SlotPlan, site=site)
class SlotPlanAdmin(PortScope, OfficerAdmin):
    list_display = ["port", "weekday", "starts_at", "public_places", "reserve_places"]
    list_filter = ["port", "weekday"]
    list_select_related = ["port"]


class OverrideForm(forms.ModelForm):
    def clean(self):
        data = super().clean()
        if Release.objects.filter(port=data.get("port"), day=data.get("day")).exists():
            raise forms.ValidationError(
                _(
                    "This day is open already, and an override changes nothing any more. "
                    "Use “Change places” on the page “Days ahead” of the port."
                ),
                code="released",
            )
        return data


@admin.register(Override, site=site)
class OverrideAdmin(PortScope, OfficerAdmin):
    form = OverrideForm
    list_display = ["port", "day", "starts_at", "public_places", "reserve_places", "reason"]
    list_filter = ["port", DayFilter]
    list_select_related = ["port"]


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

    def get_readonly_fields(self, request, obj=None):
        return ["officer", "port", "since"] if obj else []

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "officer":
            roles = User.groups.through.objects.values("user")
            officers = User.objects.filter(pk__in=roles, is_staff=True)
            kwargs["queryset"] = officers.exclude(pk=request.user.pk)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_change_permission(self, request, obj=None):
        """Nobody gives a port to themselves, nor a longer time there."""
        own = obj is not None and obj.officer_id == request.user.pk
        return not own and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return False
