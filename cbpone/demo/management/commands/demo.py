from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cbpone.demo import story
from cbpone.demo.cast import sign_ins
from cbpone.demo.progress import Progress

FEWEST = 200  # below this the days at the ports stay empty


class Command(BaseCommand):
    help = (
        "Fills an empty portal with invented people so that you can try it: eight ports with "
        "their officers and weekly plans, ten days that have passed, today, two weeks to come, "
        "families at every stage, drawn photos. Nobody in it exists, and no mail leaves the "
        "machine. Works in the demo only, never in a portal for real people."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing when there are registrations"
        )
        parser.add_argument(
            "--sign-ins", action="store_true", help="only print who you can sign in as"
        )
        parser.add_argument(
            "--seed", type=int, default=story.SEED, help="another number makes other people"
        )
        parser.add_argument(
            "--people", type=int, default=story.PEOPLE, help=f"who ask (default {story.PEOPLE})"
        )

    def handle(self, **options):
        if not (settings.DEMO or settings.TESTING):
            raise CommandError("This is not the demo. Set CBPONE_DEMO=1 to try the portal.")
        if options["sign_ins"]:
            self.stdout.write(sign_ins())
            return
        if not story.is_empty():
            if options["if_empty"]:
                return
            raise CommandError("There are registrations already. The demo fills an empty portal.")
        if options["people"] < FEWEST:
            raise CommandError(f"Ask for at least {FEWEST} people.")
        self.stderr.ending, self.stderr.style_func = "", None  # no red, no line of its own each
        progress = Progress(self.stderr, story.STEPS)
        story.tell(seed=options["seed"], people=options["people"], progress=progress)
        progress.finish(story.summary())
