"""What children can do to each other and to us: nothing."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.errors import MachineError
from grader.processes import Child, Tier, Warm, alone, environment, scratch
from tests.sandbox.conftest import INSIDE, LIMITS, NAMESPACES, REFUSED, told

Tries = Callable[[str], Any]
ROOT = Path(__file__).parents[2]


def host_pid(child: Child, fence: str) -> int:
    """Find the number under which the child is known to us."""
    if fence == "landlock":
        return int(told(child, "answer = os.getpid()"))
    return max(pids_whose("cmdline", "grader.processes.worker"))


def pids_whose(file: str, text: str) -> Iterator[int]:
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                if text in (folder / file).read_text(errors="replace").replace("\0", " "):
                    yield int(folder.name)
            except OSError:
                continue


class TestOtherProcesses:
    def test_it_is_alone(self, tries: Tries, fence: str) -> None:
        """It is process 1 of its own world, and no other number means anybody."""
        if fence not in NAMESPACES:
            pytest.skip("without namespaces the others exist, but cannot be reached: next test")
        probe = "answer = [n for n in range(1, 40000) if not ctypes.CDLL(None).kill(n, 0)]"
        assert 1 == tries("answer = os.getpid()")
        assert [1] == tries(probe)

    def test_we_cannot_be_signalled(self, tries: Tries) -> None:
        """Neither the marking process nor process 1 of the machine takes a signal from it."""
        assert tries(f"os.kill({os.getpid()}, 0)") in REFUSED
        assert tries("os.kill(os.getppid() or 2, 0)") in REFUSED
        assert tries("os.kill(-1, 0)") in REFUSED

    def test_a_sibling_cannot_be_signalled_or_limited(
        self, child: Child, sibling: Child, fence: str
    ) -> None:
        """The sibling lives on, whatever is sent."""
        theirs = host_pid(sibling, fence)
        assert told(child, f"os.kill({theirs}, 9)") in REFUSED
        assert told(child, f"os.kill(-{theirs}, 9)") in REFUSED
        limit = f"import resource; resource.prlimit({theirs}, resource.RLIMIT_CPU, (1, 1))"
        assert told(child, limit) in REFUSED
        assert "here" == told(sibling, "answer = 'here'")

    def test_a_sibling_cannot_be_reached_by_a_socket(self, child: Child, sibling: Child) -> None:
        """A nameless socket of one child is unknown in the other's network."""
        told(
            sibling,
            "import socket; s = socket.socket(socket.AF_UNIX); s.bind('\\0meet'); s.listen()",
        )
        reach = "import socket; s = socket.socket(socket.AF_UNIX); s.connect('\\0meet')"
        assert told(child, reach) in REFUSED

    def test_shared_memory_is_not_shared(self, child: Child, sibling: Child, fence: str) -> None:
        """What lies in one child's /dev/shm is not in the other's."""
        if fence not in NAMESPACES:
            assert "PermissionError" == told(child, "Path('/dev/shm/meet').write_text('x')")
        else:
            told(child, "Path('/dev/shm/meet').write_text('x')")
            assert told(sibling, "answer = os.listdir('/dev/shm')") == []

    def test_chance_is_its_own(self, warm: Warm, child: Child, sibling: Child) -> None:
        """Two children of one parent draw different numbers."""
        draw = "import random; answer = random.random()"
        assert told(child, draw) != told(sibling, draw)


def sleepers(nap: str, *, wanted: bool) -> list[int]:
    """Look for the sleepers of that nap until there are some, or none; at most ten seconds."""
    until = time.monotonic() + 10
    while bool(found := list(pids_whose("cmdline", f"sleep {nap}"))) != wanted:
        if time.monotonic() > until:
            break
        time.sleep(0.02)
    return found


@pytest.fixture
def nap() -> str:
    """Give a number of seconds that no other test sleeps."""
    return str(time.monotonic_ns())[-9:].replace("0", "1")


class TestTheEnd:
    def test_nothing_survives(self, child: Child, nap: str) -> None:
        """A process that lost its parent and went into the background is gone after the end."""
        told(child, f"subprocess.Popen(['/bin/sh', '-c', '(sleep {nap} &) ; sleep {nap}'])")
        assert [] != sleepers(nap, wanted=True)

        assert "killed" == child.kill().reason
        assert [] == list(pids_whose("cmdline", f"sleep {nap}"))

    def test_what_it_leaves_behind_ends_with_it(self, child: Child, nap: str) -> None:
        """Also when the child ends by itself."""
        told(child, f"subprocess.Popen(['/bin/sleep', '{nap}'])")
        assert [] != sleepers(nap, wanted=True)
        child.channel.send(b"os._exit(3)")
        ended = child.ended(seconds=10)
        assert ended is not None
        assert (3, None, "exited") == (ended.status, ended.signal, ended.reason)
        assert [] == list(pids_whose("cmdline", f"sleep {nap}"))

    def test_a_killed_grader_takes_all_along(self, fence: str, tmp_path: Path, nap: str) -> None:
        """kill -9 of the marking process leaves no worker, no child and no sleeper."""
        program = tmp_path / "marking.py"
        program.write_text(
            "import time\nfrom tests.sandbox.conftest import *\n"
            f"warm = Warm(Tier({fence!r}), LIMITS).__enter__()\n"
            "child = warm.fork('inside:obey', modules=INSIDE)\n"
            f"told(child, \"subprocess.Popen(['/bin/sleep', '{nap}'])\")\n"
            "print('ready', flush=True)\ntime.sleep(60)\n"
        )
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        marking = subprocess.Popen(
            [sys.executable, str(program)], env=environment, stdout=subprocess.PIPE, text=True
        )
        assert marking.stdout is not None
        with marking.stdout:
            assert "ready\n" == marking.stdout.readline()
            found = sleepers(nap, wanted=True)
            marking.kill()
            marking.wait()
        assert [] != found
        assert [] == sleepers(nap, wanted=False)

    def test_a_killed_worker_takes_all_along(self, fence: str, nap: str) -> None:
        """When the worker's own process is killed, its children and what they started are gone."""
        if fence not in NAMESPACES:
            pytest.skip("without a PID namespace only the child itself dies with its worker")
        with Warm(Tier(fence), LIMITS) as warm:
            child = warm.fork("inside:obey", modules=INSIDE)
            told(child, f"subprocess.Popen(['/bin/sleep', '{nap}'])")
            assert [] != sleepers(nap, wanted=True)
            warm.kill()
            assert [] == sleepers(nap, wanted=False)
            with pytest.raises(MachineError, match="the worker is gone"):
                warm.fork("inside:obey", modules=INSIDE)

    def test_what_a_killed_grader_left_is_swept_away(self, tmp_path: Path) -> None:
        """Folders of a process that is gone are removed at the next start, others are kept."""
        temporary = Path(tempfile.gettempdir())
        gone = temporary / f"{scratch.PREFIX}4194305-x"  # no process has so high a number
        ours = temporary / f"{scratch.PREFIX}{os.getpid()}-x"
        for folder in (gone, ours):
            (folder / "work").mkdir(parents=True)
        scratch.sweep()
        assert (False, True) == (gone.exists(), ours.exists())
        shutil.rmtree(ours)


@pytest.mark.sweep
def test_all_of_this_holds_for_an_ordinary_user() -> None:
    """The tests of this folder pass for the spare user as well, where it can reach Python."""
    if os.getuid() != 0:
        pytest.skip("this run is an ordinary user's already")
    if not alone.can_leave_root(environment.environment([ROOT])):
        pytest.skip("this Python or this folder is root's own: no ordinary user can use it")
    command = [
        sys.executable,
        "-B",
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "tests/sandbox",
    ]
    run = subprocess.run(
        command, cwd=ROOT, user=65534, group=65534, extra_groups=[], capture_output=True, text=True
    )
    assert 0 == run.returncode, run.stdout[-3000:]
