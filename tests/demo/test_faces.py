import io
import time

import pytest
from PIL import Image

from cbpone.demo.face_paint import SKIN_TONES, STYLES
from cbpone.demo.face_sitter import Sitter
from cbpone.demo.faces import draw_face, face_jpeg


def pixels(**sitter):
    return draw_face(**sitter).tobytes()


def brightness(tone):
    red, green, blue = tone
    return 299 * red + 587 * green + 114 * blue


@pytest.mark.parametrize("age", [0, 2, 7, 15, 34, 81])
@pytest.mark.parametrize("woman", [True, False])
def test_draw_face_of_any_age_is_a_full_portrait(age, woman):
    face = draw_face(seed=11, age=age, woman=woman)

    assert (face.mode, face.size) == ("RGB", (600, 800))


@pytest.mark.parametrize("style", ["long", "cloud", "tail", "braids", "scarf", "sides", "bald"])
def test_draw_face_with_each_kind_of_hair_is_drawn(style):
    ages = [(woman, 50) for woman in (True, False)]
    seeds = [
        (seed, woman, age)
        for seed in range(200)
        for woman, age in ages
        if Sitter(seed=seed, age=age, woman=woman).style == style
    ]

    seed, woman, age = seeds[0]

    assert draw_face(seed=seed, age=age, woman=woman).getcolors(500) is None


def test_draw_face_twice_gives_the_same_bytes():
    assert pixels(seed=5, age=40, woman=True) == pixels(seed=5, age=40, woman=True)


def test_draw_face_with_another_argument_gives_another_picture():
    person = {"seed": 5, "age": 40, "woman": True}

    pictures = {
        pixels(**person | other) for other in ({}, {"seed": 6}, {"age": 6}, {"woman": False})
    }

    assert len(pictures) == 4


def test_skin_tones_are_twelve_from_light_to_dark_and_all_reached():
    reached = {Sitter(seed=seed, age=30, woman=False).tone for seed in range(120)}

    assert len(SKIN_TONES) == 12
    assert list(SKIN_TONES) == sorted(SKIN_TONES, key=brightness, reverse=True)
    assert reached == set(SKIN_TONES)


def test_skin_tone_stays_with_the_seed_at_every_age():
    tones = {Sitter(seed=3, age=age, woman=True).tone for age in range(90)}

    assert len(tones) == 1


@pytest.mark.parametrize("tone", SKIN_TONES)
def test_paints_of_a_face_stand_out_from_its_tone(tone):
    seed = next(s for s in range(500) if Sitter(seed=s, age=30, woman=False).tone == tone)
    paints = Sitter(seed=seed, age=30, woman=False).paints

    assert brightness(paints["line"]) < 0.65 * brightness(tone)
    assert brightness(paints["shade"]) < 0.9 * brightness(tone)
    assert brightness(paints["light"]) > brightness(tone)


def test_hair_and_texture_are_not_tied_to_tone():
    women = [Sitter(seed=seed, age=30, woman=True) for seed in range(400)]

    for dark in (True, False):
        group = [s for s in women if (brightness(s.tone) < 110_000) is dark]
        assert {s.texture for s in group} == {"", "curly", "coily"}
        assert {s.style for s in group} >= set(STYLES) - {"bald"}


def test_children_wear_neither_beard_nor_headscarf():
    children = [Sitter(seed=s, age=s % 13, woman=s % 2 == 0) for s in range(200)]

    assert not [s for s in children if s.beard or s.style == "scarf"]


def test_face_jpeg_is_a_small_deterministic_picture():
    data = face_jpeg(seed=9, age=28, woman=True)

    with Image.open(io.BytesIO(data)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (480, 640))
    assert 8_000 < len(data) < 32_000
    assert data == face_jpeg(seed=9, age=28, woman=True)


def test_time_to_draw_is_reported(record_property, capsys):
    began = time.perf_counter()
    for seed in range(10):
        draw_face(seed=seed, age=8 * seed, woman=seed % 2 == 0)
    each = round((time.perf_counter() - began) * 100)

    record_property("milliseconds_per_face", each)
    with capsys.disabled():
        print(f"\n{each} ms per drawn face")
