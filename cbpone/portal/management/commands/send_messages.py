from django.core.management.base import BaseCommand

from cbpone.notifications.outbox import send_messages


class Command(BaseCommand):
    help = "Sends the messages that wait in the outbox and are still true."

    def handle(self, *args, **options):
        self.stdout.write(f"{send_messages()} messages sent.")
