"""Reads pages, boxes and streams of a PDF that may be broken or hostile."""

from io import BytesIO

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject

MAX_NODES = 2_000  # of the tree of pages
MAX_MARKS = 3_000  # stamps and filled-in fields on one page
MAX_PARENTS = 20  # of a field in a form
INHERITED = ("/Resources", "/MediaBox", "/CropBox", "/Rotate")
UNSEEN = 2 | 32  # flags Hidden and NoView of an annotation, ISO 32000-1 table 165


class Refusal(Exception):
    """Its text is the code of the refusal paper_cleaning.py will raise."""


def get(holder, key, kind):
    """The value of `key`, followed where it leads, when it is of that kind; else None."""
    value = holder.get(key)
    value = value.get_object() if value is not None else None
    return value if isinstance(value, kind) else None


def numbers_of(holder, key, count):
    """That many numbers, or None when the key does not hold them."""
    found = get(holder, key, ArrayObject) or ()
    values = [item.get_object() for item in found[: count + 1]]
    fits = len(values) == count and all(isinstance(one, (int, float)) for one in values)
    return [float(one) for one in values] if fits else None


def box(holder, key):
    """A rectangle with its lower left corner first, or None."""
    found = numbers_of(holder, key, 4)
    if found is None:
        return None
    left, right = sorted(found[0::2])
    bottom, top = sorted(found[1::2])
    return [left, bottom, right, top]


def opened(data):
    """The catalog of a file that has its end, no password, and pages of its own."""
    if b"%%EOF" not in data.rstrip(b"\0\r\n\t ")[-1024:]:
        raise Refusal("damaged")
    try:
        reader = PdfReader(BytesIO(data))
    except Exception:
        raise Refusal("locked" if b"/Encrypt" in data else "damaged") from None
    if reader.is_encrypted:
        raise Refusal("locked")
    root = reader.root_object
    if "/Collection" in root:
        raise Refusal("attachments")
    needs = root.get("/NeedsRendering")
    if needs is not None and needs.get_object() == True:  # noqa: E712  pypdf has its own booleans
        raise Refusal("form")
    return root


def pages_of(root, most):
    """Every page with what it inherits, in order. Refuses more than `most` before reading them."""
    found, seen, waiting = [], 0, [(root.get("/Pages"), {})]
    while waiting:
        item, inherited = waiting.pop()
        node, seen = item.get_object(), seen + 1
        if not isinstance(node, DictionaryObject):
            raise Refusal("damaged")
        own = {key: node.raw_get(key) for key in INHERITED if key in node}
        kids = get(node, "/Kids", ArrayObject)
        if kids is not None:
            waiting += [(kid, inherited | own) for kid in reversed(kids[: MAX_NODES + 1])]
        else:
            found.append(DictionaryObject(inherited | dict(node.items())))
        if len(found) > most or seen > MAX_NODES:
            raise Refusal("too_many_pages")
    if not found:
        raise Refusal("damaged")
    return found


def contents_of(node):
    """References to the streams of a page. Refuses damaged when one of them is not there."""
    contents = node.get("/Contents")
    if contents is None:
        return []
    found = contents.get_object()
    parts = list(found) if isinstance(found, ArrayObject) else [contents]
    if not all(isinstance(part.get_object(), StreamObject) for part in parts):
        raise Refusal("damaged")
    return parts


def marks_of(node):
    """(appearance, matrix) of what lies on the page: fields, stamps, signatures, notes."""
    found = []
    marks = get(node, "/Annots", ArrayObject) or ()
    if len(marks) > MAX_MARKS:
        raise Refusal("too_complex")
    for item in marks:
        mark = item.get_object()
        if not isinstance(mark, DictionaryObject) or (get(mark, "/F", int) or 0) & UNSEEN:
            continue
        form = appearance(mark)
        matrix = form is not None and placed(form.get_object(), box(mark, "/Rect"))
        if matrix:
            found.append((form, matrix))
        elif form is None and is_only_typed(mark):
            raise Refusal("form")
    return found


def appearance(mark):
    """What the mark looks like now, as it is referred to; None when nothing says so."""
    looks = get(mark, "/AP", DictionaryObject)
    now = looks.get("/N") if looks else None
    if now is None or get(mark, "/Subtype", NameObject) == "/Popup":
        return None
    states = now.get_object()
    if isinstance(states, DictionaryObject) and not isinstance(states, StreamObject):
        now = states.get(get(mark, "/AS", NameObject))
    return now if now is not None and isinstance(now.get_object(), StreamObject) else None


def placed(form, rectangle):
    """The matrix that lays an appearance onto its rectangle (ISO 32000-1, 12.5.5); "" for none."""
    bounds = box(form, "/BBox")
    if rectangle is None or bounds is None:
        return ""
    a, b, c, d, e, f = numbers_of(form, "/Matrix", 6) or (1, 0, 0, 1, 0, 0)
    corners = [(x, y) for x in bounds[0::2] for y in bounds[1::2]]
    across = [a * x + c * y + e for x, y in corners]
    up = [b * x + d * y + f for x, y in corners]
    width, height = max(across) - min(across), max(up) - min(up)
    if not (width and height):
        return ""
    wide = (rectangle[2] - rectangle[0]) / width
    high = (rectangle[3] - rectangle[1]) / height
    left, low = rectangle[0] - min(across) * wide, rectangle[1] - min(up) * high
    return f"{wide:.6f} 0 0 {high:.6f} {left:.4f} {low:.4f}"


def is_only_typed(mark):
    """A field with text in it that only a program with forms would show."""
    kind = value = None
    for _step in range(MAX_PARENTS):
        kind = kind or get(mark, "/FT", NameObject)
        value = value or get(mark, "/V", str)
        mark = get(mark, "/Parent", DictionaryObject)
        if mark is None:
            break
    return kind in ("/Tx", "/Ch") and bool((value or "").strip())
