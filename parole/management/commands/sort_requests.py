from django.core.management.base import BaseCommand

from parole.sorting import look_at_all_again, sort_requests


class Command(BaseCommand):
    help = (
        "Looks at every request that was filed and not sorted yet, notes what a reviewer should "
        "look at (flags), and puts it among the requests that wait for review. Nothing is refused "
        "here, whatever is found. It runs every minute by itself and can be run at any time: a "
        "request is sorted once."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--again",
            action="store_true",
            help="Then look again at every request that waits or is in review, for example after "
            "a list or a limit was changed. Flags that somebody has judged stay as they are.",
        )

    def handle(self, *args, again, **options):
        self.stdout.write(f"{sort_requests()} requests went to those that wait.")
        if again:
            self.stdout.write(f"{look_at_all_again()} requests were looked at again.")
