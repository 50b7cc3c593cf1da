"""Where the labelled portraits lie: outside the project. Without them tests are skipped."""

import os
from importlib.util import find_spec
from pathlib import Path

import pytest

BESIDE = Path(__file__).resolve().parents[3] / "shared" / "faces"
FACES = Path(os.environ.get("PHOTO_FACES_DIR") or BESIDE)
MODEL = FACES / "models" / "face_detection_yunet_2023mar.onnx"

needs_opencv = pytest.mark.skipif(
    not find_spec("cv2"), reason="OpenCV is not installed (requirements-faces.txt)"
)
needs_portraits = pytest.mark.skipif(
    not MODEL.is_file(), reason="no labelled portraits: set PHOTO_FACES_DIR to measure fairness"
)
