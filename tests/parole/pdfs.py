"""PDFs for tests: ordinary ones, and such as nobody should send."""

import io
import zlib

from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

HELLO = b"BT /F1 24 Tf 72 700 Td (Pay stub) Tj ET"


def name(text):
    return NameObject(f"/{text}")


def dictionary(**values):
    return DictionaryObject({name(key): value for key, value in values.items()})


def numbers(*values):
    return ArrayObject(NumberObject(value) for value in values)


def stream(data=b"", **values):
    row = DecodedStreamObject()
    row.set_data(data)
    row.update(dictionary(**values))
    return row


def action(kind, **values):
    return dictionary(S=name(kind), **values)


SCRIPT = action("JavaScript", JS=TextStringObject("app.alert(1)"))
FONT = dictionary(Type=name("Font"), Subtype=name("Type1"), BaseFont=name("Helvetica"))


def writer(pages=1, width=612, height=792) -> PdfWriter:
    """A document that says "Pay stub" on every page."""
    made = PdfWriter()
    for _number in range(pages):
        page = made.add_blank_page(width, height)
        page[name("Resources")] = dictionary(Font=dictionary(F1=FONT))
        page[name("Contents")] = made._add_object(stream(HELLO))
    return made


def written(made: PdfWriter) -> bytes:
    out = io.BytesIO()
    made.write(out)
    return out.getvalue()


def pdf(pages=1, **size) -> bytes:
    return written(writer(pages, **size))


def annotated(*marks, **catalog) -> bytes:
    """One page with these annotations on it, and a catalog with these entries."""
    made = writer()
    for look_of in (mark["/AP"] for mark in marks if "/AP" in mark):
        look_of[name("N")] = made._add_object(look_of["/N"])
    made.pages[0][name("Annots")] = ArrayObject(made._add_object(mark) for mark in marks)
    made.root_object.update(dictionary(**catalog))
    return written(made)


def mark(kind, **values):
    return dictionary(
        Type=name("Annot"), Subtype=name(kind), Rect=numbers(10, 20, 110, 60), **values
    )


def look(made_of=b"0 0 100 40 re f", **values):
    facts = {"Subtype": name("Form"), "BBox": numbers(0, 0, 100, 40)} | values
    return stream(made_of, **facts)


def active() -> bytes:
    """Everything that can act, hide or tell, in one document."""
    made = writer()
    page = made.pages[0]
    launch = action("Launch", F=TextStringObject("cmd.exe"))
    link = action("URI", URI=TextStringObject("http://evil.example"))
    marks = [
        mark("Link", A=link),
        mark("Widget", FT=name("Btn"), A=SCRIPT, AA=dictionary(E=SCRIPT)),
        mark("RichMedia", RichMediaContent=dictionary(Assets=dictionary())),
        mark("FileAttachment", FS=dictionary(EF=dictionary(F=stream(b"EVIL ATTACHED")))),
        mark("Screen", A=launch),
    ]
    page[name("Annots")] = ArrayObject(made._add_object(one) for one in marks)
    page[name("AA")] = dictionary(O=launch)
    page[name("Metadata")] = made._add_object(stream(b"<x:xmpmeta>SECRET</x:xmpmeta>"))
    picture = look(
        b"0 0 9 9 re f", PieceInfo=dictionary(X=SCRIPT), OPI=dictionary(F=SCRIPT), A=SCRIPT
    )
    page[name("Resources")][name("XObject")] = dictionary(X1=made._add_object(picture))
    page[name("Resources")][name("Properties")] = dictionary(P=SCRIPT)
    made.root_object.update(
        dictionary(
            OpenAction=SCRIPT,
            AA=dictionary(WC=SCRIPT),
            AcroForm=dictionary(XFA=made._add_object(stream(b"<xdp>XFA SECRET</xdp>"))),
            Metadata=made._add_object(stream(b"<x:xmpmeta>SECRET</x:xmpmeta>")),
        )
    )
    made.add_attachment("evil.exe", b"EVIL ATTACHED")
    made.add_metadata({"/Author": "SECRET person"})
    names = made.root_object["/Names"]
    names[name("JavaScript")] = dictionary(Names=ArrayObject([TextStringObject("x"), SCRIPT]))
    return written(made)


def locked(password="secret", **options) -> bytes:
    made = writer()
    made.encrypt(password, **options)
    return written(made)


def picture_page(data, kind, **values) -> bytes:
    """One page that shows one picture in that encoding."""
    made = writer()
    shown = stream(
        data,
        Type=name("XObject"),
        Subtype=name("Image"),
        ColorSpace=name("DeviceRGB"),
        BitsPerComponent=NumberObject(8),
        **{"Width": NumberObject(120), "Height": NumberObject(120)} | values,
    )
    shown[name("Filter")] = name(kind)
    page = made.pages[0]
    page[name("Resources")][name("XObject")] = dictionary(Im1=made._add_object(shown))
    page[name("Contents")] = made._add_object(stream(b"q 300 0 0 300 72 72 cm /Im1 Do Q"))
    return written(made)


def bomb() -> bytes:
    """A page whose drawing inflates to 70 MB."""
    once = zlib.compressobj(9)
    spaces = b" " * 1024 * 1024
    data = b"".join(once.compress(spaces) for _number in range(70)) + once.flush()
    made = writer()
    made.pages[0][name("Contents")] = made._add_object(stream(data, Filter=name("FlateDecode")))
    return written(made)


def jpeg(width=120, height=120, colour=(180, 40, 40), **options) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "JPEG", **options)
    return out.getvalue()


def looped() -> bytes:
    """A tree of pages that contains itself."""
    made = writer()
    tree = made.root_object["/Pages"]
    tree["/Kids"].append(made.root_object.raw_get("/Pages"))
    return written(made)


def texts(data: bytes) -> list[str]:
    """What each page of a stored paper says."""
    return [page.extract_text() for page in PdfReader(io.BytesIO(data), strict=True).pages]


def inflated(data: bytes) -> bytes:
    """A stored paper with everything in it that could hide words opened up."""
    reader = PdfReader(io.BytesIO(data), strict=True)
    parts = [data]
    for number in range(1, len(reader.xref[0]) + 1):
        found = reader.get_object(number)
        if hasattr(found, "get_data"):
            parts.append(found.get_data() if found.get("/Filter") != "/DCTDecode" else found._data)
    return b"\n".join(parts)
