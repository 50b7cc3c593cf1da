from django.core.management.base import BaseCommand

from parole.travel import expire_authorizations


class Command(BaseCommand):
    help = (
        "Ends every travel authorization whose last day is over at all airports, and tells the "
        "person how to ask again. The worker does this by itself. Running it again changes nothing."
    )

    def handle(self, *args, **options):
        self.stdout.write(f"{expire_authorizations()} travel authorizations have expired.")
