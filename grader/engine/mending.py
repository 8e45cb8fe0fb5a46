"""
The gradebook's own record of a week whose source was mended: its cells, and what stands in them.

nbgrader refuses to add or take out a cell once somebody has handed in. Here the rows are brought in
line first, in one transaction, and nbgrader then finds nothing to refuse. Answers are never touched:
what a mentor gave and wrote hangs on them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.api import (
    Assignment,
    BaseCell,
    Grade,
    GradeCell,
    MissingEntry,
    SourceCell,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.api import Notebook as NotebookRow
from nbgrader.utils import is_grade, is_locked, is_solution, is_task

from grader.engine.gradebook import opened
from grader.moves import Standing

Cells = Mapping[str, Any]  # a notebook's cells by name; nbformat's cells are untyped


@dataclass(frozen=True)
class Recorded:
    """
    Hold one cell of the week as the gradebook has it; *points* is None for one that earns nothing.

    *answer* tells that a participant writes in it.
    """

    notebook: str
    name: str
    points: float | None
    answer: bool
    text: str


def recorded(home: Path, week: str) -> tuple[Recorded, ...]:
    """List the cells of *week* that the gradebook knows; none where it does not know the week."""
    with opened(home) as gradebook:
        try:
            assignment = gradebook.find_assignment(week)
        except MissingEntry:
            return ()
        return tuple(cell for notebook in assignment.notebooks for cell in _recorded(notebook))


def _recorded(notebook: Any) -> Iterator[Recorded]:
    points = {cell.name: float(cell.max_score) for cell in notebook.grade_cells}
    points |= {cell.name: float(cell.max_score) for cell in notebook.task_cells}
    answers = {cell.name for cell in (*notebook.solution_cells, *notebook.task_cells)}
    for cell in notebook.source_cells:
        name = cell.name
        yield Recorded(
            notebook.name, name, points.get(name), name in answers, (cell.source or "").strip()
        )


def standing(home: Path, week: str) -> dict[str, tuple[Standing, ...]]:
    """Read what stands for everybody whose work of *week* was marked: id to graded cells."""
    found: dict[str, list[Standing]] = {}
    with opened(home) as gradebook:
        rows = (
            gradebook.db.query(SubmittedAssignment.student_id, NotebookRow.name, Grade, BaseCell)
            .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
            .join(NotebookRow, NotebookRow.id == SubmittedNotebook.notebook_id)
            .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
            .join(BaseCell, BaseCell.id == Grade.cell_id)
            .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
            .filter(Assignment.name == week, Assignment.course_id == gradebook.course_id)
        )
        for person, notebook, grade, cell in rows:
            found.setdefault(person, []).append(_standing(notebook, grade, cell))
    return {person: tuple(cells) for person, cells in found.items()}


def _standing(notebook: str, grade: Any, cell: Any) -> Standing:
    return Standing(
        notebook,
        cell.name,
        None if grade.needs_manual_grade else float(grade.score),
        float(cell.max_score),
        grade.manual_score,
        grade.extra_credit or 0.0,
    )


def mend(home: Path, week: str, notebooks: Mapping[str, Cells]) -> None:
    """
    Bring the gradebook's checks of *week* in line with the mended *notebooks*: all, or none.

    A mark by hand on a cell whose points change waits to be looked at again.
    """
    with opened(home) as gradebook:
        session = gradebook.db
        try:
            for row in gradebook.find_assignment(week).notebooks:
                _mend_sources(session, row, notebooks[row.name])
                _mend_graded(session, row, notebooks[row.name])
            session.commit()
        except BaseException:
            session.rollback()
            raise


def _mend_graded(session: Any, row: Any, cells: Cells) -> None:
    there = {cell.name: cell for cell in (*row.grade_cells, *row.task_cells)}
    wanted = {name: cell for name, cell in cells.items() if is_grade(cell) or is_task(cell)}
    for name, cell in there.items():
        if name not in wanted:
            for grade in cell.grades:
                session.delete(grade)
            session.delete(cell)
    for name, cell in wanted.items():
        points = float(cell.metadata.nbgrader["points"])
        if name in there:
            _change_points(there[name], points)
            continue
        fresh = GradeCell(name=name, notebook=row, max_score=points, cell_type=cell.cell_type)
        session.add(fresh)
        session.add_all(Grade(cell=fresh, notebook=mine) for mine in row.submissions)


def _change_points(cell: Any, points: float) -> None:
    if cell.max_score == points:
        return
    cell.max_score = points
    for grade in cell.grades:
        if grade.manual_score is not None:
            grade.needs_manual_grade = True


def _mend_sources(session: Any, row: Any, cells: Cells) -> None:
    there = {cell.name: cell for cell in row.source_cells}
    wanted = {
        name: cell
        for name, cell in cells.items()
        if is_grade(cell) or is_solution(cell) or is_locked(cell) or is_task(cell)
    }
    for name in there.keys() - wanted.keys():
        session.delete(there[name])
    for name in wanted.keys() - there.keys():
        kind, text = wanted[name].cell_type, wanted[name].source
        session.add(SourceCell(name=name, notebook=row, cell_type=kind, source=text))
