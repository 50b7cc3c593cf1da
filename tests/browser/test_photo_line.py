"""Bad lines: whatever breaks on the way, the photo goes on and arrives once."""

import hashlib
import http.client
import re
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from cbpone.photos import storing
from cbpone.photos.models import Photo, Upload, UploadPiece
from cbpone.photos.pipeline import Busy
from cbpone.photos.tickets import make_ticket
from tests.browser import steps
from tests.browser.photo_steps import choose, is_here, snapshot, use
from tests.browser.test_standards import findings
from tests.browser.thin_line import ThinLine

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
UPLOADS = "**/photos/uploads/**"
WEAK = "The line is weak. The photo is kept on this phone and goes on by itself."
FIFTY_KBIT = 50_000 // 8  # bytes a second


def cut_after(page, pieces: int):
    """The line breaks after so many pieces and stays broken."""
    went = []

    def carry(route):
        if route.request.method == "PATCH":
            went.append(route)
        if len(went) > pieces:
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route(UPLOADS, carry)


def ready(page):
    choose(page, snapshot())
    page.get_by_role("button", name="Use this photo").wait_for()


def has_come_whole(line, sender, traveler) -> bool:
    """All bytes in one piece over a fresh connection."""
    data = snapshot()[:150_000]
    path = f"/photos/uploads/{uuid4()}/"
    headers = {"Photo-Ticket": make_ticket(user=sender, traveler=traveler)}
    digest = hashlib.sha256(data).hexdigest()
    way = http.client.HTTPConnection("localhost", line.port, timeout=20)
    try:
        way.request("PUT", f"{path}?size={len(data)}&sha256={digest}", headers=headers)
        way.getresponse().read()
        way.request("PATCH", path, data, headers | {"Upload-Offset": "0"})
        return way.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False


def arrived(traveler) -> Photo:
    """The one photo, of one upload, with nothing left of its pieces."""
    assert Upload.objects.get().status == "kept"
    assert UploadPiece.objects.count() == 0
    return Photo.objects.get(traveler=traveler)


def test_line_cut_in_the_middle_is_said_and_the_rest_goes_on(
    open_camera, photo_step, traveler, complaints
):
    page = photo_step(open_camera())
    ready(page)
    cut_after(page, 2)
    with complaints.quiet(page):
        use(page)
        expect(page.locator("#taker-said")).to_have_text(WEAK)
        expect(page.locator("#taker-so-far")).to_have_text(re.compile(r"48 of 1\d\d kB"))
        bar = page.get_by_role("progressbar")
        assert float(bar.get_attribute("value")) == 48 * 1024
        assert findings(page) == []
        had = Upload.objects.get().have
        page.unroute(UPLOADS)
        steps.press(page, "Try now")
        is_here(page)

    assert had == 48 * 1024
    arrived(traveler)


def test_every_fourth_request_breaks_and_it_arrives(open_camera, photo_step, traveler, complaints):
    page = photo_step(open_camera())
    ready(page)
    went = []

    def carry(route):
        went.append(route.request.method)
        route.continue_() if len(went) % 4 else route.abort()

    page.route(UPLOADS, carry)
    with complaints.quiet(page):
        use(page)
        is_here(page)

    assert went[:5] == ["PUT", "PATCH", "PATCH", "PATCH", "PUT"]
    arrived(traveler)


def test_no_line_at_all_and_it_goes_on_at_once_when_it_is_back(
    open_camera, photo_step, traveler, complaints
):
    page = photo_step(open_camera())
    ready(page)
    with complaints.quiet(page):
        page.context.set_offline(True)
        use(page)
        expect(page.locator("#taker-said")).to_have_text(WEAK)
        page.context.set_offline(False)
        is_here(page)

    arrived(traveler)


def test_page_loaded_again_in_the_middle_goes_on_where_it_was(
    open_camera, photo_step, traveler, complaints
):
    page = photo_step(open_camera())
    ready(page)
    cut_after(page, 2)
    with complaints.quiet(page):
        with page.expect_event("requestfailed"):
            use(page)
        page.unroute(UPLOADS)
        offsets = []
        page.on("request", lambda one: offsets.append(one.headers.get("upload-offset")))
        page.reload()
        is_here(page)

    assert next(one for one in offsets if one) == str(48 * 1024)
    arrived(traveler)


def test_picture_that_was_only_looked_at_is_there_again_and_not_sent(
    open_camera, photo_step, traveler
):
    page = photo_step(open_camera())
    ready(page)
    page.reload()

    expect(page.locator("#taker-said")).to_have_text("We found the photo you took. You can use it.")
    assert not Upload.objects.exists()
    use(page)
    is_here(page)

    arrived(traveler)


def test_two_tabs_with_the_same_picture_send_one(open_camera, photo_step, traveler, complaints):
    page = photo_step(open_camera())
    ready(page)
    cut_after(page, 1)
    with complaints.quiet(page):
        with page.expect_event("requestfailed"):
            use(page)
        other = page.context.new_page()
        other.goto(page.url)
        is_here(other)
        page.unroute(UPLOADS)
        is_here(page)

    arrived(traveler)


def test_pressing_twice_and_going_back_send_one(open_camera, photo_step, traveler):
    page = photo_step(open_camera())
    ready(page)
    page.get_by_role("button", name="Use this photo").dblclick()
    is_here(page)
    page.go_back()

    page.get_by_role("button", name="Take a photo", exact=True).wait_for()
    assert page.locator("#taker-said").inner_text() == ""
    arrived(traveler)


LACKS = {
    "storage": "Object.defineProperty(window, 'indexedDB', {get() { throw new Error('closed'); }})",
    "room": "IDBObjectStore.prototype.put = () => { throw new Error('full'); }",
    "https": "Object.defineProperty(crypto, 'subtle', {value: undefined})",
}


@pytest.mark.parametrize("lack", LACKS)
def test_photo_arrives_where_the_browser_lacks(open_camera, photo_step, traveler, lack):
    page = open_camera()
    page.add_init_script(LACKS[lack])
    photo_step(page)
    ready(page)
    use(page)
    is_here(page)

    arrived(traveler)


def test_id_that_is_another_pictures_is_made_anew(open_camera, photo_step, traveler):
    page = photo_step(open_camera())
    ready(page)
    ids = []

    def carry(route):
        ids.append(route.request.url.split("/")[5])
        if len(ids) == 1:
            route.fulfill(status=409, json={"state": "other"})
        else:
            route.continue_()

    page.route(UPLOADS, carry)
    use(page)
    is_here(page)

    assert str(Upload.objects.get().reference) == ids[1] != ids[0]
    arrived(traveler)


def test_busy_decoders_are_waited_for(open_camera, photo_step, traveler, monkeypatch):
    page = photo_step(open_camera())
    ready(page)
    with monkeypatch.context() as busy:
        busy.setattr(storing, "clean", is_busy)
        use(page)
        expect(page.locator("#taker-said")).to_have_text(
            "The whole photo is here. We are opening it."
        )
    is_here(page)

    arrived(traveler)


def is_busy(_data):
    raise Busy


def test_ticket_that_is_over_sends_to_the_page_and_the_photo_goes_on_there(
    open_camera, photo_step, traveler
):
    page = photo_step(open_camera())
    page.locator("#taker").evaluate("box => box.dataset.ticket = 'old'")
    ready(page)
    use(page)
    link = page.get_by_role("link", name="Open this page again")
    expect(link).to_be_focused()
    assert "Everything you saved is safe." in page.locator("#taker-said").inner_text()
    link.press("Enter")
    is_here(page)

    arrived(traveler)


def test_fifty_kbit_cut_every_ten_seconds(
    open_camera, photo_step, traveler, live_server, complaints
):
    """The decisive one: 150 kB, while 62 kB at most pass between two cuts."""
    address = urlsplit(live_server.url)
    target = (address.hostname, address.port)
    line = ThinLine(target, bytes_a_second=FIFTY_KBIT, cut_seconds=10)
    page = open_camera()
    with complaints.quiet(page):
        photo_step(page, line.url)
        ready(page)
        line.slow.set()
        with page.expect_request(lambda one: one.method == "HEAD", timeout=90_000):
            use(page)
        line.slow.clear()
        is_here(page)
    line.close()

    upload = Upload.objects.get()
    assert 140_000 < upload.size < 180_000
    assert line.cuts >= 2
    arrived(traveler)


def test_one_piece_on_such_a_line_never_arrives(sender, traveler, live_server):
    """Why there are pieces: the same line, ten times as fast and cut ten times as often."""
    address = urlsplit(live_server.url)
    target = (address.hostname, address.port)
    line = ThinLine(target, bytes_a_second=10 * FIFTY_KBIT, cut_seconds=1)
    line.slow.set()
    tries = [has_come_whole(line, sender, traveler) for _ in range(4)]
    line.close()

    assert not any(tries)
    assert line.cuts >= 4
    assert {upload.status for upload in Upload.objects.all()} == {"receiving"}
