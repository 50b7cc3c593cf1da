from django.core.management.base import BaseCommand, CommandError

from parole.lists import import_networks
from parole.management.commands.import_deceased import say_unread


class Command(BaseCommand):
    help = (
        "Reads which country blocks of Internet addresses belong to, so that requests filed from "
        "abroad are found: a CSV file with a block and a country of two letters on each line, as "
        "in 203.0.113.0/24,MX. Blocks of IPv4 and IPv6 may stand in one file. A block that is "
        "known gets the country of the file."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", help="The CSV file: network,country.")
        parser.add_argument(
            "--replace",
            action="store_true",
            help="Forget the blocks that are not in this file. Use it with a complete list.",
        )

    def handle(self, *args, file, replace, **options):
        try:
            with open(file, encoding="utf-8", errors="replace", newline="") as lines:
                read = import_networks(lines, replace=replace)
        except OSError as error:
            raise CommandError(f"The file cannot be opened: {error.strerror}.") from error
        self.stdout.write(f"{read}.")
        say_unread(self, read)
