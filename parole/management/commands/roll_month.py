from django.core.management.base import BaseCommand

from parole.caps import month_of, roll_month


class Command(BaseCommand):
    help = (
        "Opens the month of travel authorizations that it is now, with the caps of the month "
        "before, and closes every month that is over: its numbers never change again. The worker "
        "does this by itself. Running it again, or late, changes nothing that is done already."
    )

    def handle(self, *args, **options):
        closed = roll_month()
        self.stdout.write(f"{month_of():%Y-%m} is open.")
        for note in closed:
            self.stdout.write(f"Closed {note} authorized.")
