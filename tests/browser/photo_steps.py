"""Cameras and pictures for the tests of the photo step, and what a person does there."""

import io
import re
from functools import cache

import pytest
from django.urls import reverse
from PIL import Image, ImageDraw

from tests import chromium
from tests.browser import steps
from tests.factories import make_registration, make_user

SIZE = (320, 240)
FAKE = ["--use-fake-device-for-media-stream"]
ALLOWED = [*FAKE, "--use-fake-ui-for-media-stream"]
SCENES = {"good": ALLOWED, "dark": ALLOWED, "refused": FAKE, "none": []}


def scene(name: str) -> Image.Image:
    """What the fake camera sees: a drawn face before a wall, by day or almost without light."""
    picture = Image.new("RGB", SIZE, (205, 214, 222))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, 60, 240), fill=(160, 140, 120))
    pen.rectangle((100, 170, 220, 240), fill=(40, 70, 120))
    pen.ellipse((120, 40, 200, 160), fill=(150, 100, 70))
    for left in (138, 172):
        pen.ellipse((left, 80, left + 10, 86), fill=(20, 20, 20))
    pen.arc((145, 110, 175, 135), 10, 170, fill=(90, 30, 30), width=3)
    return picture.point(lambda value: value // 12) if name == "dark" else picture


def film(name: str) -> bytes:
    """The scene as a film of a few frames (YUV4MPEG2), which Chromium plays as a camera."""
    bright, blue, red = scene(name).convert("YCbCr").split()
    half = (SIZE[0] // 2, SIZE[1] // 2)
    frame = bright.tobytes() + blue.resize(half).tobytes() + red.resize(half).tobytes()
    return b"YUV4MPEG2 W%d H%d F10:1 Ip A1:1 C420jpeg\n" % SIZE + (b"FRAME\n" + frame) * 4


@cache
def snapshot(strength: int = 15) -> bytes:
    """A JPEG as a phone makes it, with enough grain for some 150 kB after it was shrunk."""
    grain = Image.effect_noise((1200, 1600), strength).convert("RGB")
    face = Image.open(io.BytesIO(steps.portrait(1))).resize((1200, 1600))
    out = io.BytesIO()
    Image.blend(face, grain, 0.5).save(out, "JPEG", quality=92)
    return out.getvalue()


@pytest.fixture(scope="session")
def cameras(chrome, tmp_path_factory):
    """Chromium with the camera of a scene: `cameras("dark")`. Each is started once."""
    folder, started = tmp_path_factory.mktemp("films"), {}

    def start(name):
        if name not in started:
            path = folder / f"{name}.y4m"
            path.write_bytes(film(name))
            args = ["--no-sandbox", *SCENES[name]]
            if name != "none":
                args.append(f"--use-file-for-fake-video-capture={path}")
            started[name] = chrome.browser_type.launch(executable_path=chromium.find(), args=args)
        return started[name]

    yield start
    for browser in started.values():
        browser.close()


@pytest.fixture
def open_camera(cameras, complaints):
    """As open_page, with the camera of a scene."""
    contexts = []

    def make(name="good", *, width=360, height=740, **options):
        size = {"width": width, "height": height}
        context = cameras(name).new_context(viewport=size, **options)
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        complaints.watch(page)
        return page

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def sender(db):
    """Maria, whose registration asks for her photo."""
    user = make_user("maria@example.org")
    make_registration(user, people=1, signed=False)
    return user


@pytest.fixture
def traveler(sender):
    return sender.registrations.get().members.get().traveler


@pytest.fixture
def photo_step(sender, traveler, client, live_server):
    """Opens the photo step in a page, signed in: `photo_step(page)`."""
    path = reverse("scheduling:photo", args=[traveler.reference])

    def go(page, base=live_server.url):
        client.force_login(sender)
        steps.take_session(page, base, client)
        page.goto(base + path)
        return page

    go.path = path
    return go


def choose(page, data: bytes, name="face.jpg"):
    kind = "image/jpeg" if name.endswith("jpg") else "application/octet-stream"
    page.get_by_label("Or choose a photo you have").set_input_files(
        {"name": name, "mimeType": kind, "buffer": data}
    )


def use(page):
    steps.press(page, "Use this photo")


def is_here(page):
    """The page that says the photo is here."""
    page.wait_for_url(re.compile(r"\?sent=1"))
    page.get_by_role("heading", name="We have the photo").wait_for()
