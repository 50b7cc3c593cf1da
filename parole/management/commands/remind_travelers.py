from django.core.management.base import BaseCommand

from parole.reminders import remind_travelers


class Command(BaseCommand):
    help = (
        "Reminds travelers whose authorization or parole ends soon, and of the tuberculosis test. "
        "Each is told once; run it as often as you like."
    )

    def handle(self, *args, **options):
        self.stdout.write(f"Reminders queued: {remind_travelers()}.")
