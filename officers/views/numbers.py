from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.views.decorators.http import require_safe

from officers import charts, figures

SEE = "officers.view_numbers"


def asked_span(request) -> int:
    asked = request.GET.get("days", "")
    return int(asked) if asked in map(str, figures.SPANS) else figures.SPANS[1]


@require_safe
def numbers(request):
    """What the ports and the parole office did in these days, as numbers without people."""
    if not request.user.has_perm(SEE):
        raise PermissionDenied
    days = asked_span(request)
    span = figures.Span.of(days)
    ports, by_day = figures.by_port(span), figures.by_day(span)
    decided = figures.dispositions(span)
    context = {
        "days": days,
        "spans": figures.SPANS,
        "span": span,
        "ports": ports,
        "ports_chart": charts.bars([(row["port"].name, row["came"]) for row in ports]),
        "by_day": by_day,
        "days_chart": figures.day_chart([(row["day"], row["came"]) for row in by_day]),
        "dispositions": decided,
        "dispositions_chart": charts.bars(decided),
        "parole": figures.parole_by_day(span),
        "may_export": request.user.has_perm("officers.export_numbers"),
    }
    return render(request, "officers/numbers.html", context)
