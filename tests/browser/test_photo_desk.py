"""Turning a picture and making it lighter, for looking only."""

import pytest

from cbpone.photos.models import Photo
from tests.browser.test_queue_standards import boss, drawn, held, open_as  # noqa: F401
from tests.factories.office_photos import make_family_photo

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def style(page) -> str:
    return page.locator("#looked-at").get_attribute("style") or ""


@pytest.mark.parametrize("width", [360, 1280])
def test_picture_is_turned_and_made_lighter_for_looking_only(
    live_server, open_page, client, boss, held, width  # noqa: F811
):  # fmt: skip
    page = open_as(boss, client, open_page, live_server, width=width)
    page.goto(f"{live_server.url}/officers/photos/{held.reference}/")
    before = Photo.objects.filter(pk=held.pk).values().get()
    asked = []
    page.on("request", lambda request: asked.append(request.url))

    page.get_by_role("button", name="Turn").click()
    page.get_by_label("Lighter, for looking only").fill("250")

    assert "rotate(90deg)" in style(page)
    assert "brightness(250%)" in style(page)
    box, frame = page.locator("#looked-at").bounding_box(), page.locator(".desk .photo").last
    assert box["width"] <= frame.bounding_box()["width"] + 1
    page.get_by_role("button", name="As it was sent").click()
    assert "rotate(0deg)" in style(page)
    assert "brightness(100%)" in style(page)
    assert not [url for url in asked if "/officers/" in url]
    assert Photo.objects.filter(pk=held.pk).values().get() == before


def test_before_and_after_stand_side_by_side_on_a_phone_too(
    live_server, open_page, client, boss, held  # noqa: F811
):  # fmt: skip
    page = open_as(boss, client, open_page, live_server, width=360)
    page.goto(f"{live_server.url}/officers/photos/{held.reference}/")

    first, second = (page.locator(".pair figure").nth(place).bounding_box() for place in (0, 1))

    assert first["y"] == second["y"]
    assert first["x"] + first["width"] <= second["x"]


def test_without_a_script_there_is_nothing_to_turn(
    live_server, open_page, client, boss  # noqa: F811
):  # fmt: skip
    photo = drawn(make_family_photo(by=boss))
    page = open_as(boss, client, open_page, live_server, scripts=False)
    page.goto(f"{live_server.url}/officers/photos/{photo.reference}/")

    assert page.get_by_role("button", name="Turn").count() == 0
    assert page.locator("#darkroom-light").is_hidden()
    assert page.locator("#looked-at").is_visible()
