"""
Rebuild what was handed in from the instructor's record, instead of repairing it.

Ids, order, points, flags and locked text come from the record; from the participant come only the
text of answers and cells of their own. Tags and every other metadata are dropped: a tag alone can
make a notebook runner skip a check. Cases B1 to B5 of the policies say what is put back; what is in
a submission because it was once released so is no change of the participant's (G6).
"""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

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


class _Earlier:
    """Know the cells of the week as it was released before: people may have worked on that."""

    def __init__(self, releases: Sequence[Notebook]) -> None:
        self.releases = [{grade_id(c): c for c in r.cells if grade_id(c)} for r in releases]

    def cells(self, name: str) -> list[Cell]:
        return [release[name] for release in self.releases if name in release]

    def lacked(self, name: str) -> bool:
        return any(name not in release for release in self.releases)

    def withdrawn(self, names: set[str]) -> set[str]:
        """Name the instructor's own cells that are no longer in the week."""
        ours = {n for release in self.releases for n, c in release.items() if not is_answer(c)}
        return ours - names


def rebuild(
    record: Notebook,
    submitted: Notebook,
    released_before: Sequence[Notebook] = (),
    *,
    released: Mapping[str, str] | None = None,
) -> Rebuilt:
    """
    Build the notebook to be marked from *record*, the instructor's source, and *submitted*.

    *released_before* are the releases that a mended one has replaced; *released* is the text of each
    cell as it is handed out now, where that is known.
    """
    recorded = {grade_id(cell): cell for cell in record.cells if grade_id(cell)}
    earlier = _Earlier(released_before)
    handed_in = _sorted_out(submitted, set(recorded), earlier.withdrawn(set(recorded)))
    cells = list(handed_in.own[""])
    put_back: list[str] = []
    for name, original in recorded.items():
        copies = handed_in.known[name]
        cells.append(_answer(original, copies) if is_answer(original) else copy.deepcopy(original))
        shown = (released or {}).get(name, visible(original.source))
        put_back += _what_was_put_back(name, original, copies, shown, earlier)
        cells += handed_in.own[name]
    for cell in cells:
        _strip(cell)
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=dict(METADATA))
    _number(notebook)
    return Rebuilt(notebook, tuple(put_back))


def _sorted_out(submitted: Notebook, names: set[str], withdrawn: set[str]) -> _Submitted:
    found, place = _Submitted(), ""
    last = {grade_id(cell): cell for cell in submitted.cells if grade_id(cell) in names}
    for cell in submitted.cells:
        name = grade_id(cell)
        if name in withdrawn:
            continue
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


def _what_was_put_back(
    name: str, original: Cell, copies: list[Cell], shown: str, earlier: _Earlier
) -> Iterator[str]:
    kind = "answer" if is_answer(original) else "check" if _graded(original) else "locked cell"
    if not copies:
        if not earlier.lacked(name):
            yield f"The {kind} `{name}` was missing and has been put back."  # B1
        return
    if len(copies) > 1:
        yield f"The {kind} `{name}` was there {len(copies)} times; the last one counts."  # B4
    known = [original, *earlier.cells(name)]
    texts = {shown.strip(), *(visible(cell.source).strip() for cell in known)}
    if not is_answer(original) and copies[-1].source.strip() not in texts:
        yield f"The {kind} `{name}` had been changed; the original was used."  # B2
    theirs = copies[-1].get("metadata", {}).get("nbgrader", {})
    if not any(_same_settings(cell.metadata["nbgrader"], theirs) for cell in known):
        yield f"The settings of `{name}` had been changed; the original ones were used."  # B3


def _same_settings(own: dict[str, Any], theirs: dict[str, Any]) -> bool:
    flags = ("grade", "solution", "locked", "points", "task")
    return all(own.get(flag) == theirs.get(flag) for flag in flags if flag in own)


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
