"""The processes that decode pictures: what they see, how they end, and what survives them."""

import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
import warnings
from pathlib import Path

import psutil
import pytest

from cbpone.photos import child, pipeline, workshop
from tests.photos.pictures import quarters, refusal, saved, shaded
from tests.photos.workshops import is_gone

ALONE = """
import os, sys, time
from django.conf import settings
settings.configure(PHOTO_FACE_MODEL="")
from cbpone.photos import pipeline, workshop
pipeline.clean(sys.stdin.buffer.read())
print(next(iter(workshop._open.values())).process.pid, flush=True)
time.sleep(60)
"""


def picture():
    return saved(quarters())


def described():
    return json.loads(pipeline._ask_child(b"", "describe").removeprefix(b"ready\n"))


def the_workshop():
    """The one that works for these tests, after at least one picture."""
    pipeline.clean(picture())
    return workshop._at_work("")


def test_child_sees_no_secret_and_none_of_our_code(monkeypatch, changed_workshop):
    monkeypatch.setenv("SECRET_KEY", "hunter2")
    monkeypatch.setenv("PYTHONPATH", os.getcwd())

    seen = described()

    # Python and macOS each set one of these for themselves; neither comes from us.
    assert set(seen["environment"]) <= {"LC_CTYPE", "__CF_USER_TEXT_ENCODING"}
    assert seen["directory"] == "/"
    assert not {"django", "cbpone", "celery", "psycopg", "ssl", "numpy"} & set(seen["modules"])


def test_child_has_its_own_picture_open_and_nothing_else():
    shop = the_workshop()
    others = [workshop.socket.socketpair() for _ in range(3)]
    code = b"describe 1200 0\n"

    answer = shop.do(code, b"", most=10**6, seconds=20)

    # The directory that is read to find them is one of them.
    assert len(json.loads(answer.said.removeprefix(b"ready\n"))["files"]) <= 4
    for pair in others:
        for end in pair:
            end.close()


def test_child_works_under_its_limits():
    seen = described()["limits"]

    memory = seen.pop("RLIMIT_AS")
    limits = {**child.LIMITS, "RLIMIT_NPROC": 0}
    assert sys.platform == "darwin" or memory <= limits["RLIMIT_AS"] + 400 * 2**20
    assert seen == {name: value for name, value in limits.items() if name != "RLIMIT_AS"}


def test_child_past_the_wall_limit_is_killed_with_all_it_started(
    changed_workshop, monkeypatch, tmp_path
):
    noted = tmp_path / "noted"
    changed_workshop(f"""
        import subprocess
        other = subprocess.Popen(["/bin/sleep", "60"])
        open({str(noted)!r}, "w").write(f"{{os.getpid()}} {{other.pid}}")
        time.sleep(60)
    """)
    monkeypatch.setattr(pipeline, "WALL_SECONDS", 1.5)
    start = time.monotonic()

    assert refusal(picture()) == "busy"

    assert time.monotonic() - start < 8
    assert all(is_gone(int(number)) for number in noted.read_text().split())


def test_child_that_crashes_is_a_damaged_picture(changed_workshop):
    changed_workshop("os.kill(os.getpid(), signal.SIGSEGV)")

    assert [refusal(picture()) for _ in range(3)] == ["damaged"] * 3

    assert len(workshop._open) == 1


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "ok 1200 900 0 6\n<html>",
        "ok 9999 900 0 6\n<html>",
        "ok 1200 900 0 900\n\xff\xd8\xff\xff\xd9",
        "refused not_a_code\n",
    ],
)
def test_child_that_lies_is_not_believed(changed_workshop, answer):
    changed_workshop(f"os.write(1, {answer.encode('latin-1')!r})")

    assert refusal(picture()) == "damaged"


def test_child_that_never_stops_talking_is_cut_off(changed_workshop):
    changed_workshop("while True: os.write(1, b'x' * 65536)")

    assert refusal(picture()) == "damaged"


def test_workshop_that_can_not_start_is_a_fault_of_the_installation(changed_workshop):
    changed_workshop("import no_such_library", template="if True:\n{code}")

    with pytest.raises(RuntimeError, match="did not start"):
        pipeline.clean(picture())


def test_workshop_that_starts_no_process_is_a_fault_of_the_installation(changed_workshop):
    changed_workshop(
        "warm.Foreman.fork = lambda *_: os.open('/nowhere', 0)",
        template="def change(child):\n{code}",
    )

    with pytest.raises(RuntimeError, match="starts no process"):
        pipeline.clean(picture())


def test_workshop_that_was_killed_is_started_again():
    first = the_workshop()
    first.process.kill()

    assert pipeline.clean(picture()).width == 320

    assert workshop._at_work("") is not first


def test_child_that_kills_the_workshop_hurts_only_itself(changed_workshop):
    changed_workshop("os.kill(os.getppid(), signal.SIGKILL)")
    for _ in range(2):
        assert refusal(picture()) == "damaged"


def test_workshop_ends_with_the_process_it_works_for():
    alone = subprocess.Popen(
        [sys.executable, "-c", ALONE], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    alone.stdin.write(picture())
    alone.stdin.close()
    number = int(alone.stdout.readline())
    assert psutil.pid_exists(number)

    alone.send_signal(signal.SIGKILL)
    alone.wait()
    alone.stdout.close()

    assert is_gone(number)


def test_forked_process_gets_a_workshop_of_its_own():
    shop = the_workshop()
    reading, writing = os.pipe()
    with warnings.catch_warnings(action="ignore"):
        number = os.fork()
    if not number:
        try:
            pipeline.clean(picture())
            os.write(writing, str(workshop._at_work("").process.pid).encode())
        finally:
            os._exit(0)
    os.close(writing)
    other = int(os.read(reading, 100))
    os.close(reading)
    os.waitpid(number, 0)

    assert other != shop.process.pid
    assert is_gone(other)
    assert pipeline.clean(picture()).width == 320


def test_many_at_once_are_all_answered_and_leave_nobody_behind(monkeypatch):
    monkeypatch.setattr(pipeline, "_places", threading.BoundedSemaphore(6))
    sizes, data = [], picture()

    def send():
        sizes.append(pipeline.clean(data).width)

    senders = [threading.Thread(target=send) for _ in range(24)]
    for one in senders:
        one.start()
    for one in senders:
        one.join()

    assert sizes == [320] * 24
    assert psutil.Process(the_workshop().process.pid).children() == []


def test_12_megapixels_stay_small_and_quick():
    data = saved(shaded(4032, 3024), quality=90)

    answer = the_workshop().do(b"JPEG 1200 0\n", data, most=10**7, seconds=20)

    print(f"12 MP JPEG, {len(data)} bytes: CPU {answer.cpu_ms} ms, {answer.peak_mb:.0f} MB")
    assert answer.said.startswith(b"ready\nok 1200 900 0 ")
    assert answer.cpu_ms < 2000
    assert answer.peak_mb < 150


# --- What a machine notes -----------------------------------------------------------------


def test_findings_come_in_our_order_and_only_those_we_know(looking_workshop):
    looking_workshop("return 'yunet-2023mar', ['tilted', 'ugly', 'blurry']")

    photo = pipeline.clean(picture())

    assert (photo.checked_by, photo.findings) == ("yunet-2023mar", ("blurry", "tilted"))


def test_picture_without_fault_was_still_looked_at(looking_workshop):
    looking_workshop("return 'yunet-2023mar', []")

    photo = pipeline.clean(picture())

    assert (photo.checked_by, photo.findings) == ("yunet-2023mar", ())


@pytest.mark.parametrize(
    "code",
    [
        "raise ValueError",
        "raise MemoryError",
        "time.sleep(60)",
        "while True: pass",
        "os.kill(os.getpid(), signal.SIGSEGV)",
        "os._exit(1)",
        "return 'name with spaces', []",
        "return 'x' * 41, []",
        "return 'yunet', ['Robert; drop table']",
        "return 'yunet', None",
    ],
)
def test_machine_that_fails_leaves_the_picture_as_good(looking_workshop, code):
    looking_workshop(code)
    start = time.monotonic()

    photo = pipeline.clean(picture())

    assert (photo.width, photo.checked_by, photo.findings) == (320, "", ())
    assert time.monotonic() - start < 10


def test_machine_stuck_past_the_wall_limit_leaves_the_picture_as_good(
    looking_workshop, monkeypatch
):
    looking_workshop("signal.alarm(0); time.sleep(60)")
    monkeypatch.setattr(pipeline, "WALL_SECONDS", 1.5)

    photo = pipeline.clean(picture())

    assert (photo.width, photo.checked_by) == (320, "")


def test_no_machine_looks_at_papers(looking_workshop):
    looking_workshop("return 'yunet', ['blurry']")

    photo = pipeline.clean(picture(), long_side=2400)

    assert (photo.checked_by, photo.findings) == ("", ())


def test_detector_that_breaks_the_start_is_left_out(changed_workshop, settings, caplog):
    settings.PHOTO_FACE_MODEL = "a model"
    changed_workshop("pass", "if sys.argv[1:]: os._exit(1)\ndef change(child):\n{code}")

    with caplog.at_level(logging.ERROR):
        photo = pipeline.clean(picture())

    assert (photo.width, photo.checked_by) == (320, "")
    assert "not checked by machine" in caplog.text


def test_model_is_named_by_its_whole_path(looking_workshop, settings, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    looking_workshop("return 'yunet', []")
    settings.PHOTO_FACE_MODEL = "models/yunet.onnx"

    pipeline.clean(picture())

    assert {model for _process, model in workshop._open} == {str(tmp_path / "models/yunet.onnx")}


def test_model_that_is_no_model_leaves_photos_unchecked(settings, tmp_path):
    settings.PHOTO_FACE_MODEL = str(tmp_path / "nothing.onnx")

    photo = pipeline.clean(picture())

    assert (photo.width, photo.checked_by) == (320, "")
    workshop._shut(workshop._at_work(settings.PHOTO_FACE_MODEL))


FACES = Path(__file__).resolve().parents[3] / "shared" / "faces"


@pytest.mark.skipif(not FACES.exists(), reason="the measured faces are not here")
def test_face_is_looked_at_and_limits_still_hold(settings):
    pytest.importorskip("cv2", reason="OpenCV is not installed")
    settings.PHOTO_FACE_MODEL = str(FACES / "models" / "face_detection_yunet_2023mar.onnx")
    face = next(iter(sorted((FACES / "img").rglob("*.jpg"))))

    photo = pipeline.clean(face.read_bytes())
    seen = described()

    assert photo.checked_by
    assert "face_not_found" not in photo.findings
    assert set(seen["environment"]) <= {
        "LC_CTYPE",
        "OPENBLAS_NUM_THREADS",
        "__CF_USER_TEXT_ENCODING",
    }
    assert seen["limits"]["RLIMIT_NPROC"] == 0
    workshop._shut(workshop._at_work(settings.PHOTO_FACE_MODEL))
