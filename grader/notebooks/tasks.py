"""Find a week's tasks: each `## Task N: … (P points)` heading with its cells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from grader.notebooks.reading import Cell, Notebook, is_answer, is_graded

HEADING = re.compile(
    r"^## Task (?P<number>\d+): (?P<title>.+?) \((?P<points>\d+) points?\)$", re.MULTILINE
)


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
