"""What a photo costs: the workshop against Pillow's own shortest way, in the same run.

A drawn portrait as a 12-megapixel phone would send it, with grain. See README.md.
"""

import io
import os
import time
from statistics import median

import psutil
from PIL import Image

from cbpone.demo.faces import face_jpeg
from cbpone.photos import workshop
from cbpone.photos.child import JPEG_QUALITY, LONG_SIDE

SIZE, SHRUNK = (3024, 4032), (900, 1200)
ROUNDS, EACH = 9, 8
TARGETS = {"ratio_to_bare": 2, "ratio_with_checks": 3, "peak_mb": 150}


def portrait(size: tuple[int, int], quality: int, source_format="JPEG", **options) -> bytes:
    """Nobody's face, with the grain that makes a phone's file as large as it is."""
    with Image.open(io.BytesIO(face_jpeg(seed=5, age=30, woman=True))) as drawn:
        grain = Image.effect_noise(size, 24).convert("RGB")
        picture = Image.blend(drawn.resize(size, Image.Resampling.BICUBIC), grain, 0.12)
    file = io.BytesIO()
    picture.save(file, source_format, quality=quality, **options)
    return file.getvalue()


def bare(data: bytes) -> float:
    """Processor ms of nothing but draft decoding, shrinking and encoding."""
    began = time.process_time()
    with Image.open(io.BytesIO(data)) as picture:
        picture.draft("RGB", SHRUNK)
        small = picture.resize(SHRUNK, Image.Resampling.LANCZOS)
    small.save(io.BytesIO(), "JPEG", quality=JPEG_QUALITY)
    return (time.process_time() - began) * 1000


class Side:
    """One way through the workshop; counts all three processes that take part in it."""

    def __init__(self, data: bytes, *, model="", source_format="JPEG"):
        self.data, self.model = data, model
        self.head = f"{source_format} {LONG_SIDE} {int(bool(model))}\n".encode()
        self.cpu, self.wall, self.peak = [], [], 0.0
        self.ask()

    def ask(self) -> workshop.Answer:
        answer = workshop.ask(self.head, self.data, model=self.model, most=10**7, seconds=20)
        if b"ok " not in answer.said[:9]:
            raise RuntimeError(f"a photo was refused: {answer.said[:40]!r}")
        if self.model and b"\xd9checked " not in answer.said[-200:]:
            raise RuntimeError("PHOTO_FACE_MODEL is set, but no machine has looked")
        return answer

    def go(self) -> float:
        """Processor ms of one picture, the mean of EACH."""
        server = psutil.Process(workshop._at_work(self.model).process.pid)
        began, total = time.process_time(), 0.0
        before = server.cpu_times()
        for _ in range(EACH):
            start = time.perf_counter()
            answer = self.ask()
            self.wall.append((time.perf_counter() - start) * 1000)
            total += answer.cpu_ms
            self.peak = max(self.peak, answer.peak_mb)
        after = server.cpu_times()
        own = time.process_time() - began
        forks = after.user + after.system - before.user - before.system
        self.cpu.append((total + (own + forks) * 1000) / EACH)
        return self.cpu[-1]


def sides() -> dict[str, Side]:
    large, small = portrait(SIZE, 90), portrait(SHRUNK, 85)
    model = os.environ.get("PHOTO_FACE_MODEL", "")
    found = {
        "12 MP": Side(large),
        "12 MP progressive": Side(portrait(SIZE, 90, progressive=True)),
        "shrunk": Side(small),
        "12 MP HEIC": Side(portrait(SIZE, 60, "HEIF"), source_format="HEIF"),
    }
    if model:
        found |= {
            "12 MP checked": Side(large, model=model),
            "shrunk checked": Side(small, model=model),
        }
    return found


def run(*, quick: bool) -> dict:
    import pillow_heif

    pillow_heif.register_heif_opener()
    ways = sides()
    large = ways["12 MP"].data
    plain, ratios = [], {name: [] for name in ways}
    bare(large)
    for _ in range(2 if quick else ROUNDS):
        for name, side in ways.items():
            before = median(bare(large) for _ in range(EACH // 2))
            used = side.go()
            after = median(bare(large) for _ in range(EACH // 2))
            plain += [before, after]
            ratios[name].append(used / ((before + after) / 2))
    return figures(ways, plain, ratios)


def figures(ways, plain, ratios) -> dict:
    def ratio(name):
        return round(median(ratios[name]), 2) if name in ways else None

    checked = "shrunk checked" if "shrunk checked" in ways else "shrunk"
    return {
        "ratio_to_bare": ratio("12 MP"),
        "ratio_with_checks": ratio("12 MP checked"),
        "ratio_range": [round(one, 2) for one in (min(ratios["12 MP"]), max(ratios["12 MP"]))],
        "peak_mb": round(max(ways[name].peak for name in ways if name != "12 MP HEIC")),
        "peak_mb_heic": round(ways["12 MP HEIC"].peak),
        "cpu_ms_bare": round(median(plain), 1),
        "cpu_ms": {name: round(median(side.cpu), 1) for name, side in ways.items()},
        "answer_ms_shrunk": round(median(ways[checked].wall), 1),
        "answer_ms": {name: round(median(side.wall), 1) for name, side in ways.items()},
        "bytes": {name: len(side.data) for name, side in ways.items() if "checked" not in name},
        "targets": TARGETS,
    }
