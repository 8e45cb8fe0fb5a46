"""What a killed start leaves is ended by the next one, and nothing else is."""

import os
import signal
import subprocess
import sys
import time

import pytest

from grader.processes import ending

MARK = b"a start of the kit, in a test"
WAITS = f"import os, time\n# {MARK.decode()}\nif os.fork(): time.sleep(0.2); os._exit(0)\ntime.sleep(600)"


def started() -> tuple[subprocess.Popen[bytes], int]:
    """Start a leader of a session with a process in it; the leader ends soon."""
    leader = subprocess.Popen([sys.executable, "-c", WAITS], start_new_session=True)
    while not (found := members(leader.pid)):
        time.sleep(0.01)
    return leader, found[0]


def members(session: int) -> list[int]:
    return [r.pid for r in ending.watching.rows() if r.session == session and r.pid != session]


class TestSweep:
    @pytest.mark.parametrize(("mark", "is_left"), [(MARK, False), (b"another program", True)])
    def test_what_lost_its_leader_is_ended(self, mark: bytes, is_left: bool) -> None:
        """A marked process whose session's leader is gone is killed; one that is not ours stays."""
        leader, pid = started()
        leader.wait()
        ending.sweep(mark)
        time.sleep(0.1)
        alive = pid in members(leader.pid) and _state(pid) != "Z"
        if alive:
            os.kill(pid, signal.SIGKILL)

        assert is_left == alive

    def test_a_run_at_work_is_left_alone(self) -> None:
        """While its leader lives, a session is nobody else's business."""
        leader, pid = started()
        ending.sweep(MARK)
        alive = _state(pid) != "Z"
        os.kill(pid, signal.SIGKILL)
        leader.wait()

        assert alive


def _state(pid: int) -> str:
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            return file.read().rpartition(")")[2].split()[0]
    except OSError:
        return "Z"
