"""
What the participant is told: the values of their page, from the marked notebook and the gradebook.

Only words that the kit itself chose come from a check: a hint, or why it did not run. What a check
of the instructor's says in its own words may hold what was expected.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grader import notebooks
from grader.course import Hint
from grader.examination.record import Record
from grader.examination.verdicts import BESIDE
from grader.marks import Mark, Verdict
from grader.notebooks import Cell, Notebook, grade_id, is_answer, is_graded
from grader.pages import handback
from grader.pages.handback import Advice, Check, Reflection

Output = Any  # one output of a notebook, which is untyped

OWN_WORDS = ("ClaimFailed", "Not yet")
TOO_LONG = "Look for a loop that does not end, or for work that is done again and again."
_CODE = re.compile(r"\[([A-Z][A-Z0-9_.]*)\]\s*$")
_TASK = re.compile(r"^Task \d+: ")


@dataclass(frozen=True)
class Told:
    """Hold the parts of a page that tell of one notebook."""

    tasks: tuple[handback.Task, ...]
    reflections: tuple[Reflection, ...]
    others: tuple[handback.Cell, ...]
    stopped_at: str


@dataclass(frozen=True)
class _Group:
    """Gather what belongs to one task, or to none (number 0)."""

    number: int
    title: str
    cells: list[Cell]


def tell(
    name: str,
    marked: Notebook,
    record: Record,
    marks: Sequence[Mark],
    comments: Mapping[str, str],
    hints: Mapping[str, Hint],
) -> Told:
    """Tell what became of the notebook *name*; *hints* are the week's, by code."""
    groups = _groups(name, marked, record)
    by_cell = {mark.cell: mark for mark in marks if mark.notebook == name}
    instructors = record.instructors(name)
    tasks: list[handback.Task] = []
    reflections: list[Reflection] = []
    others: list[handback.Cell] = []
    for group in groups:
        own = tuple(_own(cell, comments) for cell in group.cells if _is_own(cell, instructors))
        checks = tuple(
            _check(c, by_cell[grade_id(c)], hints) for c in group.cells if _is_check(c, by_cell)
        )
        if checks:
            tasks.append(handback.Task(group.number, group.title, checks, own))
        else:
            others += own
        reflections += list(_reflections(group, by_cell, comments))
    return Told(tuple(tasks), tuple(reflections), tuple(others), _stopped_at(tasks))


def _groups(name: str, marked: Notebook, record: Record) -> list[_Group]:
    """Cut the notebook into tasks: by the prompts' headings, else one for each answer cell."""
    known = {
        grade_id(cell): (task.number, task.title)
        for task in notebooks.tasks(record.notebooks[name])
        for cell in (task.answer, *task.checks)
        if cell is not None
    }
    groups = [_Group(0, "", [])]
    for cell in marked.cells:
        number, title = _place(cell, known, groups[-1])
        if (number, title) != (groups[-1].number, groups[-1].title):
            groups.append(_Group(number, title, []))
        groups[-1].cells.append(cell)
    return groups


def _place(cell: Cell, known: Mapping[str, tuple[int, str]], current: _Group) -> tuple[int, str]:
    name = grade_id(cell)
    if name in known:
        return known[name]
    if known:
        # Between tasks: the cell belongs to the task above it, unless a hand-marked answer begins.
        return (0, name) if name and is_answer(cell) else (current.number, current.title)
    if name and is_answer(cell) and not is_graded(cell):
        return current.number + 1, name
    return current.number, current.title


def _is_own(cell: Cell, instructors: Collection[str]) -> bool:
    if is_answer(cell):
        return not is_graded(cell)
    return not grade_id(cell) and bool(cell.source.strip()) and cell.source not in instructors


def _is_check(cell: Cell, marks: Mapping[str, Mark]) -> bool:
    return is_graded(cell) and not is_answer(cell) and grade_id(cell) in marks


def _own(cell: Cell, comments: Mapping[str, str]) -> handback.Cell:
    prose = cell.cell_type != "code"
    outputs = tuple(dict(output) for output in cell.get("outputs", ()))
    return handback.Cell(cell.source, prose, outputs, comments.get(grade_id(cell), ""))


def _reflections(
    group: _Group, marks: Mapping[str, Mark], comments: Mapping[str, str]
) -> Iterator[Reflection]:
    for cell in group.cells:
        mark = marks.get(grade_id(cell))
        if mark and is_answer(cell) and is_graded(cell):
            title = grade_id(cell).replace("_", " ").capitalize()
            yield Reflection(title, _own(cell, comments), mark.points, mark.out_of)


def _check(cell: Cell, mark: Mark, hints: Mapping[str, Hint]) -> Check:
    hidden = notebooks.BEGIN_HIDDEN in cell.source
    error = next((o for o in cell.outputs if o.output_type == "error"), None)
    verdict = mark.verdict
    beside = any(o.output_type == "stream" and o.text == BESIDE for o in cell.outputs)
    if error is None:
        return Check(mark.cell, mark.points, mark.out_of, verdict, hidden, forgeable=beside)
    if error.ename == "Not yet" and mark.points == 0 and "did not run" in error.evalue:
        verdict = Verdict.NOT_REACHED
    own = error.ename in OWN_WORDS
    return Check(
        name=mark.cell,
        points=mark.points,
        out_of=mark.out_of,
        verdict=verdict,
        hidden=hidden,
        advice=None if verdict is Verdict.NOT_REACHED else _advice(mark, error, hints),
        message=error.evalue,
        traceback="" if own else "\n".join(error.traceback),
        forgeable=beside,
    )


def _advice(mark: Mark, error: Output, hints: Mapping[str, Hint]) -> Advice | None:
    """Give the hint of a check: in the kit's own words where they were filled in, else the course's."""
    hint = hints.get(mark.hint or "")
    if error.ename in OWN_WORDS:
        lines = [line for line in _CODE.sub("", error.evalue).strip().splitlines() if line.strip()]
        if len(lines) >= 3:
            saw, cause, todo = _TASK.sub("", lines[0]), lines[1], lines[2]
            return Advice(saw, cause, todo, mark.hint or "", hint.title if hint else "")
        if lines:
            return Advice(lines[0], "", TOO_LONG, "", "")
    if hint:
        return Advice(hint.saw, hint.cause, hint.next, hint.code, hint.title)
    return None


def _stopped_at(tasks: Sequence[handback.Task]) -> str:
    for task in tasks:
        if any(check.verdict is Verdict.NOT_REACHED for check in task.checks):
            return f"Task {task.number}"
    return ""
