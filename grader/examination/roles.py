"""Which cell of a rebuilt notebook runs where: with the participant, with the examiner, or both."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from grader.examination.record import Record
from grader.marking.judged import Cell, Role
from grader.notebooks import Notebook, grade_id, is_answer, is_graded

OWN_NAMES = "own-names"
CANDIDATE_ONLY = "candidate-only"
PREPARED = "prepared"
BESIDE = "may-be-forged"


def cells(name: str, notebook: Notebook, record: Record) -> tuple[Cell, ...]:
    """List the code cells of the rebuilt *notebook* in order, each with its role."""
    return (*_own_names(record.ordinary[name]), *_in_order(notebook, record, name))


def _in_order(notebook: Notebook, record: Record, name: str) -> Iterator[Cell]:
    texts, ordinary = record.released[name], set(record.ordinary[name])
    prepared, lenient = (_tagged(record, name, tag) for tag in (PREPARED, BESIDE))
    alone = prepared | _tagged(record, name, CANDIDATE_ONLY)
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        role = _role(cell, alone)
        points = float(cell.metadata["nbgrader"]["points"]) if role is Role.CHECK else 0.0
        as_released = cell.source if not grade_id(cell) and cell.source in ordinary else ""
        released = texts.get(grade_id(cell), as_released)
        beside = record.may_be_forged or grade_id(cell) in lenient
        kept = role is Role.CANDIDATE_SET_UP and grade_id(cell) in prepared
        yield Cell(cell["id"], cell.source, role, points, released, beside, kept)


def prepared_cells(record: Record) -> list[str]:
    """List the sources of the set-up cells that give the same for everybody."""
    return [
        record.released[name][own]
        for name in record.notebooks
        for own in sorted(_tagged(record, name, PREPARED))
        if own in record.released[name]
    ]


def _tagged(record: Record, name: str, tag: str) -> set[str]:
    return {grade_id(cell) for cell in record.notebooks[name].cells if tag in _tags(cell)}


def _role(cell: Notebook, alone: set[str]) -> Role:
    own = cell.metadata.get("nbgrader", {})
    if is_answer(cell):
        return Role.ANSWER
    if is_graded(cell):
        return Role.CHECK
    if own.get("locked"):
        return Role.CANDIDATE_SET_UP if grade_id(cell) in alone else Role.SET_UP
    return Role.PARTICIPANT


def libraries(record: Record) -> list[str]:
    """
    Name the modules that any cell of the instructor's imports, the solution's among them.

    People's answers import the same, at times after they have changed what an import needs. The
    week's own modules are left out: they are files, and the checks' are no candidate's to have.
    """
    own = {name.partition(".")[0].partition("/")[0] for name in (*record.files, *record.modules)}
    found = [
        name
        for notebook in record.notebooks.values()
        for cell in notebook.cells
        if cell.cell_type == "code"
        for name in _imported(_python(cell.source))
    ]
    return [name for name in dict.fromkeys(found) if name.partition(".")[0] not in own]


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


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
    tree = _python(text)
    wanted = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
    return [ast.unparse(node) for node in tree.body if isinstance(node, wanted)]


def _python(text: str) -> ast.Module:
    """Read a cell without the lines that only Jupyter understands; one that is no Python is empty."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith(("%", "!"))]
    try:
        return ast.parse("\n".join(lines))
    except (SyntaxError, ValueError):
        return ast.Module([], [])


def _tags(cell: Notebook) -> list[str]:
    return list(cell.metadata.get("tags", []))
