from django.core.management.base import BaseCommand

from scheduling.attendance import sweep_no_shows


class Command(BaseCommand):
    help = (
        "Puts on record who did not come, once the grace time after their hour is over. It costs "
        "them nothing: they keep their seniority and can book again."
    )

    def handle(self, *args, **options):
        self.stdout.write(f"{sweep_no_shows()} families did not come.")
