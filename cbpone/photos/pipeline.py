"""Turns whatever a person sent into one plain JPEG, or refuses it in words they can act on.

The bytes are decoded by child.py in a process that has no secrets and little of anything else.
Nothing here judges the person or the photo: a refusal means the file cannot be used at all. What a
machine noted about a picture is advice, and without it the picture is as good.
"""

import hashlib
import logging
import os
import re
import signal
import subprocess
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from cbpone.lib.errors import Refused
from cbpone.photos import workshop
from cbpone.photos.child import LONG_SIDE, MIN_SIDE, check_libheif
from cbpone.photos.statuses import Finding
from cbpone.photos.uploads import MAX_BYTES

__all__ = [
    "Busy",
    "CleanPhoto",
    "PhotoRefused",
    "ask_child",
    "check_libheif",
    "clean",
    "sniff",
]

logger = logging.getLogger(__name__)


MAX_ANSWER = 4 * 1024 * 1024  # bytes; 1200 x 1200 px of pure noise is under 2 MB
WALL_SECONDS = 20
WAIT_SECONDS = 15
AVIF_BRANDS = {b"avif", b"avis"}
HEIF_BRANDS = set(b"heic heix heim heis hevc hevx hevm hevs mif1 msf1".split())
ANSWER = re.compile(rb"ready\n(?:refused ([a-z_]+)\n|ok (\d{3,4}) (\d{3,4}) ([01]) (\d{3,8})\n)")
CHECKED = re.compile(rb"checked ([\w.-]{1,40}) ([a-z_,]+|-)\n")

_places = threading.BoundedSemaphore(getattr(settings, "PHOTO_CHILDREN_MAX", 2))


class PhotoRefused(Refused):
    code = "photo_refused"


class NotAnImage(PhotoRefused):
    code = "not_an_image"
    sentence = _(
        "This file is not a picture we can open. Everything you saved is safe. "
        "Choose a photo, or take a new one with your phone."
    )


class TooLargeFile(PhotoRefused):
    code = "too_large_file"
    sentence = _(
        "This file is larger than 25 MB, and we cannot take it. Everything you saved is safe. "
        "Choose a smaller photo, or take a new one with your phone."
    )


class TooManyPixels(PhotoRefused):
    code = "too_many_pixels"
    sentence = _(
        "This picture is too big for us to open. Everything you saved is safe. "
        "Choose a smaller photo, or take a new one with your phone's normal camera setting."
    )


class TooSmall(PhotoRefused):
    code = "too_small"
    sentence = _(
        "This picture is too small to show a face. Everything you saved is safe. "
        "Choose a larger photo, or take a new one with your phone."
    )


class Damaged(PhotoRefused):
    code = "damaged"
    sentence = _(
        "Part of this picture file is missing or broken. Everything you saved is safe. "
        "Send it again, or take a new photo with your phone."
    )


class Busy(PhotoRefused):
    code = "busy"
    sentence = _(
        "We could not open your photo in time because many people are sending photos. "
        "Everything you saved is safe, and your photo is fine. Wait a minute, then send it again."
    )


FROM_CHILD = {refusal.code: refusal for refusal in (TooManyPixels, TooSmall, Damaged)}


@dataclass(frozen=True)
class CleanPhoto:
    """A JPEG of 100 px to the long side asked for, sRGB, upright, with no metadata of any kind.

    `sha256` is the hex digest of what was sent. `damaged` means the end of the file was missing:
    if the sender's own digest differs, bytes were lost on the way and sending again will help.
    `findings` are codes of Finding in its order; with `checked_by` empty, no machine has looked.
    """

    jpeg: bytes = field(repr=False)
    width: int
    height: int
    source_format: str
    sha256: str
    damaged: bool
    checked_by: str = ""
    findings: tuple[str, ...] = ()


def clean(data: bytes, *, long_side: int = LONG_SIDE) -> CleanPhoto:
    """Decode and re-encode one photo, up to 25 MB, in at most 35 s (15 waiting, 20 working).

    What is larger is shrunk until its longer side has `long_side` px: 1200 for a face, more
    where small print has to stay readable; that is a paper, and no machine looks for a face on it.

    Raises PhotoRefused: not_an_image, too_large_file, too_many_pixels (over 64 megapixels),
    too_small (under 100 px on the short side), damaged, busy. RuntimeError means the
    installation is broken.
    """
    if len(data) > MAX_BYTES:
        raise TooLargeFile()
    source_format = sniff(data)
    if source_format is None:
        raise NotAnImage()
    with _place():
        answer = _ask_child(data, source_format, long_side)
    width, height, damaged, jpeg, rest = _read(answer, long_side)
    digest = hashlib.sha256(data).hexdigest()
    return CleanPhoto(jpeg, width, height, source_format, digest, damaged, *_noted(rest))


def sniff(data: bytes) -> str | None:
    """JPEG, PNG, WEBP, AVIF or HEIF by the first bytes, else None. A file's name says nothing."""
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] != b"ftyp":
        return None
    box = data[8 : min(int.from_bytes(data[:4]), 256)]
    brands = {box[:4], *(box[at : at + 4] for at in range(8, len(box), 4))}
    if brands & AVIF_BRANDS:
        return "AVIF"
    return "HEIF" if brands & HEIF_BRANDS else None


@contextmanager
def _place():
    """One of the few places for a child; each child may use 900 MB and a whole processor."""
    if not _places.acquire(timeout=WAIT_SECONDS):
        raise Busy()
    try:
        yield
    finally:
        _places.release()


def _ask_child(data, source_format, long_side=LONG_SIDE) -> bytes:
    """All that the child said. Raises Busy when its time was over before the picture was there."""
    is_face = long_side == LONG_SIDE
    model = settings.PHOTO_FACE_MODEL
    answer = workshop.ask(
        f"{source_format} {long_side} {int(is_face)}\n".encode(),
        data,
        model=os.path.abspath(model) if model else "",  # there the working folder is another
        most=int(MAX_ANSWER * max(1, long_side / LONG_SIDE) ** 2),
        seconds=WALL_SECONDS,
    )
    if answer.is_late:
        logger.warning("a %s picture stopped after %s s", source_format, WALL_SECONDS)
        if not ANSWER.match(answer.said):
            raise Busy()
    return answer.said


def ask_child(command: list[str], data: bytes, *, most: int) -> bytes:
    """What another decoder of ours answers: under the same places, limits of time and isolation.

    At most `most` bytes of it. Raises Busy when no place or no answer came in time.
    """
    with _place():
        return _run(command, data, most=most)


def _run(command, data, *, most):
    """The child's whole answer, at most `most` bytes of it. Raises Busy after WALL_SECONDS."""
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
        cwd="/",
        start_new_session=True,
    )
    late = threading.Event()
    timer = threading.Timer(WALL_SECONDS, lambda: (late.set(), _kill(process)))
    timer.start()
    try:
        with suppress(BrokenPipeError):
            process.stdin.write(data)
        with suppress(BrokenPipeError):
            process.stdin.close()
        answer = process.stdout.read(most)
    finally:
        timer.cancel()
        timer.join()
        # Before wait(): until the child is reaped, its number cannot belong to anyone else.
        _kill(process)
        process.wait()
        process.stdout.close()
    if late.is_set():
        logger.warning("%s stopped after %s s", " ".join(command[3:]), WALL_SECONDS)
        raise Busy()
    return answer


def _kill(process):
    """End the child and all it started. macOS answers EPERM for a group that has just ended."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def _read(answer, long_side):
    """(width, height, damaged, jpeg, rest) from the child's answer, which is not trusted either."""
    head = ANSWER.match(answer)
    if head is None:
        raise Damaged()  # the decoder crashed or ran into a limit
    if head[1]:
        raise FROM_CHILD.get(head[1].decode(), Damaged)()
    width, height, size = int(head[2]), int(head[3]), int(head[5])
    jpeg, rest = answer[head.end() : head.end() + size], answer[head.end() + size :]
    sizes_fit = MIN_SIDE <= min(width, height) <= max(width, height) <= long_side
    is_whole = len(jpeg) == size and jpeg.startswith(b"\xff\xd8\xff") and jpeg.endswith(b"\xff\xd9")
    if not (sizes_fit and is_whole):
        raise Damaged()
    return width, height, head[4] == b"1", jpeg, rest


def _noted(rest) -> tuple[str, tuple[str, ...]]:
    """What looked, and what it noted of the things we know; nothing unless said plainly."""
    line = CHECKED.fullmatch(rest)
    if line is None:
        return "", ()
    said = line[2].decode().split(",")
    return line[1].decode(), tuple(one for one in Finding.values if one in said)
