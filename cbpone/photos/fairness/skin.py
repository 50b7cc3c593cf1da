"""The same photograph with nothing changed but the skin of the face, which is made darker.

A harsh test of one cause alone, which asks nobody to judge a tone: eyes, hair and background stay
as they were. What it makes is no picture of anybody: it is measured in memory, and never kept or
shown.
"""

import cv2
import numpy as np

from cbpone.photos.fairness.light import (
    brightness,
    lightness_of,
    of_lightness,
    picture_of,
)

LEVELS = (50, 40, 30, 22, 15, 10)  # L*, where 0 is black and 100 white
LIKENESS = 14.0  # how far in Lab a colour may be from the cheeks' to count as skin


def _cheeks(light, box):
    x, y, w, h = box
    down = slice(max(0, int(y + 0.45 * h)), max(1, int(y + 0.7 * h)))
    across = slice(max(0, int(x + 0.2 * w)), max(1, int(x + 0.8 * w)))
    return light[down, across]


def has_light_to_lose(light, box) -> bool:
    """Only a picture whose cheeks are lighter than the first level is made darker by all."""
    cheeks = _cheeks(light, box)
    return cheeks.size > 0 and lightness_of(np.median(brightness(cheeks))) > LEVELS[0]


def darkened(light, box, lightness: float) -> np.ndarray:
    """The light of the picture whose cheeks are at this L*."""
    share = of_lightness(lightness) / np.median(brightness(_cheeks(light, box)))
    weight = _skin(light, box) * np.float32(1 - min(1, share))
    return light * (1 - weight)[..., None]


def _skin(light, box):
    """0 to 1: inside the ellipse of the face, and of the cheeks' colour whatever its brightness."""
    x, y, w, h = box
    ellipse = np.zeros(light.shape[:2], np.float32)
    middle = round(x + w / 2), round(y + h / 2)
    cv2.ellipse(ellipse, middle, (round(w / 2), round(h / 2)), 0, 0, 360, 1.0, -1)
    colours = cv2.cvtColor(picture_of(light).astype(np.float32) / 255, cv2.COLOR_RGB2LAB)[..., 1:]
    usual = np.median(_cheeks(colours, box), axis=(0, 1))
    likeness = 2 * np.exp(-((colours - usual) ** 2).sum(axis=2) / (2 * LIKENESS**2))
    likeness = np.minimum(1, likeness)
    return cv2.GaussianBlur(ellipse * likeness, (0, 0), max(0.5, w * 0.01))
