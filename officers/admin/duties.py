"""What supervisors and auditors look through: looks outside the scope, conflicts, seals."""

from django.contrib import admin

from cbpone.audit.models import Access, Conflict, Seal
from officers import duties
from officers.admin.base import ReadOnlyAdmin
from officers.site import site


@admin.register(Access, site=site)
class AccessAdmin(ReadOnlyAdmin):
    list_display = ["case", "officer", "reason", "opened_at", "until", "verdict", "judged_by"]
    list_filter = ["verdict"]
    list_select_related = ["officer", "judged_by"]

    def scope(self, rows, user):
        return rows.filter(pk__in=duties.accesses_seen_by(user).values("pk"))


@admin.register(Conflict, site=site)
class ConflictAdmin(ReadOnlyAdmin):
    """Whom an officer named stays on the page of the conflicts, where looking is on record."""

    fields = ["officer", "case", "relation", "declared_at", "ended_at", "ended_by"]
    list_display = ["officer", "case", "relation", "declared_at", "ended_at", "ended_by"]
    list_filter = ["relation"]
    list_select_related = ["officer", "ended_by"]

    def scope(self, rows, user):
        return rows.filter(pk__in=duties.conflicts_seen_by(user).values("pk"))


@admin.register(Seal, site=site)
class SealAdmin(ReadOnlyAdmin):
    list_display = ["first_event", "last_event", "events", "sealed_at", "digest"]
