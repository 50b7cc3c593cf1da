"""What becomes of a file of evidence, and what is refused, before anything is stored."""

import hashlib
import io
import json
import logging
import sys
import zlib

import pytest
from PIL import Image
from pypdf.generic import TextStringObject

from cbpone.photos import pipeline
from parole import paper_cleaning
from tests.parole import pdfs

ACTIVE = (
    b"/JavaScript", b"/JS", b"app.alert", b"/OpenAction", b"/AA", b"/Launch", b"cmd.exe",
    b"/EmbeddedFile", b"/EF", b"EVIL", b"/RichMedia", b"/XFA", b"/AcroForm", b"/Annots", b"/URI",
    b"evil.example", b"/Metadata", b"SECRET", b"/Info", b"/PieceInfo", b"/OPI", b"/Names",
    b"/Properties", b"/Producer", b"/ID",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _few_places_are_enough(monkeypatch):
    monkeypatch.setattr(pipeline, "WAIT_SECONDS", 60)


def refusal(data):
    with pytest.raises(paper_cleaning.PaperRefused) as refused:
        paper_cleaning.clean_paper(data)
    return refused.value.code


# --- A PDF is written anew ------------------------------------------------------------------


def test_clean_paper_pdf_keeps_pages_and_what_they_say():
    data = pdfs.pdf(3)

    cleaned = paper_cleaning.clean_paper(data)

    assert (cleaned.format, cleaned.pages) == ("PDF", 3)
    assert cleaned.sha256 == hashlib.sha256(data).hexdigest()
    assert pdfs.texts(cleaned.content) == ["Pay stub"] * 3


def test_clean_paper_pdf_keeps_nothing_that_acts_hides_or_tells():
    data = pdfs.active()
    assert all(word in data for word in (b"/JavaScript", b"/Launch", b"/EmbeddedFile", b"/XFA"))

    content = paper_cleaning.clean_paper(data).content

    opened = pdfs.inflated(content)
    assert [word for word in ACTIVE if word in opened] == []
    assert pdfs.texts(content) == ["Pay stub"]


def test_clean_paper_pdf_that_begins_late_begins_at_once_when_stored():
    content = paper_cleaning.clean_paper(b"<html><script>alert(1)</script>\n" + pdfs.pdf()).content

    assert content.startswith(b"%PDF-1.7\n")
    assert b"<script" not in content


def test_clean_paper_pdf_stream_keeps_nothing_behind_its_end():
    data = zlib.compress(bytes(120 * 120 * 3))

    content = paper_cleaning.clean_paper(
        pdfs.picture_page(data + b"PK\x03\x04EVIL", "FlateDecode")
    ).content

    assert data in content
    assert b"EVIL" not in content


def test_clean_paper_pdf_picture_loses_camera_and_place():
    exif = Image.Exif()
    exif[0x010E] = "SECRET place"
    picture = pdfs.jpeg(exif=exif, comment=b"SECRET comment") + b"<html>SECRET</html>"

    content = paper_cleaning.clean_paper(pdfs.picture_page(picture, "DCTDecode")).content

    assert b"SECRET" not in content
    start, end = content.index(b"\xff\xd8\xff"), content.index(b"\xff\xd9")
    with Image.open(io.BytesIO(content[start : end + 2])) as shown:
        assert shown.getpixel((60, 60)) == pytest.approx((180, 40, 40), abs=6)


def test_clean_paper_pdf_filled_in_field_and_stamp_become_part_of_the_page():
    typed = pdfs.mark(
        "Widget",
        FT=pdfs.name("Tx"),
        V=TextStringObject("64,000"),
        AP=pdfs.dictionary(N=pdfs.look(b"BT /F1 9 Tf (64,000) Tj ET")),
    )

    content = paper_cleaning.clean_paper(pdfs.annotated(typed)).content

    opened = pdfs.inflated(content)
    assert b"(64,000) Tj" in opened
    assert b"q 1.000000 0 0 1.000000 10.0000 20.0000 cm /CBPMark0 Do Q" in opened
    assert b"/Annots" not in opened


def test_clean_paper_pdf_hidden_note_stays_behind():
    hidden = pdfs.mark("Stamp", F=pdfs.NumberObject(2), AP=pdfs.dictionary(N=pdfs.look(b"EVIL Do")))

    assert b"EVIL" not in pdfs.inflated(paper_cleaning.clean_paper(pdfs.annotated(hidden)).content)


def unseen_text():
    field = pdfs.mark("Widget", FT=pdfs.name("Tx"), V=TextStringObject("64,000"))
    return pdfs.annotated(field)


def only_other_files():
    return pdfs.annotated(Collection=pdfs.dictionary())


def unfinished(kind="FlateDecode"):
    return pdfs.picture_page(zlib.compress(b"x" * 5000)[:-9], kind)


UNUSABLE = {
    "password": (lambda: pdfs.locked(), "locked"),
    "owner password": (lambda: pdfs.locked("", owner_password="x"), "locked"),
    "AES": (lambda: pdfs.locked(algorithm="AES-256"), "locked"),
    "31 pages": (lambda: pdfs.pdf(31), "too_many_pages"),
    "a tree in itself": (pdfs.looped, "too_many_pages"),
    "huge page": (lambda: pdfs.pdf(width=14_401), "page_size"),
    "flat page": (lambda: pdfs.pdf(height=0), "page_size"),
    "cut": (lambda: pdfs.pdf(3)[:-200], "damaged"),
    "cut to its start": (lambda: pdfs.pdf()[:40], "damaged"),
    "no pages": (lambda: pdfs.pdf(0), "damaged"),
    "words only": (lambda: b"%PDF-1.7\n" + b"word " * 999 + b"%%EOF", "damaged"),
    "half a stream": (unfinished, "damaged"),
    "no JPEG": (lambda: pdfs.picture_page(b"<html>", "DCTDecode"), "damaged"),
    "bomb": (pdfs.bomb, "too_complex"),
    "picture of 4000 megapixels": (
        lambda: pdfs.picture_page(b"", "CCITTFaxDecode", Width=pdfs.NumberObject(10**9)),
        "too_complex",
    ),
    "JPEG 2000": (lambda: pdfs.picture_page(b"x", "JPXDecode"), "unknown_picture"),
    "JBIG2": (lambda: pdfs.picture_page(b"x", "JBIG2Decode"), "unknown_picture"),
    "form with unseen answers": (unseen_text, "form"),
    "folder of files": (only_other_files, "attachments"),
    "HTML": (lambda: b"<!doctype html><script>alert(1)</script>", "not_a_paper"),
    "SVG": (lambda: b'<svg xmlns="http://www.w3.org/2000/svg"></svg>', "not_a_paper"),
    "Word": (lambda: b"PK\x03\x04" + bytes(400), "not_a_paper"),
    "GIF": (lambda: b"GIF89a" + bytes(400), "not_a_paper"),
    "PDF far inside": (lambda: bytes(1100) + pdfs.pdf(), "not_a_paper"),
    "nothing": (lambda: b"", "damaged"),
    "26 MB": (lambda: b"%PDF-1.7\n" + bytes(26 * 1024 * 1024), "too_large_file"),
    "broken picture": (lambda: b"\xff\xd8\xff\xe0<html>no</html>", "damaged"),
    "small picture": (lambda: pdfs.jpeg(90, 90), "too_small"),
}


@pytest.mark.parametrize(("make", "code"), UNUSABLE.values(), ids=UNUSABLE)
def test_clean_paper_unusable_file_is_refused(make, code):
    assert refusal(make()) == code


@pytest.mark.parametrize("seed", range(6))
def test_clean_paper_hostile_bytes_are_never_more_than_refused(seed):
    data = bytearray(pdfs.active())
    for step in range(40):
        place = (seed * 7919 + step * step * 104_729) % len(data)
        data[place] = (data[place] + 1 + seed * 31 + step) % 256

    try:
        cleaned = paper_cleaning.clean_paper(bytes(data))
    except paper_cleaning.PaperRefused:
        return

    assert [word for word in ACTIVE[:4] if word in pdfs.inflated(cleaned.content)] == []


def test_clean_paper_pdf_too_large_when_stored_is_refused(monkeypatch):
    monkeypatch.setattr(paper_cleaning, "MAX_PDF_BYTES", 500)

    assert refusal(pdfs.pdf(3)) == "too_many_bytes"


def test_clean_paper_pages_are_limited_by_one_constant(monkeypatch):
    monkeypatch.setattr(paper_cleaning, "MAX_PAGES", 2)

    assert paper_cleaning.clean_paper(pdfs.pdf(2)).pages == 2
    assert refusal(pdfs.pdf(3)) == "too_many_pages"


# --- A picture ------------------------------------------------------------------------------


@pytest.mark.parametrize("source_format", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_clean_paper_picture_becomes_a_jpeg_with_small_print(source_format):
    out = io.BytesIO()
    Image.new("RGB", (3000, 1500), "white").save(out, source_format)

    cleaned = paper_cleaning.clean_paper(out.getvalue())

    assert (cleaned.format, cleaned.pages) == ("JPEG", 1)
    with Image.open(io.BytesIO(cleaned.content)) as shown:
        assert (shown.format, shown.size) == ("JPEG", (2400, 1200))
        assert not shown.getexif()


def test_clean_paper_that_is_picture_and_pdf_is_only_the_picture():
    cleaned = paper_cleaning.clean_paper(pdfs.jpeg(comment=pdfs.active()[:60_000]) + pdfs.active())

    assert cleaned.format == "JPEG"
    assert not any(word in cleaned.content for word in (b"%PDF", b"/JavaScript", b"EVIL"))


# --- The process ----------------------------------------------------------------------------


def described():
    command = [sys.executable, "-I", "-B", str(paper_cleaning.CHILD), "describe"]
    answer = pipeline.ask_child(command, b"", most=1_000_000)
    return json.loads(answer.removeprefix(b"ready\n"))


def test_paper_child_sees_no_secret_and_none_of_our_code(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "hunter2")

    seen = described()

    assert set(seen["environment"]) <= {"LC_CTYPE", "__CF_USER_TEXT_ENCODING"}
    assert seen["directory"] == "/"
    assert not {"django", "cbpone", "parole", "celery", "psycopg"} & set(seen["modules"])
    assert seen["limits"]["RLIMIT_FSIZE"] == seen["limits"]["RLIMIT_NPROC"] == 0
    assert seen["limits"]["RLIMIT_CPU"] == 10


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b"ready\n", "too_complex"),
        (b"ready\nok 1\n<html>", "damaged"),
        (b"ready\nok 99\n%PDF-1.7\n\n%%EOF\n", "damaged"),
        (b"ready\nrefused no_such_code\n", "damaged"),
    ],
)
def test_paper_child_that_lies_is_not_believed(monkeypatch, answer, code):
    monkeypatch.setattr(pipeline, "ask_child", lambda command, data, most: answer)

    assert refusal(pdfs.pdf()) == code


def test_paper_child_that_does_not_start_is_a_fault_of_the_installation(monkeypatch, tmp_path):
    monkeypatch.setattr(paper_cleaning, "CHILD", tmp_path / "nothing_here")

    with pytest.raises(RuntimeError, match="did not start"):
        paper_cleaning.clean_paper(pdfs.pdf())


def test_paper_child_past_the_wall_limit_is_refused_as_busy(monkeypatch, tmp_path, caplog):
    caplog.set_level(logging.CRITICAL)
    (tmp_path / "__main__.py").write_text("import time; time.sleep(60)")
    monkeypatch.setattr(paper_cleaning, "CHILD", tmp_path)
    monkeypatch.setattr(pipeline, "WALL_SECONDS", 0.4)

    assert refusal(pdfs.pdf()) == "busy"


def test_refusals_say_what_is_safe_and_what_to_do():
    for kind in paper_cleaning.REFUSALS.values():
        assert "is safe" in str(kind())
        assert any(word in str(kind()).lower() for word in ("send", "photo of"))
