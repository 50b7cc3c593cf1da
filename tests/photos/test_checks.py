"""What the portal looks at before it starts."""

from pathlib import Path

import pytest

from cbpone.photos import apps

FACES = Path(__file__).resolve().parents[3] / "shared" / "faces"
MODEL = FACES / "models" / "face_detection_yunet_2023mar.onnx"


def found(settings, model):
    settings.PHOTO_FACE_MODEL = str(model)
    return [(type(one).__name__, one.id) for one in apps.known_face_model(None)]


def test_no_model_is_fine(settings):
    assert found(settings, "") == []


def test_model_that_is_not_there_is_an_error(settings, tmp_path):
    assert found(settings, tmp_path / "none.onnx") == [("Error", "photos.E002")]


def test_other_model_is_an_error(settings, tmp_path):
    (tmp_path / "other.onnx").write_bytes(b"another detector")

    assert found(settings, tmp_path / "other.onnx") == [("Error", "photos.E003")]


@pytest.fixture
def measured(monkeypatch, tmp_path):
    """A file with the digest that is expected."""
    monkeypatch.setattr(apps, "FACE_MODEL_SHA256", apps.hashlib.sha256(b"model").hexdigest())
    (tmp_path / "model.onnx").write_bytes(b"model")
    return tmp_path / "model.onnx"


def test_measured_model_is_fine(settings, measured, monkeypatch):
    monkeypatch.setattr(apps, "find_spec", lambda name: name)

    assert found(settings, measured) == []


def test_measured_model_without_opencv_is_a_warning(settings, measured, monkeypatch):
    monkeypatch.setattr(apps, "find_spec", lambda name: None)

    assert found(settings, measured) == [("Warning", "photos.W001")]


@pytest.mark.skipif(not MODEL.exists(), reason="the measured detector is not here")
def test_measured_model_is_the_one_in_the_folder_of_faces(settings):
    assert not [kind for kind, _id in found(settings, MODEL) if kind == "Error"]
