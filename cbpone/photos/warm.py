"""Keeps the decoders loaded, and forks one limited process for each picture.

Started by workshop.py as `python -I -B warm.py [MODEL]` with an empty environment; standard input
is its end of a socket. Each message there brings two more sockets: one for the picture and its
answer, and one that is the leash: when the other end lets go, the process that works is killed,
and what it used is told. When the first socket closes, everything here ends.
"""

import gc
import importlib.util
import os
import resource
import selectors
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path

MAX_FILES = 256


def beside(name):
    """A module that lies beside this one; `-I` leaves our folder out of the search path."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look it up there
    spec.loader.exec_module(module)
    return module


def looker(model):
    """picture -> (what looked, what it noted); None when no machine can look here."""
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # the processes that are forked may start no thread
    try:
        assess = beside("assess")
        import numpy

        detector = assess.load(model)
    except Exception:  # an extra: without it pictures are not checked by machine
        return None
    os.environ.pop("LD_LIBRARY_PATH", None)  # where OpenCV lies; it sets this itself
    return lambda picture: (
        detector.name,
        assess.assess(numpy.asarray(picture), detector).findings,
    )


class Foreman:
    def __init__(self, control, child, look):
        self.control, self.child, self.look = control, child, look
        self.working = {}  # leash -> number of the process
        self.ears = selectors.DefaultSelector()
        self.ears.register(control, selectors.EVENT_READ)

    def serve(self):
        self.control.sendall(b"ready\n")
        while True:
            for key, _events in self.ears.select():
                if key.fileobj is not self.control:
                    self.end(key.fileobj)
                elif not self.take():
                    for leash in list(self.working):
                        self.end(leash)
                    return

    def take(self):
        """Begin with one picture. False when nobody is there any more."""
        word, ends, _flags, _address = socket.recv_fds(self.control, 1, 2)
        job, leash = (socket.socket(fileno=end) for end in ends) if len(ends) == 2 else (None, None)
        if job and leash:
            with job, suppress(OSError):  # no room for a process: the other side sees both closed
                self.working[leash] = self.fork(job)
                self.ears.register(leash, selectors.EVENT_READ)
        return bool(word)

    def fork(self, job):
        number = os.fork()
        if number:
            with suppress(OSError):  # both do it, so that it is done whoever is first
                os.setpgid(number, number)
            return number
        try:
            os.setpgid(0, 0)
            os.dup2(job.fileno(), 0)
            os.dup2(job.fileno(), 1)
            # Neither the next pictures nor the leash of any process may be within its reach.
            os.closerange(3, MAX_FILES)
            self.child.work(self.look)
        finally:
            os._exit(0)

    def end(self, leash):
        """Kill the process and all it started, and tell what it used: ms of processor, kB."""
        number = self.working.pop(leash)
        self.ears.unregister(leash)
        for kill in (os.killpg, os.kill):
            with suppress(ProcessLookupError, PermissionError):
                kill(number, signal.SIGKILL)
        used = os.wait4(number, 0)[2]
        unit = 1024 if sys.platform == "darwin" else 1
        spent = f"{(used.ru_utime + used.ru_stime) * 1000:.1f} {used.ru_maxrss // unit}\n"
        with leash, suppress(OSError):
            leash.sendall(spent.encode())


def main(model=""):
    control = socket.socket(fileno=os.dup(0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (MAX_FILES, MAX_FILES))
    child = beside("child")
    child.prepare()
    look = looker(model) if model else None
    gc.freeze()
    Foreman(control, child, look).serve()


if __name__ == "__main__":
    main(*sys.argv[1:])
