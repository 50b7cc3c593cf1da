"""How tests send photos: by the form without a script, and piece by piece as a phone does."""

import hashlib
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cbpone.photos.tickets import make_ticket
from tests.browser.steps import portrait


def file_of(data: bytes | None = None, name="me.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, portrait() if data is None else data, "image/jpeg")


def send_form(client, traveler, user, *, field="photo", data: bytes | None = None, link=None):
    """One press of the form, with the ticket its page held."""
    ticket = make_ticket(user=user, traveler=traveler, link=link)
    return client.post("/photos/send/", {"ticket": ticket, field: file_of(data)})


class Phone:
    """Sends pieces with a ticket and nothing else: no session, no cookie."""

    def __init__(self, traveler, user, *, link=None, data: bytes | None = None):
        self.ticket = make_ticket(user=user, traveler=traveler, link=link)
        self.data = portrait() if data is None else data
        self.uuid = uuid4()
        self.client = Client()

    @property
    def url(self) -> str:
        return f"/photos/uploads/{self.uuid}/"

    def ask(self, method, url="", **headers):
        headers = {"photo-ticket": self.ticket} | headers
        return getattr(self.client, method)(url or self.url, headers=headers)

    def begin(self, *, size=None, sha256=None):
        size = len(self.data) if size is None else size
        digest = sha256 or hashlib.sha256(self.data).hexdigest()
        return self.ask("put", f"{self.url}?size={size}&sha256={digest}")

    def send(self, start=0, end=None, *, at=None, data=None):
        """The bytes from `start` to `end`, said to be at `at`."""
        return self.client.patch(
            self.url,
            self.data[start:end] if data is None else data,
            content_type="application/octet-stream",
            headers={
                "photo-ticket": self.ticket,
                "upload-offset": str(start if at is None else at),
            },
        )

    def look(self):
        return self.ask("get")

    def send_all(self):
        """As a phone does on a good line; the last answer."""
        self.begin()
        return self.send()
