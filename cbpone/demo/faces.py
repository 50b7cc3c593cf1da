"""Drawn portraits of people who do not exist, so that the demo shows no real face.

Everything follows from the arguments by whole-number chance and plain arithmetic: a portrait is
the same on every machine. Lengths are pixels of the 600x800 picture, x counted from its middle.
Shapes are "x,y" points in hundredths of the part of the face they belong to.
"""

import io

from PIL import Image

from cbpone.demo.face_paint import (
    CROWN,
    FINE,
    HEAD,
    RIBBONS,
    SOFT,
    STYLES,
    Layer,
    along,
    curve,
    mix,
    spots,
)
from cbpone.demo.face_sitter import Sitter


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
    low = "2,100 6,94 50,52 84,12" if s.cut in ("vee", "shirt") else "0,100 60,70"
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
        flap = spots(
            "88,-26 106,-20 124,8 102,46 78,82 58,78 30,70 5,62 36,20 66,-8",
            0,
            s.base,
            side * s.neck,
        )
        page.fill(flap, pale)
        page.line(flap[2:-2], dark, 2)
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
