"""Broken and hostile files, made from a fixed seed: the same ones on every run."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from functools import cache
from random import Random

from PIL import Image

from tests.photos.pictures import png, quarters, saved, shaded

SEED = 20230112
FRAMES = [Image.new("RGB", (240, 180), colour) for colour in ("black", "white", "red")]
PAGE = b"<!doctype html><html><script>alert(document.cookie)</script></html>"
SCRIPT = b"/*<?php system($_GET['c']); ?>*/=1;alert(1);//"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><image href="file:///etc/passwd"/></svg>'
XXE = b'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg>&x;</svg>'
FTYP = b"\0\0\0\x1cftyp%s\0\0\0\0mif1%s\0\0\0\0"
STARTS = {
    "jpeg": b"\xff\xd8\xff\xe0",
    "png": b"\x89PNG\r\n\x1a\n",
    "webp": b"RIFF\xff\xff\xff\x7fWEBPVP8X",
    "heic": FTYP % (b"heic", b"heic"),
    "avif": FTYP % (b"avif", b"avif"),
}


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("../../etc/cron.d/x", "* * * * * root id")
    return out.getvalue()


def sound() -> dict[str, bytes]:
    """Pictures that are as they should be, one of every kind that is taken."""
    small, photo = quarters(240, 180), shaded(240, 180)
    lying = Image.Exif()
    lying[0x0112] = 6
    many = {"save_all": True, "append_images": FRAMES}
    return {
        "jpeg": saved(photo),
        "progressive": saved(photo, progressive=True),
        "turned": saved(photo, exif=lying),
        "cmyk": saved(small.convert("CMYK")),
        "grey": saved(photo.convert("L")),
        "several": saved(small, "MPO", **many),
        "png": saved(photo, "PNG"),
        "palette": saved(small.quantize(8), "PNG", transparency=0),
        "deep": saved(photo.convert("L").convert("I;16"), "PNG"),
        "apng": saved(small, "PNG", **many),
        "webp": saved(photo, "WEBP"),
        "lossless": saved(small.convert("RGBA"), "WEBP", lossless=True),
        "moving webp": saved(small, "WEBP", **many),
        "heic": saved(photo, "HEIF"),
        "avif": saved(photo, "AVIF"),
    }


def flipped(rng: Random) -> Iterator[tuple[str, bytes]]:
    for name, data in sound().items():
        for count in (1, 1, 2, 4, 8, 16, 64, 256):
            broken = bytearray(data)
            for _ in range(count):
                broken[rng.randrange(12, len(data))] ^= 1 << rng.randrange(8)
            yield f"{name}, {count} bits", bytes(broken)


def cut(rng: Random) -> Iterator[tuple[str, bytes]]:
    for name, data in sound().items():
        for _ in range(4):
            yield f"{name}, end missing", data[: rng.randrange(1, len(data))]
        start = rng.randrange(20, len(data))
        end = rng.randrange(start, len(data))
        yield f"{name}, middle missing", data[:start] + data[end:]
        yield f"{name}, middle empty", data[:start] + bytes(end - start) + data[end:]
        yield f"{name}, middle twice", data[:end] + data[start:]


def spliced(rng: Random) -> Iterator[tuple[str, bytes]]:
    """The head of one picture on the body of another."""
    pictures = list(sound().items())
    for name, data in pictures:
        for _ in range(3):
            other, tail = rng.choice(pictures)
            start, end = rng.randrange(8, 200), rng.randrange(len(tail))
            yield f"{name} and {other}", data[:start] + tail[end:]
    for name, start in STARTS.items():
        for size in (0, 1, 30, 4000):
            yield f"{name} of noise", start + rng.randbytes(size)
            yield f"{name} of one byte", start + bytes([rng.randrange(256)]) * size


def both() -> Iterator[tuple[str, bytes]]:
    """Files that are a picture and something else as well."""
    payloads = {"page": PAGE, "script": SCRIPT, "svg": SVG, "zip": archive(), "pdf": b"%PDF-1.7\n"}
    for kind, payload in payloads.items():
        for name, data in sound().items():
            yield f"{name} with {kind} behind", data + payload
        yield f"{kind} before a picture", payload + saved(quarters())
        yield f"{kind} in a comment", saved(quarters(), comment=payload)
        yield f"{kind} in EXIF", saved(quarters(), exif=b"Exif\0\0" + payload)
        yield f"{kind} as XMP", saved(quarters(), xmp=payload)
        yield f"{kind} as a profile", saved(quarters(), icc_profile=payload)
        yield f"{kind} in a chunk", with_chunks((b"tEXt", b"k\0" + payload))
        yield f"{kind} behind a start", STARTS["jpeg"] + payload
        yield kind, payload


def with_chunks(*chunks: tuple[bytes, bytes]) -> bytes:
    rows = zlib.compress((b"\0" + b"\x40\x80\xc0" * 120) * 120)
    return png(120, 120, *chunks, (b"IDAT", rows))


def segment(kind: int, data: bytes) -> bytes:
    return b"\xff" + bytes([kind]) + struct.pack(">H", len(data) + 2) + data


def in_jpeg(*parts: bytes) -> bytes:
    data = saved(quarters())
    return data[:2] + b"".join(parts) + data[2:]


def tiff_tags(count: int, offset: int) -> bytes:
    """EXIF whose list of tags says it is long and comes back to itself."""
    entry = struct.pack("<HHII", 0x8769, 4, 1, 8)
    return b"Exif\0\0II*\0" + struct.pack("<I", offset) + struct.pack("<H", count) + entry * 40


def claiming(width: int, height: int, marker=b"\xff\xc0", progressive=False) -> bytes:
    data = bytearray(saved(quarters(), progressive=progressive))
    at = data.index(marker) + 5
    data[at : at + 4] = struct.pack(">HH", height, width)
    return bytes(data)


def many_scans() -> bytes:
    """The last pass of a progressive picture, a thousand times over."""
    data = saved(quarters(), progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:-2] + data[last:-2] * 1000 + data[-2:]


def odd_sizes(kind: str) -> Iterator[tuple[str, bytes]]:
    """HEIC and AVIF that say another size than they have."""
    data = saved(shaded(240, 180), kind)
    at = data.index(b"ispe") + 8
    for width, height in ((0, 0), (1, 1), (65_535, 65_535), (2**31, 2**31 - 1), (241, 179)):
        size = struct.pack(">II", width, height)
        yield f"{kind} of {width} x {height}", data[:at] + size + data[at + 8 :]


def bombs() -> Iterator[tuple[str, bytes]]:
    zeros = zlib.compress(bytes(40_000_000))
    rows = zlib.compress(bytes(20_001 * 60))
    yield "pixels", png(20_000, 20_000, (b"IDAT", rows), colour=0)
    yield (
        "64 megapixels",
        png(8_190, 8_190, (b"IDAT", zlib.compress(bytes(8_191 * 8_190))), colour=0),
    )
    for width, height in ((2**31 - 1, 2**31 - 1), (0, 0), (1, 500_000), (500_000, 1), (100, 9_000)):
        yield f"png of {width} x {height}", png(width, height, (b"IDAT", rows))
    yield "more rows than it says", png(120, 120, (b"IDAT", zeros))
    for width, height in ((65_535, 65_535), (0, 0), (1, 1), (65_535, 1), (8_000, 8_000)):
        yield f"jpeg of {width} x {height}", claiming(width, height)
        yield f"passes of {width} x {height}", claiming(width, height, b"\xff\xc2", True)
    yield "scans", many_scans()
    yield "text", with_chunks((b"zTXt", b"k\0\0" + zeros))
    yield "marked text", with_chunks((b"iTXt", b"k\0\1\0\0\0" + zeros))
    yield "profile", with_chunks((b"iCCP", b"k\0\0" + zeros))
    yield "ten thousand chunks", with_chunks(*[(b"tEXt", b"k\0v")] * 10_000)
    yield "empty chunks", with_chunks(*[(b"IDAT", b"")] * 5_000)
    yield "moving without end", with_chunks((b"acTL", struct.pack(">II", 2**31 - 1, 0)))
    yield "comments", in_jpeg(*[segment(0xFE, b"x" * 60_000)] * 100)
    yield (
        "profile in 255 parts",
        in_jpeg(
            *[
                segment(0xE2, b"ICC_PROFILE\0" + bytes([n, 255]) + b"x" * 9_000)
                for n in range(1, 256)
            ]
        ),
    )
    for count, offset in ((65_535, 8), (40, 8), (1, 2**32 - 1), (0, 0)):
        yield f"{count} tags from {offset}", in_jpeg(segment(0xE1, tiff_tags(count, offset)))
    yield from odd_sizes("HEIF")
    yield from odd_sizes("AVIF")
    long = [Image.new("RGB", (120, 120), (n, n, 255 - n)) for n in range(250)]
    for kind in ("WEBP", "PNG"):
        yield f"{kind} of 250 frames", saved(long[0], kind, save_all=True, append_images=long[1:])


def strangers(rng: Random) -> Iterator[tuple[str, bytes]]:
    """What is no picture that we take, whatever its name says."""
    small = quarters()
    for kind in "GIF TIFF BMP ICO TGA PPM PCX SGI ICNS PDF EPS DDS JPEG2000".split():
        yield kind, saved(small.resize((128, 128)), kind)
    yield "moving gif", saved(small, "GIF", save_all=True, append_images=FRAMES)
    yield "svg", SVG
    yield "entities", XXE
    yield "postscript", b"%!PS-Adobe-3.0 EPSF-3.0\n(/etc/passwd) (r) file\n"
    yield "imagemagick", b"push graphic-context\nfill 'url(https://x/|id)'\npop graphic-context"
    yield "program", b"\x7fELF\x02\x01\x01" + rng.randbytes(500)
    yield "windows program", b"MZ" + rng.randbytes(500)
    yield "video", b"\0\0\0\x20ftypisom\0\0\0\0isommp42" + rng.randbytes(500)
    yield "packed", zlib.compress(b"x" * 999)
    yield "archive", archive()
    yield "25 MB and more", STARTS["jpeg"] + bytes(26_300_000)
    for size in (0, 1, 2, 3, 12, 5_000):
        yield f"{size} zeros", bytes(size)
        yield f"{size} bytes of noise", rng.randbytes(size)


FAMILIES = {
    "flipped": flipped,
    "cut": cut,
    "spliced": spliced,
    "both": lambda _rng: both(),
    "bombs": lambda _rng: bombs(),
    "strangers": strangers,
}


@cache
def files(family: str) -> list[tuple[str, bytes]]:
    return list(FAMILIES[family](Random(f"{SEED}:{family}")))
