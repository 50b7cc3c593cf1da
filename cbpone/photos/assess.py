"""What a machine notes about a picture: advice for the person, and nothing else.

NumPy and OpenCV alone, so that a process without any setting or secret can run it. It measures
where a face is and how the light falls, by differences and ratios. It never measures the colour
of a skin, a background, a head covering, an expression or glasses.
"""

import hashlib
import math
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

cv2.setNumThreads(1)  # one picture is one process's work; threads would only fight for processors

NAME = "yunet-2023mar"
SHA256 = "8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4"
SURE, UNSURE = 0.60, 0.30  # scores
SECOND_SCORE, SECOND_AREA = 0.8, 0.2  # of the first face's area
TOO_FAR, TOO_CLOSE = 0.22, 0.80  # of the picture's width
TILTED = 20  # degrees
LOW_RESOLUTION = 120  # px
DARK_FACE, DARK_SCENE = 0.05, 0.10  # linear light, 1 is white, that 98 % stays under
WASHED_OUT = 0.35  # of the face, with nothing left but white
WHITE = 253  # of 255, where a colour has met its end
ONE_SIDE_DARK = 2.0  # stops
BLURRY = 0.060

FIRST, SECOND, LEAST = 320, 640, 64  # px: the longer side that is looked at, the shorter one
TINY = 8  # px
FACE = 320  # px at most: light and sharpness are measured on a face of this size
MIDDLE = (0.3, 0.8), (0.25, 0.75)  # of the face down and across: no hair, hat or edge
TURNS = {cv2.ROTATE_90_CLOCKWISE: 90, cv2.ROTATE_90_COUNTERCLOCKWISE: 270, cv2.ROTATE_180: 180}
WEIGHTS = np.array([0.2126, 0.7152, 0.0722], np.float32)  # of red, green and blue in light


def _linear(level):
    return level / 12.92 if level <= 0.04045 else ((level + 0.055) / 1.055) ** 2.4


LINEAR = np.array([_linear(level / 255) for level in range(256)], np.float32)


@dataclass(frozen=True)
class Face:
    """In px of the picture as it is. `roll` in degrees: how far the head leans to a side."""

    x: float
    y: float
    w: float
    h: float
    score: float
    roll: float

    @property
    def area(self) -> float:
        return self.w * self.h

    @property
    def box(self) -> tuple[float, float, float, float]:
        return self.x, self.y, self.w, self.h


@dataclass(frozen=True)
class Assessment:
    """`found` is sure, unsure or none; unsure is no finding. `findings` are told in this order."""

    found: str
    box: tuple[float, float, float, float] | None
    findings: list[str]
    faces: list[Face] = field(default_factory=list)


class YuNet:
    """Finds faces, equally well by every skin tone measured. See docs/photo-fairness.md."""

    name = NAME

    def __init__(self, model: bytes):
        nothing = np.empty(0, np.uint8)
        self.net = cv2.FaceDetectorYN.create(
            "onnx", np.frombuffer(model, np.uint8), nothing, (FIRST, FIRST), UNSURE
        )

    def find(self, rgb) -> list[tuple[float, float, float, float, float, float]]:
        """(x, y, w, h, score, roll in degrees) of each face, at the size the picture has."""
        # With a side under 32 px the network reads what lies behind the picture in memory.
        down, right = (max(0, LEAST - size) for size in rgb.shape[:2])
        bgr = cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR)
        if down or right:
            bgr = cv2.copyMakeBorder(bgr, 0, down, 0, right, cv2.BORDER_CONSTANT)
        self.net.setInputSize((bgr.shape[1], bgr.shape[0]))
        _found, rows = self.net.detect(bgr)
        # A row: x, y, w, h; x, y of right eye, left eye, nose, two corners of the mouth; score.
        found = () if rows is None else rows.tolist()
        return [
            (x, y, w, h, score, _angle(eyes[:2], eyes[2:4])) for x, y, w, h, *eyes, score in found
        ]


def load(model_path) -> YuNet:
    """The detector in this file. ValueError when it is not the one that was measured."""
    model = Path(model_path).read_bytes()
    if hashlib.sha256(model).hexdigest() != SHA256:
        raise ValueError(f"{model_path} is not face_detection_yunet_2023mar.onnx")
    return YuNet(model)


def assess(rgb, detector) -> Assessment:
    """What is worth a hint in this picture: an array of height x width x 3, eight bits, sRGB.

    The detector is any object with `find`, as YuNet has it.
    """
    faces, upright, turn = look(rgb, detector)
    if not faces:
        is_dark = _is_dark(_fitted(rgb, FIRST), rgb)
        return Assessment("none", None, ["face_not_found", *(["too_dark"] if is_dark else [])])
    main = max(faces, key=lambda face: face.area * face.score)
    findings = list(_findings(upright, faces, main, turn))
    faces = [_turned_back(face, turn, upright.shape) for face in faces]
    box = _turned_back(main, turn, upright.shape).box
    return Assessment("sure" if main.score >= SURE else "unsure", box, findings, faces)


def look(rgb, detector) -> tuple[list[Face], np.ndarray, int]:
    """The faces, the picture in which they stand upright, and by how much that one is turned.

    Up the ladder until one is sure: small, which averages noise away; larger; brightened; turned.
    """
    unsure: tuple[list[Face], np.ndarray, int] = ([], rgb, 0)
    for picture, upright, turn in _ladder(rgb):
        scale = upright.shape[1] / picture.shape[1]
        faces = [
            Face(x * scale, y * scale, w * scale, h * scale, score, roll)
            for x, y, w, h, score, roll in detector.find(picture)
        ]
        faces = [face for face in faces if face.score >= UNSURE and _is_possible(face, upright)]
        if _best(faces) >= SURE:
            return [face for face in faces if face.score >= SURE], upright, turn
        if _best(faces) > _best(unsure[0]):
            unsure = faces, upright, turn
    return unsure


def _ladder(rgb):
    small = _fitted(rgb, FIRST)
    yield small, rgb, 0
    yield _fitted(rgb, SECOND), rgb, 0
    bright = _brightened(small)
    yield bright, rgb, 0
    for how, degrees in TURNS.items():
        yield cv2.rotate(bright, how), cv2.rotate(rgb, how), degrees


def _is_possible(face, rgb) -> bool:
    """Its middle is in the picture, and there is something to be measured."""
    x, y = face.x + face.w / 2, face.y + face.h / 2
    return 0 <= x < rgb.shape[1] and 0 <= y < rgb.shape[0] and min(face.w, face.h) >= TINY


def _best(faces) -> float:
    return max((face.score for face in faces), default=0)


def _fitted(rgb, long_side):
    scale = long_side / max(rgb.shape[:2])
    size = max(1, round(rgb.shape[1] * scale)), max(1, round(rgb.shape[0] * scale))
    return cv2.resize(rgb, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)


def _brightened(rgb):
    """The brightest 2 % become white, and the shadows come up with them."""
    top = max(1, np.percentile(rgb, 98))
    levels = np.clip(np.arange(256) / top, 0, 1) ** 0.5 * 255
    return cv2.LUT(rgb, levels.round().astype(np.uint8))


def _angle(right_eye, left_eye) -> float:
    return math.degrees(math.atan2(left_eye[1] - right_eye[1], left_eye[0] - right_eye[0]))


def _turned_back(face, turn, shape) -> Face:
    """The face in the picture as it came; `shape` is that of the picture turned clockwise."""
    height, width = shape[:2]
    x, y, w, h = face.box
    places = {
        0: (x, y, w, h),
        90: (y, width - x - w, h, w),
        180: (width - x - w, height - y - h, w, h),
        270: (height - y - h, x, h, w),
    }
    return Face(*places[turn], face.score, face.roll - turn)


def _findings(rgb, faces, main, turn):
    """The codes, in the order in which they are told."""
    width = rgb.shape[1]
    crop = _crop(rgb, main)
    is_dark = _is_dark(_middle(crop), rgb)
    if any(_is_second(face, main) for face in faces):
        yield "several"
    if is_dark:
        yield "too_dark"
    if _white(crop) > WASHED_OUT:
        yield "washed_out"
    if _stops_between_sides(crop) > ONE_SIDE_DARK:
        yield "one_side_dark"
    if not is_dark and _sharpness(crop) < BLURRY:
        yield "blurry"
    if main.w < TOO_FAR * width:
        yield "too_far"
    if main.w > TOO_CLOSE * width:
        yield "too_close"
    if turn or abs(main.roll) > TILTED:
        yield "tilted"
    if main.w < LOW_RESOLUTION:
        yield "low_resolution"


def _is_second(face, main) -> bool:
    is_other = face is not main
    return is_other and face.score >= SECOND_SCORE and face.area > SECOND_AREA * main.area


def _crop(rgb, face):
    """The face as far as it is in the picture, at most FACE px wide and high."""
    left, top = max(0, round(face.x)), max(0, round(face.y))
    right, bottom = max(left + 1, round(face.x + face.w)), max(top + 1, round(face.y + face.h))
    crop = rgb[top:bottom, left:right]
    return _fitted(crop, FACE) if max(crop.shape[:2]) > FACE else crop


def _middle(crop):
    """The part where skin, eyes and mouth are, at least 2 px each way."""
    (top, bottom), (left, right) = (
        (int(begin * size), max(int(begin * size) + 2, int(end * size)))
        for (begin, end), size in zip(MIDDLE, crop.shape, strict=False)
    )
    return crop[top:bottom, left:right]


def _is_dark(crop, rgb) -> bool:
    """Even the brightest spots of the face are dark, and so are those of the whole picture.

    Both are asked: the first alone would speak of dark skin more often than of pale skin.
    """
    return _brightest(crop) < DARK_FACE and _brightest(_fitted(rgb, FIRST)) < DARK_SCENE


def _brightest(rgb) -> float:
    """The light that 98 % of the pixels stay under, such as an eye white's or a lamp's."""
    return float(np.percentile(_light(rgb), 98))


def _light(rgb):
    return LINEAR[rgb] @ WEIGHTS


def _white(crop) -> float:
    return float((crop.max(axis=2) >= WHITE).mean())


def _stops_between_sides(crop) -> float:
    """How much more light falls on one half of the face: a ratio, so that the skin cancels out."""
    left, right = np.array_split(_light(_middle(crop)), 2, axis=1)
    return abs(float(np.log2((np.median(left) + 1e-4) / (np.median(right) + 1e-4))))


def _sharpness(crop) -> float:
    """Fine detail by contrast, so that a face with little contrast is not taken for blurred."""
    grey = cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY).astype(np.float32)
    return float(cv2.Laplacian(grey, cv2.CV_32F).std() / max(grey.std(), 1))
