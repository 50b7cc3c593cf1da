"""Drawn portraits of people who do not exist, so that the demo shows no real face.

Everything follows from the arguments by whole-number chance and plain arithmetic: a portrait is
the same on every machine. Lengths are pixels of the 600x800 picture, x counted from its middle.
Shapes are strings of "x,y" points in hundredths of the part they describe.
"""

import io
import random

from PIL import Image, ImageDraw

LEFT, TOP, RIGHT, BOTTOM = PAGE = (-300, 0, 300, 800)
FINE, SOFT = 2, 0.5  # scale of the drawing before it is reduced; scale of its soft shading
# Even steps of lightness from very light to very dark; chance picks every other feature apart.
TONES = "f5dccb ecccb4 e3bb9d d8aa88 ca9873 b98560 a6724f 916043 7b4f38 68412f 563529 452b24"
WALLS = "dfe4e6 e6e1d8 d8e0dc e3dde0 d5dde6 e8e2cf dcdfd3"
CLOTHES = "2f4a68 4c6b73 8a4b3c b98a45 5d7358 6b4d63 e4dccb 7d8288 a8655a 3f6b6b c9b79a 94a7ad"
HAIRS = "1c1717 221a18 2c1f1b 3a2820 1c1717 2c1f1b 4d3426 5c3222 6d4c33 846341"
IRISES = "2e1c14 3a2418 4a2f1c 2e1c14 3a2418 4a2f1c 5c3d22 6a5430 5f6b5c 5d7280"

HEAD = "0,0 52,4 88,30 100,72 99,100"
CROWN = "-101,110 -104,80 -93,32 -54,4 0,-2 54,4 93,32 104,80 101,110"
HAIRLINES = {
    "even": "-96,112 -92,80 -77,52 -43,37 0,34 43,37 77,52 92,80 96,112",
    "swept": "-96,112 -91,78 -72,48 -48,32 -8,34 40,43 76,56 92,80 96,112",
    "fringe": "-97,125 -94,98 -84,82 -45,77 0,75 45,77 84,82 94,98 97,125",
    "high": "-92,80 -86,62 -70,44 -40,33 0,30 40,33 70,44 86,62 92,80",
}
CURTAIN = (
    "0,-2 58,5 100,46 108,100 112,160 112,235 106,300 98,345",
    "0,30 44,42 82,68 95,104 97,160 92,235 80,300 84,350",
)
SIDES = ("-101,114 -106,92 -104,70 -98,52", "-93,114 -93,92 -91,72 -92,54")
BEHIND = {
    "long": "0,-3 -74,7 -108,60 -116,120 -120,200 -124,280 -112,345",
    "cloud": "0,-26 -84,-14 -134,40 -150,105 -136,165 -112,200 -70,215",
    "bun": "0,-50 -30,-47 -46,-28 -36,-8 0,4",
}
TAIL = ("40,150 84,190 96,260 96,320 82,375", "20,170 50,205 58,260 60,320 78,378")


def colour(code):
    return tuple(bytes.fromhex(code))


SKIN_TONES = tuple(colour(code) for code in TONES.split())


def mix(one, other, percent):
    return tuple((a * (100 - percent) + b * percent) // 100 for a, b in zip(one, other, strict=True))


def spots(text, x=0, y=0, wide=100, high=100):
    """The points of a shape, set down at x, y and stretched so that 100 becomes wide or high."""
    pairs = (pair.split(",") for pair in text.split())
    return [(x + int(a) * wide / 100, y + int(b) * high / 100) for a, b in pairs]


def whole(half):
    """A symmetric outline, or line, from its one half."""
    return half + [(-x, y) for x, y in reversed(half)]


def curve(points, closed):
    """A smooth line through the points (Catmull-Rom)."""
    last, line = len(points) - 1, []
    for i in range(len(points) - (not closed)):
        ends = (i - 1, i, i + 1, i + 2)
        near = [points[k % (last + 1) if closed else min(max(k, 0), last)] for k in ends]
        for t in (0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875):
            line.append(tuple(spline(*axis, t) for axis in zip(*near, strict=True)))
    return line if closed else [*line, points[-1]]


def spline(a, b, c, d, t):
    return b + t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a))) / 2


def blob(size=64):
    """A round patch that fades to nothing at its rim."""
    half = size - 1
    far = [max(0, half * half - (2 * x - half) ** 2 - (2 * y - half) ** 2) for y in range(size) for x in range(size)]
    return Image.frombytes("L", (size, size), bytes(255 * v * v // half**4 for v in far))


BLOB = blob()


class Layer:
    """A sheet to paint on; one sheet is laid on another through the shape cut from a mask."""

    def __init__(self, paint, box=PAGE, scale=FINE, mode="RGB"):
        self.left, self.top, self.right, self.bottom = self.box = [round(v) for v in box]
        self.scale, self.mode = scale, mode
        self.image = Image.new(mode, self.pixels(self.right, self.bottom), paint)
        self.pen = ImageDraw.Draw(self.image)

    def pixels(self, x, y):
        return round((x - self.left) * self.scale), round((y - self.top) * self.scale)

    def shape(self, points, paint):
        self.pen.polygon([self.pixels(*point) for point in curve(points, True)], fill=paint)

    def stroke(self, points, paint, width):
        path = [self.pixels(*point) for point in curve(points, False)]
        self.pen.line(path, fill=paint, width=round(width * self.scale), joint="curve")
        for x, y in (points[0], points[-1]):
            self.oval(x, y, width / 2 - 0.25, width / 2 - 0.25, paint)

    def oval(self, x, y, rx, ry, paint, **rim):
        box = (*self.pixels(x - rx, y - ry), *self.pixels(x + rx, y + ry))
        self.pen.ellipse(box, fill=paint, **rim)

    def glow(self, x, y, rx, ry, paint, percent):
        x0, y0 = self.pixels(x - rx, y - ry)
        x1, y1 = self.pixels(x + rx, y + ry)
        mask = BLOB.resize((x1 - x0, y1 - y0), Image.Resampling.BILINEAR)
        mask = mask.point([v * percent // 100 for v in range(256)])
        self.image.paste(paint, (x0, y0, x1, y1), mask)

    def fine(self):
        """The softly painted sheet, enlarged to take sharp lines."""
        sheet = Layer(0, (0, 0, 0, 0))
        sheet.left, sheet.top = self.left, self.top
        size = sheet.pixels(self.right, self.bottom)
        sheet.image = self.image.resize(size, Image.Resampling.BILINEAR)
        sheet.pen = ImageDraw.Draw(sheet.image)
        return sheet

    def lay(self, sheet, mask):
        self.image.paste(sheet.image, self.pixels(mask.left, mask.top), mask.image)


class Sitter:
    """What chance decides about one person: colours, measures, hair and clothes."""

    def __init__(self, *, seed, age, woman):
        self.age, self.woman = age, woman
        self.rng = rng = random.Random(seed)
        # 100 at birth, 0 from sixteen on: how much the proportions are a child's.
        self.youth = 100 - age * 5 if age < 3 else max(0, 96 - age * 6)
        self._colours(rng)
        self._measures(rng.randint)
        self._hair(rng)
        self.glasses = rng.randrange(100) < (0 if age < 5 else 9 if age < 45 else 36)
        self.beard = rng.choice(["", "", "", "stubble", "moustache", "goatee", "full"])
        self.beard = "" if woman or age < 19 else self.beard
        self.earrings = woman and age > 5 and rng.randrange(2) == 0
        cuts = ["crew", "crew", "vee", "shirt", "scoop" if woman else "shirt"]
        self.cut = rng.choice(cuts) if age > 2 else "crew"
        self.stripes = rng.randrange(100) < (40 if age < 13 else 14)

    def _colours(self, rng):
        self.tone = tone = rng.choice(SKIN_TONES)
        self.dark = dark = sum(tone) < 330
        self.shade = mix(tone, (14, 4, 6) if dark else (70, 18, 14), 26)
        self.light = mix(tone, (255, 226, 190), 28)
        self.line = mix(tone, (8, 3, 4) if dark else (44, 14, 12), 66)
        self.faint = mix(self.shade, self.line, 40)
        self.wall, self.iris = (colour(rng.choice(c.split())) for c in (WALLS, IRISES))
        self.cloth, self.trim = (colour(code) for code in rng.sample(CLOTHES.split(), 2))
        grey = min(max((self.age - 42 - rng.randrange(12)) * 4, 0), 88)
        self.hair = mix(colour(rng.choice(HAIRS.split())), (206, 202, 198), grey)

    def _measures(self, vary):
        def size(young, man, woman, low, high):
            grown = woman if self.woman else man
            return (young * self.youth + grown * (100 - self.youth)) / 100 + vary(low, high)

        self.top, self.eye = size(152, 146, 148, -5, 5), size(366, 334, 336, -4, 4)
        self.wide = size(132, 122, 117, -6, 6)
        self.jaw = self.wide * size(88, 84, 78, -6, 6) / 100
        self.chin = self.wide * size(44, 42, 36, -6, 5) / 100
        self.end = self.eye + size(146, 190, 184, -7, 7)
        self.nose = self.eye + size(52, 80, 77, -5, 5)
        self.mouth = self.nose + (self.end - self.nose) * size(37, 37, 37, -2, 2) / 100
        self.eye_x = self.wide * size(49, 48, 48, -2, 3) / 100
        self.eye_w, self.eye_h = size(27, 26, 27, -2, 2), size(13, 10, 11, -1, 2)
        self.tilt, self.brow, self.arch = vary(-2, 3), vary(0, 3), vary(0, 5)
        self.nose_w, self.mouth_w = size(18, 25, 22, -4, 6), size(31, 45, 42, -4, 5)
        self.lip = size(8, 9, 10, -2, 4)
        self.neck, self.base = size(46, 66, 53, -3, 4), self.end + size(38, 80, 80, -4, 6)
        self.shoulder = size(160, 226, 196, -10, 10)

    def _hair(self, rng):
        self.texture, self.side = rng.choice(["", "", "curly", "coily"]), rng.choice([-1, 1])
        styles = "crop swept swept high buzz cloud fringe"
        if self.age < 3:
            styles = "buzz buzz high even"
        elif self.woman:
            styles = "long long bob fringe bun bun tail cloud braids swept scarf"
        elif self.age > 28:
            styles = "crop swept swept high buzz bald" + " ring ring" * (self.age > 45)
        self.style = rng.choice(styles.split())
        if self.style == "scarf" and self.age < 14:
            self.style = "braids"
        flat = self.style in ("buzz", "bun", "tail", "braids") or self.age < 3
        self.volume = {"": 11, "curly": 17, "coily": 15}[self.texture] - 6 * flat
        recede = rng.randrange(24) if self.age > 35 and not self.woman else 0
        self.hairline = rng.randint(-4, 4) - recede

    def place(self, text, push=0):
        """Hair points: x in hundredths of the head; y 0 crown, 100 eyes, 200 chin, 300 collar."""
        stops = (self.top, self.eye, self.end, self.base, self.base + 150)
        placed = []
        for x, y in spots(text):
            k = min(max(int(y // 100), 0), 3)
            down = stops[k] + (stops[k + 1] - stops[k]) * (y - 100 * k) / 100
            out = push if x > 20 else -push if x < -20 else 0
            placed.append((x * self.wide / 100 + out, down - push * max(0, 100 - y) / 100))
        return placed
