import hashlib
import io
import struct
import threading
import zlib

import pillow_heif
import pytest
from PIL import Image, ImageCms, PngImagePlugin

from cbpone.photos import child, pipeline
from tests.photos.pictures import (
    BLUE,
    GREEN,
    RED,
    TEXT_BOMB,
    WHITE,
    corners,
    near,
    opened,
    png,
    quarters,
    refusal,
    saved,
    shaded,
)


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
