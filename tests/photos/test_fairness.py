"""Photo checks serve every group alike, measured on portraits; and the measure can tell."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from tests.photos.portraits import FACES, MODEL, needs_opencv, needs_portraits

pytestmark = [pytest.mark.slow, needs_opencv]
ROOT = Path(__file__).resolve().parents[2]
LOOKS = ("skin", "tone", "monk", "fitzpatrick", "ethnic", "race_")


class Haar:
    """The detector that everybody used to take: it sees light faces better than dark ones."""

    name = "haar"

    def __init__(self):
        import cv2

        path = cv2.data.haarcascades + "haarcascade_frontalface_default.xml"
        self.cascade = cv2.CascadeClassifier(path)

    def find(self, rgb):
        import cv2

        grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
        boxes = self.cascade.detectMultiScale(grey, 1.1, 5, minSize=(30, 30))
        return [(*map(float, box), 1.0, 0.0) for box in boxes]


def measured(make_detector, plan):
    from cbpone.photos.fairness import faces, gates, measuring

    figures = measuring.measure(faces.read(FACES), make_detector, plan)
    return figures, gates.gates(figures)


@needs_portraits
def test_every_limit_is_met_by_the_detector_in_use():
    from cbpone.photos import assess
    from cbpone.photos.fairness import measuring

    figures, gates = measured(lambda: assess.load(MODEL), measuring.QUICK)

    assert [f"{gate.words}: {gate.value}" for gate in gates if not gate.is_met] == []
    assert {gate.number for gate in gates} == {1, 2, 3, 4, 5}
    assert min(figures.sizes.values()) >= 30


@needs_portraits
def test_biased_detector_is_found_out():
    from cbpone.photos.fairness import conditions, measuring

    by_code = {one.code: one for one in conditions.CONDITIONS}
    plan = measuring.Plan((by_code["good"], by_code["backlit"]), (50, 30, 15), (), 20, 20)

    _figures, gates = measured(Haar, plan)

    assert {gate.number for gate in gates if not gate.is_met} >= {1, 2}


@needs_portraits
def test_command_prints_tables_and_is_content(tmp_path, capsys):
    head, *lines = (FACES / "faces.csv").read_text().splitlines()
    rows = [line.split(",", 2) for line in lines[::40]]
    (tmp_path / "img").mkdir()
    for name, _group, _rest in rows:
        (tmp_path / name).write_bytes((FACES / name).read_bytes())
    listed = [head, *(f"{name},everybody,{rest}" for name, _group, rest in rows)]
    (tmp_path / "faces.csv").write_text("\n".join(listed))

    call_command("photo_fairness", str(tmp_path), model=MODEL, quick=True)

    told = capsys.readouterr().out
    assert "found, per cent" in told
    assert "the same photograph, only the skin darkened" in told
    assert "MISSED" not in told


@needs_portraits
def test_command_ends_with_one_when_a_limit_is_missed(tmp_path):
    name = next((FACES / "img").iterdir()).name
    (tmp_path / name).write_bytes((FACES / "img" / name).read_bytes())
    # The box says that the face is in a corner where none is.
    (tmp_path / "faces.csv").write_text(f"file,group,x,y,w,h\n{name},A,1,1,8,8\n")

    with pytest.raises(CommandError, match="must not advise"):
        call_command("photo_fairness", str(tmp_path), model=MODEL, quick=True)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (None, "There is no faces.csv"),
        ("file,group\na.jpg,A\n", "needs the columns"),
        ("file,group,x,y,w,h\n", "names no face"),
        ("file,group,x,y,w,h\na.jpg,A,1,1,9,9\n", "are absent"),
    ],
)
def test_set_that_cannot_be_read_is_told(tmp_path, lines, words):
    from cbpone.photos.fairness import faces

    if lines is not None:
        (tmp_path / "faces.csv").write_text(lines)

    with pytest.raises(faces.NoSet, match=words):
        faces.read(tmp_path)


@needs_portraits
def test_command_says_which_picture_cannot_be_opened(tmp_path):
    (tmp_path / "a.jpg").write_bytes(b"no picture")
    (tmp_path / "faces.csv").write_text("file,group,x,y,w,h\na.jpg,A,1,1,9,9\n")

    with pytest.raises(CommandError, match=r"a\.jpg is no picture"):
        call_command("photo_fairness", str(tmp_path), model=MODEL, quick=True)


def test_command_without_a_detector_says_what_to_give(tmp_path):
    with pytest.raises(CommandError, match="No detector"):
        call_command("photo_fairness", str(tmp_path))


# --- Nothing is known of how a person looks -----------------------------------------------


def test_no_model_has_a_field_for_how_a_person_looks():
    fields = {
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
    }

    assert [name for name in fields if any(word in name.lower() for word in LOOKS)] == []


def test_portal_at_work_never_loads_what_measures_skin():
    """Only the command and the tests do: asked of a process that has everything loaded."""
    asked = (
        "import sys, django; django.setup();"
        "import cbpone.urls, officers.tasks, cbpone.photos.tasks;"
        "print([name for name in sys.modules if 'fairness' in name])"
    )
    answer = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True, cwd=ROOT
    )

    assert answer.stdout.strip().splitlines()[-1] == "[]"


def test_pages_of_officers_do_not_speak_of_skin():
    """But for the sentence that nobody is refused for it."""
    pages = [path for path in (ROOT / "templates" / "officers").rglob("*.html")]
    speaking = {path.name for path in pages if "skin" in path.read_text().lower()}

    assert speaking <= {"_photo_needs.html"}
