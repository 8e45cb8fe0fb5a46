"""What goes into a marking and what comes out: plain values, nothing that runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from grader.marks import Outcome, Verdict


class Role(StrEnum):
    """Say whose a code cell is and where it runs."""

    PARTICIPANT = "participant"  # in the candidate
    ANSWER = "answer"  # in the candidate; the instructor placed it
    SET_UP = "set_up"  # in both
    CANDIDATE_SET_UP = "candidate_set_up"  # the instructor's, and too big to run twice
    EXAMINER_SET_UP = "examiner_set_up"  # names the checks mean, whatever the participant did
    CHECK = "check"  # in the examiner


@dataclass(frozen=True)
class Cell:
    """
    Be one code cell in its place.

    *released* is the text of an answer cell as it was handed out: the names it binds are the
    participant's to define; of another cell, that of the instructor's ordinary cell it still is.
    *points* are those of a check. *beside* allows a check that cannot cross
    to run beside the participant's code, which can then forge its mark. A set-up cell that is
    *prepared* gives the same for everybody: where it was rehearsed it is not run again.
    """

    id: str
    source: str
    role: Role
    points: float = 0.0
    released: str = ""
    beside: bool = False
    prepared: bool = False


@dataclass(frozen=True)
class Limits:
    """Bound the times, in seconds, and the sizes of one marking."""

    cell_seconds: float = 30.0
    notebook_seconds: float = 300.0
    call_seconds: float = 10.0
    check_seconds: float = 60.0
    grace_seconds: float = 3.0  # for a process that was interrupted to come back
    output_kib: int = 1024
    notebook_output_kib: int = 20 * 1024  # what is kept of all its cells together
    frame_mib: int = 19


@dataclass(frozen=True)
class CellResult:
    """Say what became of one cell; the verdict and what follows are a check's."""

    id: str
    outputs: tuple[dict[str, Any], ...] = ()
    count: int | None = None
    verdict: Verdict | None = None
    points: float | None = None
    hint: str = ""
    text: str = ""
    reason: str = ""
    seconds: float = 0.0
    beside: bool = False  # it was decided beside the participant's code, and may be forged
    receipt: str = ""  # the examiner's signature under what it decided


@dataclass(frozen=True)
class Judged:
    """Say how the marking of one notebook ended, and what became of each cell."""

    outcome: Outcome
    reason: str = ""
    cells: tuple[CellResult, ...] = field(default=())

    @property
    def checks(self) -> dict[str, CellResult]:
        """Give the results of the checks by cell."""
        return {cell.id: cell for cell in self.cells if cell.verdict is not None}
