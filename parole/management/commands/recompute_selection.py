from datetime import date

from django.core.management.base import BaseCommand, CommandError

from parole.models import Selection
from parole.recomputing import recompute


class Command(BaseCommand):
    help = (
        "Chooses again what one day's selection chose, from its stored list and its seed, and "
        "says whether everything agrees. Changes nothing."
    )

    def add_arguments(self, parser):
        parser.add_argument("day", type=date.fromisoformat, help="such as 2026-02-03")

    def handle(self, *args, day, **options):
        selection = Selection.objects.select_related("seed").filter(day=day).first()
        if not selection:
            raise CommandError(f"There is no selection of {day:%-d %B %Y}.")
        found = recompute(selection)
        if found.differs:
            raise CommandError(f"It does NOT agree. What differs: {', '.join(found.differs)}.")
        self.stdout.write(
            f"It agrees: {found.order:,} in order of filing and {found.draw:,} drawn, "
            "exactly these."
        )
        if found.missing:
            self.stdout.write(
                f"{found.missing:,} of them had withdrawn before they could be moved to review."
            )
