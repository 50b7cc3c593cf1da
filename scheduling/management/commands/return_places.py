from django.core.management.base import BaseCommand

from scheduling.booking import return_places


class Command(BaseCommand):
    help = "Gives places of cancelled appointments back to everyone, once their delay is over."

    def handle(self, *args, **options):
        self.stdout.write(f"{return_places()} places came back.")
