"""Decodes one photo nobody trusts yet, in a process of its own; a machine may look at it.

warm.py has it loaded and forks a process for each picture: one line and the bytes on standard
input, the answer on standard output. It must never import Django or anything of ours, so that no
setting and no secret is within reach of a decoder that a hostile picture has taken over.
`env -i python -I -B child.py describe` prints what such a process can see, for operators.
"""

import json
import os
import re
import resource
import signal
import sys
from contextlib import suppress
from io import BytesIO

from PIL import AvifImagePlugin, Image, ImageCms
from PIL import WebPImagePlugin as _registers_itself  # noqa: F401

LIBHEIF_MIN = (1, 23, 4)  # CVE-2026-84383 (GHSA-g89c-p67h-r497) and its two follow-ups
MAX_PIXELS = 64 * 1024 * 1024  # a "64 megapixel" phone takes 9248 x 6936 = 64.1 million
MIN_SIDE = 100  # px
LONG_SIDE = 1200  # px, unless the caller says otherwise
JPEG_QUALITY = 88
MAX_PROFILE = 4 * 1024 * 1024  # bytes; printers' CMYK profiles reach 2 MB
MAX_MISSING = 0.1  # share of the rows a truncated JPEG may lack
CHECK_SECONDS = 5  # for what a machine notes; the picture is safe by then

LIMITS = {
    "RLIMIT_AS": 850 * 1024 * 1024,  # bytes, beyond the 50 to 300 MB that are loaded already
    "RLIMIT_CPU": 10,  # seconds, all threads together
    "RLIMIT_FSIZE": 0,
    "RLIMIT_NOFILE": 16,
    "RLIMIT_CORE": 0,
}
PROFILE_SPACES = {"RGB": "RGB", "L": "GRAY", "CMYK": "CMYK"}
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class Refusal(Exception):
    """Its text is the code of the refusal pipeline.py will raise."""


def check_libheif():
    """Raise RuntimeError unless the libheif inside pillow-heif is 1.23.4 or newer.

    The wheel brings its own copy, so a patched operating system does not help.
    """
    import pillow_heif

    found = pillow_heif.libheif_version()
    if tuple(int(part) for part in re.findall(r"\d+", found)[:3]) < LIBHEIF_MIN:
        raise RuntimeError(
            f"libheif {found} is inside the installed pillow-heif, and a picture can run code "
            "through it (CVE-2026-84383). Install pillow-heif 1.8.1 or newer."
        )


def prepare():
    """Load the decoders, before any byte is read."""
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    Image.MAX_IMAGE_PIXELS = None  # open_picture() has its own limit and its own refusal
    Image.preinit()
    check_libheif()
    import pillow_heif

    pillow_heif.register_heif_opener(
        thumbnails=False, depth_images=False, aux_images=False, decode_threads=1
    )


def confine(source_format):
    """Give up for good what decoding does not need."""
    for name, value in LIMITS.items():
        limit(name, value + loaded() if name == "RLIMIT_AS" else value)
    # libde265 always starts one worker thread, so HEIC fails where threads are forbidden.
    if source_format != "HEIF":
        limit("RLIMIT_NPROC", 0)


def loaded():
    """Bytes of address space in use; OpenCV takes 250 MB of it and touches little."""
    with suppress(OSError), open("/proc/self/statm") as sizes:
        return int(sizes.read().split()[0]) * resource.getpagesize()
    return 0


def limit(name, value):
    """Lower one limit as far as this system allows: macOS has no working RLIMIT_AS."""
    number = getattr(resource, name, None)
    if number is None:
        return
    hard = resource.getrlimit(number)[1]
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    with suppress(ValueError, OSError):
        resource.setrlimit(number, (value, value))


def open_picture(data, source_format, long_side):
    """Read the header only. Refuses too_many_pixels and too_small before any pixel is decoded."""
    picture = Image.open(BytesIO(data), formats=[source_format])
    width, height = picture.size
    if width * height > MAX_PIXELS:
        raise Refusal("too_many_pixels")
    # A strip that would be under 100 px wide once its long side fits counts as too small.
    if min(fitted(width, height, long_side)) < MIN_SIDE:
        raise Refusal("too_small")
    if source_format == "JPEG":
        picture.draft(None, fitted(width, height, long_side))
    return picture


def fitted(width, height, long_side):
    """The size in px after shrinking to `long_side`; small pictures keep theirs."""
    scale = min(1, long_side / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def load(data, source_format, long_side):
    """Decode the first frame: (picture, damaged).

    A JPEG whose end is missing is closed with an end marker and tried again; libjpeg paints what
    it never received as flat mid grey. Refuses damaged when over a tenth of the rows is that grey.
    """
    picture = open_picture(data, source_format, long_side)
    try:
        picture.load()
    except OSError:
        if source_format != "JPEG":
            raise
    else:
        return picture, False
    picture = open_picture(data + b"\xff\xd9", source_format, long_side)
    picture.load()
    width, height = picture.size
    end = picture.crop((0, int(height * (1 - MAX_MISSING)), width, height))
    if all(band.getextrema() in {(127, 127), (128, 128)} for band in end.split()):
        raise Refusal("damaged")
    return picture, True


def orientation(picture):
    """The EXIF orientation 1 to 8; 1 when there is none or it cannot be read."""
    try:
        return picture.getexif().get(0x0112, 1)
    except Exception:  # broken EXIF raises almost anything, and the pixels are still good
        return 1


def plain_mode(picture):
    """The same picture as L, RGB, RGBA or CMYK, eight bits a channel."""
    if picture.mode.startswith("I"):
        # Pillow clips 16-bit grey when it converts, which would turn most of it white.
        return picture.point(lambda level: level / 256).convert("L")
    if picture.has_transparency_data:
        return picture.convert("RGBA")
    return picture if picture.mode in PROFILE_SPACES else picture.convert("RGB")


def on_white(picture):
    if picture.mode != "RGBA":
        return picture
    page = Image.new("RGB", picture.size, "white")
    page.paste(picture, mask=picture.getchannel("A"))
    return page


def to_srgb(picture, profile):
    """RGB for a plain screen. A colour profile that makes no sense is ignored."""
    if profile and len(profile) <= MAX_PROFILE:
        with suppress(ImageCms.PyCMSError, OSError, ValueError, TypeError):
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            if source.profile.xcolor_space.strip() == PROFILE_SPACES[picture.mode]:
                target = ImageCms.createProfile("sRGB")
                return ImageCms.profileToProfile(picture, source, target, outputMode="RGB")
    return picture.convert("RGB")


def encode(picture):
    """JPEG bytes made from the pixels alone, so no metadata can come along."""
    bare = Image.frombytes("RGB", picture.size, picture.tobytes())
    answer = BytesIO()
    bare.save(answer, "JPEG", quality=JPEG_QUALITY)
    return answer.getvalue()


def clean(data, source_format, long_side):
    """The whole way from untrusted bytes to (picture, damaged): upright, sRGB, fitted."""
    picture, damaged = load(data, source_format, long_side)
    turn = TURNS.get(orientation(picture))
    profile = picture.info.get("icc_profile")
    picture = plain_mode(picture)
    size = fitted(*picture.size, long_side)
    picture = picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    picture = to_srgb(on_white(picture), profile)
    return (picture.transpose(turn) if turn else picture), damaged


def answer(write, data, source_format, long_side, look=None):
    """One line and the JPEG, or why there is none; then, when a machine looked, what it noted.

    The JPEG is out before the machine looks: nothing that happens then can lose the picture.
    """
    try:
        picture, damaged = clean(data, source_format, long_side)
        jpeg = encode(picture)
    except Refusal as refusal:
        return write(f"refused {refusal}\n".encode())
    except MemoryError:
        return write(b"refused too_many_pixels\n")
    except Exception:  # decoders raise anything on hostile bytes; none of it is a bug of ours
        return write(b"refused damaged\n")
    head = f"ok {picture.width} {picture.height} {int(damaged)} {len(jpeg)}\n"
    write(head.encode() + jpeg)
    if look:
        signal.alarm(CHECK_SECONDS)  # ends this process, whatever code it is in by then
        with suppress(Exception):  # not checked by machine, that is all
            name, findings = look(picture)
            write(f"checked {name} {','.join(findings) or '-'}\n".encode())
    return None


def describe():
    """What a decoder can see here, as JSON."""
    names = [name for name in (*LIMITS, "RLIMIT_NPROC") if hasattr(resource, name)]
    return json.dumps(
        {
            "environment": dict(os.environ),
            "directory": os.getcwd(),
            "files": os.listdir("/dev/fd"),
            "modules": sorted({name.partition(".")[0] for name in sys.modules}),
            "limits": {name: resource.getrlimit(getattr(resource, name))[0] for name in names},
        }
    ).encode()


def work(look=None):
    """One picture from standard input: `FORMAT LONG_SIDE CHECK` and its bytes."""
    with open(0, "rb", closefd=False) as source, open(1, "wb", 0, closefd=False) as out:

        def write(data):
            left = memoryview(data)
            while left:
                left = left[out.write(left) :]

        source_format, long_side, check = source.readline().decode().split()
        confine(source_format)
        write(b"ready\n")
        data = source.read()
        if source_format == "describe":
            write(describe())
        else:
            answer(write, data, source_format, int(long_side), look if check == "1" else None)


if __name__ == "__main__" and sys.argv[1:] == ["describe"]:
    prepare()
    confine("describe")
    sys.stdout.buffer.write(describe())
