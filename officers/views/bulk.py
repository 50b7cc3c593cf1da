from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cbpone.lib.errors import Refused
from cbpone.lib.typed import sent
from officers.bulk import ACTIONS, actions_for, choosing, running
from officers.models import BulkRun
from officers.statuses import RowStatus
from officers.tasks import run_bulk, wake
from officers.views.progress import CHIPS, Progress, answer

MOST = 50  # runs of the list
ROWS = 50  # of a preview; each is looked at by the rule
REPORTED = 100  # rows of a report on one page


@require_safe
def home(request):
    """What the officer can do with many rows, and what was done."""
    user = request.user
    actions = actions_for(user)
    if not actions and not user.has_perm(running.SEE_ALL):
        raise PermissionDenied
    counted = {
        status: Count("rows", filter=Q(rows__status=status))
        for status in (RowStatus.DONE, RowStatus.REFUSED, RowStatus.SKIPPED)
    }
    runs = running.runs_visible_to(user).select_related("started_by").annotate(**counted)
    context = {
        "actions": actions,
        "runs": [(run, title_of(run), CHIPS[run.status]) for run in runs.order_by("-pk")[:MOST]],
        "most": MOST,
    }
    return render(request, "officers/bulk/home.html", context)


def title_of(run: BulkRun) -> str:
    action = ACTIONS.get(run.action)
    return str(action.title) if action else run.action


@require_POST
def begin(request, key):
    """All rows that an action is meant for."""
    action = ACTIONS.get(key)
    if action is None:
        raise Http404
    if not action.is_for(request.user):
        raise PermissionDenied
    try:
        rows = action.offered(request.user)
        choice = choosing.choose(action=action, rows=rows, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal)
        return redirect("officers:bulk")
    return redirect("officers:bulk_choice", choice.reference)


def _choice(request, reference) -> choosing.Choice | None:
    """The officer's own; None, and a sentence, when it is kept no more."""
    if not actions_for(request.user):
        raise PermissionDenied
    found = choosing.read(reference, by=request.user)
    if found is None:
        messages.error(request, _("What you chose is not kept any more. Choose the rows again."))
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def choice(request, reference):
    """How many rows it is, and what has to be said before: why, and to whom."""
    found = _choice(request, reference)
    if found is None:
        return redirect("officers:bulk")
    form = found.action.form(sent(request), by=request.user, initial=found.values)
    if request.method == "POST" and form.is_valid():
        choosing.answer(found, form.cleaned_data)
        return redirect("officers:bulk_preview", reference)
    rows = choosing.rows_of(found, by=request.user)
    context = {"choice": found, "action": found.action, "form": form, "total": rows.count()}
    return render(request, "officers/bulk/choice.html", context)


@require_safe
def preview(request, reference):
    """Row by row what would happen now, and a button that does it."""
    found = _choice(request, reference)
    if found is None:
        return redirect("officers:bulk")
    if found.values is None:
        return redirect("officers:bulk_choice", reference)
    action, user, values = found.action, request.user, found.values
    page = Paginator(choosing.rows_of(found, by=user), ROWS).get_page(request.GET.get("page"))
    rows = [(action.label(row), *action.foresee(row, values, user)) for row in page]
    context = {
        "choice": found,
        "action": action,
        "lines": action.form.described(values),
        "reason": values["reason"],
        "page": page,
        "rows": [(_page_of(action, label), label, will, said) for label, will, said in rows],
    }
    return render(request, "officers/bulk/preview.html", context)


def _page_of(action, label: str) -> str:
    return reverse(action.page, args=[label]) if action and action.page else ""


@require_POST
def start(request, reference):
    found = _choice(request, reference)
    if found is None:
        return redirect("officers:bulk")
    if found.values is None:
        return redirect("officers:bulk_choice", reference)
    try:
        run = running.start(choice=found, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal)
        return redirect("officers:bulk")
    wake(run_bulk, run.pk)
    return redirect("officers:bulk_run", run.reference)


def _seen(request, reference) -> BulkRun:
    runs = running.runs_visible_to(request.user).select_related("started_by")
    return get_object_or_404(runs, reference=reference)


@require_safe
def run(request, reference):
    """How far it has come; afterwards the report, kept for ever."""
    row = _seen(request, reference)
    counts = running.counts(row)
    total = sum(counts.values())
    progress = Progress(total - counts["waiting"], total, row.status in running.OPEN)
    if "progress" in request.GET:
        return answer(progress)
    action = ACTIONS.get(row.action)
    refused = row.rows.filter(status=RowStatus.REFUSED).values("said").annotate(n=Count("pk"))
    page = Paginator(row.rows.order_by("pk"), REPORTED).get_page(request.GET.get("page"))
    context = {
        "run": row,
        "title": title_of(row),
        "chip": CHIPS[row.status],
        "lines": action.form.described(row.values) if action else [],
        "counts": counts,
        "progress": progress,
        "refused": refused.order_by("-n", "said"),
        "page": page,
        "rows": [(_page_of(action, one.label), one, CHIPS[one.status]) for one in page],
        "may_stop": progress.is_open
        and row.stop_asked_at is None
        and running.can_stop(request.user, row),
    }
    return render(request, "officers/bulk/run.html", context)


@require_POST
def stop(request, reference):
    row = _seen(request, reference)
    try:
        running.stop(run=row, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal)
    else:
        wake(run_bulk, row.pk)
        messages.success(request, _("It stops before the next row. What is done stays done."))
    return redirect("officers:bulk_run", reference)
