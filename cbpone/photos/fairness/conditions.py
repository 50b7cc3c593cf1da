"""The same picture as a worse camera, room or hand would have taken it.

What happens to light happens in linear light. Each takes the light, the face's box and a seeded
generator, and answers light.
"""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from cbpone.photos.fairness.light import light_of, picture_of

SMALL = 240  # px
NOISE = 25  # of 255 levels
SENSOR = 0.0008, 0.004  # of a cheap phone at night: what grows with the light, what is always there


@dataclass(frozen=True)
class Condition:
    code: str
    words: str
    change: Callable


def _exposed(stops):
    return lambda light, box, chance: light * np.float32(2**stops)


def as_taken(light, box, chance):
    return light


def noisy(light, box, chance):
    grain = chance.standard_normal(light.shape, np.float32) * NOISE
    return light_of(np.clip(picture_of(light) + grain, 0, 255).astype(np.uint8))


def sensor_noise(light, chance):
    """More light, more grain, but less of it by comparison: as photons are counted."""
    by_light, always = SENSOR
    spread = np.sqrt(by_light * light + np.float32(always**2))
    return light + chance.standard_normal(light.shape, np.float32) * spread


def dark_and_noisy(light, box, chance):
    return sensor_noise(light / 4, chance)


def small(light, box, chance):
    scale = min(1, SMALL / max(light.shape[:2]))
    return cv2.resize(light, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)


def backlit(light, box, chance):
    """Head and shoulders two stops darker, before a background that stays."""
    x, y, w, h = box
    person = np.zeros(light.shape[:2], np.float32)
    middle = round(x + w / 2), round(y + h / 2)
    cv2.ellipse(person, middle, (round(w * 0.75), round(h * 0.85)), 0, 0, 360, 1.0, -1)
    left, right, neck = round(x - w), round(x + 2 * w), round(y + h * 1.15)
    cv2.rectangle(person, (left, neck), (right, light.shape[0]), 1.0, -1)
    person = cv2.GaussianBlur(person, (0, 0), max(1, w * 0.06))
    return light * (1 - 0.75 * person)[..., None]


def moved(light, box, chance):
    """The hand moved by a fiftieth of the picture."""
    length = max(3, round(0.02 * max(light.shape[:2])))
    return cv2.blur(light, (length, 1))


def out_of_focus(light, box, chance):
    return cv2.GaussianBlur(light, (0, 0), max(0.5, box[2] * 0.02))


def half_in_shadow(light, box, chance):
    """Three stops between the sides of the face, as beside a window in the evening."""
    across = (np.arange(light.shape[1], dtype=np.float32) - (box[0] + box[2] / 2)) / box[2]
    stops = 3 / (1 + np.exp(-20 * np.clip(across, -2, 2)))
    return light * np.exp2(-stops)[None, :, None]


CONDITIONS = (
    Condition("good", "as taken", as_taken),
    Condition("dark", "dark, -2 stops", _exposed(-2)),
    Condition("noise", "grain", noisy),
    Condition("dark_noise", "dark and grainy", dark_and_noisy),
    Condition("small", "small, 240 px", small),
    Condition("backlit", "lit from behind", backlit),
    Condition("motion", "hand moved", moved),
    Condition("night_3", "night, -3 stops", _exposed(-3)),
    Condition("night_4", "night, -4 stops", _exposed(-4)),
)
FURTHER = (
    Condition("focus", "out of focus", out_of_focus),
    Condition("half", "half in shadow", half_in_shadow),
    Condition("bright", "bright, +1.5 stops", _exposed(1.5)),
)
