import hashlib
import io
import json
import os
import struct
import subprocess
import sys
import threading
import time
import zlib

import pillow_heif
import pytest
from PIL import Image, ImageCms, PngImagePlugin

from cbpone.photos import child, pipeline

pillow_heif.register_heif_opener()

RED, GREEN, BLUE, WHITE = (200, 30, 30), (30, 160, 60), (30, 60, 190), (255, 255, 255)
ALLOWED_SEGMENTS = {0xE0, 0xDB, 0xC0, 0xC4, 0xDA}  # JFIF, tables, frame, scan: no EXIF, no comment
TEXT_BOMB = b"k\0\0" + zlib.compress(bytes(40_000_000))
MEASURE = """
import resource, subprocess, sys, time
data, start = sys.stdin.buffer.read(), time.monotonic()
subprocess.run(sys.argv[1:], input=data, stdout=subprocess.DEVNULL, env={}, check=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
peak = used.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
print(time.monotonic() - start, used.ru_utime + used.ru_stime, peak)
"""


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


@pytest.mark.parametrize("source_format", ["JPEG", "PNG", "WEBP", "HEIF", "AVIF"])
def test_clean_accepted_format_gives_plain_jpeg(source_format):
    data = saved(quarters(), source_format)

    photo = pipeline.clean(data)

    assert near(corners(opened(photo)), [RED, GREEN, BLUE, WHITE])
    assert (photo.width, photo.height) == (320, 240)
    assert (photo.source_format, photo.damaged) == (source_format, False)
    assert photo.sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize(
    ("size", "clean_size"),
    [((4000, 3000), (1200, 900)), ((1000, 3000), (400, 1200)), ((100, 100), (100, 100))],
)
def test_clean_fits_into_1200_pixels_and_never_enlarges(size, clean_size):
    photo = pipeline.clean(saved(quarters(*size)))

    assert opened(photo).size == clean_size


@pytest.mark.parametrize("orientation", range(1, 9))
def test_clean_turns_picture_upright(orientation):
    undo = {6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}
    turn = undo.get(orientation, child.TURNS.get(orientation))
    lying = quarters().transpose(turn) if turn else quarters()
    exif = Image.Exif()
    exif[0x0112] = orientation

    photo = pipeline.clean(saved(lying, exif=exif, quality=95))

    assert (photo.width, photo.height) == (320, 240)
    assert near(corners(opened(photo)), [RED, GREEN, BLUE, WHITE])


@pytest.mark.parametrize("source_format", ["PNG", "WEBP", "HEIF", "AVIF"])
def test_clean_turns_every_format_once(source_format):
    exif = Image.Exif()
    exif[0x0112] = 6
    lying = quarters().transpose(Image.Transpose.ROTATE_90)
    lying.info["exif"] = exif.tobytes()  # HEIC and AVIF turn it into their own "irot" property

    data = saved(lying, source_format, exif=exif.tobytes())
    photo = pipeline.clean(data)

    assert (b"irot" in data) == (source_format in {"HEIF", "AVIF"})
    assert (photo.width, photo.height) == (320, 240)
    assert near(corners(opened(photo)), [RED, GREEN, BLUE, WHITE])


def test_clean_broken_exif_keeps_picture():
    photo = pipeline.clean(saved(quarters(), exif=b"Exif\0\0II*\0\xff\xff\xff\xffjunk"))

    assert near(corners(opened(photo)), [RED, GREEN, BLUE, WHITE])


@pytest.mark.parametrize(
    ("mode", "source_format"),
    [("CMYK", "JPEG"), ("P", "PNG"), ("RGBA", "PNG"), ("RGBA", "WEBP"), ("RGBA", "HEIF")],
)
def test_clean_colour_modes_keep_colours(mode, source_format):
    photo = pipeline.clean(saved(quarters(mode=mode), source_format))

    assert near(corners(opened(photo)), [RED, GREEN, BLUE, WHITE], tolerance=25)


@pytest.mark.parametrize(("mode", "source_format"), [("L", "JPEG"), ("LA", "PNG"), ("1", "PNG")])
def test_clean_grey_modes_stay_grey(mode, source_format):
    photo = pipeline.clean(saved(quarters(mode="L").convert(mode), source_format))

    red, green, blue = opened(photo).split()
    assert red.tobytes() == green.tobytes() == blue.tobytes()


def test_clean_see_through_parts_become_white():
    picture = quarters(mode="RGBA")
    picture.paste((0, 0, 0, 0), (0, 0, 160, 120))

    photo = pipeline.clean(saved(picture, "PNG"))

    assert near(corners(opened(photo)), [WHITE, GREEN, BLUE, WHITE])


def test_clean_see_through_palette_becomes_white():
    picture = quarters().quantize(4)

    photo = pipeline.clean(saved(picture, "PNG", transparency=picture.getpixel((10, 10))))

    assert near(corners(opened(photo)), [WHITE, GREEN, BLUE, WHITE], tolerance=25)


def test_clean_16_bit_grey_keeps_its_shades():
    width, height = 5000, 600
    halves = [struct.pack("<H", level) * width * (height // 2) for level in (10_000, 50_000)]
    picture = Image.frombytes("I;16", (width, height), b"".join(halves))

    photo = pipeline.clean(saved(picture, "PNG"))

    assert near(corners(opened(photo)), [(39,) * 3, (39,) * 3, (195,) * 3, (195,) * 3], tolerance=3)


def test_clean_16_bit_colour_keeps_its_colours():
    row = b"\0" + struct.pack(">HHH", 50_000, 10_000, 30_000) * 120
    data = png(120, 120, (b"IDAT", zlib.compress(row * 120)), bits=16)

    photo = pipeline.clean(data)

    assert near(corners(opened(photo)), [(195, 39, 117)] * 4, tolerance=4)


@pytest.mark.parametrize("source_format", ["WEBP", "PNG", "AVIF"])
def test_clean_animation_gives_first_frame(source_format):
    others = [Image.new("RGB", (320, 240), "black")] * 3

    data = saved(quarters(), source_format, save_all=True, append_images=others, duration=90)

    assert Image.open(io.BytesIO(data)).is_animated
    assert near(corners(opened(pipeline.clean(data))), [RED, GREEN, BLUE, WHITE])


def test_clean_multi_picture_jpeg_gives_first_picture():
    data = saved(quarters(), "MPO", save_all=True, append_images=[Image.new("RGB", (320, 240))])

    assert near(corners(opened(pipeline.clean(data))), [RED, GREEN, BLUE, WHITE])


def swapped_profile():
    """An sRGB profile whose red and blue curves and colours have changed places."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    entries = {profile[at : at + 4].hex(): at for at in range(132, 132 + 12 * profile[131], 12)}
    red, blue = entries[b"rXYZ".hex()], entries[b"bXYZ".hex()]
    profile[red + 4 : red + 12], profile[blue + 4 : blue + 12] = (
        profile[blue + 4 : blue + 12],
        profile[red + 4 : red + 12],
    )
    return bytes(profile)


@pytest.mark.parametrize("source_format", ["JPEG", "HEIF"])
def test_clean_applies_colour_profile(source_format):
    photo = pipeline.clean(saved(quarters(), source_format, icc_profile=swapped_profile()))

    swapped = [colour[::-1] for colour in (RED, GREEN, BLUE, WHITE)]
    assert near(corners(opened(photo)), swapped)


@pytest.mark.parametrize("profile", [b"junk" * 100, b"\0" * 128])
def test_clean_ignores_junk_colour_profile(profile):
    photo = pipeline.clean(saved(quarters(), icc_profile=profile))

    assert near(corners(opened(photo)), [RED, GREEN, BLUE, WHITE])


def test_clean_ignores_colour_profile_of_another_colour_space():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()

    photo = pipeline.clean(saved(quarters(), icc_profile=profile))

    assert near(corners(opened(photo)), [RED, GREEN, BLUE, WHITE])


@pytest.mark.parametrize("source_format", ["JPEG", "PNG", "WEBP", "HEIF", "AVIF"])
def test_clean_drops_place_and_every_other_metadata(source_format):
    exif = Image.Exif()
    exif[0x010E] = "SECRET description"
    exif.get_ifd(0x8825)[2] = (29.0, 33.0, 57.0)
    options = {"exif": exif, "xmp": b"<x>SECRET</x>", "icc_profile": swapped_profile()}
    if source_format == "JPEG":
        options["comment"] = b"SECRET comment"
    if source_format == "PNG":
        options["pnginfo"] = PngImagePlugin.PngInfo()
        options["pnginfo"].add_text("Comment", "SECRET text")
    data = saved(quarters(), source_format, **options)
    assert b"SECRET" in data

    photo = pipeline.clean(data)

    assert b"SECRET" not in photo.jpeg
    assert not opened(photo).getexif()
    assert set(opened(photo).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_clean_polyglot_comes_out_harmless():
    page = b"<html><script>alert(1)</script><?php system('id'); ?>PK\x03\x04"
    data = saved(quarters(), comment=page) + page

    photo = pipeline.clean(data)

    assert opened(photo).size == (320, 240)
    assert not any(word in photo.jpeg for word in (b"<script", b"<html", b"<?php", b"PK\x03\x04"))


@pytest.mark.parametrize(
    "data",
    [
        saved(quarters(), "GIF"),
        saved(quarters(), "TIFF"),
        saved(quarters(), "BMP"),
        b'<svg xmlns="http://www.w3.org/2000/svg" width="300" height="300"></svg>',
        b"%PDF-1.7\n%...",
        b"%!PS-Adobe-3.0 EPSF-3.0\n",
        b"<!doctype html><title>no</title>",
        b"\0\0\0\x20ftypisom\0\0\0\0isommp42" + b"\0" * 400,
        b"",
        b"\xff\xd8",
    ],
    ids=["gif", "tiff", "bmp", "svg", "pdf", "eps", "html", "mp4", "empty", "two bytes"],
)
def test_clean_other_file_is_refused(data):
    assert refusal(data) == "not_an_image"


def jpeg_claiming(width, height):
    """A small JPEG whose header says another size."""
    data = bytearray(saved(quarters()))
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = struct.pack(">HH", height, width)
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(b"\xff\xd8\xff" + bytes(26 * 1024 * 1024), "too_large_file", id="26 MB"),
        pytest.param(png(30_000, 30_000, (b"IDAT", b"")), "too_many_pixels", id="png 30000"),
        pytest.param(jpeg_claiming(65_500, 65_500), "too_many_pixels", id="jpeg 65500"),
        pytest.param(png(1, 500_000, (b"IDAT", b"")), "too_small", id="line"),
        pytest.param(png(100, 9_000, (b"IDAT", b"")), "too_small", id="strip"),
        pytest.param(saved(quarters(400, 99)), "too_small", id="99 px"),
        pytest.param(png(200, 200, (b"zTXt", TEXT_BOMB)), "damaged", id="zTXt bomb"),
        pytest.param(png(200, 200, (b"IDAT", b"x")), "damaged", id="empty png"),
        pytest.param(b"\xff\xd8\xff\xe0<html>no</html>", "damaged", id="jpeg start only"),
        pytest.param(b"RIFF\xff\xff\xff\xffWEBPVP8 " + b"\xff" * 200, "damaged", id="webp junk"),
        pytest.param(saved(quarters(), "HEIF")[:-400], "damaged", id="cut heic"),
        pytest.param(saved(quarters(), "AVIF")[:-400], "damaged", id="cut avif"),
        pytest.param(saved(quarters(), "WEBP")[:-40], "damaged", id="cut webp"),
        pytest.param(saved(quarters(), "PNG")[:-60], "damaged", id="cut png"),
    ],
)
def test_clean_unusable_picture_is_refused(data, code):
    assert refusal(data) == code


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("missing", [2, 200])
def test_clean_jpeg_without_its_last_bytes_is_taken_as_damaged(missing, progressive):
    data = saved(shaded(1600, 1200), progressive=progressive)

    photo = pipeline.clean(data[:-missing])

    assert photo.damaged
    assert opened(photo).size == (1200, 900)


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_clean_half_a_jpeg_is_refused(mode):
    data = saved(shaded(1600, 1200).convert(mode))

    assert refusal(data[: len(data) // 2]) == "damaged"


def test_clean_progressive_jpeg_cut_in_its_first_pass_is_refused():
    data = saved(shaded(1600, 1200), progressive=True)

    assert refusal(data[: len(data) // 20]) == "damaged"


def test_refusals_say_what_is_safe_and_what_to_do():
    refusals = pipeline.PhotoRefused.__subclasses__()

    assert {kind.code for kind in refusals} == {
        "not_an_image",
        "too_large_file",
        "too_many_pixels",
        "too_small",
        "damaged",
        "busy",
    }
    for kind in refusals:
        assert "Everything you saved is safe" in str(kind())
        assert "phone" in str(kind()) or kind is pipeline.Busy


def test_child_sees_no_secret_and_none_of_our_code(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "hunter2")
    monkeypatch.setenv("PYTHONPATH", os.getcwd())

    seen = json.loads(pipeline._ask_child(b"", "describe").removeprefix(b"ready\n"))

    # Python and macOS each set one of these for themselves; neither comes from us.
    assert set(seen["environment"]) <= {"LC_CTYPE", "__CF_USER_TEXT_ENCODING"}
    assert seen["directory"] == "/"
    assert not {"django", "cbpone", "celery", "psycopg", "socket", "numpy"} & set(seen["modules"])


def test_child_works_under_its_limits():
    seen = json.loads(pipeline._ask_child(b"", "describe").removeprefix(b"ready\n"))["limits"]

    if sys.platform == "darwin":
        seen["RLIMIT_AS"] = child.LIMITS["RLIMIT_AS"]
    assert seen == {**child.LIMITS, "RLIMIT_NPROC": 0}


def command(code):
    return lambda source_format: [sys.executable, "-I", "-c", code]


def test_child_past_the_wall_limit_is_killed_with_all_it_started(monkeypatch):
    code = "import subprocess, time; subprocess.Popen(['/bin/sleep', '60']); time.sleep(60)"
    monkeypatch.setattr(pipeline, "_command", command(code))
    monkeypatch.setattr(pipeline, "WALL_SECONDS", 0.5)
    start = time.monotonic()

    assert refusal(saved(quarters())) == "busy"

    # Its own child holds the same pipe: reading would go on if only the first had been killed.
    assert time.monotonic() - start < 5


def test_child_that_crashes_is_a_damaged_picture(monkeypatch):
    code = "import os; os.write(1, b'ready\\n'); os.kill(os.getpid(), 11)"
    monkeypatch.setattr(pipeline, "_command", command(code))

    assert refusal(saved(quarters())) == "damaged"


@pytest.mark.parametrize(
    "answer", ["", "ok 1200 900 0\\n<html>", "ok 9999 900 0\\n", "refused not_a_code\\n"]
)
def test_child_that_lies_is_not_believed(monkeypatch, answer):
    monkeypatch.setattr(pipeline, "_command", command(f"print('ready\\n{answer}', end='')"))

    assert refusal(saved(quarters())) == "damaged"


def test_child_that_never_stops_talking_is_cut_off(monkeypatch):
    code = "import os\nos.write(1, b'ready\\n')\nwhile True: os.write(1, b'x' * 65536)"
    monkeypatch.setattr(pipeline, "_command", command(code))

    assert refusal(saved(quarters())) == "damaged"


def test_child_that_can_not_start_is_a_fault_of_the_installation(monkeypatch):
    monkeypatch.setattr(pipeline, "_command", command("import no_such_library"))

    with pytest.raises(RuntimeError, match="did not start"):
        pipeline.clean(saved(quarters()))


def test_clean_all_places_taken_is_refused_as_busy(monkeypatch):
    monkeypatch.setattr(pipeline, "_places", threading.BoundedSemaphore(1))
    monkeypatch.setattr(pipeline, "WAIT_SECONDS", 0.05)

    with pipeline._place():
        assert refusal(saved(quarters())) == "busy"

    assert pipeline.clean(saved(quarters())).width == 320


def test_clean_refused_picture_gives_its_place_back(monkeypatch):
    monkeypatch.setattr(pipeline, "_places", threading.BoundedSemaphore(1))
    monkeypatch.setattr(pipeline, "WAIT_SECONDS", 0.05)

    codes = [refusal(saved(quarters(400, 50))) for _ in range(2)]

    assert codes == ["too_small", "too_small"]


def test_check_libheif_accepts_the_installed_one():
    child.check_libheif()


@pytest.mark.parametrize("version", ["1.23.3", "1.9.9", "0.99.99"])
def test_check_libheif_old_version_is_refused(monkeypatch, version):
    monkeypatch.setattr(pillow_heif, "libheif_version", lambda: version)

    with pytest.raises(RuntimeError, match="Install pillow-heif"):
        pipeline.check_libheif()


def test_clean_12_megapixels_stays_small_and_quick():
    data = saved(shaded(4032, 3024), quality=90)

    result = subprocess.run(
        [sys.executable, "-I", "-c", MEASURE, *pipeline._command("JPEG")],
        input=data,
        capture_output=True,
        check=True,
    )

    wall, processor, peak = map(float, result.stdout.split())
    print(f"12 MP JPEG, {len(data)} bytes: {wall:.3f} s, CPU {processor:.3f} s, {peak:.0f} MB")
    assert processor < 3
    assert peak < 150
