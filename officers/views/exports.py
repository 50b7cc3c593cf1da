from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
    require_safe,
)

from cbpone.lib import clock
from cbpone.lib.errors import NotAllowed, Refused
from cbpone.lib.typed import sent
from officers.exports import KINDS, asking, kinds_for
from officers.exports.base import described
from officers.exports.fetching import Gone, fetch, is_kept
from officers.models import Export
from officers.statuses import ExportFormat, ExportKind, RunStatus
from officers.tasks import make_export, wake
from officers.views.progress import CHIPS, Progress, answer

MOST = 50  # exports of the list
TYPES = {
    ExportFormat.CSV: "text/csv; charset=utf-8",
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def _check_may_look(user) -> None:
    if not kinds_for(user) and not asking.sees_all(user):
        raise PermissionDenied


@require_safe
def exports(request):
    """What the officer can take out, and the files so far; supervisors and auditors see all."""
    user = request.user
    _check_may_look(user)
    rows = asking.exports_visible_to(user).select_related("asked_by").order_by("-pk")[:MOST]
    context = {
        "kinds": [(kind, ExportKind(kind.key).label) for kind in kinds_for(user)],
        "rows": [(row, _progress(row), CHIPS[row.status], is_kept(row)) for row in rows],
        "hours": settings.EXPORT_HOURS,
        "sees_all": asking.sees_all(user),
        "most": MOST,
    }
    return render(request, "officers/exports/exports.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request, kind):
    """Which rows, in which format, and why."""
    found = KINDS.get(kind)
    if found is None:
        raise Http404
    if not found.is_for(request.user):
        raise PermissionDenied
    today = clock.now().date()
    initial = {"first_day": today.replace(day=1), "last_day": today, "format": ExportFormat.CSV}
    form = found.form(sent(request), user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            row = asking.ask(
                kind=kind,
                format=data["format"],
                values=form.filters,
                reason=data["reason"],
                by=request.user,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            wake(make_export, row.pk)
            return redirect("officers:export", row.reference)
    context = {"kind": found, "title": ExportKind(kind).label, "form": form}
    return render(request, "officers/exports/ask.html", context)


def _seen(request, reference) -> Export:
    _check_may_look(request.user)
    rows = asking.exports_visible_to(request.user).select_related("asked_by")
    return get_object_or_404(rows, reference=reference)


def _progress(row: Export) -> Progress:
    return Progress(row.rows_done, row.rows, row.status in asking.OPEN)


@require_safe
def export(request, reference):
    """How far it has come, then the link, as long as the file is kept."""
    row = _seen(request, reference)
    progress = _progress(row)
    if "progress" in request.GET:
        return answer(progress)
    own = row.asked_by_id == request.user.pk
    context = {
        "row": row,
        "chip": CHIPS[row.status],
        "lines": described(KINDS[row.kind].form, row.values),
        "progress": progress,
        "is_kept": is_kept(row),
        "may_fetch": own and is_kept(row),
        "is_failed": row.status == RunStatus.FAILED,
        "is_stopping": progress.is_open and row.stop_asked_at,
        "may_stop": own and progress.is_open and not row.stop_asked_at,
    }
    return render(request, "officers/exports/export.html", context)


@require_POST
def stop(request, reference):
    row = _seen(request, reference)
    try:
        asking.stop(export=row, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal)
    else:
        messages.success(request, _("No file is made. What was written of it is removed."))
    return redirect("officers:export", reference)


@require_GET
def file(request, reference):
    """The file, to the one who asked for it; each time is on record."""
    own = Export.objects.filter(asked_by=request.user)
    row = get_object_or_404(own, reference=reference)
    if row.status in asking.OPEN:
        return redirect("officers:export", reference)
    try:
        made = fetch(export=row, by=request.user)
    except NotAllowed:
        raise PermissionDenied
    except Gone as gone:
        context = {"row": row, "sentence": gone}
        return render(request, "officers/exports/gone.html", context, status=410)
    response = StreamingHttpResponse(made, content_type=TYPES[ExportFormat(row.format)])
    name = f"{row.kind}-{row.asked_at:%Y-%m-%d}.{row.format}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
