from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from officers.admin.base import ReadOnlyAdmin
from officers.admin.listing import DayFilter
from officers.site import site
from parole.models import DrawSeed, Selection


@admin.register(Selection, site=site)
class SelectionAdmin(ReadOnlyAdmin):
    """What was chosen each day. The seed itself is on the public page of the day."""

    list_display = ["day", "pool_size", "wanted", "in_order", "drawn", "ran_at"]
    list_select_related = ["seed"]
    list_filter = [DayFilter]
    fields = [
        "day", "commitment", "committed_at", "ran_at", "wanted", "limits", "pool_size", "in_order",
        "drawn", "counts", "pool_sha256", "result_sha256",
    ]  # fmt: skip

    @admin.display(description=_("commitment"))
    def commitment(self, selection):
        return selection.seed.commitment

    @admin.display(description=_("committed to"))
    def committed_at(self, selection):
        return selection.seed.committed_at


@admin.register(DrawSeed, site=site)
class DrawSeedAdmin(ReadOnlyAdmin):
    """What was committed to for each day. The secret is shown nowhere here and is not read."""

    list_display = ["day", "commitment", "committed_at"]
    fields = ["day", "commitment", "committed_at"]
    list_filter = [DayFilter]

    def get_queryset(self, request):
        return super().get_queryset(request).defer("seed")

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("parole.view_selection")

    def has_module_permission(self, request):
        return self.has_view_permission(request)
