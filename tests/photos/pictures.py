"""Pictures made by the tests, and what a clean one has to be."""

import io
import struct
import zlib

import pillow_heif
import pytest
from PIL import Image

from cbpone.photos import pipeline

pillow_heif.register_heif_opener()

RED, GREEN, BLUE, WHITE = (200, 30, 30), (30, 160, 60), (30, 60, 190), (255, 255, 255)
ALLOWED_SEGMENTS = {0xE0, 0xDB, 0xC0, 0xC4, 0xDA}  # JFIF, tables, frame, scan: no EXIF, no comment
TEXT_BOMB = b"k\0\0" + zlib.compress(bytes(40_000_000))


def quarters(width=320, height=240, mode="RGB"):
    """Red, green over blue, white: every turn and every lost channel shows."""
    picture = Image.new("RGB", (width, height), WHITE)
    half = (width // 2, height // 2)
    picture.paste(RED, (0, 0, *half))
    picture.paste(GREEN, (half[0], 0, width, half[1]))
    picture.paste(BLUE, (0, half[1], half[0], height))
    return picture.convert(mode)


def shaded(width, height):
    """Never flat and never mid grey at the bottom, as a photograph is."""
    ramps = [Image.linear_gradient("L").rotate(turn) for turn in (0, 90, 180)]
    noise = Image.effect_noise((256, 256), 60)
    bands = [Image.blend(ramp, noise, 0.3) for ramp in ramps]
    return Image.merge("RGB", bands).resize((width, height))


def saved(picture, source_format="JPEG", **options):
    file = io.BytesIO()
    picture.save(file, source_format, **options)
    return file.getvalue()


def png(width, height, *chunks, bits=8, colour=2):
    """A PNG written by hand, for what Pillow would not write."""
    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    parts = [(b"IHDR", header), *chunks, (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + body


def segments(jpeg):
    """The markers before the first scan."""
    found, at = [], 2
    while not found or found[-1] != 0xDA:
        found.append(jpeg[at + 1])
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4])
    return set(found)


def opened(photo):
    """The clean picture, after checking that it carries nothing but itself."""
    picture = Image.open(io.BytesIO(photo.jpeg))
    assert segments(photo.jpeg) <= ALLOWED_SEGMENTS
    assert photo.jpeg.endswith(b"\xff\xd9")
    assert photo.jpeg.count(b"\xff\xd9") == 1
    assert (picture.format, picture.mode) == ("JPEG", "RGB")
    assert picture.size == (photo.width, photo.height)
    return picture


def corners(picture):
    """The colours at the middle of each quarter, in reading order."""
    width, height = picture.size
    places = [(x, y) for y in (height // 4, height * 3 // 4) for x in (width // 4, width * 3 // 4)]
    return [picture.getpixel(place) for place in places]


def near(found, expected, tolerance=14):
    pairs = zip(found, expected, strict=True)
    return all(abs(a - b) <= tolerance for one, two in pairs for a, b in zip(one, two, strict=True))


def refusal(data):
    with pytest.raises(pipeline.PhotoRefused) as refused:
        pipeline.clean(data)
    return refused.value.code
