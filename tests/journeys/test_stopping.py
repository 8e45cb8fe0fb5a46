"""A run that is killed or stopped at any moment loses nothing, and leaves nothing running."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError
from pathlib import Path
from typing import Any

import pytest

from grader import ledger
from grader.errors import MachineError
from grader.examination import Desk, HandedIn, Record, parents
from grader.processes import tier, watching
from tests import figures
from tests.conftest import Term
from tests.journeys import busy

DEALT = int(os.environ.get("GRADER_SEED", "0")) or random.SystemRandom().randrange(1, 10**6)


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory: pytest.TempPathFactory, spring: Path, miniature: Path) -> Path:
    """Make the cohort once; every run is on a copy."""
    directory = tmp_path_factory.mktemp("busy") / "spring"
    shutil.copytree(spring, directory)
    return busy.make_busy(Term(directory, miniature))


class Undisturbed:
    """Hold what a run in peace took (seconds) and left."""

    def __init__(self, directory: Path, course: Path) -> None:
        begun = time.monotonic()
        run = busy.start(directory, course)
        self.lines = len(run.communicate()[0].splitlines())
        self.seconds = time.monotonic() - begun
        self.outcome = busy.outcome(directory)


@pytest.fixture(scope="module")
def undisturbed(
    tmp_path_factory: pytest.TempPathFactory, handed_in: Path, miniature: Path
) -> Undisturbed:
    copied = tmp_path_factory.mktemp("undisturbed") / "spring"
    shutil.copytree(handed_in, copied)
    return Undisturbed(copied, miniature)


@pytest.fixture
def alone() -> Iterator[set[int]]:
    """Give what runs below the test before it starts anything; all orphans come to the test."""
    with busy.orphans_come_here():
        yield set(watching.tree(os.getpid()))


class Killer:
    """Kill runs at moments drawn from a seed; every second one just after a submission was told."""

    def __init__(self, seed: int, longest: float, before: set[int]) -> None:
        self.chance, self.longest, self.before = random.Random(seed), longest, before
        self.kills = self.ended = self.half_recorded = 0

    def run(self, directory: Path, course: Path) -> bool:
        """Start a run and kill it; tell whether it was still at work."""
        run = busy.start(directory, course)
        by_time = self.chance.random() < 0.5
        if by_time:
            self._wait(run, self.chance.uniform(0, self.longest))
        else:
            for _ in range(self.chance.randint(1, 4)):
                run.stdout.readline()  # type: ignore[union-attr]
            self._wait(run, self.chance.uniform(0, 0.2))
        was_at_work = run.poll() is None
        run.kill()
        run.communicate()
        assert set() == busy.left_running(self.before)
        self.kills += was_at_work
        self.ended += not was_at_work
        self.half_recorded += was_at_work and _is_half_recorded(directory)
        return was_at_work

    def _wait(self, run: subprocess.Popen[str], seconds: float) -> None:
        until = time.monotonic() + seconds
        while run.poll() is None and time.monotonic() < until:
            time.sleep(0.005)


def _is_half_recorded(directory: Path) -> bool:
    """Tell whether a folder or a row is there of which the ledger does not tell yet."""
    told = {
        key[0]
        for hub in ("sheffield", "london")
        for key, entry in ledger.latest(directory / hub / "ledger.db").items()
        if "run" in entry.versions
    }
    folders = {f.parent.name for f in directory.glob("*/autograded/*/*week01*")}
    return bool(folders - told)


class TestKilling:
    @pytest.mark.parametrize("number", [25, pytest.param(150, marks=pytest.mark.sweep)])
    @pytest.mark.timeout(3600)
    def test_a_killed_run_is_simply_started_again(
        self,
        number: int,
        handed_in: Path,
        undisturbed: Undisturbed,
        miniature: Path,
        tmp_path: Path,
        alone: set[int],
    ) -> None:
        """Killed at random moments and started again, it ends with all that a run in peace leaves."""
        killer = Killer(DEALT, undisturbed.seconds, alone)
        copies = 0
        while killer.kills < number:
            copies += 1
            directory = tmp_path / f"copy{copies}"
            shutil.copytree(handed_in, directory)
            while killer.kills < number and killer.run(directory, miniature):
                pass
            assert 1 == _to_the_end(directory, miniature), "some need a person"
            assert undisturbed.outcome == busy.outcome(directory), f"GRADER_SEED={DEALT}"
            shutil.rmtree(directory)
        figures.TOLD.append(
            f"seed {DEALT}: {killer.kills} kills in {copies} cohorts of {len(busy.PEOPLE)}; a run in "
            f"peace takes {undisturbed.seconds:.1f} s; after {killer.half_recorded} of the kills "
            "something was half recorded"
        )
        assert (set(), []) == (busy.left_running(alone), busy.scratch(directory))

    def test_between_any_two_steps_of_recording(
        self, handed_in: Path, undisturbed: Undisturbed, miniature: Path, tmp_path: Path
    ) -> None:
        """Killed with the folder written, the row written or the ledger open, the next run mends it."""
        directory = tmp_path / "copy"
        shutil.copytree(handed_in, directory)
        words = ["autograde", "week01", "--course", str(miniature)]
        for moment in STEPS:
            name, _, which = moment.partition(":")
            code = KILLS_ITSELF.format(name=name, which=which)
            killed = subprocess.run([sys.executable, "-c", code, *words], cwd=directory)
            assert (moment, -signal.SIGKILL) == (moment, killed.returncode)

        assert 1 == _to_the_end(directory, miniature)
        assert undisturbed.outcome == busy.outcome(directory)


STEPS = (
    "grader.engine.marked._copy_plain",
    "grader.engine.recorder._write",
    "grader.engine.marked._replace",
    "pathlib.Path.rename:.week01.new",
    "grader.ledger._columns",
)
# Kills itself the second time it comes to a function (of which *which* is in the first argument).
KILLS_ITSELF = """
import importlib, os, signal, sys
where, _, what = "{name}".rpartition(".")
try:
    owner = importlib.import_module(where)
except ImportError:
    owner = getattr(importlib.import_module(where.rpartition(".")[0]), where.rpartition(".")[2])
right, times = getattr(owner, what), []
def wrong(*given, **named):
    times.extend([1] if "{which}" in str(given[0]) else [])
    if len(times) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return right(*given, **named)
setattr(owner, what, wrong)
from grader.cli import main
main()
"""


def _to_the_end(directory: Path, course: Path) -> int:
    run = busy.start(directory, course)
    told, complaints = run.communicate()
    assert len(busy.PEOPLE) == len(told.splitlines()), complaints
    return run.returncode


class TestStopping:
    def test_it_says_how_far_it_came_and_goes_on(
        self,
        handed_in: Path,
        undisturbed: Undisturbed,
        miniature: Path,
        tmp_path: Path,
        alone: set[int],
    ) -> None:
        """Stopped by Ctrl-C, once or twice, or SIGTERM, it says so in one line, and the next goes on."""
        directory = tmp_path / "copy"
        shutil.copytree(handed_in, directory)
        for stop in ([signal.SIGINT], [signal.SIGINT, signal.SIGINT], [signal.SIGTERM]):
            run = busy.start(directory, miniature)
            told = [run.stdout.readline() for _ in range(4)]  # type: ignore[union-attr]
            for number in stop:
                run.send_signal(number)
            rest, complaints = run.communicate(timeout=120)
            done = len(told) + len(rest.splitlines())
            assert (2, set()) == (run.returncode, busy.left_running(alone))
            assert f"Stopped after {done} of 14. What is done stands" in complaints.splitlines()[-1]
            assert "Traceback" not in complaints

        assert 1 == _to_the_end(directory, miniature)
        assert undisturbed.outcome == busy.outcome(directory)

    def test_a_loop_without_end_holds_nobody_up(
        self, handed_in: Path, miniature: Path, tmp_path: Path, alone: set[int]
    ) -> None:
        """Where a participant's code is in the middle of something, stopping does not wait for it."""
        directory = tmp_path / "copy"
        shutil.copytree(handed_in, directory)
        for file in directory.glob("*/submitted/*/week01/week01.ipynb"):
            text = file.read_text(encoding="utf-8")
            file.write_text(
                text.replace(
                    '"def double(number):', '"while True: pass\\n", "def double(number):', 1
                )
            )
        run = busy.start(directory, miniature)
        seen = _spinning(alone)
        begun = time.monotonic()
        run.send_signal(signal.SIGINT)
        run.communicate(timeout=60)
        limit = 30  # seconds a cell may take

        assert (2, True, True) == (run.returncode, seen, time.monotonic() - begun < limit / 2)
        assert set() == busy.left_running(alone)

    def test_no_worker_is_started_for_a_run_that_is_over(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Left while workers are being started, the desk ends those and starts no other."""
        started: list[Slow] = []
        are_starting = threading.Semaphore(0)

        class Slow:
            """Be a worker that would take for ever to start."""

            def __init__(self, *_: Any, **__: Any) -> None:
                self.is_killed = threading.Event()

            def __enter__(self) -> Slow:
                started.append(self)
                are_starting.release()
                self.is_killed.wait()
                raise MachineError("killed")

            def __exit__(self, *_: object) -> None:
                raise AssertionError("it never started")

            def kill(self) -> None:
                self.is_killed.set()

        monkeypatch.setattr(parents, "Warm", Slow)
        record, work = Record("week01", {}, {}), HandedIn({"week01": None})
        jobs = [(name, lambda: work, record) for name in ("ada", "ben", "cleo")]
        desk = Desk(tier(), workers=2).__enter__()

        def examine() -> None:
            with contextlib.suppress(CancelledError):
                list(desk.examine(jobs))

        threading.Thread(target=examine, daemon=True).start()
        for _ in ("candidates' parent", "examiners' parent"):
            are_starting.acquire()
        desk.__exit__(KeyboardInterrupt)

        assert [True, True] == [worker.is_killed.is_set() for worker in started]


def _spinning(before: set[int]) -> bool:
    """Wait until a process that a worker forked has used a second of CPU in its loop."""
    until = time.monotonic() + 120
    while time.monotonic() < until:
        ours = set(watching.tree(os.getpid())) - before
        for row in watching.rows():
            if row.pid in ours and row.cpu_seconds > 1 and _is_worker(row.parent):
                return True
        time.sleep(0.1)
    return False


def _is_worker(pid: int) -> bool:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes()
        return b"grader.processes.worker" in words and b"python" in words.split(b"\0")[0]
    except OSError:
        return False
