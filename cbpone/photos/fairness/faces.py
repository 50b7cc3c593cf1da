"""A folder of pictures and its `faces.csv`: file, group, and the box of the face in px."""

import csv
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from cbpone.photos import child, pipeline

LIST = "faces.csv"
COLUMNS = ("file", "group", "x", "y", "w", "h")

Box = tuple[float, float, float, float]


class NoSet(Exception):
    """Its text says what is missing."""


@dataclass(frozen=True)
class Face:
    path: Path
    group: str
    box: Box  # of the picture as it lies in the folder, upright


def read(folder: Path) -> list[Face]:
    """All faces of a set, in its order. NoSet when there is none to be measured."""
    try:
        with open(folder / LIST, newline="", encoding="utf-8-sig") as lines:
            faces = [_face(folder, row) for row in csv.DictReader(lines)]
    except OSError as missing:
        raise NoSet(f"There is no {LIST} in {folder}.") from missing
    except (KeyError, TypeError, ValueError) as wrong:
        names = ", ".join(COLUMNS)
        raise NoSet(f"{LIST} needs the columns {names}, the last four as numbers.") from wrong
    if not faces:
        raise NoSet(f"{LIST} in {folder} names no face.")
    absent = [face.path for face in faces if not face.path.is_file()]
    if absent:
        raise NoSet(f"{len(absent)} pictures of {LIST} are absent, among them {absent[0]}.")
    return faces


def _face(folder, row) -> Face:
    x, y, w, h = (float(row[name]) for name in COLUMNS[2:])
    if min(w, h) <= 0 or not row["group"].strip():
        raise ValueError
    return Face(folder / row["file"], row["group"].strip(), (x, y, w, h))


def groups(faces: list[Face]) -> list[str]:
    """In the order of their names, for tables."""
    return sorted({face.group for face in faces})


def spread(faces: list[Face], most: int) -> list[Face]:
    """At most `most` faces of each group, evenly from the whole list, always the same ones."""
    kept = []
    for group in groups(faces):
        own = [face for face in faces if face.group == group]
        step = max(1, len(own) / most)
        kept += [own[int(at * step)] for at in range(min(most, len(own)))]
    return kept


def picture(face: Face) -> tuple[np.ndarray, Box]:
    """As the portal would have it before a machine looks: upright, sRGB, 1200 px; and the box."""
    data = face.path.read_bytes()
    try:
        upright, _damaged = child.clean(data, pipeline.sniff(data), child.LONG_SIDE)
        long_side = max(Image.open(BytesIO(data)).size)
    except Exception as broken:  # decoders raise anything
        raise NoSet(f"{face.path} is no picture that the portal would open.") from broken
    scale = max(upright.size) / long_side
    x, y, w, h = face.box
    return np.asarray(upright), (x * scale, y * scale, w * scale, h * scale)
