"""Work of the office as rows: likely duplicates, acts on many, exports, messages to many."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from officers.admin.base import ReadOnlyAdmin
from officers.models import BulkRun, Export, Likeness, MassMessage
from officers.site import site


@admin.register(Likeness, site=site)
class LikenessAdmin(ReadOnlyAdmin):
    """Numbers alone; both people are on the page of the pair, where looking is on record."""

    fields = ["score", "band", "found_at", "taken_by", "verdict", "judged_by", "judged_at"]
    list_display = ["score", "band", "found_at", "taken_by", "verdict", "judged_by"]
    list_filter = ["band", "verdict"]
    list_select_related = ["taken_by", "judged_by"]

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("officers.judge_likeness")

    def has_module_permission(self, request):
        return self.has_view_permission(request)


@admin.register(BulkRun, site=site)
class BulkRunAdmin(ReadOnlyAdmin):
    fields = ["action", "reason", "status", "started_by", "started_at", "stop_asked_at", "ended_at"]
    list_display = ["started_at", "action", "started_by", "reason", "status", "ended_at"]
    list_filter = ["status"]
    list_select_related = ["started_by"]


@admin.register(Export, site=site)
class ExportAdmin(ReadOnlyAdmin):
    """Who took what along, and why. The file is for who asked for it alone."""

    fields = [
        "kind", "format", "reason", "status", "asked_by", "asked_at", "rows", "ended_at",
        "expires_at", "fetched", "purged_at",
    ]  # fmt: skip
    list_display = ["asked_at", "kind", "format", "asked_by", "reason", "status", "rows", "fetched"]
    list_filter = ["kind", "status"]
    list_select_related = ["asked_by"]


@admin.register(MassMessage, site=site)
class MassMessageAdmin(ReadOnlyAdmin):
    fields = [
        "title", "audience", "port", "first_day", "last_day", "status", "written_by", "written_at",
        "counted", "released_by", "released_at", "recalled_by", "recalled_at",
    ]  # fmt: skip
    list_display = ["title", "audience", "whom", "status", "written_by", "released_at", "counted"]
    list_filter = ["status", "audience"]
    list_select_related = ["port", "written_by"]

    @admin.display(description=_("port"), ordering="port")
    def whom(self, row):
        return row.port or _("every port of the writer")
