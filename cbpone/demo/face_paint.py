"""Tables and brushes of the drawn portraits: colours, curves, layers."""

from PIL import Image, ImageDraw

PAGE = (-300, 0, 300, 800)
FINE, SOFT = 2, 0.5  # scale of the drawing before it is reduced; scale of its soft shading
# Even steps of lightness from very light to very dark; chance picks every other feature apart.
TONES = "f5dccb ecccb4 e3bb9d d8aa88 ca9873 b98560 a6724f 916043 7b4f38 68412f 563529 452b24"
WALLS = "dfe4e6 e6e1d8 d8e0dc e3dde0 d5dde6 e8e2cf dcdfd3"
CLOTHES = "2f4a68 4c6b73 8a4b3c b98a45 5d7358 6b4d63 e4dccb 7d8288 a8655a 3f6b6b c9b79a 94a7ad"
HAIRS = "1c1717 221a18 2c1f1b 3a2820 1c1717 2c1f1b 4d3426 5c3222 6d4c33"
IRISES = "2e1c14 3a2418 4a2f1c 2e1c14 3a2418 4a2f1c 5c3d22 6a5430 5f6b5c 4a2f1c"
HEAD = "0,0 36,4 68,20 90,45 100,75 99,100"
# One mark a line, in painting order: kind, paint, strength or width, part, points. A glow or a
# dot has a centre and radii; a full shape is mirrored; parts that come in pairs are drawn twice.
MARKS = {
    "shading": """
        glow shade 100 face 110,50 70,270
        glow shade 60 face -115,80 40,240
        glow shade 85 chin 0,22 90,62
        glow shade 60 brow 0,-84 110,60
        glow light 60 face -12,-82 70,60
        glow blush 55 cheek 0,-2 62,50
        glow light 55 cheek -4,-40 42,20
        glow shade 70 eye 0,-30 180,260
        glow light 50 eye 0,-220 100,80
        glow shade 75 tip 70,-22 100,54
        glow shade 100 tip 0,10 150,18
        glow light 85 bridge -2,-10 11,120
        glow light 100 tip -8,-11 60,14
        glow shade 90 lips 0,250 80,150
        glow light 50 chin 0,-20 24,20""",
    "nose": """
        line faint 2.4 nose 88,-13 104,-3 80,5
        fill nostril 0 nose 22,5 45,0 72,2 52,7""",
    "mouth": """
        full upper 0 lips 0,-50 24,-82 66,-34 98,-22 100,-12 50,20 0,30
        full red 0 lips 0,20 50,10 96,-12 62,90 28,125 0,128
        glow gloss 80 lips -8,75 50,50
        line parting 2.4 lips -104,-38 -92,-14 -55,18 -20,8 0,24 20,8 55,18 92,-14 104,-38""",
    "opening": "fill cut 0 eye -100,40 -45,-72 22,-100 100,-5 48,70 -32,74",
    "eyeball": """
        dot rim 0 iris 0,-8 114,114
        dot iris 0 iris 0,-8 100,100
        glow glint 80 iris 6,50 80,60
        dot pupil 0 iris 0,-8 48,48
        glow lash 45 eye 0,-100 120,90""",
    "lids": """
        fill lash 0 eye -102,46 -45,-72 22,-100 104,-5 112,-22 24,-138 -48,-104
        line faint 2 eye -80,-90 -30,-150 40,-160 100,-80
        line faint 1.2 eye -60,84 0,104 60,80
        fill brow 0 brow -108,0 -40,-30 45,-50 138,75 45,38 -40,52 -104,95""",
    "lines": """
        line soft 2 fold 70,-6 98,45 122,100
        line soft 1.6 eye -60,190 15,240 80,180
        line soft 1.5 forehead -45,4 -20,-2 0,0 20,-2 45,4""",
    "more lines": """
        line soft 1.4 eye 126,-30 165,-60
        line soft 1.4 eye 128,20 168,30
        line soft 1.4 eye 124,70 160,115
        line soft 1.5 forehead -42,-12 -20,-17 0,-15 20,-17 42,-12""",
    "full": "full beard 0 jowl 0,-28 22,-26 45,-8 64,-8 88,-40 103,-66 122,0 100,180 0,180",
    "moustache": "full beard 0 lips 0,-170 60,-150 120,20 70,-10 0,-50",
    "goatee": "full beard 0 circle 0,-19 55,-17 104,4 92,48 66,82 34,97 0,101",
    "glasses": """
        glow white 16 eye -20,-60 70,100
        ring frame 3 lens 0,4 100,84
        line frame 3 glass 0,0 100,-8
        line frame 3 across -100,0 0,-12 100,0""",
}
CROWN = "-101,110 -104,80 -95,45 -73,18 -40,2 0,-4 40,2 73,18 95,45 104,80 101,110"
# Hair is cut from ribbons: when it is painted, how its strands run, outer and inner edge. Without
# an outer edge it is the crown; without an inner one the outer edge is mirrored. y: see place().
RIBBONS = {
    "even": "front down|-96,112 -92,80 -83,58 -65,44 -36,36 0,34 36,36 65,44 83,58 92,80 96,112|",
    "swept": "front along|-96,112 -91,80 -80,56 -62,38 -38,31 0,36 38,42 66,50 84,60 92,80 96,112|",
    "fringe": "front down|-97,125 -94,98 -84,84 -60,78 -30,76 0,75 30,76 60,78 84,84 94,98 97,125|",
    "high": "front down|-94,86 -92,74 -83,58 -65,42 -36,33 0,30 36,33 65,42 83,58 92,74 94,86|",
    "sides": "pair along|-95,114 -89,94 -86,74 -91,50|-99,116 -104,96 -104,72 -97,44",
    "curtain": "pair along|0,30 44,40 82,66 95,104 97,160 94,235 88,300 86,348"
    "|0,-2 56,3 98,44 108,100 112,160 114,235 110,300 92,354",
    "mane": "behind along||0,-3 -70,5 -106,54 -115,120 -119,200 -122,270 -110,330 -60,350",
    "bob": "behind along||0,-3 -70,5 -106,54 -114,110 -117,160 -116,215 -100,240 -50,240",
    "halo": "behind along||0,-26 -84,-14 -134,40 -150,105 -138,160 -114,196 -80,216 -44,218",
    "knot": "behind along||0,-46 -26,-44 -42,-28 -34,-8 0,4",
    "rope": "drape rope|42,150 56,200 64,260 70,310 76,350 86,362"
    "|74,150 86,200 95,260 99,310 98,350 88,364",
    "scarf": "front along|0,204 -42,197 -77,163 -91,104 -85,64 -52,42 0,35 52,42 85,64 91,104"
    " 77,163 42,197 0,204|0,268 -66,250 -106,190 -119,100 -104,34 -58,-5 0,-14 58,-5 104,34 119,100"
    " 106,190 66,250 0,268",
    "shawl": "drape along||-60,150 -104,190 -132,255 -160,300 -176,345 -120,390 0,400",
}
STYLES = {
    "long": "mane curtain",
    "fringe": "bob fringe",
    "bob": "bob swept",
    "bun": "knot even",
    "tail": "rope even",
    "braids": "rope even",
    "cloud": "halo even",
    "scarf": "shawl scarf",
    "bald": "",
}


def colour(code):
    return tuple(bytes.fromhex(code))


SKIN_TONES = tuple(colour(code) for code in TONES.split())


def mix(one, other, percent):
    return tuple(
        (a * (100 - percent) + b * percent) // 100 for a, b in zip(one, other, strict=True)
    )


def spots(text, x=0, y=0, wide=100, high=100, slope=0):
    """The points of a shape set down at x, y: 100 becomes wide or high, slope lifts the end."""
    pairs = [tuple(map(int, pair.split(","))) for pair in text.split()]
    return [(x + a * wide / 100, y + b * high / 100 - a * slope / 100) for a, b in pairs]


def mirrored(half):
    return half + [(-x, y) for x, y in reversed(half) if x]


def curve(points, *, closed):
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


def along(one, other, share):
    """The line that lies between two others of as many points."""
    return [
        tuple(a + (b - a) * share for a, b in zip(p, q, strict=True))
        for p, q in zip(one, other, strict=True)
    ]


AXIS = [(2 * k - 63) ** 2 for k in range(64)]
BLOB = Image.frombytes(
    "L", (64, 64), bytes(255 * max(0, 3969 - x - y) ** 2 // 3969**2 for y in AXIS for x in AXIS)
)


class Layer:
    """A sheet to paint on; one sheet is laid on another through the shape cut from a mask."""

    def __init__(self, paint, box=PAGE, scale=FINE, mode="RGB"):
        self.left, self.top, *self.corner = (round(v) for v in box)
        self.scale = scale
        self.image = Image.new(mode, self.pixels(*self.corner), paint)
        self.pen = ImageDraw.Draw(self.image)

    def pixels(self, x, y):
        return round((x - self.left) * self.scale), round((y - self.top) * self.scale)

    def fill(self, points, paint, _=0):
        self.pen.polygon([self.pixels(*point) for point in curve(points, closed=True)], paint)

    def full(self, points, paint, _=0):
        self.fill(mirrored(points), paint)

    def line(self, points, paint, width):
        path = [self.pixels(*point) for point in curve(points, closed=False)]
        self.pen.line(path, paint, round(width * self.scale), joint="curve")
        for x, y in (points[0], points[-1]):
            self.dot((x, y, width / 2 - 0.25, width / 2 - 0.25), paint)

    def box(self, x, y, rx, ry):
        rx, ry = abs(rx), abs(ry)
        return (*self.pixels(x - rx, y - ry), *self.pixels(x + rx, y + ry))

    def dot(self, round_shape, paint, _=0):
        self.pen.ellipse(self.box(*round_shape), paint)

    def ring(self, round_shape, paint, width):
        self.pen.ellipse(self.box(*round_shape), outline=paint, width=round(width * self.scale))

    def glow(self, round_shape, paint, percent):
        box = self.box(*round_shape)
        mask = BLOB.resize((box[2] - box[0], box[3] - box[1]), Image.Resampling.BILINEAR)
        self.image.paste(paint, box, mask.point([v * int(percent) // 100 for v in range(256)]))

    def fine(self):
        """Bring a softly painted sheet to the scale of sharp lines."""
        self.scale = FINE
        self.image = self.image.resize(self.pixels(*self.corner), Image.Resampling.BILINEAR)
        self.pen = ImageDraw.Draw(self.image)
        return self

    def lay(self, sheet, mask):
        self.image.paste(sheet.image, self.pixels(mask.left, mask.top), mask.image)

    def marks(self, s, *groups):
        for row in (row for group in groups for row in MARKS.get(group, "").strip().splitlines()):
            kind, paint, strength, part, *points = row.split()
            for frame in s.frames(part):
                spot = spots(" ".join(points), *frame)
                if kind in ("glow", "dot", "ring"):
                    a, b = (int(v) for v in points[1].split(","))
                    spot = (*spot[0], a * frame[2] / 100, b * frame[3] / 100)
                getattr(self, kind)(spot, s.paints[paint], float(strength))
