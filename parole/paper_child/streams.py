"""The bytes of a PDF's streams: checked to their end, within bounds, without what hides in them."""

import zlib

from pypdf.filters import ASCII85Decode, ASCIIHexDecode, LZWDecode, RunLengthDecode
from pypdf.generic import ArrayObject, DictionaryObject
from reading import Refusal

MAX_PIXELS = 100_000_000  # of one picture on a page; a letter at 900 dpi has 76 million
MAX_INFLATED = 400 * 1024 * 1024  # bytes, all streams of a file together
STEP = 1024 * 1024  # bytes inflated at a time
SHORT = {"/AHx": "/ASCIIHexDecode", "/A85": "/ASCII85Decode", "/LZW": "/LZWDecode",
         "/Fl": "/FlateDecode", "/RL": "/RunLengthDecode", "/CCF": "/CCITTFaxDecode",
         "/DCT": "/DCTDecode"}  # fmt: skip
TEXTS = {
    "/ASCIIHexDecode": ASCIIHexDecode,
    "/ASCII85Decode": ASCII85Decode,
    "/RunLengthDecode": RunLengthDecode,
    "/LZWDecode": LZWDecode,
}


def steps_of(stream):
    """The filters of a stream and the parameters of each, in the order of decoding."""

    def listed(key):
        value = stream.get(key)
        value = value.get_object() if value is not None else None
        return list(value) if isinstance(value, ArrayObject) else [value]

    names = [name.get_object() for name in listed("/Filter") if name is not None]
    settings = [one.get_object() if one is not None else None for one in listed("/DecodeParms")]
    settings += [None] * len(names)
    return [
        (SHORT.get(name, name), one if isinstance(one, DictionaryObject) else DictionaryObject())
        for name, one in zip(names, settings, strict=False)
    ]


def plain_jpeg(data):
    """The same picture without camera, place and comments, and nothing behind its end."""
    if data[:2] != b"\xff\xd8":
        raise Refusal("damaged")
    kept, at, marker = [data[:2]], 2, 0
    while marker != 0xDA:
        while data[at + 1] == 0xFF:
            at += 1
        marker, size = data[at + 1], int.from_bytes(data[at + 2 : at + 4])
        if data[at] != 0xFF or size < 2:
            raise Refusal("damaged")
        part, at = data[at : at + 2 + size], at + 2 + size
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            check_pixels(int.from_bytes(part[5:7]), int.from_bytes(part[7:9]))
        if not (0xE1 <= marker <= 0xED or marker in (0xEF, 0xFE)):
            kept.append(part)
    end = data.rfind(b"\xff\xd9")
    return b"".join(kept) + (data[at : end + 2] if end >= at else data[at:])


def check_pixels(height, width):
    if height * width > MAX_PIXELS:
        raise Refusal("too_complex")


class Inflater:
    """Decodes streams, and counts what all of them together inflate to."""

    def __init__(self):
        self.inflated = 0

    def decode(self, source):
        """(data, filter, its parameters): deflated, or a picture as JPEG or fax.

        Pictures of other kinds (JBIG2, JPEG 2000) are refused: readers break on hostile ones.
        """
        data, steps = source._data, steps_of(source)
        for place, (name, parameters) in enumerate(steps):
            is_last = place == len(steps) - 1
            if name in ("/DCTDecode", "/CCITTFaxDecode") and is_last:
                return plain_jpeg(data) if name == "/DCTDecode" else data, name, parameters
            if name == "/FlateDecode" and is_last:
                return self.whole_flate(data), name, parameters
            if parameters.get("/Predictor", 1) != 1 and not is_last:
                raise Refusal("damaged")
            if name == "/LZWDecode" and parameters.get("/EarlyChange", 1) != 1:
                raise Refusal("unknown_picture")
            if name == "/FlateDecode":
                data = b"".join(self.inflate(data))
            elif name in TEXTS:
                data = TEXTS[name].decode(data)
                self.count(len(data))
            else:
                raise Refusal("unknown_picture")
        left = steps[-1][1] if steps else None
        return zlib.compress(data), "/FlateDecode", left

    def whole_flate(self, data):
        """The same data, once it is clear how much it inflates to and that nothing is missing.

        Nothing is kept from behind its end; a checksum that is wrong or missing is mended.
        """
        used, sums = [0], 1
        for part in self.inflate(data, used):
            sums = zlib.adler32(part, sums)
        return data[: used[0]] + sums.to_bytes(4)

    def inflate(self, data, used=None):
        """The parts. Refuses what is not whole, and more than MAX_INFLATED for the whole file."""
        if len(data) < 2 or data[0] & 15 != 8 or data[1] & 32:
            raise Refusal("damaged")
        machine, rest = zlib.decompressobj(-zlib.MAX_WBITS), data[2:]
        while not machine.eof:
            part = machine.decompress(rest, STEP)
            rest = machine.unconsumed_tail
            if not (part or rest or machine.eof):
                raise Refusal("damaged")
            self.count(len(part))
            yield part
        if used is not None:
            used[0] = len(data) - len(machine.unused_data)

    def count(self, size):
        self.inflated += size
        if self.inflated > MAX_INFLATED:
            raise Refusal("too_complex")
