from django.core.management.base import BaseCommand, CommandError

from parole.lists import UNREAD_NAMED, Read, import_deceased


def say_unread(command: BaseCommand, read: Read) -> None:
    if read.unread:
        lines = ", ".join(str(line) for line in read.unread_lines)
        more = " and more" if read.unread > UNREAD_NAMED else ""
        command.stdout.write(f"Not read: line {lines}{more}.")


class Command(BaseCommand):
    help = (
        "Reads a list of Social Security numbers of deceased people: a text file with one number "
        "on each line, nine digits, dashes allowed. Only a digest of each number is kept; the "
        "numbers themselves are not stored, and nothing of them is shown. The same list can be "
        "read again: numbers that are known are left as they are. Requests that wait and carry "
        "one of the new numbers get a flag at once. Delete the file afterwards."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", help="The text file, one number on each line.")

    def handle(self, *args, file, **options):
        try:
            with open(file, encoding="utf-8", errors="replace") as lines:
                read = import_deceased(lines)
        except OSError as error:
            raise CommandError(f"The file cannot be opened: {error.strerror}.") from error
        self.stdout.write(f"{read}; {read.looked_at} requests were looked at again.")
        say_unread(self, read)
