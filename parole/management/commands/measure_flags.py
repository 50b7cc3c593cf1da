import json

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count

from parole.choices import Signal
from parole.models import Flag, SupportRequest


class Command(BaseCommand):
    help = (
        "Counts the flags that stand on all requests that were filed, by signal. With a file that "
        "says which requests were planted for which signal, it also says how many of those were "
        "found, and how many requests were flagged that nobody planted (false leads)."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--planted",
            metavar="FILE",
            help='A JSON file of receipt numbers by signal: {"serial": ["S-2345-6789"]}.',
        )
        parser.add_argument(
            "--missed", action="store_true", help="Name the planted requests that were not found."
        )

    def handle(self, *args, planted, missed, **options):
        plan = _read(planted) if planted else {}
        filed = SupportRequest.objects.filed().count()
        self.stdout.write(f"{filed} requests were filed. Signal: flags, requests with it")
        for row in measure(plan):
            text = f"{row['signal']}: {row['flags']} flags on {row['requests']} requests"
            if planted:
                text += f"; {row['found']} of {row['planted']} planted found, "
                text += f"{row['false']} false leads"
            self.stdout.write(text)
            if missed and row["missed"]:
                self.stdout.write(f"  not found: {', '.join(row['missed'])}")


def measure(plan: dict[str, list[str]]) -> list[dict]:
    """For each signal: flags, requests, planted, found, false (leads), missed."""
    standing = Flag.objects.standing().filter(request__filed_at__isnull=False).order_by()
    flags = dict(standing.values_list("signal").annotate(Count("pk")))
    rows = []
    for signal in Signal.values:
        about = standing.filter(signal=signal).values_list("request__reference", flat=True)
        flagged, meant = set(about), set(plan.get(signal, []))
        rows.append(
            {
                "signal": signal,
                "flags": flags.get(signal, 0),
                "requests": len(flagged),
                "planted": len(meant),
                "found": len(meant & flagged),
                "false": len(flagged - meant),
                "missed": sorted(meant - flagged),
            }
        )
    return rows


def _read(path: str) -> dict[str, list[str]]:
    try:
        with open(path, encoding="utf-8") as file:
            plan = json.load(file)
    except (OSError, ValueError) as error:
        raise CommandError(f"The file cannot be read: {error}") from error
    unknown = set(plan) - set(Signal.values)
    if unknown:
        raise CommandError(f"No such signal: {', '.join(sorted(unknown))}")
    return plan
