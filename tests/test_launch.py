"""The parts of `make run`, and one real run from start to Ctrl-C."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest

from cbpone import embedded
from cbpone.embedded import Engines
from cbpone.embedded.home import Home
from cbpone.launch import steps
from cbpone.launch.__main__ import only_one, wait_for_port
from cbpone.launch.children import Child, children
from cbpone.launch.environment import (
    LaunchError,
    as_owner,
    check_port_free,
    compose,
    read_host,
    read_port,
)

PROJECT = Path(__file__).parents[1]
ENGINES = Engines("postgresql://app@/x", "postgresql://owner@/x", "", "redis://r")


@pytest.fixture
def home(tmp_path):
    return Home.at(tmp_path)


@pytest.fixture
def taken_port():
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        yield server.getsockname()[1]


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        return server.getsockname()[1]


def test_port_taken_is_said_with_a_way_out(taken_port):
    with pytest.raises(LaunchError, match=rf"{taken_port} is taken.*PORT={taken_port + 1}"):
        check_port_free("127.0.0.1", taken_port)


def test_port_left_in_time_is_waited_for(taken_port):
    began = time.monotonic()

    with pytest.raises(LaunchError):
        wait_for_port("127.0.0.1", taken_port, patience=0.3)

    assert time.monotonic() - began > 0.2


@pytest.mark.parametrize("text", ["eighty", "0", "65536", "-1", "80.5"])
def test_port_that_is_no_port_is_refused(text):
    with pytest.raises(LaunchError, match="not a port number"):
        read_port({"PORT": text})


def test_host_of_a_shell_is_ignored():
    assert read_host({"HOST": "x86_64-conda-linux-gnu"}) == "127.0.0.1"
    assert read_host({"HOST": "0.0.0.0"}) == "0.0.0.0"


def test_environment_is_composed(home):
    composed = compose({"PATH": "/bin"}, ENGINES, home=home, port=8123)

    for variable, kept in (("SECRET_KEY", "secret_key"), ("FIELD_KEYS", "field_keys")):
        assert composed.pop(variable) == (home.path / kept).read_text()
        assert (home.path / kept).stat().st_mode & 0o777 == 0o600
    assert composed == {
        "PATH": "/bin",
        "CBPONE_DEMO": "1",
        "CBPONE_HOME": str(home.path),
        "SITE_URL": "http://localhost:8123",
        "DATABASE_URL": "postgresql://app@/x",
        "MIGRATION_DATABASE_URL": "postgresql://owner@/x",
        "REDIS_URL": "redis://r",
        "PYTHONUNBUFFERED": "1",
    }


def test_environment_keeps_what_the_person_set(home):
    mine = {"SECRET_KEY": "mine", "CBPONE_DEMO": "0", "SITE_URL": "https://portal.example"}

    composed = compose(mine, ENGINES, home=home, port=8000)

    assert {name: composed[name] for name in mine} == mine
    assert not (home.path / "secret_key").exists()


def test_secret_key_stays_the_same(home):
    first = compose({}, ENGINES, home=home, port=8000)["SECRET_KEY"]

    assert len(first) > 50
    assert compose({}, ENGINES, home=home, port=8000)["SECRET_KEY"] == first


def test_owner_works_on_the_tables_and_knows_the_application(home):
    owner = as_owner(compose({}, ENGINES, home=home, port=8000))

    assert owner["DATABASE_URL"] == "postgresql://owner@/x"
    assert owner["APP_DATABASE_URL"] == "postgresql://app@/x"


def test_steps_run_in_order_and_tables_by_their_owner(home):
    chosen = steps.steps({"CBPONE_DEMO": "1"}, home)

    names = [step.command[0] for step in chosen]
    assert names == ["migrate", "grant_roles", "compile_po", "collectstatic", "demo"]
    assert [step.command[0] for step in chosen if step.by_owner] == ["migrate", "grant_roles"]


def test_steps_without_demo_load_nothing(home):
    assert steps.FILL not in steps.steps({"CBPONE_DEMO": "0"}, home)


def test_static_files_are_collected_only_when_something_changed(home, monkeypatch):
    (home.path / "static").mkdir()
    (home.path / "static" / "staticfiles.json").touch()
    steps.static_stamp(home).write_text(steps.static_fingerprint())

    assert steps.COLLECT not in steps.steps({}, home)
    monkeypatch.setattr(steps, "static_fingerprint", lambda: "changed")
    assert steps.COLLECT in steps.steps({}, home)


def test_second_launcher_in_one_home_is_refused(home):
    with only_one(home), pytest.raises(LaunchError, match="already runs"):
        only_one(home).__enter__()

    assert not (home.run / "launch.pid").exists()


def test_launcher_after_a_killed_one_knows(home):
    (home.run / "launch.pid").write_text("1")

    with only_one(home) as was_killed:
        assert was_killed


def test_children_are_stopped_web_first_and_worker_last(home):
    family = children({"WEB_WORKERS": "3", "WEB_THREADS": "5"}, home, host="127.0.0.1", port=81)

    assert list(family) == ["web", "beat", "worker"]
    words = " ".join(family["web"].command)
    assert "--host 127.0.0.1 --port 81 --workers 3 --blocking-threads 5" in words


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_child_that_dies_is_started_again_after_a_growing_pause(tmp_path):
    child = Child("web", [sys.executable, "-c", "raise SystemExit(7)"], tmp_path / "log", 1)
    told = []

    child.start({})
    for _ in range(2):
        child.process.wait()
        told.append(child.watch({}))
        child.due = 0
        child.watch({})
    child.stop(lambda: False)

    assert "web ended (code 7); starting it again in 1 s" in told[0]
    assert "in 2 s" in told[1]


def test_child_news_are_its_errors(tmp_path):
    child = Child("worker", ["true"], tmp_path / "log", 1)
    child.log.write_text("INFO fine\n12:00 ERROR lost the broker\nTraceback (most recent)\n  x\n")

    assert child.news() == [
        "worker | 12:00 ERROR lost the broker",
        "worker | Traceback (most recent)",
    ]
    assert child.news() == []


@pytest.fixture
def real_home():
    folder = Path(tempfile.mkdtemp(prefix="cbpone-"))
    yield folder
    embedded.stop(folder)
    shutil.rmtree(folder)


def launch(home: Path, port: int) -> subprocess.Popen:
    ours = ("CBPONE_", "DATABASE_", "MIGRATION_", "REDIS_")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(ours)}
    environment |= {"CBPONE_HOME": str(home), "PORT": str(port), "CBPONE_DEMO": "0"}
    return subprocess.Popen(
        [sys.executable, "-m", "cbpone.launch"],
        cwd=PROJECT,
        env=environment | {"SITE_URL": f"http://localhost:{port}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.mark.slow
def test_run_serves_until_ctrl_c_and_leaves_nothing_behind(real_home):
    port = free_port()
    running = launch(real_home, port)
    told = []
    for line in running.stdout:
        told.append(line)
        if "Ctrl-C" in line:
            break

    assert f"The portal is running: http://localhost:{port}\n" in told, "".join(told)
    with urllib.request.urlopen(f"http://localhost:{port}/health/live", timeout=10) as response:
        assert response.status == 200
    running.send_signal(signal.SIGINT)
    rest = running.communicate(timeout=60)[0]

    assert running.returncode == 0, rest
    assert "goodbye" in rest
    assert embedded.status(real_home) == {"postgres": None, "valkey": None}
    check_port_free("127.0.0.1", port)
