"""The parts of a cell: answers to fill in, and what participants may and may not see."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import nbformat

from grader.errors import CourseError
from grader.notebooks.reading import Notebook, grade_id, is_answer

BEGIN_HIDDEN, END_HIDDEN = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"
BEGIN_SOLUTION, END_SOLUTION = "### BEGIN SOLUTION", "### END SOLUTION"


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


def with_outputs(
    notebook: Notebook, ran: Mapping[str, tuple[int | None, Sequence[Mapping[str, Any]]]]
) -> Notebook:
    """Copy *notebook* with what its cells gave: cell id to execution count and plain outputs."""
    filled = copy.deepcopy(notebook)
    for cell in filled.cells:
        if cell.cell_type == "code" and cell["id"] in ran:
            cell.execution_count, outputs = ran[cell["id"]]
            cell.outputs = [nbformat.from_dict(dict(output)) for output in outputs]
    return filled


def visible(source: str) -> str:
    """Give the part of a check cell that participants see."""
    kept, hidden = [], False
    for line in source.splitlines():
        hidden = (hidden or line.strip() == BEGIN_HIDDEN) and line.strip() != END_HIDDEN
        if not hidden and line.strip() != END_HIDDEN:
            kept.append(line)
    return "\n".join(kept)


def with_known_marks(source: str, hidden: tuple[str, str]) -> str:
    """
    Give *source* with the lines that bound its hidden checks as the kit writes them.

    nbgrader takes any line that holds the words *hidden* (begin, end) for one.
    """
    begin, end = hidden
    return "\n".join(
        BEGIN_HIDDEN if begin in line else END_HIDDEN if end in line else line
        for line in source.split("\n")
    )


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
