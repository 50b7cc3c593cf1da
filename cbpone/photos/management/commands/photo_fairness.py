from importlib.util import find_spec
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

MODEL = "face_detection_yunet_2023mar.onnx"


class Command(BaseCommand):
    help = (
        "Measures whether photo checks serve every group alike. DIR holds pictures and a faces.csv "
        "with the columns file, group, x, y, w, h (the face's box in pixels). Prints how many "
        "faces were found and which hints were given, by group, in bad light and with the skin "
        "alone made darker. Ends with 1 when a limit is missed."
    )

    def add_arguments(self, parser):
        parser.add_argument("dir", type=Path, help="folder with pictures and a faces.csv")
        parser.add_argument("--model", type=Path, help="the detector; else PHOTO_FACE_MODEL")
        parser.add_argument("--quick", action="store_true", help="40 faces of a group, fewer steps")

    def handle(self, *args, dir, model, quick, **options):
        if not (find_spec("cv2") and find_spec("numpy")):
            raise CommandError("OpenCV is not installed: pip install -r requirements-faces.txt")
        from cbpone.photos import assess
        from cbpone.photos.fairness import faces, gates, measuring, report

        path = self._model(model, dir)
        plan = measuring.QUICK if quick else measuring.Plan()
        try:
            assess.load(path)
            figures = measuring.measure(faces.read(dir), lambda: assess.load(path), plan)
        except (faces.NoSet, ValueError) as problem:
            raise CommandError(str(problem)) from problem
        all_gates = gates.gates(figures)
        for part in (report.found, report.darker, report.hints):
            self.stdout.write("\n".join([*part(figures), ""]))
        self.stdout.write("\n".join(report.judged(all_gates)))
        if not all(gate.is_met for gate in all_gates):
            raise CommandError("A limit is missed: this detector must not advise people.")

    def _model(self, asked: Path | None, folder: Path) -> Path:
        given = Path(settings.PHOTO_FACE_MODEL) if settings.PHOTO_FACE_MODEL else None
        tried = [path for path in (asked, given, folder / "models" / MODEL) if path]
        found = next((path for path in tried if path.is_file()), None)
        if found is None:
            raise CommandError(f"No detector: give --model or set PHOTO_FACE_MODEL to {MODEL}.")
        return found
