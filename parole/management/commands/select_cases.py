from django.core.management.base import BaseCommand

from parole.selection import select_cases


class Command(BaseCommand):
    help = (
        "Commits to the seed of tomorrow's selection. Then, once a day and not before "
        "SELECTION_HOUR in Washington, chooses today's requests for review: half in order of "
        "filing, half drawn. It can be run at any time and as often as you like."
    )

    def handle(self, *args, **options):
        selection = select_cases()
        if not selection:
            self.stdout.write(
                "Nothing was chosen: it is early, today's selection was made already, or no seed "
                "was committed to before today."
            )
            return
        self.stdout.write(
            f"{selection.day:%-d %B %Y}: {selection.wanted:,} places, "
            f"{selection.pool_size:,} requests waited, {selection.in_order:,} chosen in order of "
            f"filing, {selection.drawn:,} drawn."
        )
