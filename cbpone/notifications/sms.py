"""Text messages behind one small interface: a class with send(to=, text=)."""

import logging

from django.conf import settings
from django.utils.module_loading import import_string

log = logging.getLogger(__name__)


class ConsoleBackend:
    """Says on the console that a text would leave; no number and no words in the log."""

    def send(self, *, to: str, text: str) -> None:
        log.info("text message of %s characters to a number ending in %s", len(text), to[-2:])


class MemoryBackend:
    """Keeps texts in a list, for tests and for looking at them in a shell."""

    sent: list[tuple[str, str]] = []

    def send(self, *, to: str, text: str) -> None:
        self.sent.append((to, text))


def send_sms(*, to: str, text: str) -> None:
    import_string(settings.SMS_BACKEND)().send(to=to, text=text)
