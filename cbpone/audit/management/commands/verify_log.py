from django.core.management.base import BaseCommand, CommandError

from cbpone.audit.checking import check_log


class Command(BaseCommand):
    help = (
        "Reads the whole log again and says whether it is what was sealed; exit code 1 when not. "
        "Keep the head digest it prints somewhere else, and ask for it with --expect later: who "
        "can change everything in this database cannot change that."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--expect", action="append", default=[], metavar="DIGEST",
            help="a digest kept elsewhere that has to be in the chain (may be given again)",
        )  # fmt: skip

    def handle(self, *args, expect, **options):
        found = check_log(expected=expect)
        self.stdout.write(
            f"Seals that fit: {found.seals:,}, with {found.events:,} events. "
            f"Not sealed yet: {found.waiting:,}."
        )
        if found.head:
            self.stdout.write(f"Head: {found.digest} ({found.head.sealed_at:%Y-%m-%d %H:%M} UTC)")
        if found.faults:
            raise CommandError("\n".join(found.faults))
