import os
import re
from contextlib import contextmanager

import pytest
from playwright.sync_api import sync_playwright

from tests import chromium
from tests.browser.photo_steps import (  # noqa: F401  the photo step and its cameras
    cameras,
    open_camera,
    photo_step,
    sender,
    traveler,
)
from tests.parole.conftest import world  # noqa: F401  one case in every hand


def pytest_collection_modifyitems(items):
    """Browser tests come last: whatever is broken below shows first."""
    items.sort(key=lambda item: "browser" in str(item.path))


@pytest.fixture(scope="session")
def chrome():
    found = chromium.find()
    if not found and not os.environ.get("CI"):
        pytest.skip("no Chromium on this machine: browser tests did not run")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


class Complaints(list):
    """What the browser itself complained about: scripts, styles, requests that broke."""

    is_quiet = False

    def watch(self, page):
        page.complaints = self
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.append(f"{page.url} {error}"))
        page.on("response", self._response)

    @contextmanager
    def quiet(self, page):
        """For what a tool does to the page, not the page itself."""
        page.wait_for_timeout(20)  # what the page said before is still heard
        self.is_quiet = True
        yield
        page.wait_for_timeout(20)
        self.is_quiet = False

    def _console(self, message):
        if (
            not self.is_quiet
            and message.type in ("error", "warning")
            and "status of 4" not in message.text
        ):
            self.append(f"{message.page.url} {message.text}")

    def _response(self, response):
        if response.status >= 500:
            self.append(f"{response.status} {response.url}")


@pytest.fixture
def complaints():
    found = Complaints()
    yield found
    assert found == []


@pytest.fixture
def open_page(chrome, complaints):
    """Opens a page in a browser of its own: `open_page(width=360, scripts=False)`."""
    contexts = []

    def make(*, width=360, height=740, scripts=True, **options):
        context = chrome.new_context(
            viewport={"width": width, "height": height}, java_script_enabled=scripts, **options
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        complaints.watch(page)
        return page

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def read_code(mailoutbox):
    """The newest sign-in code that was mailed to an address."""

    def read(address):
        mails = [mail for mail in mailoutbox if mail.to == [address]]
        return re.search(r"\b\d{6}\b", mails[-1].body).group()

    return read
