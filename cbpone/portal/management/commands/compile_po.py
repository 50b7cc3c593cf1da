import re

import polib
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}")


def placeholders(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text))


def wrong(entry) -> bool:
    """A translation that lost or invented a placeholder would break a page."""
    texts = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
    wanted = placeholders(entry.msgid_plural or entry.msgid)
    return any(text and placeholders(text) != wanted for text in texts)


class Command(BaseCommand):
    help = "Compiles the translations in locale/ without needing the gettext programs."

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="look only, write nothing")

    def handle(self, *args, check, **options):
        faults = []
        for root in settings.LOCALE_PATHS:
            for path in sorted(root.glob("*/LC_MESSAGES/*.po")):
                catalog = polib.pofile(str(path))
                faults += [f"{path.name}: {entry.msgid[:60]}" for entry in catalog if wrong(entry)]
                target = path.with_suffix(".mo")
                if not check and not (
                    target.exists() and target.stat().st_mtime >= path.stat().st_mtime
                ):
                    catalog.save_as_mofile(str(target))
        if faults:
            raise CommandError("Placeholders differ:\n" + "\n".join(faults))
