"""The daily selection, in public: what was promised, who waited, who was chosen, how to check it.

Nothing here counts requests: each figure was stored with its day.
"""

from datetime import date
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, render
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cbpone.lib import clock
from parole.drawing import DRAW, ORDER, WAITED
from parole.models import DrawSeed, Process, Selection
from parole.selection import due_at

DAYS_A_PAGE = 31
SCRIPT = settings.BASE_DIR / "static" / "verify_selection.py"


@login_not_required
@require_safe
def selections(request):
    """The promise for tomorrow, the figures of today, and every day before."""
    now = clock.now()
    today = clock.today_in(settings.PAROLE_ZONE, now)
    # The secrets of days to come are not even read here.
    promises = DrawSeed.objects.defer("seed").select_related("selection")
    days = Paginator(promises.filter(day__lte=today), DAYS_A_PAGE).get_page(request.GET.get("page"))
    current = promises.filter(day=today).first()
    made = _selection_of(current)
    context = {
        "next": promises.filter(day__gt=today).order_by("day").first(),
        "today": today,
        "selection": made,
        "rows": _rows(made) if made else [],
        "due_at": due_at(today) if current and now < due_at(today) else None,
        "days": days,
        "table": [_line(promise, today) for promise in days],
    }
    return render(request, "parole/selections.html", context)


@login_not_required
@require_safe
def selection(request, day: date):
    """One day: the seed, the list it was drawn from, the result, and how to check them."""
    made = get_object_or_404(Selection.objects.select_related("seed"), day=day)
    context = {
        "selection": made,
        "rows": _rows(made),
        "seed": bytes(made.seed.seed).hex(),
        "halves_note": made.in_order + made.drawn < made.wanted,
        "missing": made.wanted - made.in_order - made.drawn,
        "command": f"python3 verify_selection.py {day}-pool.gz {day}-result.txt",
    }
    return render(request, "parole/selection.html", context)


@login_not_required
@require_safe
def pool(request, day: date):
    """Everybody who waited: one letter for each filing number, compressed."""
    made = get_object_or_404(Selection, day=day)
    return _download(made.pool, f"{day}-pool.gz", "application/gzip")


@login_not_required
@require_safe
def result(request, day: date):
    made = get_object_or_404(Selection, day=day)
    return _download(made.result, f"{day}-result.txt", "text/plain; charset=utf-8")


@login_not_required
@require_safe
def script(request):
    """The check itself, to read and to run; needs Python 3 and nothing else."""
    return _answer(Path(SCRIPT).open("rb"), SCRIPT.name, "text/x-python; charset=utf-8")


def _download(file, name: str, content_type: str) -> FileResponse:
    try:
        return _answer(file.open("rb"), name, content_type)
    except (FileNotFoundError, ValueError):  # not in the store, or never made
        raise Http404(name)


def _answer(file, name: str, content_type: str) -> FileResponse:
    response = FileResponse(file, as_attachment=True, filename=name, content_type=content_type)
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


def _selection_of(promise: DrawSeed | None) -> Selection | None:
    return getattr(promise, "selection", None)


def _line(promise: DrawSeed, today: date) -> dict:
    """A row of the table of days; a day that is over without a selection says so."""
    made = _selection_of(promise)
    figures = [made.pool_size, made.wanted, made.in_order, made.drawn] if made else []
    return {
        "day": promise.day,
        "made": made,
        "figures": [_number(figure) for figure in figures],
        "is_missed": made is None and promise.day < today,
    }


def _rows(made: Selection) -> list[dict]:
    """The figures of a day, all together first, then by nationality."""
    names = {process.letter: str(process) for process in Process.objects.all()}
    return [
        {
            "name": names.get(letter, letter) if letter else _("All together"),
            "is_sum": not letter,
            "letter": letter,
            "waited": _number(counts[WAITED]),
            "limit": _number(made.limits[letter]) if letter in made.limits else "–",
            "order": _number(counts[ORDER]),
            "draw": _number(counts[DRAW]),
            "chance": _chance(counts),
        }
        for letter, counts in sorted(made.counts.items())
    ]


def _chance(counts: dict[str, int]) -> str:
    """Of somebody who was not chosen in order: '1 in 1,300'."""
    if not counts[DRAW]:
        return "–"
    each = round((counts[WAITED] - counts[ORDER]) / counts[DRAW])
    return _("1 in %(number)s") % {"number": _number(each)}


def _number(figure: int) -> str:
    return number_format(figure, force_grouping=True)
