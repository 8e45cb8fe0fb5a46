"""Which cell of a rebuilt notebook runs where: with the participant, with the examiner, or both."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from grader.examination.record import Record
from grader.marking.judged import Cell, Role
from grader.notebooks import Notebook, grade_id, is_answer, is_graded

OWN_NAMES = "own-names"
CANDIDATE_ONLY = "candidate-only"
BESIDE = "may-be-forged"


def cells(name: str, notebook: Notebook, record: Record) -> tuple[Cell, ...]:
    """List the code cells of the rebuilt *notebook* in order, each with its role."""
    return (*_own_names(record.ordinary[name]), *_in_order(notebook, record, name))


def _in_order(notebook: Notebook, record: Record, name: str) -> Iterator[Cell]:
    texts, ordinary = record.released[name], set(record.ordinary[name])
    tagged = {grade_id(c) for c in record.notebooks[name].cells if CANDIDATE_ONLY in _tags(c)}
    lenient = {grade_id(c) for c in record.notebooks[name].cells if BESIDE in _tags(c)}
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        role = _role(cell, tagged)
        points = float(cell.metadata["nbgrader"]["points"]) if role is Role.CHECK else 0.0
        as_released = cell.source if not grade_id(cell) and cell.source in ordinary else ""
        released = texts.get(grade_id(cell), as_released)
        beside = record.may_be_forged or grade_id(cell) in lenient
        yield Cell(cell["id"], cell.source, role, points, released, beside)


def _role(cell: Notebook, tagged: set[str]) -> Role:
    own = cell.metadata.get("nbgrader", {})
    if is_answer(cell):
        return Role.ANSWER
    if is_graded(cell):
        return Role.CHECK
    if own.get("locked"):
        return Role.CANDIDATE_SET_UP if grade_id(cell) in tagged else Role.SET_UP
    return Role.PARTICIPANT


def _own_names(ordinary: Iterable[str]) -> Iterator[Cell]:
    """
    Give the examiner what the instructor's ordinary cells import and define.

    Courses often keep `import numpy as np` in a cell that is not locked; a participant may change
    it, and the checks mean the instructor's.
    """
    kept = [line for text in ordinary for line in _definitions(text)]
    if kept:
        yield Cell(OWN_NAMES, "\n".join(kept), Role.EXAMINER_SET_UP)


def _definitions(text: str) -> list[str]:
    lines = [line for line in text.splitlines() if not line.lstrip().startswith(("%", "!"))]
    try:
        tree = ast.parse("\n".join(lines))
    except SyntaxError:
        return []
    wanted = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
    return [ast.unparse(node) for node in tree.body if isinstance(node, wanted)]


def _tags(cell: Notebook) -> list[str]:
    return list(cell.metadata.get("tags", []))
