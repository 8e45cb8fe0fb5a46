"""The referee believes no one but the examiner about verdicts, and no failure of ours is a zero."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from grader.marking import referee
from grader.marking.judged import Cell, Judged, Role
from grader.marking.messages import DONE, Message
from grader.marks import Outcome, Verdict
from grader.processes import ChannelClosedError
from tests.marking.conftest import QUICK

Judge = Callable[..., Judged]


class Gone:
    """Be the line to a process that is not there."""

    def send(self, payload: bytes, *, seconds: float | None = None) -> None:
        raise ChannelClosedError

    def receive(self, *, seconds: float | None = None) -> bytes:
        raise ChannelClosedError


class Chatty(Gone):
    """Say what nobody asked for, then be gone."""

    def __init__(self, *frames: bytes) -> None:
        self.frames = list(frames)

    def send(self, payload: bytes, *, seconds: float | None = None) -> None:
        pass

    def receive(self, *, seconds: float | None = None) -> bytes:
        if not self.frames:
            raise ChannelClosedError
        return self.frames.pop(0)


CELLS = [Cell("t1", "x = 1", Role.ANSWER), Cell("c1", "assert x == 1", Role.CHECK, 2)]


class TestReferee:
    def test_a_machine_that_fails_leaves_checks_undecided(self) -> None:
        """Without an examiner nothing is decided, and nobody gets a zero for it."""
        judged = referee.mark(CELLS, Chatty(), Gone(), QUICK)
        assert Outcome.COULD_NOT_MARK is judged.outcome
        assert (Verdict.UNDECIDED, None) == (judged.cells[-1].verdict, judged.cells[-1].points)

    def test_an_examiner_that_talks_nonsense_decides_nothing(self) -> None:
        """A frame that cannot be read is no verdict."""
        frames = [Message(DONE, number, b"nonsense").packed() for number in range(9)]
        judged = referee.mark(CELLS, Chatty(*frames), Chatty(*frames), QUICK)
        assert {None} == {cell.points for cell in judged.checks.values()}

    def test_the_notebook_as_a_whole_takes_too_long(self, judge: Judge) -> None:
        """Cells and checks after the time do not run and say so."""
        slow = [Cell(f"t{n}", "import time; time.sleep(0.4)", Role.PARTICIPANT) for n in range(4)]
        check = Cell("c", "assert True", Role.CHECK, 1)
        judged = judge([*slow, check], limits=replace(QUICK, notebook_seconds=1.0))
        assert (Outcome.TIMED_OUT, 0) == (judged.outcome, judged.checks["c"].points)
        assert "as a whole" in judged.checks["c"].reason

    def test_all_cells_together_show_no_more_than_a_notebook_may(self, judge: Judge) -> None:
        """A hundred cells that each keep to their own cap do not fill the instructor's disk."""
        loud = [Cell(f"t{n}", "print('x' * 5000)", Role.PARTICIPANT) for n in range(10)]
        judged = judge(loud, limits=replace(QUICK, notebook_output_kib=20))
        kept = sum(len(output["text"]) for cell in judged.cells for output in cell.outputs)
        assert (Outcome.TOO_MUCH_OUTPUT, True) == (judged.outcome, 0 < kept <= 20 << 10)

    def test_the_trusted_side_imports_nothing_that_participants_use(self) -> None:
        """The referee's process has no NumPy or pandas to be fooled with, and no IPython."""
        source = (
            "import sys, grader.marking\n"
            "print(sorted({'numpy', 'pandas', 'IPython', 'pickle'} & set(sys.modules)))"
        )
        root = Path(__file__).parents[2]
        run = subprocess.run(
            [sys.executable, "-c", source], cwd=root, capture_output=True, text=True
        )
        assert "[]\n" == run.stdout, run.stderr


class TestExaminersOwnNames:
    def test_the_checks_mean_the_instructors_import(self, judge: Judge) -> None:
        """What the instructor's ordinary cell imported is the examiner's own, whatever became of it."""
        judged = judge(
            [
                Cell("own-names", "import math", Role.EXAMINER_SET_UP),
                Cell("own", "class math:\n    sqrt = lambda x: 2", Role.PARTICIPANT),
                Cell("t1", "def root(x):\n    return 2", Role.ANSWER),
                Cell("c1", "assert math.sqrt(9) == root(9)", Role.CHECK, points=1.0),
                Cell("c2", "assert math.sqrt(4) == root(4)", Role.CHECK, points=1.0),
            ]
        )

        assert [0.0, 1.0] == [judged.checks["c1"].points, judged.checks["c2"].points]
