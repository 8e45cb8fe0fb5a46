"""
The instructor's own text of each cell, as nbgrader's gradebook keeps it.

`nbgrader generate_assignment` writes it there: with header and footer, tests made from AUTOTEST
lines, solutions already out. Plain nbgrader marks with this text and these points, whatever was
changed in source/ since; so does the kit in a course that it never made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.preprocessors import ClearHiddenTests

from grader.engine.gradebook import opened
from grader.engine.settings import config


@dataclass(frozen=True)
class Master:
    """Hold one cell's text (of an answer: as handed out), and its points where it has any."""

    text: str
    points: float | None = None


@dataclass(frozen=True)
class Masters:
    """
    Hold the cells of an assignment by notebook and name, and the words that mark hidden tests.

    *notebooks* is empty where the gradebook does not know the assignment.
    """

    notebooks: Mapping[str, Mapping[str, Master]] = field(default_factory=dict)
    hidden: tuple[str, str] = ("BEGIN HIDDEN TESTS", "END HIDDEN TESTS")


def masters(home: Path, assignment: str) -> Masters:
    """Read what the gradebook of the course in *home* holds of *assignment*."""
    words = ClearHiddenTests(config=config(home))
    hidden = (words.begin_test_delimeter, words.end_test_delimeter)
    with opened(home) as gradebook:
        try:
            found = gradebook.find_assignment(assignment)
        except MissingEntry:
            return Masters(hidden=hidden)
        names = [notebook.name for notebook in found.notebooks]
        return Masters({name: _cells(gradebook, assignment, name) for name in names}, hidden)


def _cells(gradebook: Gradebook, assignment: str, name: str) -> dict[str, Master]:
    notebook = gradebook.find_notebook(name, assignment)
    points = {
        cell.name: float(cell.max_score) for cell in (*notebook.grade_cells, *notebook.task_cells)
    }
    return {
        cell.name: Master(cell.source or "", points.get(cell.name))
        for cell in notebook.source_cells
    }
