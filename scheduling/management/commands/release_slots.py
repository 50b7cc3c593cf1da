from django.core.management.base import BaseCommand

from scheduling.release import release_slots


class Command(BaseCommand):
    help = (
        "Opens the places of every day that is due: up to 14 days ahead, for each port, from its "
        "weekly plan, less closures, with overrides. A day that is open stays as it is, so this "
        "can be run at any time and as often as you like."
    )

    def handle(self, *args, **options):
        opened = release_slots()
        for release in opened:
            self.stdout.write(
                f"{release.port.name}, {release.day:%-d %B %Y}: {release.public_places} places, "
                f"{release.reserve_places} in reserve, {release.batches} times"
            )
        if not opened:
            self.stdout.write("Nothing to open: every day that is due is open already.")
