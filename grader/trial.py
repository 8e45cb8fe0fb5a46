"""
Mark notebooks in a course that exists only for the purpose: what would they earn?

The same rebuilding, candidate and examiner as for a real hub, and no gradebook. What is tried is
handed in on the released notebook, as a participant would.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from grader import course, notebooks
from grader.engine import release
from grader.examination import Desk, HandedIn, Record, read_record
from grader.marks import Mark, Outcome
from grader.notebooks import Notebook
from grader.processes import Tier
from grader.programme import Week


@dataclass(frozen=True)
class Tried:
    """Say what one notebook earned; *seconds* is the time its cells and checks took."""

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
    tier: Tier,
    *,
    step: Callable[[str], None] = lambda words: None,
) -> dict[str, Tried]:
    """Mark the released notebook of *week*, filled with each of the named *answers*."""
    with tempfile.TemporaryDirectory(prefix="grader-trial-") as scratch:
        source, released = course.solution(root, week.name), Path(scratch, week.name)
        release.build(source, released)
        record = read_record(week.name, source, released, course.week_folder(root, week.name))
        blank = notebooks.read(released / f"{week.name}.ipynb")
    found = {}
    jobs = [
        (name, partial(_handed_in, week, blank, sources, record), record)
        for name, sources in answers.items()
    ]
    with Desk(tier) as desk:
        for name, _, examined in desk.examine(jobs):
            step(name)
            found[name] = Tried(
                examined.outcome,
                examined.reason,
                examined.marks,
                examined.seconds,
                examined.notebooks.get(week.name),
            )
    return found


def _handed_in(week: Week, blank: Notebook, sources: Mapping[str, str], record: Record) -> HandedIn:
    filled = notebooks.text(notebooks.with_answers(blank, sources)).encode()
    built = notebooks.rebuild(record.notebooks[week.name], notebooks.parse(filled))
    return HandedIn({week.name: built.notebook}, put_back=built.put_back)


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
