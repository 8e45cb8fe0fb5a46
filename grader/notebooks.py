"""
The door to .ipynb files: read them, hold them to the canonical form, find their tasks.

Nothing here runs a cell or knows a participant. The canonical form is what makes a diff of a
notebook readable and its release the same bytes each time.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from grader.errors import CourseError

Notebook = Any  # nbformat's NotebookNode, which is untyped
Cell = Any

METADATA: Mapping[str, Any] = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
NBGRADER_KEYS = ("grade", "grade_id", "locked", "points", "schema_version", "solution", "task")
HEADING = re.compile(
    r"^## Task (?P<number>\d+): (?P<title>.+?) \((?P<points>\d+) points?\)$", re.MULTILINE
)
BEGIN_HIDDEN, END_HIDDEN = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"
BEGIN_SOLUTION, END_SOLUTION = "### BEGIN SOLUTION", "### END SOLUTION"


@dataclass(frozen=True)
class Task:
    """Be one question: its prompt, the cell it is answered in, and the cells that check it."""

    name: str
    number: int
    title: str
    promised: float
    prompt: str
    answer: Cell
    checks: tuple[Cell, ...]

    @property
    def points(self) -> float:
        """Add up what its graded cells are worth."""
        return sum(float(cell.metadata.nbgrader["points"]) for cell in self.checks)


def read(path: Path) -> Notebook:
    """Read a notebook as version 4; raise CourseError where it is none."""
    try:
        return nbformat.read(path, as_version=4)
    except FileNotFoundError as error:
        raise CourseError("there is no such notebook", where=str(path), do="Create it.") from error
    except Exception as error:
        raise CourseError(
            f"this is not a notebook: {error}",
            where=str(path),
            do="Open it in JupyterLab and save it.",
        ) from error


def text(notebook: Notebook) -> str:
    """Write *notebook* as the text of a file."""
    return str(nbformat.writes(notebook, version=4)).rstrip("\n") + "\n"


def canonical(notebook: Notebook) -> Notebook:
    """Give *notebook* in canonical form: no outputs, stable ids, ordered metadata, clean ends."""
    tidy = copy.deepcopy(notebook)
    tidy.nbformat, tidy.nbformat_minor = 4, 5
    tidy.metadata = nbformat.from_dict(dict(METADATA))
    for position, cell in enumerate(tidy.cells, start=1):
        own = cell.metadata.get("nbgrader")
        kind = {"markdown": "text"}.get(cell.cell_type, cell.cell_type)
        cell["id"] = own["grade_id"] if own and own.get("grade_id") else f"{kind}-{position}"
        cell.metadata = nbformat.from_dict(_cell_metadata(cell))
        cell.source = cell.source.rstrip()
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        cell.pop("attachments", None) if cell.get("attachments") == {} else None
    return tidy


def _cell_metadata(cell: Cell) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    own = cell.metadata.get("nbgrader")
    if own and own.get("grade_id"):
        kept["nbgrader"] = {key: own[key] for key in NBGRADER_KEYS if key in own}
    if cell.metadata.get("tags"):
        kept["tags"] = sorted(cell.metadata["tags"])
    return kept


def grade_id(cell: Cell) -> str:
    """Name a cell of nbgrader's, or give an empty text for any other cell."""
    return str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))


def is_graded(cell: Cell) -> bool:
    """Tell whether a cell is worth points."""
    return bool(cell.metadata.get("nbgrader", {}).get("grade", False))


def is_answer(cell: Cell) -> bool:
    """Tell whether a participant writes in this cell."""
    return bool(cell.metadata.get("nbgrader", {}).get("solution", False))


def tasks(notebook: Notebook) -> tuple[Task, ...]:
    """List the tasks of a week: each `## Task N: … (P points)` heading with its cells."""
    return tuple(_task(match, prompt, cells) for match, prompt, cells in _sections(notebook))


def _sections(notebook: Notebook) -> Iterator[tuple[re.Match[str], str, list[Cell]]]:
    heading: re.Match[str] | None = None
    prompt = ""
    cells: list[Cell] = []
    for cell in notebook.cells:
        found = HEADING.search(cell.source) if cell.cell_type == "markdown" else None
        if found:
            if heading:
                yield heading, prompt, cells
            heading, prompt, cells = found, cell.source, []
        elif cell.cell_type == "markdown" and cell.source.startswith("## "):
            if heading:
                yield heading, prompt, cells
            heading = None
        elif heading and cell.cell_type == "markdown" and not is_answer(cell):
            prompt += "\n\n" + cell.source
        elif heading:
            cells.append(cell)
    if heading:
        yield heading, prompt, cells


def _task(heading: re.Match[str], prompt: str, cells: list[Cell]) -> Task:
    number = int(heading["number"])
    answers = [cell for cell in cells if is_answer(cell)]
    return Task(
        name=f"t{number}",
        number=number,
        title=heading["title"],
        promised=float(heading["points"]),
        prompt=prompt,
        answer=answers[0] if answers else None,
        checks=tuple(cell for cell in cells if is_graded(cell) and not is_answer(cell)),
    )


def with_answers(notebook: Notebook, answers: Mapping[str, str]) -> Notebook:
    """Copy *notebook* with the source of the named answer cells replaced."""
    filled = copy.deepcopy(notebook)
    named = {grade_id(cell): cell for cell in filled.cells if is_answer(cell)}
    for name, source in answers.items():
        if name not in named:
            raise CourseError(
                f"there is no answer cell `{name}`", do=f"The answer cells are {', '.join(named)}."
            )
        named[name].source = source
    return filled


def visible(source: str) -> str:
    """Give the part of a check cell that participants see."""
    kept, hidden = [], False
    for line in source.splitlines():
        hidden = (hidden or line.strip() == BEGIN_HIDDEN) and line.strip() != END_HIDDEN
        if not hidden and line.strip() != END_HIDDEN:
            kept.append(line)
    return "\n".join(kept)


def secrets(notebook: Notebook) -> set[str]:
    """List the lines that no participant may see: of solutions and hidden checks, stripped."""
    return {line for cell in notebook.cells for line in secrets_of(cell.source)}


def secrets_of(source: str) -> Iterator[str]:
    """Yield the lines of one cell that no participant may see, stripped."""
    for begin, end in ((BEGIN_SOLUTION, END_SOLUTION), (BEGIN_HIDDEN, END_HIDDEN)):
        yield from _between(source, begin, end)


def _between(source: str, begin: str, end: str) -> Iterator[str]:
    inside = False
    for line in source.splitlines():
        bare = line.strip()
        if bare == begin:
            inside = True
        elif bare == end:
            inside = False
        elif inside and bare:
            yield bare
