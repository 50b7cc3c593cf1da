"""A file of evidence made harmless, or refused in words a person can act on.

A picture becomes a plain JPEG (cbpone.photos.pipeline), a PDF is written anew page by page without
anything active (parole/paper_child). Both happen in processes without secrets and with hard limits.
"""

import hashlib
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from cbpone.lib.errors import Refused
from cbpone.photos import pipeline
from cbpone.photos.uploads import MAX_BYTES

MAX_PAGES = getattr(settings, "PAPER_PAGES_MAX", 30)  # of one PDF
MAX_PDF_BYTES = 10 * 1024 * 1024  # of a PDF as it is kept
LONG_SIDE = 2400  # px; small print on a letter page stays readable
HEADER_WITHIN = 1024  # bytes in which a PDF has to begin (ISO 32000-1, annex H)
CHILD = Path(__file__).resolve().with_name("paper_child")
ANSWER = re.compile(rb"ready\n(?:refused ([a-z_]+)\n|ok (\d{1,2})\n)")


class PaperRefused(Refused):
    code = "paper_refused"


class NotAPaper(PaperRefused):
    code = "not_a_paper"
    sentence = _(
        "We cannot open this kind of file. Everything you saved is safe. "
        "Send a PDF, or take a photo of each page with your phone."
    )


class TooLargePaper(PaperRefused):
    code = "too_large_file"
    sentence = _(
        "This file is larger than 25 MB, and we cannot take it. Everything you saved is safe. "
        "Send fewer pages at a time, or take a photo of each page."
    )


class TooManyBytes(PaperRefused):
    code = "too_many_bytes"
    sentence = _(
        "This PDF is larger than 10 MB, and we cannot keep it. Everything you saved is safe. "
        "Send fewer pages at a time, or take a photo of each page."
    )


class TooManyPages(PaperRefused):
    code = "too_many_pages"
    sentence = _(
        "This PDF has more than %(most)s pages. Everything you saved is safe. "
        "Send only the pages that matter, or send it in parts."
    )

    def __init__(self):
        super().__init__(most=MAX_PAGES)


class Locked(PaperRefused):
    code = "locked"
    sentence = _(
        "This PDF is locked, with a password or against changes. Everything you saved is safe. "
        "Open it, print it to a new PDF, and send that. Or take a photo of each page."
    )


class OnlyAttachments(PaperRefused):
    code = "attachments"
    sentence = _(
        "This PDF is a folder with other files in it. Everything you saved is safe. "
        "Send each of those files by itself."
    )


class TypedForm(PaperRefused):
    code = "form"
    sentence = _(
        "What was typed into this PDF form does not show on its pages. Everything you saved is "
        "safe. Open it, print it to a new PDF, and send that. Or take a photo of each page."
    )


class UnknownPicture(PaperRefused):
    code = "unknown_picture"
    sentence = _(
        "This PDF holds a kind of picture that we cannot take. Everything you saved is safe. "
        "Print it to a new PDF and send that, or take a photo of each page."
    )


class PageSize(PaperRefused):
    code = "page_size"
    sentence = _(
        "A page of this PDF has a size that no paper has. Everything you saved is safe. "
        "Print it to a new PDF and send that, or take a photo of each page."
    )


class TooComplex(PaperRefused):
    code = "too_complex"
    sentence = _(
        "There is too much in this PDF for us to open it. Everything you saved is safe. "
        "Send fewer pages at a time, or take a photo of each page."
    )


class DamagedPaper(PaperRefused):
    code = "damaged"
    sentence = _(
        "Part of this file is missing or broken. Everything you saved is safe. "
        "Send it again. If that does not help, take a photo of each page."
    )


class TooManyPixels(PaperRefused):
    code = "too_many_pixels"
    sentence = _(
        "This picture is too big for us to open. Everything you saved is safe. "
        "Take a photo of the page with your phone's normal camera setting."
    )


class TooSmallPaper(PaperRefused):
    code = "too_small"
    sentence = _(
        "This picture is too small to read. Everything you saved is safe. "
        "Choose a larger one, or take a photo of the page with your phone."
    )


class BusyWithPapers(PaperRefused):
    code = "busy"
    sentence = _(
        "We could not open this file in time. Everything you saved is safe. "
        "Wait a minute, then send it again. If that does not help, take a photo of each page."
    )


REFUSALS = {kind.code: kind for kind in PaperRefused.__subclasses__()}


@dataclass(frozen=True)
class CleanPaper:
    """What is stored of a file. `sha256` is the hex digest of what was sent."""

    content: bytes = field(repr=False)
    format: str
    pages: int
    sha256: str


def clean_paper(data: bytes) -> CleanPaper:
    """A picture as a plain JPEG of at most 2400 px, a PDF written anew; by content, never by name.

    Up to 25 MB, in at most 35 s (15 waiting, 20 working). Raises PaperRefused with a sentence that
    says what to do instead. RuntimeError means the installation is broken.
    """
    if len(data) > MAX_BYTES:
        raise TooLargePaper
    if not data:  # some phones send nothing when the line breaks
        raise DamagedPaper
    digest = hashlib.sha256(data).hexdigest()
    try:
        # A file that is both is taken as the picture, and nothing but its pixels is kept.
        if pipeline.sniff(data):
            photo = pipeline.clean(data, long_side=LONG_SIDE)
            return CleanPaper(photo.jpeg, "JPEG", 1, digest)
        if b"%PDF-" not in data[:HEADER_WITHIN]:
            raise NotAPaper
        command = [sys.executable, "-I", "-B", str(CHILD), str(MAX_PAGES), str(MAX_PDF_BYTES)]
        answer = pipeline.ask_child(command, data, most=MAX_PDF_BYTES + 1024)
    except pipeline.PhotoRefused as refusal:
        raise REFUSALS.get(refusal.code, DamagedPaper)() from None
    pages, content = _read(answer)
    return CleanPaper(content, "PDF", pages, digest)


def _read(answer: bytes) -> tuple[int, bytes]:
    """(pages, pdf) from the child's answer, which is not trusted either."""
    if not answer.startswith(b"ready\n"):
        raise RuntimeError(f"The PDF child did not start. See why: python -I -B {CHILD} describe")
    head = ANSWER.match(answer)
    if head is None:
        raise TooComplex  # the parser crashed or ran into a limit
    if head[1]:
        raise REFUSALS.get(head[1].decode(), DamagedPaper)()
    pages, content = int(head[2]), answer[head.end() :]
    is_whole = content.startswith(b"%PDF-1.7\n") and content.endswith(b"\n%%EOF\n")
    if not (1 <= pages <= MAX_PAGES and len(content) <= MAX_PDF_BYTES and is_whole):
        raise DamagedPaper
    return pages, content
