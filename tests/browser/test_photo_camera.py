"""The camera in the page, by day, in the dark, refused and absent: nobody is kept from a photo."""

import hashlib
import io

import pytest
from PIL import Image
from playwright.sync_api import expect

from cbpone.photos.models import Photo
from tests.browser import steps
from tests.browser.photo_steps import choose, is_here, snapshot, use
from tests.browser.test_standards import findings, sideways

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
GOOD = "This looks good. Take the photo when you are ready."
DARK = "It is very dark. If you can, turn to a window or a lamp."


def focused(page) -> str:
    return page.evaluate("document.activeElement.id")


def told(page):
    """The one live region that everything is said in."""
    region = page.locator("#taker-said")
    assert region.get_attribute("role") == "status"
    return region


@pytest.mark.parametrize(("scene", "words"), [("good", GOOD), ("dark", DARK)])
def test_photo_is_taken_in_any_light_and_kept(open_camera, photo_step, traveler, scene, words):
    page = photo_step(open_camera(scene))
    steps.press(page, "Take a photo")
    shutter = page.get_by_role("button", name="Take the photo")
    expect(shutter).to_be_focused()
    expect(shutter).to_be_enabled()

    expect(told(page)).to_have_text(words)
    expect(shutter).to_be_enabled()
    shutter.press("Enter")
    expect(page.get_by_role("button", name="Use this photo")).to_be_focused()
    page.keyboard.press("Enter")

    is_here(page)
    photo = Photo.objects.current().get(traveler=traveler)
    assert (photo.width, photo.height) == (180, 240)


def test_every_state_is_within_the_standards(open_camera, photo_step):
    page = photo_step(open_camera("dark"))
    faults = faults_of(page)
    page.get_by_role("button", name="Take a photo", exact=True).click()
    expect(told(page)).to_have_text(DARK)
    faults += faults_of(page)
    page.get_by_role("button", name="Take the photo").click()
    page.get_by_role("button", name="Use this photo").wait_for()
    faults += faults_of(page)

    assert faults == []


def faults_of(page) -> list[str]:
    """Of accessibility, of width, and of buttons too small for a thumb."""
    small = page.evaluate(
        "() => [...document.querySelectorAll('#taker :is(button, a)')]"
        ".filter(one => one.offsetHeight && one.offsetHeight < 44).map(one => one.textContent)"
    )
    return findings(page) + small + (["sideways"] if sideways(page) else [])


def test_camera_is_let_go_when_nobody_uses_it(open_camera, photo_step):
    page = photo_step(open_camera())
    page.evaluate(
        "() => { const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);"
        "navigator.mediaDevices.getUserMedia = wish => ask(wish).then(s => window.stream = s); }"
    )
    live = "() => window.stream && stream.getTracks().some(one => one.readyState === 'live')"
    for let_go in (
        lambda: page.keyboard.press("Escape"),
        lambda: page.get_by_role("button", name="Close the camera").click(),
        lambda: page.get_by_role("button", name="Take the photo").click(),
    ):
        page.get_by_role("button", name="Take a photo", exact=True).click()
        expect(page.locator("#taker-view")).to_have_attribute("data-seen", "good")
        assert page.evaluate(live)

        let_go()

        page.get_by_role("button", name="Take the photo").wait_for(state="hidden")
        assert not page.evaluate(live)


def test_camera_that_comes_after_it_was_closed_is_let_go(open_camera, photo_step):
    page = open_camera()
    page.add_init_script(
        "const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);"
        "const gate = new Promise(open => { window.open_gate = open; });"
        "window.all = [];"
        "navigator.mediaDevices.getUserMedia = wish => ask(wish)"
        " .then(stream => { all.push(stream); return gate.then(() => stream); });"
    )
    photo_step(page)
    for button in ("Take a photo", "Close the camera", "Take a photo"):
        page.get_by_role("button", name=button, exact=True).click()
    page.wait_for_function("all.length === 2")
    page.evaluate("open_gate()")
    expect(page.locator("#taker-view")).to_have_attribute("data-seen", "good")

    assert page.evaluate("all.map(one => one.active)") == [False, True]


def test_another_one_opens_the_camera_again(open_camera, photo_step, traveler):
    page = photo_step(open_camera())
    steps.press(page, "Take a photo")
    expect(page.locator("#taker-view")).to_have_attribute("data-seen", "good")
    steps.press(page, "Take the photo")
    steps.press(page, "Take another one")

    expect(page.get_by_role("button", name="Take the photo")).to_be_focused()
    expect(page.locator("#taker-view")).to_have_attribute("data-seen", "good")
    page.reload()

    page.get_by_role("button", name="Take a photo", exact=True).wait_for()
    assert told(page).inner_text() == ""
    assert not Photo.objects.filter(traveler=traveler).exists()


@pytest.mark.parametrize(
    ("scene", "words"),
    [
        ("none", "This device has no camera for this page. You can choose a photo you have."),
        ("refused", "The camera of this page stays off. You can choose a photo you have."),
    ],
)
def test_without_a_camera_a_file_does(open_camera, photo_step, traveler, scene, words):
    page = photo_step(open_camera(scene))
    steps.press(page, "Take a photo")

    expect(told(page)).to_have_text(words)
    assert focused(page) == "id_camera"
    assert page.get_by_label("Take a photo now").is_visible()
    assert page.get_by_role("button", name="Take a photo", exact=True).is_hidden()
    assert scene == "none" or findings(page) == []
    choose(page, snapshot())
    use(page)
    is_here(page)

    photo = Photo.objects.current().get(traveler=traveler)
    assert (photo.width, photo.height) == (900, 1200)


def test_camera_that_another_program_holds(open_camera, photo_step):
    page = open_camera()
    page.add_init_script(
        "navigator.mediaDevices.getUserMedia = () =>"
        " Promise.reject(new DOMException('', 'NotReadableError'))"
    )
    photo_step(page)
    steps.press(page, "Take a photo")

    expect(told(page)).to_contain_text("The camera does not start just now.")
    assert page.get_by_label("Take a photo now").is_visible()
    assert page.get_by_role("button", name="Take a photo", exact=True).is_visible()


def test_someone_else_takes_the_picture_with_the_other_camera(open_camera, photo_step):
    page = open_camera()
    page.add_init_script(
        "const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);"
        "window.asked = [];"
        "navigator.mediaDevices.getUserMedia = wish => {"
        " window.asked.push(wish.video.facingMode);"
        " return ask({video: true}).then(stream => {"
        "  const wanted = wish.video.facingMode;"
        "  stream.getVideoTracks()[0].getSettings = () => ({facingMode: wanted});"
        "  return stream; });"
        "};"
        "navigator.mediaDevices.enumerateDevices = () =>"
        " Promise.resolve([{kind: 'videoinput'}, {kind: 'videoinput'}, {kind: 'audioinput'}]);"
    )
    photo_step(page)
    steps.press(page, "Take a photo")
    expect(page.locator("#taker-view")).to_have_class("taker-view is-mirrored")

    steps.press(page, "Use the other camera")

    expect(page.locator("#taker-view")).to_have_class("taker-view")
    assert page.evaluate("asked") == ["user", "environment"]


def test_file_this_browser_cannot_open_goes_as_it_is_and_is_answered_beside_the_field(
    open_camera, photo_step, traveler
):
    page = photo_step(open_camera())
    choose(page, b"not a picture", "photo.heic")
    expect(told(page)).to_have_text("This browser cannot show the photo, but it can send it.")
    use(page)

    field = page.get_by_label("Or choose a photo you have")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_attribute("aria-describedby", "taker-error")
    assert page.locator("#taker-error").is_visible()
    assert findings(page) == []
    assert not Photo.objects.filter(traveler=traveler).exists()
    page.reload()
    assert page.get_by_role("button", name="Use this photo").is_hidden()


def test_photo_turned_by_the_phone_is_sent_upright_and_small(open_camera, photo_step, traveler):
    page = photo_step(open_camera())
    sent = []
    page.on("request", lambda one: one.method == "PATCH" and sent.append(one.post_data_buffer))
    choose(page, turned())
    use(page)
    is_here(page)

    photo = Photo.objects.current().get(traveler=traveler)
    assert (photo.width, photo.height) == (900, 1200)
    assert 40_000 < sum(map(len, sent)) < 250_000
    assert b"Exif" not in b"".join(sent)


def turned() -> bytes:
    """A picture that lies on its side, with the note of the phone that it must be turned."""
    picture, out = Image.open(io.BytesIO(snapshot())), io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    lying = picture.transpose(Image.Transpose.ROTATE_90)
    lying.save(out, "JPEG", quality=92, exif=exif)
    return out.getvalue()


def test_sentence_beside_the_phones_own_camera_stays_in_sight(open_camera, photo_step):
    page = photo_step(open_camera())
    page.goto(page.url + "?refused=too_small&by=camera")

    assert page.get_by_label("Take a photo now").is_visible()
    assert page.get_by_role("button", name="Take a photo", exact=True).is_visible()


def test_digest_is_right_without_the_browsers_own(open_camera, photo_step):
    page = photo_step(open_camera())

    for size in (0, 1, 55, 56, 63, 64, 119, 120, 70_001):
        data = bytes(i * 7 % 251 for i in range(size))
        own = "data => sending.ownSha256(new Uint8Array(data).buffer)"
        assert page.evaluate(own, list(data)) == hashlib.sha256(data).hexdigest()
