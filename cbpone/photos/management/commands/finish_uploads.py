from django.core.management.base import BaseCommand

from cbpone.photos.opening import finish_uploads


class Command(BaseCommand):
    help = (
        "Opens photos that arrived while the decoders were busy or after an error. It runs every "
        "minute by itself and can be run at any time: a photo is opened once."
    )

    def handle(self, *args, **options):
        self.stdout.write(f"{finish_uploads()} photos were opened.")
