"""From the eight bits of a file to light and back, as cameras and browsers do it."""

from typing import Any

import cv2
import numpy as np

from cbpone.photos.assess import LINEAR, WEIGHTS

BROWSER_QUALITY = 85  # of the JPEG that a phone sends
STEPS = 1 << 14


def _encoded(light):
    return np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)


BYTES = (_encoded(np.linspace(0, 1, STEPS)) * 255 + 0.5).astype(np.uint8)


def light_of(rgb) -> np.ndarray:
    """Linear light of a picture: 1 is white."""
    return LINEAR[rgb]


def picture_of(light) -> np.ndarray:
    """Eight bits of sRGB; what is brighter than white is cut off."""
    return BYTES[(np.clip(light, 0, 1) * (STEPS - 1)).astype(np.int32)]


def sent(rgb) -> np.ndarray:
    """What arrives when a browser has packed the picture as JPEG."""
    bgr = cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR)
    _done, jpeg = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, BROWSER_QUALITY])
    back: Any = cv2.imdecode(jpeg, cv2.IMREAD_COLOR)
    return cv2.cvtColor(back, cv2.COLOR_BGR2RGB)


def brightness(light) -> np.ndarray:
    return light @ WEIGHTS


def of_lightness(lightness: float) -> float:
    """The light that the eye sees as this L*, of 0 to 100."""
    return ((lightness + 16) / 116) ** 3 if lightness > 8 else lightness / 903.3


def lightness_of(light: float) -> float:
    return 116 * light ** (1 / 3) - 16 if light > 0.008856 else 903.3 * light
