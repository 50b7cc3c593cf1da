"""What a machine notes about a picture: each hint at its limit, on pictures made for it."""

import pytest

from cbpone.photos.statuses import Finding
from tests.photos.portraits import needs_opencv

np = pytest.importorskip("numpy", reason="NumPy is not installed (requirements-faces.txt)")
pytestmark = needs_opencv
SIZE = 400


class Fixed:
    """A detector that knows where the faces are, in shares of the picture."""

    name = "fixed"

    def __init__(self, *faces):
        self.faces = faces

    def find(self, rgb):
        high, wide = rgb.shape[:2]
        return [
            (x * wide, y * high, w * wide, w * wide, score, roll)
            for x, y, w, score, roll in self.faces
        ]


def face(x=0.25, y=0.25, w=0.5, score=0.9, roll=0.0):
    return x, y, w, score, roll


def picture(level=150, grain=40):
    """Even light with fine grain, so that it is sharp."""
    chance = np.random.default_rng(1)
    noise = chance.integers(-grain, grain + 1, (SIZE, SIZE, 1)) if grain else 0
    return np.clip(np.full((SIZE, SIZE, 3), level) + noise, 0, 255).astype(np.uint8)


def assessed(rgb, *faces):
    from cbpone.photos import assess

    return assess.assess(rgb, Fixed(*faces))


def noted(rgb, *faces):
    return assessed(rgb, *faces).findings


def test_good_picture_has_nothing_to_note():
    seen = assessed(picture(), face())

    assert (seen.found, seen.findings) == ("sure", [])


@pytest.mark.parametrize(("score", "found"), [(0.6, "sure"), (0.59, "unsure"), (0.3, "unsure")])
def test_unsure_is_no_finding(score, found):
    seen = assessed(picture(), face(score=score))

    assert (seen.found, seen.findings) == (found, [])


@pytest.mark.parametrize("faces", [(), (face(score=0.29),)])
def test_no_face_is_told_as_a_fact_about_the_machine(faces):
    seen = assessed(picture(), *faces)

    assert (seen.found, seen.findings) == ("none", ["face_not_found"])


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"w": 0.23}, ["low_resolution"]),
        ({"w": 0.21}, ["too_far", "low_resolution"]),
        ({"x": 0.05, "y": 0.05, "w": 0.85}, ["too_close"]),
        ({"roll": 19.0}, []),
        ({"roll": -21.0}, ["tilted"]),
    ],
)
def test_place_and_size_of_the_face(change, expected):
    assert noted(picture(), face(**change)) == expected


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ((0.6, 0.1, 0.3, 0.85, 0.0), ["several"]),
        ((0.6, 0.1, 0.3, 0.7, 0.0), []),  # not sure enough
        ((0.8, 0.1, 0.15, 0.9, 0.0), []),  # somebody far behind
    ],
)
def test_second_face_counts_when_it_is_sure_and_large(other, expected):
    assert noted(picture(), face(), other) == expected


def test_dark_needs_the_whole_picture_dark():
    night = picture(level=20, grain=8)
    lamp_behind = night.copy()
    lamp_behind[:80] = 240

    assert noted(night, face()) == ["too_dark"]
    assert "too_dark" not in noted(lamp_behind, face())


def test_dark_skin_in_good_light_is_not_called_dark():
    room = picture(level=190)
    room[120:280, 120:280] = 45  # a very dark face before a light wall

    assert "too_dark" not in noted(room, face())


def test_white_face_is_washed_out():
    assert "washed_out" in noted(picture(level=255, grain=0), face())


def test_shadow_on_one_side_of_the_face():
    half = picture(level=200, grain=20)
    half[:, SIZE // 2 :] = half[:, SIZE // 2 :] // 4

    assert "one_side_dark" in noted(half, face())


def test_picture_without_detail_is_blurry():
    slope = np.linspace(60, 200, SIZE).astype(np.uint8)
    soft = np.repeat(np.tile(slope[None, :, None], (SIZE, 1, 1)), 3, axis=2)

    assert "blurry" in noted(soft, face())


def test_findings_come_in_the_order_in_which_they_are_told():
    night = picture(level=20, grain=8)

    found = noted(night, face(w=0.2, roll=30.0), (0.6, 0.1, 0.2, 0.85, 0.0))

    order = Finding.values
    assert found == sorted(found, key=order.index)
    assert len(found) > 2


@pytest.mark.parametrize("box", [{"w": 0.01}, {"x": 0.9, "w": 0.3}, {"x": -1e16, "w": 1e-9}])
def test_box_that_cannot_be_a_face_is_none(box):
    assert assessed(picture(), face(**box)).found == "none"


@pytest.mark.parametrize("size", [(100, 100), (100, 1200), (1200, 100)])
def test_any_size_is_assessed(size):
    assert noted(np.full((*size, 3), 128, np.uint8), face())


def test_other_file_than_the_measured_detector_is_refused(tmp_path):
    from cbpone.photos import assess

    (tmp_path / "other.onnx").write_bytes(b"nothing")

    with pytest.raises(ValueError, match="is not face_detection_yunet_2023mar"):
        assess.load(tmp_path / "other.onnx")
