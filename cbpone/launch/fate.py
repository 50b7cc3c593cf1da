"""Children end with their launcher, however it ends."""

import ctypes
import os
import signal
import sys
from contextlib import suppress

PR_SET_PDEATHSIG = 1
# Loaded here: between fork and exec nothing may be imported.
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def share_fate() -> None:
    """For preexec_fn, on Linux: a kill -9 of the launcher reaches the child as SIGTERM."""
    if _libc:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def kill_group(leader: int) -> None:
    """Kills whatever is left of a child's process group, such as the workers it had forked."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)
