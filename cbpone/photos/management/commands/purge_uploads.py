from django.core.management.base import BaseCommand

from cbpone.photos.links import close_links
from cbpone.photos.receiving import purge_uploads


class Command(BaseCommand):
    help = (
        "Removes the pieces of photos that never came whole and can no longer be continued, and "
        "closes links for phones that nothing can come by any more."
    )

    def handle(self, *args, **options):
        self.stdout.write(f"{purge_uploads()} uploads were given up.")
        self.stdout.write(f"{close_links()} links were closed.")
