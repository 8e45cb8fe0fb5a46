"""
Mark notebooks in a course that exists only for the purpose: what would they earn?

The same converters, exchange format and execution as for a real hub, in a folder that is thrown
away. What is tried is handed in on the released notebook, as a participant would.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from grader import course, notebooks
from grader.engine import execution, gradebook, release, settings
from grader.marks import Mark, Outcome
from grader.notebooks import Notebook
from grader.programme import Week


@dataclass(frozen=True)
class Tried:
    """Say what one notebook earned; *seconds* is the wall time of its marking."""

    outcome: Outcome
    reason: str
    marks: tuple[Mark, ...]
    seconds: float
    notebook: Notebook | None

    def points(self, task: str) -> float | None:
        """Add up the points of one task, or None while a person has to decide."""
        points = [mark.points for mark in self.marks if mark.task == task]
        return None if not points or None in points else sum(p for p in points if p is not None)

    def hint(self, task: str) -> str | None:
        """Name the hint the task's first failing check gave."""
        return next((m.hint for m in self.marks if m.task == task and m.points != m.out_of), None)


def try_answers(
    root: Path,
    week: Week,
    answers: Mapping[str, Mapping[str, str]],
    *,
    step: Callable[[str], None] = lambda words: None,
) -> dict[str, Tried]:
    """Mark the released notebook of *week*, filled with each of the named *answers*."""
    with tempfile.TemporaryDirectory(prefix="grader-trial-") as scratch:
        home = Path(scratch, "trial")
        settings.write_config(
            home, course_id="trial", course=root, exchange=Path(scratch, "exchange")
        )
        shutil.copytree(course.solution(root, week.name), home / "source" / week.name)
        release.assign(home, week.name)
        released = home / "release" / week.name
        blank = notebooks.read(released / f"{week.name}.ipynb")
        found = {}
        for name, sources in answers.items():
            folder = home / "submitted" / name / week.name
            shutil.copytree(released, folder)
            filled = notebooks.text(notebooks.with_answers(blank, sources))
            (folder / f"{week.name}.ipynb").write_text(filled, encoding="utf-8")
            found[name] = _try(home, week, name)
            step(name)
        return found


def _try(home: Path, week: Week, name: str) -> Tried:
    begun = perf_counter()
    run = execution.run(home, week.name, name)
    seconds = perf_counter() - begun
    marked = home / "autograded" / name / week.name / f"{week.name}.ipynb"
    notebook = notebooks.read(marked) if marked.exists() else None
    return Tried(run.outcome, run.reason, gradebook.marks(home, week.name, name), seconds, notebook)


def solutions(notebook: Notebook) -> dict[str, str]:
    """Give the solution's answers, by cell, without the markers."""
    markers = (notebooks.BEGIN_SOLUTION, notebooks.END_SOLUTION)
    return {
        notebooks.grade_id(cell): "\n".join(
            line for line in cell.source.splitlines() if line.strip() not in markers
        )
        for cell in notebook.cells
        if notebooks.is_answer(cell)
    }
