"""The public numbers of photos and the page of groups that fare otherwise: no finding by axe."""

import pytest
from django.core.cache import cache

from cbpone.lib import clock
from tests.browser.test_queue_standards import open_as
from tests.browser.test_standards import look
from tests.factories import make_port, make_supervisor
from tests.factories.office_drift import make_drift, make_figure

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
FOUND = {"too_dark": 20, "face_not_found": 12}


@pytest.mark.parametrize("width", [320, 1280])
def test_public_numbers(live_server, open_page, width):
    page = open_page(width=width, color_scheme="dark" if width == 320 else "light")
    empty = look(page, live_server.url, ["/numbers/photos/"])
    cache.clear()
    for kind, group, attempts in [
        ("nationality", "HT", 1234), ("nationality", "VE", 12), ("nationality", "CU", 3),
        ("browser", "chrome", 1249),
    ]:  # fmt: skip
        facts = (
            {"checked": attempts, "hinted": attempts // 10} if attempts > 999 else {"checked": 0}
        )
        make_figure(kind=kind, group=group, attempts=attempts, by_finding=FOUND, **facts)

    seen = look(page, live_server.url, ["/numbers/photos/"])
    assert empty + seen == []
    assert page.get_by_role("row", name="Haiti 1234").is_visible()
    assert page.get_by_role("row", name="Cuba fewer than 10").is_visible()


@pytest.mark.parametrize("width", [320, 1280])
def test_groups_that_fare_otherwise(live_server, open_page, client, width):
    boss = make_supervisor(make_port(), name="Sam Supervisor")
    page = open_as(boss, client, open_page, live_server, width=width)
    empty = look(page, live_server.url, ["/officers/photo-drift/"])
    make_drift(kind="nationality", group="HT")
    make_drift(group="safari", seen_at=clock.now(), seen_by=boss, note="A new camera")

    assert empty + look(page, live_server.url, ["/officers/photo-drift/"]) == []

    page.get_by_role("button", name="I have looked into it").click()
    assert page.title().startswith("Error:")
    page.get_by_label("What did you find, and what is done about it?").fill("The light there")
    page.get_by_role("button", name="I have looked into it").click()
    assert page.get_by_role("cell", name="The light there").is_visible()
