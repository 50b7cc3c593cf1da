from django.conf import settings
from django.core.management.base import BaseCommand

from cbpone.photos.forgetting import forget_photos


class Command(BaseCommand):
    help = (
        "Erases photos whose time is over: replaced ones after "
        f"{settings.PHOTO_KEEP_REPLACED_DAYS} days, and all of a person "
        f"{settings.PHOTO_KEEP_ENDED_DAYS} days after their last case has ended. The rows stay, "
        "with what was decided. Runs every day by itself; running it again does no harm."
    )

    def handle(self, *args, **options):
        self.stdout.write(f"{forget_photos()} photos were erased.")
