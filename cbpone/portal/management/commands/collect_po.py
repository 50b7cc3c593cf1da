from django.core.management.base import BaseCommand, CommandError

from cbpone.portal import catalogs


class Command(BaseCommand):
    help = "Brings the catalogs in locale/ up to the words the code says now; --check only looks."

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="look only, write nothing")

    def handle(self, *args, check, **options):
        gaps = []
        for locale in catalogs.PLURALS:
            if not check:
                new, dropped = catalogs.collect(locale)
                self.stdout.write(f"{locale}: {new} new, {dropped} dropped")
            left = catalogs.missing(locale)
            gaps += [f"{locale}: {key[1][:70]}" for key in left[:20]]
            self.stdout.write(f"{locale}: {len(left)} without a translation")
        if check and gaps:
            raise CommandError("Not translated:\n" + "\n".join(gaps))
