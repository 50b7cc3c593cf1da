"""Drawn portraits of people who do not exist, so that the demo shows no real face.

Everything follows from the arguments by whole-number chance and plain arithmetic: a portrait is
the same on every machine. Lengths are pixels of the 600x800 picture, x counted from its middle.
Shapes are "x,y" points in hundredths of the part of the face they belong to.
"""

import io
import random

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
    "ring": "sides",
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


class Sitter:
    """What chance decides about one person: colours, measures, hair and clothes."""

    def __init__(self, *, seed, age, woman):
        self.age, self.woman, self.rng = age, woman, random.Random(seed)
        # 100 at birth, 0 from sixteen on: how much the proportions are a child's.
        self.youth = 100 - age * 5 if age < 3 else max(0, 96 - age * 6)
        self._colours(self.rng)
        self._measures(self.rng.randint)
        self._hair(self.rng)
        self._habits(self.rng)

    def _colours(self, rng):
        self.tone = tone = rng.choice(SKIN_TONES)
        dark = sum(tone) < 330
        wall, iris = (colour(rng.choice(codes.split())) for codes in (WALLS, IRISES))
        cloth, trim = (colour(code) for code in rng.sample(CLOTHES.split(), 2))
        grey = min(max((self.age - 42 - rng.randrange(12)) * 4, 0), 88)
        natural = mix(colour(rng.choice(HAIRS.split())), (20, 16, 16), 60 if dark else 0)
        hair = mix(natural, (206, 202, 198), grey)
        shade = mix(tone, (14, 4, 6) if dark else (70, 18, 14), 26)
        line = mix(tone, (8, 3, 4) if dark else (44, 14, 12), 66)
        lips = (146, 52, 50) if dark else (170, 52, 54)
        red = mix(tone, lips, 44 if self.woman and self.age > 12 else 30)
        self.paints = {
            **dict(wall=wall, tone=tone, shade=shade, line=line, red=red, hair=hair, cut=255),
            **dict(cloth=cloth, trim=trim, iris=mix(iris, tone, 5), white=(255, 255, 255)),
            "light": mix(tone, (255, 226, 190), 28),
            "faint": mix(shade, line, 40),
            "blush": mix(tone, (160, 50, 36) if dark else (206, 74, 62), 22 if dark else 30),
            "nostril": mix(line, shade, 20),
            "upper": mix(red, line, 26),
            "gloss": mix(red, (255, 220, 205), 40),
            "parting": mix(line, red, 15),
            "eyewhite": mix((246, 241, 234), tone, 10),
            "rim": mix(iris, (10, 6, 6), 40),
            "glint": mix(iris, (240, 200, 150), 40),
            "pupil": (12, 8, 8),
            "lash": mix(line, (12, 8, 8), 60),
            "brow": mix(mix(hair, line, 45), tone, 0 if dark else 18),
            "soft": mix(tone, line, 20 + max(0, min(self.age - 48, 30)) // 2),
            "frame": rng.choice([(34, 29, 31), (188, 158, 112) if dark else (112, 76, 48)]),
            "dark": mix(cloth, (16, 16, 32), 26),
            "pale": mix(cloth, (255, 246, 230), 14),
        }

    def _measures(self, vary):
        def size(young, man, woman, low, high):
            grown = woman if self.woman else man
            return (young * self.youth + grown * (100 - self.youth)) / 100 + vary(low, high)

        self.top, self.eye = size(152, 146, 148, -5, 5), size(366, 334, 336, -4, 4)
        self.wide = size(136, 122, 117, -6, 6)
        self.jaw = self.wide * size(83, 84, 79, -6, 6) / 100
        self.chin = self.wide * size(48, 42, 37, -6, 5) / 100
        self.end = self.eye + size(141, 190, 184, -7, 7)
        self.nose = self.eye + size(52, 80, 77, -5, 5)
        self.mouth = self.nose + (self.end - self.nose) * size(37, 37, 37, -2, 2) / 100
        self.eye_x = self.wide * size(49, 48, 48, -2, 3) / 100
        self.eye_w, self.eye_h = size(30, 26, 27, -2, 2), size(16, 10, 11, -1, 2)
        self.tilt, self.slope = vary(-1, 3), vary(-2, 1)
        self.brow_h, self.brow_up = size(4, 9, 7, -1, 3), vary(16, 22)
        self.nose_w, self.mouth_w = size(17, 25, 22, -4, 6), size(28, 45, 42, -4, 5)
        self.lip = size(8, 9, 10, -2, 4)
        self.neck, self.base = size(46, 66, 53, -3, 4), self.end + size(38, 78, 74, -4, 6)
        self.shoulder = size(160, 226, 196, -10, 10)

    def frames(self, part):
        """Where a part sits: x, y, and what a hundred is worth across, down and in slope."""
        wide, eye_x, eye_w, eye_h = self.wide, self.eye_x, self.eye_w, self.eye_h
        brow_y, rim = self.eye - eye_h - self.brow_up, eye_x * 0.24
        x, y, across, down, slope = {
            "face": (0, self.eye, wide, 100, 0),
            "forehead": (0, self.eye - 64, wide, 100, 0),
            "chin": (0, self.end, wide, 100, 0),
            "cheek": (wide * 0.55, self.nose, 100, 100, 0),
            "jowl": (0, self.mouth, wide, 100, 0),
            "eye": (eye_x, self.eye, eye_w, eye_h, self.tilt),
            "iris": (eye_x, self.eye, eye_h * 1.12, eye_h * 1.12, 0),
            "brow": (eye_x, brow_y, eye_w, self.brow_h, self.slope),
            "nose": (0, self.nose, self.nose_w, 100, 0),
            "tip": (0, self.nose, self.nose_w, 100, 0),
            "bridge": (0, (self.eye + self.nose) / 2, 100, (self.nose - self.eye) / 2, 0),
            "lips": (0, self.mouth, self.mouth_w, self.lip, 0),
            "circle": (0, self.mouth, self.mouth_w, self.end - self.mouth, 0),
            "fold": (0, self.nose, self.mouth_w + 8, self.mouth - self.nose, 0),
            "glass": (eye_x * 2 - rim, self.eye, wide + 2 - eye_x * 2 + rim, 100, 0),
            "across": (0, self.eye, rim, 100, 0),
            "lens": (eye_x, self.eye, eye_x * 0.77, eye_x * 0.77, 0),
        }[part]
        yield x, y, across, down, slope
        if part in ("cheek", "eye", "iris", "brow", "nose", "fold", "glass", "lens"):
            yield -x, y, -across, down, slope

    def _hair(self, rng):
        self.texture, self.side = rng.choice(["", "", "curly", "coily"]), rng.choice([-1, 1])
        styles = "even swept swept high buzz even"
        if self.age < 3:
            styles = "high high even"
        elif self.woman:
            scarf = "scarf" if self.age > 13 else "braids"
            styles = f"long long bob fringe bun tail cloud braids swept {scarf}"
        elif self.age > 28:
            styles = "even swept swept high buzz bald" + " sides sides" * (self.age > 45)
        self.style = rng.choice(styles.split())
        if self.style == "cloud":
            self.texture = self.texture or "curly"
        flat = self.style in ("buzz", "bun", "tail", "braids", "sides") or self.age < 3
        self.volume = {"": 11, "curly": 17, "coily": 14}[self.texture] - 6 * flat
        recede = rng.randrange(22) if self.age > 35 and not self.woman else 0
        self.hairline = rng.randint(-4, 4) - recede
        if self.style == "buzz" or self.age < 3:
            self.paints["hair"] = mix(self.paints["hair"], self.tone, 36)

    def _habits(self, rng):
        grown = rng.choice(["", "", "", "stubble", "moustache", "goatee", "full"])
        self.beard = "" if self.woman or self.age < 19 else grown
        self.paints["beard"] = self.paints["hair"]
        if grown == "stubble":
            self.paints["beard"] = mix(
                self.tone, mix(self.paints["hair"], self.paints["line"], 60), 30
            )
        self.glasses = rng.randrange(100) < (0 if self.age < 5 else 9 if self.age < 45 else 36)
        self.earrings = self.woman and self.age > 5 and rng.randrange(2) == 0
        cuts = ["crew", "crew", "vee", "shirt", "scoop" if self.woman else "shirt"]
        self.cut = rng.choice(cuts) if self.age > 2 else "crew"
        self.stripes = rng.randrange(100) < (40 if self.age < 13 else 14)

    def place(self, text, push, mirror=1):
        """Hair points: x in hundredths of the head; y 0 crown, 100 eyes, 200 chin, 300 collar."""
        stops = (self.top, self.eye, self.end, self.base, self.base + 150, self.base + 300)
        for x, y in spots(text):
            k = min(max(int(y // 100), 0), 4)
            down = stops[k] + (stops[k + 1] - stops[k]) * (y - 100 * k) / 100
            out = push * min(max(x / 40, -1), 1)
            yield (x * self.wide / 100 + out) * mirror, down - push * max(0, 100 - y) / 100


def draw_face(*, seed: int, age: int, woman: bool) -> Image.Image:
    """A head-and-shoulders portrait, 600x800: the same picture for the same arguments."""
    s = Sitter(seed=seed, age=age, woman=woman)
    page = Layer(s.paints["wall"], scale=SOFT)
    page.glow((-90, 260, 480, 560), mix(s.paints["wall"], (255, 255, 255), 70), 80)
    page.glow((130, 560, 380, 480), mix(s.paints["wall"], (60, 60, 80), 40), 45)
    page.fine()
    hair(s, page, "behind")
    body(s, page)
    hair(s, page, "drape")
    head(s, page)
    hair(s, page, "front")
    if s.glasses:
        page.marks(s, "glasses")
    return page.image.reduce(FINE)


def face_jpeg(*, seed: int, age: int, woman: bool) -> bytes:
    """The portrait as a phone would send it: JPEG, 480x640."""
    face, out = draw_face(seed=seed, age=age, woman=woman), io.BytesIO()
    face.resize((480, 640), Image.Resampling.BICUBIC).save(out, "JPEG", quality=82, optimize=True)
    return out.getvalue()


def body(s, page):
    n, b, w, paints = s.neck, s.base, s.shoulder, s.paints
    throat = [(n, s.end - 70), (n, b - 40), (n + 8, b - 4), (n + 26, b + 30), (n, b + 130)]
    page.full(throat, s.tone)
    page.full(spots("101,-60 101,10 62,36 20,46", 0, s.end, n, b - s.end), paints["shade"])
    drop = {"crew": 24, "scoop": 64, "vee": 80, "shirt": 64}[s.cut]
    low = "2,100 3,98" if s.cut in ("vee", "shirt") else "0,100 60,70"
    rim = [*spots(low, 0, b, n, drop), (n + 11, b - 8)]
    box = (-300, b - 40, 300, 800)
    cloth, mask = Layer(paints["cloth"], box, SOFT), Layer(0, box, mode="L")
    sleeve = [(n + 22, b - 5), (n + 56, b + 16), (w * 0.84, b + 46), (w, b + 92), (w + 22, 830)]
    mask.full([*rim, *sleeve, (w, 900)], 255)
    cloth.glow((-w * 0.55, b + 80, 170, 120), paints["pale"], 90)
    cloth.glow((w * 0.85, b + 170, 150, 240), paints["dark"], 80)
    cloth.glow((0, b + drop, n + 40, 60), paints["dark"], 70)
    cloth.fine()
    for y in range(round(b) + 20, 800, 44) if s.stripes else ():
        band = mix(paints["cloth"], paints["trim"], 70)
        cloth.line([(-320, y + 30), (0, y + 44), (320, y + 30)], band, 14)
    for side in (-1, 1):
        cloth.line(spots("79,265 78,222 76,180 72,145", 0, b, side * w), paints["dark"], 3)
    page.lay(cloth, mask)
    page.line([(-x, y) for x, y in reversed(rim)] + rim, mix(paints["dark"], paints["trim"], 25), 5)
    if s.cut == "shirt":
        collar(s, page, paints["dark"], paints["pale"])


def collar(s, page, dark, pale):
    for side in (-1, 1):
        flap = spots("88,-26 106,-20 124,8 102,46 78,82 42,74 4,62", 0, s.base, side * s.neck)
        page.fill(flap, pale)
        page.line(flap[2:], dark, 2)
    page.line([(0, s.base + 66), (1, 830)], dark, 2.5)
    for y in range(round(s.base) + 100, 800, 64):
        page.dot((9, y, 4.5, 4.5), pale)


def head(s, page):
    w, e, ear, drop = s.wide, s.eye, 30 - s.youth // 25, s.end - s.mouth
    for side, paint in ((-1, s.tone), (1, mix(s.tone, s.paints["shade"], 60))):
        page.dot((side * (w + 2), e + 26, 17, ear), paint)
        page.line(spots("8,8 13,22 5,40", side * w, e, side * 100), s.paints["faint"], 2.5)
        if s.earrings:
            page.dot((side * (w + 5), e + 28 + ear, 4.5, 4.5), (206, 164, 76))
    box = (-w - 4, s.top - 4, w + 4, s.end + 4)
    skin, mask = Layer(s.tone, box, SOFT), Layer(0, box, mode="L")
    cheek = [(w * (96 + s.youth / 30) / 100, (e + s.mouth) / 2), (s.jaw, s.mouth)]
    jaw = [(s.jaw * 0.5 + s.chin * 0.5 + 4, s.mouth + drop * 0.56), (s.chin * 0.8, s.end - 7)]
    mask.full([*spots(HEAD, 0, s.top, w, e - s.top), *cheek, *jaw, (0, s.end)], 255)
    skin.marks(s, "shading")
    skin.fine()
    skin.marks(s, "lines" * (s.age > 47), "more lines" * (s.age > 60), "nose")
    skin.marks(s, "full" if s.beard == "stubble" else s.beard, "mouth")
    eyes = (-s.eye_x - s.eye_w - 4, e - 22, s.eye_x + s.eye_w + 4, e + 22)
    eyeball, opening = Layer(s.paints["eyewhite"], eyes), Layer(0, eyes, mode="L")
    eyeball.marks(s, "eyeball")
    for side in (-1, 1):
        eyeball.dot((side * s.eye_x - 4, e - 4, 2.8, 2.8), (255, 253, 250))
    opening.marks(s, "opening")
    skin.lay(eyeball, opening)
    skin.marks(s, "lids")
    page.lay(skin, mask)


def hair(s, page, when):
    for name in STYLES.get(s.style, "even" if s.style == "buzz" else s.style).split():
        row, inner, outer = RIBBONS[name].split("|")
        turn, way = row.split()
        pair = turn == "pair" or s.style == "braids"
        if {"pair": "front"}.get(turn, turn) != when:
            continue
        for side in (-1, 1) if pair else (s.side,):
            push = 0 if way == "rope" else s.volume
            edge = list(s.place(outer or CROWN, push, side))
            hem = s.place(inner, 0, side) if inner else [(-x, y) for x, y in edge]
            lift = s.hairline if not outer else 0
            ribbon(s, page, edge, [(x, y + lift) for x, y in hem], when, way)


def ribbon(s, page, outer, inner, when, way):
    """Hair, or a scarf, between two edges: its body, the curls at its rim, its strands."""
    cloth = s.style == "scarf"
    curl = 0 if cloth or s.volume < 9 else {"": 0, "curly": 10, "coily": 5}[s.texture]
    base = mix(s.paints["trim" if cloth else "hair"], (0, 0, 0), 25 * (when == "behind"))
    outer, inner = curve(outer, closed=False), curve(inner, closed=False)
    xs, ys = zip(*outer, *inner, strict=True)
    box = (min(xs) - curl, min(ys) - curl, max(xs) + curl, min(max(ys) + curl, 800))
    sheet, mask = Layer(base, box, SOFT), Layer(0, box, mode="L")
    mask.pen.polygon([mask.pixels(*point) for point in outer + inner[::-1]], 255)
    for x, y in outer * 2 + inner if curl else ():
        r = s.rng.randint(curl // 3, curl)
        mask.dot((x + s.rng.randint(-3, 3), y + s.rng.randint(-3, 3), r, r), 255)
    sheet.glow((-s.wide * 0.4, s.top + 30, 110, 90), mix(base, (255, 228, 196), 20), 60)
    sheet.fine()
    warm = (255, 228, 196)
    tints = [mix(base, warm, 12), mix(base, warm, 6), mix(base, (0, 0, 0), 22 if curl else 14)]
    for _ in range(170 if curl else 14 if cloth else 80):
        strand(s.rng, sheet, outer, inner, s.rng.choice(tints), curl, way)
    page.lay(sheet, mask)


def strand(rng, sheet, outer, inner, tint, curl, way):
    k, share = rng.randrange(len(outer) - 4), rng.randrange(3, 97) / 100
    width = rng.choice((2, 2, 3))
    if curl:
        x, y = sheet.pixels(*along(outer[k : k + 1], inner[k : k + 1], share)[0])
        turn, r = rng.randrange(360), curl + 3
        sheet.pen.arc((x - r, y - r, x + r, y + r), turn, turn + 170, tint, 3)
        return
    if way == "along":
        end = k + rng.randrange(8, 40)
        line = along(outer[k:end], inner[k:end], share)
    elif way == "down":
        line = [along(outer[k : k + 1], inner[k : k + 1], at)[0] for at in (share * 0.3, share)]
    else:
        k = k // 4 * 4
        line = [outer[k], along(outer, inner, 0.5)[k + 4], inner[k]]
    sheet.pen.line([sheet.pixels(*point) for point in line], tint, width, joint="curve")
