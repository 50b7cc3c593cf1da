import time
import uuid

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend


class DemoMailBackend(BaseEmailBackend):
    """Keeps mail as files that the demo shows in the browser. Never on in production."""

    def send_messages(self, email_messages):
        settings.DEMO_MAIL_DIR.mkdir(parents=True, exist_ok=True)
        for mail in email_messages:
            name = f"{time.time_ns()}-{uuid.uuid4().hex[:8]}.eml"
            part = settings.DEMO_MAIL_DIR / f"{name}.part"
            part.write_bytes(mail.message().as_bytes())
            part.rename(settings.DEMO_MAIL_DIR / name)
        return len(email_messages)
