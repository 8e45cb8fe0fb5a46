"""
Rebuild what was handed in from the instructor's record, instead of repairing it.

Ids, order, points, flags and locked text come from the record; from the participant come only the
text of answers and cells of their own. Tags and every other metadata are dropped: a tag alone can
make a notebook runner skip a check. Cases B1 to B5 of the policies say what is put back.
"""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

import nbformat

from grader.notebooks.parts import visible
from grader.notebooks.reading import METADATA, Cell, Notebook, grade_id, is_answer


@dataclass(frozen=True)
class Rebuilt:
    """Hold the notebook to be marked, and say in sentences what was put back."""

    notebook: Notebook
    put_back: tuple[str, ...]


@dataclass
class _Submitted:
    """Sort a submission's cells: those of the record by id, the participant's own by their place."""

    known: dict[str, list[Cell]] = field(default_factory=lambda: defaultdict(list))
    own: dict[str, list[Cell]] = field(default_factory=lambda: defaultdict(list))


def rebuild(record: Notebook, submitted: Notebook) -> Rebuilt:
    """Build the notebook to be marked from *record*, the instructor's source, and *submitted*."""
    recorded = {grade_id(cell): cell for cell in record.cells if grade_id(cell)}
    handed_in = _sorted_out(submitted, set(recorded))
    cells = list(handed_in.own[""])
    put_back: list[str] = []
    for name, original in recorded.items():
        copies = handed_in.known[name]
        cells.append(_answer(original, copies) if is_answer(original) else copy.deepcopy(original))
        put_back += _what_was_put_back(name, original, copies)
        cells += handed_in.own[name]
    for cell in cells:
        _strip(cell)
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=dict(METADATA))
    _number(notebook)
    return Rebuilt(notebook, tuple(put_back))


def _sorted_out(submitted: Notebook, names: set[str]) -> _Submitted:
    found, place = _Submitted(), ""
    last = {grade_id(cell): cell for cell in submitted.cells if grade_id(cell) in names}
    for cell in submitted.cells:
        name = grade_id(cell)
        if name not in names:
            found.own[place].append(_bare(cell))
            continue
        found.known[name].append(cell)
        if cell is last[name]:
            place = name
        elif is_answer(cell):
            # An earlier copy of an answer (B4) still runs where it stood, as a cell of their own.
            found.own[place].append(_bare(cell))
    return found


def _answer(original: Cell, copies: list[Cell]) -> Cell:
    answer = copy.deepcopy(original)
    answer.source = copies[-1].source if copies else ""
    if copies and original.cell_type == "markdown" and copies[-1].get("attachments"):
        answer["attachments"] = copies[-1]["attachments"]
    return answer


def _what_was_put_back(name: str, original: Cell, copies: list[Cell]) -> Iterator[str]:
    kind = "answer" if is_answer(original) else "check" if _graded(original) else "locked cell"
    if not copies:
        yield f"The {kind} `{name}` was missing and has been put back."  # B1
        return
    if len(copies) > 1:
        yield f"The {kind} `{name}` was there {len(copies)} times; the last one counts."  # B4
    if not is_answer(original) and copies[-1].source.strip() != visible(original.source).strip():
        yield f"The {kind} `{name}` had been changed; the original was used."  # B2
    own = original.metadata["nbgrader"]
    theirs = copies[-1].get("metadata", {}).get("nbgrader", {})
    flags = ("grade", "solution", "locked", "points", "task")
    if any(own.get(flag) != theirs.get(flag) for flag in flags if flag in own):
        yield f"The settings of `{name}` had been changed; the original ones were used."  # B3


def _graded(cell: Cell) -> bool:
    return bool(cell.metadata["nbgrader"].get("grade"))


def _bare(cell: Cell) -> Cell:
    make = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell}
    return make.get(cell.cell_type, nbformat.v4.new_raw_cell)(source=cell.source)


def _strip(cell: Cell) -> None:
    own = cell.metadata.get("nbgrader")
    cell.metadata = nbformat.from_dict({"nbgrader": dict(own)} if own else {})
    if cell.cell_type == "code":
        cell.outputs, cell.execution_count = [], None


def _number(notebook: Notebook) -> None:
    for position, cell in enumerate(notebook.cells, start=1):
        cell["id"] = grade_id(cell) or f"own-{position}"
