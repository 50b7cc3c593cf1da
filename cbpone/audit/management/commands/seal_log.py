from django.core.management.base import BaseCommand

from cbpone.audit.sealing import seal


class Command(BaseCommand):
    help = (
        "Seals the events that can no longer change. Waits for nobody; a second one does nothing."
    )

    def handle(self, *args, **options):
        self.stdout.write(f"Sealed {seal():,} events.")
