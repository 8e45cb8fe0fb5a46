"""The end of a tree of processes that no PID namespace holds together."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from pathlib import Path

from grader.processes import watching


def sweep(mark: bytes) -> None:
    """
    Kill what a killed run left of a start: processes of ours whose session's leader is gone.

    *mark* is in their command line. It is bubblewrap's second process, when the first was killed
    before it let it begin; nothing runs in it, and nothing else would ever end it.
    """
    for row in watching.rows():
        # A leader is there before its session: one that is not there now is gone.
        is_left = row.session > 0 and not os.path.exists(f"/proc/{row.session}")
        if is_left and _is_marked(row.pid, mark):
            with contextlib.suppress(OSError):
                os.kill(row.pid, signal.SIGKILL)


def _is_marked(pid: int, mark: bytes) -> bool:
    try:
        is_ours = os.stat(f"/proc/{pid}").st_uid == os.getuid()
        return is_ours and mark in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def end_session(leader: int) -> None:
    """Kill what is left of a session until nothing is; stopped first, so that none outruns us."""
    until = time.monotonic() + 5
    while (left := watching.tree(leader)) and time.monotonic() < until:
        for number in (signal.SIGSTOP, signal.SIGKILL):
            for pid in left:
                try:
                    os.kill(pid, number)
                except ProcessLookupError:
                    continue
        while True:
            try:
                if os.waitpid(-leader, os.WNOHANG)[0] == 0:
                    break
            except ChildProcessError:
                break
        time.sleep(0.002)
