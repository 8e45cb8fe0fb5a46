"""Candidate and examiner without a sandbox: two forks of the test's own process and two lines."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
import pytest

from grader import notebooks
from grader.marking import candidate, examiner
from grader.marking.judged import Cell, CellResult, Judged, Limits, Role
from grader.marking.referee import mark
from grader.processes import Channel

QUICK = Limits(cell_seconds=20, call_seconds=20, check_seconds=60, grace_seconds=5)


@dataclass
class Pair:
    """Start candidates and examiners, and end what was started."""

    folder: Path
    released: Path | None = None
    children: list[int] = field(default_factory=list)
    lines: list[Channel] = field(default_factory=list)

    def start(self, role: Callable[[Any], None]) -> Channel:
        """Fork a child that is *role* in a working folder of its own."""
        work = self.folder / f"work{len(self.children)}"
        shutil.copytree(self.released, work) if self.released else work.mkdir()
        ours, theirs = socket.socketpair()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # fork beside a thread
            child = os.fork()
        if not child:
            _live(role, theirs, work, [*(line.line for line in self.lines), ours])
        theirs.close()
        self.children.append(child)
        self.lines.append(Channel(ours))
        return self.lines[-1]

    def end(self) -> None:
        """End every child."""
        for line in self.lines:
            line.close()
        for child in self.children:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def _live(role: Callable[[Any], None], line: socket.socket, work: Path, others: Any) -> None:
    try:
        for other in others:
            other.close()
        signal.set_wakeup_fd(-1)
        for name in [name for name in sys.modules if name.startswith("week")]:
            del sys.modules[name]  # another test's course, which a real worker never has
        os.chdir(work)
        sys.path.insert(0, "")  # as `python -c` and Jupyter have it
        log = os.open(work.parent / f"{work.name}.log", os.O_WRONLY | os.O_CREAT)
        os.dup2(log, 1)
        os.dup2(log, 2)
        role(Channel(line))
    except BaseException:
        import traceback

        os.write(2, traceback.format_exc().encode())
    finally:
        os._exit(0)


@pytest.fixture
def judge(tmp_path: Path) -> Iterator[Callable[..., Judged]]:
    """Give a function that marks cells in a fresh candidate and examiner."""
    pairs: list[Pair] = []

    def run(
        cells: Sequence[Cell],
        *,
        released: Path | None = None,
        course: Sequence[Path] = (),
        limits: Limits = QUICK,
        replace: bool = False,
    ) -> Judged:
        folder = tmp_path / f"pair{len(pairs)}"
        folder.mkdir()
        pair = Pair(folder, released)
        pairs.append(pair)
        try:
            sides = pair.start(candidate.main), pair.start(examiner.main)
            again = (lambda: pair.start(candidate.main)) if replace else None
            return mark(cells, *sides, limits, course=course, replace=again)
        finally:
            pair.end()
            for log in sorted(folder.glob("*.log")):
                text = log.read_text(errors="replace")
                print(log.name, "" if text.rstrip().endswith("the other side is gone") else text)

    yield run


@pytest.fixture
def checked(judge: Callable[..., Judged]) -> Callable[..., CellResult]:
    """Give a function that runs participant's code, then one check, and gives the check's result."""

    def run(
        answer: str, check: str, *, points: float = 2, setup: str = "", **more: Any
    ) -> CellResult:
        cells = [Cell("setup", setup, Role.SET_UP)] if setup else []
        cells += [Cell("t1", answer, Role.ANSWER), Cell("t1_check", check, Role.CHECK, points)]
        return judge(cells, **more).checks["t1_check"]

    return run


def cells_of(file: Path, answers: dict[str, str] | None = None) -> list[Cell]:
    """Give the cells of a notebook as the referee wants them, with *answers* filled in."""
    notebook = nbformat.read(file, as_version=4)
    if answers:
        notebook = notebooks.with_answers(notebook, answers)
    return [_cell(cell) for cell in notebook.cells if cell.cell_type == "code"]


def _cell(cell: Any) -> Cell:
    own = cell.metadata.get("nbgrader", {})
    points = float(own.get("points", 0))
    role = Role.PARTICIPANT
    if own.get("solution"):
        role = Role.ANSWER
    elif own.get("grade"):
        role = Role.CHECK
    elif own.get("locked"):
        role = Role.SET_UP
    return Cell(cell["id"], cell.source, role, points)
