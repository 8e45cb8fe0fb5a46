"""
What a participant's page shows, as plain frozen values: the feedback journey fills them in.

A field that is not here cannot appear. What comes from a participant (sources, outputs, tracebacks)
is taken as it is and made harmless when the page is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from grader.marks import Outcome, Verdict

Output = Mapping[str, Any]  # one output as nbformat has it


@dataclass(frozen=True)
class Advice:
    """
    Hold one hint, its placeholders filled: what we saw, the likely cause and what to try next.

    *code* and *title* are empty where no listed mistake was recognised.
    """

    saw: str
    cause: str
    next: str
    code: str = ""
    title: str = ""


@dataclass(frozen=True)
class Check:
    """
    Be one graded cell's verdict. Its number within the task is its place there.

    *hidden* is true if any part of it runs only after handing in. Of such a check only the *advice*
    is shown and the kind of error: *message* and the text of an error may hold what was expected.
    *forgeable* tells that it ran beside the participant's own code.
    *message* is what the check itself said; *traceback* may be raw, only the participant's own
    frames are taken from it.
    """

    name: str
    points: float | None
    out_of: float
    verdict: Verdict
    hidden: bool = False
    advice: Advice | None = None
    message: str = ""
    traceback: str = ""
    forgeable: bool = False


@dataclass(frozen=True)
class Cell:
    """Be one cell the participant wrote: code, or prose in Markdown; *comment* is the mentor's."""

    source: str
    prose: bool = False
    outputs: tuple[Output, ...] = ()
    comment: str = ""


@dataclass(frozen=True)
class Task:
    """Be one question: the checks in their order and the participant's own cells in theirs."""

    number: int
    title: str
    checks: tuple[Check, ...]
    cells: tuple[Cell, ...] = ()

    @property
    def anchor(self) -> str:
        """Name the place of this task on the page."""
        return f"task-{self.number}"

    @property
    def known(self) -> tuple[float, float]:
        """Add up the points given so far, and what those checks are worth."""
        marked = [check for check in self.checks if check.points is not None]
        return sum(check.points or 0 for check in marked), sum(check.out_of for check in marked)

    @property
    def out_of(self) -> float:
        """Add up what its checks are worth."""
        return sum(check.out_of for check in self.checks)


@dataclass(frozen=True)
class Reflection:
    """Be an answer that a person marks; *points* is None until then."""

    title: str
    cell: Cell
    points: float | None
    out_of: float


@dataclass(frozen=True)
class Shown:
    """
    Hold everything a participant's page shows.

    *points* is what the gradebook says, a late penalty included, or None while anything waits.
    *late* and *stretch* are sentences, *stopped_at* names the place where the notebook stopped
    ("Task 3"), *put_back* tells in sentences what was changed before marking, *left_out* says why
    for each file, *others* are the participant's own cells outside the tasks.
    """

    participant: str
    week: str
    hub: str
    cohort: str
    points: float | None
    out_of: float
    tasks: tuple[Task, ...] = ()
    reflections: tuple[Reflection, ...] = ()
    others: tuple[Cell, ...] = ()
    outcome: Outcome = Outcome.FINISHED
    reason: str = ""
    stopped_at: str = ""
    late: str = ""
    put_back: tuple[str, ...] = ()
    left_out: Mapping[str, str] = field(default_factory=dict)
    open_answers: int = 0
    programme: str = ""
    stretch: str = ""

    @property
    def cells(self) -> tuple[Cell, ...]:
        """List every cell the participant wrote."""
        in_tasks = [cell for task in self.tasks for cell in task.cells]
        return (*in_tasks, *(reflection.cell for reflection in self.reflections), *self.others)

    @property
    def sources(self) -> tuple[str, ...]:
        """List what the participant wrote, by which their own frames are known in a traceback."""
        return tuple(cell.source for cell in self.cells)
