"""The warm server with a part of it replaced, as a hostile picture or a broken library would."""

import os
import textwrap
import time

import pytest

from cbpone.photos import workshop

PROGRAM = """
import importlib.util, os, signal, sys, time
spec = importlib.util.spec_from_file_location("warm", {warm!r})
warm = importlib.util.module_from_spec(spec)
spec.loader.exec_module(warm)
beside = warm.beside
def changed(name):
    module = beside(name)
    if name == "child":
        change(module)
    return module
{code}
warm.beside = changed
warm.main(*sys.argv[1:])
"""
WORK = """
def change(child):
    child.work = work
def work(look):
    sys.stdin.buffer.read()
    os.write(1, b"ready\\n")
{code}
"""
LOOK = """
def change(child):
    child.CHECK_SECONDS = 1
def look(picture):
{code}
warm.looker = lambda model: look
"""


@pytest.fixture
def changed_workshop(monkeypatch, tmp_path):
    """Call it with code: what a process does with a picture, or what a machine does that looks."""
    monkeypatch.setattr(workshop, "_open", {})

    def change(code, template=WORK):
        inside = template.format(code=textwrap.indent(textwrap.dedent(code), "    "))
        program = tmp_path / "changed.py"
        program.write_text(PROGRAM.format(warm=str(workshop.PROGRAM), code=inside))
        monkeypatch.setattr(workshop, "PROGRAM", program)

    yield change
    for shop in workshop._open.values():
        shop.close()


@pytest.fixture
def looking_workshop(changed_workshop, settings):
    settings.PHOTO_FACE_MODEL = "a model"
    return lambda code: changed_workshop(code, LOOK)


def is_gone(number: int, seconds: float = 5) -> bool:
    """No process has this number any more, not even one that nobody has reaped."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            os.kill(number, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False
