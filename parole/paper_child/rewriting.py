"""Copies what shows on pages into a new file, and names everything that may come along."""

from io import BytesIO

from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NullObject,
    NumberObject,
    StreamObject,
)
from reading import Refusal, box, contents_of, get, marks_of
from streams import Inflater, check_pixels

MAX_SIDE = 14_400  # points, 200 inches: the largest page that Acrobat opens
MIN_SIDE = 3  # points
LETTER = [0.0, 0.0, 612.0, 792.0]  # points
MAX_OBJECTS = 20_000
MAX_DRAWING = 64 * 1024 * 1024  # bytes inflated of anything that is no picture

KEPT = {
    "/" + key
    for key in """
    Type Subtype Resources
    Width Height ColorSpace BitsPerComponent Decode Interpolate ImageMask Mask SMask Matte Intent
    BBox Matrix Group FormType CS I K
    LW LC LJ ML D RI OP op OPM Font FL SM SA BM CA ca AIS TK G BC
    PatternType PaintType TilingType XStep YStep Shading ExtGState
    ShadingType Background AntiAlias Coords Domain Function Extend BitsPerCoordinate BitsPerFlag
    VerticesPerRow FunctionType Range Size Order Encode C0 C1 N Functions Bounds BitsPerSample
    Alternate WhitePoint BlackPoint Gamma Colorants Process Components
    BaseFont FirstChar LastChar Widths FontDescriptor Encoding ToUnicode DescendantFonts
    CIDSystemInfo Registry Ordering Supplement W DW W2 DW2 CIDToGIDMap CharProcs FontBBox FontMatrix
    Name BaseEncoding Differences CMapName WMode UseCMap
    FontName FontFamily FontStretch FontWeight Flags ItalicAngle Ascent Descent Leading CapHeight
    XHeight StemV StemH AvgWidth MaxWidth MissingWidth FontFile FontFile2 FontFile3 CharSet CIDSet
    Length1 Length2 Length3
    Predictor Colors Columns EndOfLine EncodedByteAlign Rows EndOfBlock BlackIs1
    DamagedRowsBeforeError ColorTransform
    """.split()
}
RESOURCES = {"/Font", "/XObject", "/ExtGState", "/ColorSpace", "/Pattern", "/Shading"}
NAMED = {"/CharProcs", "/Colorants"}  # the keys inside are names somebody made up
GROUP_KINDS = {"/Transparency", "/Alpha", "/Luminosity"}  # all that /S may say


class Rewriter:
    """Copies what shows on pages into a new file, each object once."""

    def __init__(self, max_pages):
        self.max_pages = max_pages
        self.bodies = {}  # new object number -> bytes
        self.numbers = {}  # (old number, generation, role) -> new object number
        self.waiting = []
        self.last = 2  # 1 is the catalog, 2 the tree of pages
        self.inflater = Inflater()

    def reserve(self):
        self.last += 1
        if self.last > MAX_OBJECTS:
            raise Refusal("too_complex")
        return self.last

    def put(self, number, value):
        out = BytesIO()
        value.write_to_stream(out)
        self.bodies[number] = out.getvalue()

    def put_stream(self, number, data, facts=None):
        facts = facts if facts is not None else DictionaryObject()
        facts[NameObject("/Length")] = NumberObject(len(data))
        self.put(number, facts)
        self.bodies[number] += b"\nstream\n" + data + b"\nendstream"

    def refer(self, number):
        return IndirectObject(number, 0, None)

    def copy(self, value, role="plain"):
        """The value with only what is named at the top. What it refers to is copied later, once.

        `role` says what the keys of a dictionary are: "plain" facts, kinds of "resources", or
        "names" somebody made up. A "form" is plain, and drawn onto the page.
        """
        if isinstance(value, IndirectObject):
            found = value.get_object()
            if not isinstance(found, (DictionaryObject, ArrayObject)):
                return NullObject() if found is None else found
            key = (value.idnum, value.generation, role)
            if key not in self.numbers:
                self.numbers[key] = self.later(found, role)
            return self.refer(self.numbers[key])
        if isinstance(value, StreamObject):
            return self.refer(self.later(value, role))
        if isinstance(value, DictionaryObject):
            return self.copy_dictionary(value, role)
        if isinstance(value, ArrayObject):
            return ArrayObject(self.copy(item) for item in value)
        return value

    def later(self, value, role):
        number = self.reserve()
        self.waiting.append((number, value, role))
        return number

    def copy_dictionary(self, source, role):
        copied = DictionaryObject()
        for key, value in source.items():
            if self.is_kept(key, value, role):
                copied[NameObject(key)] = self.copy(value, self.role_of(key, role))
        return copied

    def is_kept(self, key, value, role):
        if role in ("names", "resources"):
            return role == "names" or key in RESOURCES
        return value.get_object() in GROUP_KINDS if key == "/S" else key in KEPT

    def role_of(self, key, role):
        if role == "resources" or (key in NAMED and role != "names"):
            return "names"
        return "resources" if key == "/Resources" and role != "names" else "plain"

    def finish(self):
        """Write everything that something refers to."""
        while self.waiting:
            number, value, role = self.waiting.pop()
            if isinstance(value, StreamObject):
                self.stream(number, value, role)
            else:
                self.put(number, self.copy(value, role))

    def stream(self, number, source, role):
        facts = self.copy_dictionary(source, role)
        if facts.get("/Subtype") == "/PS":  # PostScript, for printers of the past
            self.bodies[number] = b"null"
            return
        if role == "form":
            facts[NameObject("/Subtype")] = NameObject("/Form")
        check_pixels(get(source, "/Height", int) or 0, get(source, "/Width", int) or 0)
        before = self.inflater.inflated
        data, name, parameters = self.inflater.decode(source)
        if facts.get("/Subtype") != "/Image" and self.inflater.inflated - before > MAX_DRAWING:
            raise Refusal("too_complex")
        facts[NameObject("/Filter")] = NameObject(name)
        if parameters:
            facts[NameObject("/DecodeParms")] = self.copy(parameters)
        self.put_stream(number, data, facts)

    def add_page(self, node):
        """One new page from an old one with what it inherits; its new number."""
        media = box(node, "/MediaBox") or LETTER
        check_size(media)
        page = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Page"),
                NameObject("/Parent"): self.refer(2),
                NameObject("/MediaBox"): plain_array(media),
            }
        )
        cropped = box(node, "/CropBox")
        if cropped:
            check_size(cropped)
            page[NameObject("/CropBox")] = plain_array(cropped)
        turned = get(node, "/Rotate", int) or 0
        if turned % 90 == 0:
            page[NameObject("/Rotate")] = NumberObject(turned % 360)
        group = node.get("/Group")
        if group is not None:
            page[NameObject("/Group")] = self.copy(group)
        self.add_contents(page, node)
        number = self.reserve()
        self.put(number, page)
        return number

    def add_contents(self, page, node):
        resources = get(node, "/Resources", DictionaryObject) or DictionaryObject()
        copied = self.copy_dictionary(resources, "resources")
        contents = [self.copy(part) for part in contents_of(node)]
        drawn, marks = [], marks_of(node)
        if marks:
            named = get(resources, "/XObject", DictionaryObject) or DictionaryObject()
            named = self.copy_dictionary(named, "names")
            for place, (form, matrix) in enumerate(marks):
                name = f"/CBPMark{place}"
                named[NameObject(name)] = self.copy(form, "form")
                drawn.append(f"q {matrix} cm {name} Do Q")
            copied[NameObject("/XObject")] = named
            before, after = self.reserve(), self.reserve()
            self.put_stream(before, b"q")
            self.put_stream(after, "\n".join(["Q", *drawn]).encode())
            contents = [self.refer(before), *contents, self.refer(after)]
        page[NameObject("/Resources")] = copied
        page[NameObject("/Contents")] = ArrayObject(contents)

    def written(self, pages):
        """The whole new file: one revision, a plain table of objects, no metadata, no identity."""
        self.finish()
        tree = (
            f"<< /Type /Pages /Count {len(pages)} /Kids [{' '.join(f'{n} 0 R' for n in pages)}] >>"
        )
        self.bodies |= {1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: tree.encode()}
        out, places = BytesIO(), []
        out.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        for number in range(1, self.last + 1):
            places.append(out.tell())
            out.write(b"%d 0 obj\n%b\nendobj\n" % (number, self.bodies[number]))
        start = out.tell()
        out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (self.last + 1))
        out.writelines(b"%010d 00000 n \n" % place for place in places)
        out.write(b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (self.last + 1))
        out.write(b"startxref\n%d\n%%%%EOF\n" % start)
        return out.getvalue()


def check_size(sides):
    width, height = sides[2] - sides[0], sides[3] - sides[1]
    if not (MIN_SIDE <= width <= MAX_SIDE and MIN_SIDE <= height <= MAX_SIDE):
        raise Refusal("page_size")
    if max(map(abs, sides)) > 2 * MAX_SIDE:
        raise Refusal("page_size")


def plain_array(values):
    return ArrayObject(FloatObject(format(value, ".4f")) for value in values)
