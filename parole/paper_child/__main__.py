"""The process itself: its limits, and the framed answer.

`python -I -B paper_child describe` prints what the process can see, for tests and for operators.
"""

import json
import logging
import os
import resource
import sys
from contextlib import suppress

from reading import Refusal, opened, pages_of
from rewriting import Rewriter

LIMITS = {
    "RLIMIT_AS": 900 * 1024 * 1024,  # bytes
    "RLIMIT_CPU": 10,  # seconds
    "RLIMIT_FSIZE": 0,
    "RLIMIT_NOFILE": 16,
    "RLIMIT_CORE": 0,
    "RLIMIT_NPROC": 0,
}


def prepare():
    """Give up what is not needed, before any byte is read."""
    logging.disable()
    for name, value in LIMITS.items():
        limit(name, value)


def limit(name, value):
    """Lower one limit as far as this system allows: macOS has no working RLIMIT_AS."""
    number = getattr(resource, name, None)
    if number is None:
        return
    hard = resource.getrlimit(number)[1]
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    with suppress(ValueError, OSError):
        resource.setrlimit(number, (value, value))


def answer_to(data, max_pages, max_bytes):
    """The framed answer: one line, then the new PDF when there is one."""
    try:
        root, rewriter = opened(data), Rewriter(max_pages)
        pages = [rewriter.add_page(node) for node in pages_of(root, max_pages)]
        written = rewriter.written(pages)
        if len(written) > max_bytes:
            raise Refusal("too_many_bytes")
        return f"ok {len(pages)}\n".encode() + written
    except Refusal as refusal:
        return f"refused {refusal}\n".encode()
    except MemoryError:
        return b"refused too_complex\n"
    except Exception:  # parsers raise anything on hostile bytes; none of it is a bug of ours
        return b"refused damaged\n"


def describe():
    """What the parser can see here, as JSON."""
    names = [name for name in LIMITS if hasattr(resource, name)]
    return json.dumps(
        {
            "environment": dict(os.environ),
            "directory": os.getcwd(),
            "modules": sorted({name.partition(".")[0] for name in sys.modules}),
            "limits": {name: resource.getrlimit(getattr(resource, name))[0] for name in names},
        }
    ).encode()


def main(max_pages, max_bytes="0"):
    prepare()
    out = sys.stdout.buffer
    out.write(b"ready\n")
    out.flush()
    data = sys.stdin.buffer.read()
    if max_pages == "describe":
        out.write(describe())
    else:
        out.write(answer_to(data, int(max_pages), int(max_bytes)))
    out.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
