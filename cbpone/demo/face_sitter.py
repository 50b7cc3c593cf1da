"""Who sits for a drawn portrait: what chance decides about one person."""

import random

from cbpone.demo.face_paint import CLOTHES, HAIRS, IRISES, SKIN_TONES, WALLS, colour, mix, spots


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
        # Hair never comes lighter than dark skin by nature, or the hairline would be lost.
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
        self.tilt, self.slope = vary(-1, 3), vary(-1, 1)
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
        fitting = {"cloud": self.texture or "curly", "fringe": "", "sides": ""}
        self.texture = fitting.get(self.style, self.texture)
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
