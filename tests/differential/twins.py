"""
Two copies of one ordinary nbgrader course: plain nbgrader marks one, the kit the other.

Cells are written as an author of nbgrader would; hand-ins are the released notebooks with other
texts in their answers.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from grader.engine.gradebook import opened

BIN = Path(sys.executable).parent
ENV = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}"}
PLAIN = 'c = get_config()\nc.CourseDirectory.course_id = "any"\n'
PYTHON = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}

# One graded cell, by (notebook, cell): its points, or None while a person has to give them.
Marks = dict[tuple[str, str], float | None]
Cell = Any


def _own(name: str, **flags: Any) -> dict[str, Any]:
    none = {"grade": False, "locked": False, "solution": False, "task": False}
    return {"nbgrader": {**none, "schema_version": 3, "grade_id": name, **flags}}


def text(source: str) -> Cell:
    """Give a cell of prose."""
    return new_markdown_cell(source)


def plain(source: str) -> Cell:
    """Give a code cell that is nobody's in particular."""
    return new_code_cell(source)


def locked(name: str, source: str) -> Cell:
    """Give a read-only cell of set-up."""
    return new_code_cell(source, metadata=_own(name, locked=True))


def answer(name: str, source: str) -> Cell:
    """Give an answer that checks mark; *source* is the solution."""
    region = f"### BEGIN SOLUTION\n{source}\n### END SOLUTION"
    return new_code_cell(region, metadata=_own(name, solution=True))


def check(name: str, points: float, source: str) -> Cell:
    """Give a check."""
    return new_code_cell(source, metadata=_own(name, grade=True, locked=True, points=points))


def by_hand(name: str, points: float, source: str) -> Cell:
    """Give an answer in words that a person marks."""
    flags = {"grade": True, "solution": True, "points": points}
    return new_markdown_cell(source, metadata=_own(name, **flags))


def code_by_hand(name: str, points: float, source: str) -> Cell:
    """Give an answer in code that a person marks."""
    flags = {"grade": True, "solution": True, "points": points}
    return new_code_cell(
        f"### BEGIN SOLUTION\n{source}\n### END SOLUTION", metadata=_own(name, **flags)
    )


def task(name: str, points: float, source: str) -> Cell:
    """Give a task: an instruction, below which participants add cells of their own."""
    return new_markdown_cell(source, metadata=_own(name, task=True, locked=True, points=points))


def notebook(*cells: Cell, metadata: Mapping[str, Any] = PYTHON) -> Any:
    """Give a notebook of these cells."""
    return new_notebook(cells=list(cells), metadata=dict(metadata))


@dataclass
class Twins:
    """
    Make a course in *home*, hand in, and have it marked twice.

    *config* is the course's nbgrader_config.py; *folders* the names it has for nbgrader's steps.
    """

    home: Path
    assignment: str = "ps1"
    config: str = PLAIN
    folders: Mapping[str, str] = field(default_factory=dict)

    def folder(self, step: str) -> Path:
        """Give the folder of a step."""
        return self.home / self.folders.get(step, step)

    def releases(
        self, notebooks: Mapping[str, Any], files: Mapping[str, str] | None = None
    ) -> None:
        """Write the sources and have plain nbgrader make the release."""
        source = self.folder("source") / self.assignment
        source.mkdir(parents=True)
        for name, content in notebooks.items():
            nbformat.write(content, source / f"{name}.ipynb")
        for path, words in (files or {}).items():
            (source / path).parent.mkdir(parents=True, exist_ok=True)
            (source / path).write_text(words, encoding="utf-8")
        (self.home / "nbgrader_config.py").write_text(self.config, encoding="utf-8")
        nbgrader("generate_assignment", self.assignment, cwd=self.home)

    def hands_in(
        self,
        person: str,
        answers: Mapping[str, str | None],
        *,
        at: str = "2027-01-12 10:00:00 UTC",
        change: Callable[[Any], None] = lambda notebook: None,
    ) -> Path:
        """Hand in the release with these *answers* (None: the solution's); give the folder."""
        folder = self.folder("submitted") / person / self.assignment
        shutil.copytree(self.folder("release") / self.assignment, folder)
        for file in folder.glob("*.ipynb"):
            filled = nbformat.read(file, as_version=4)
            source = nbformat.read(
                self.folder("source") / self.assignment / file.name, as_version=4
            )
            solved = {_name(cell): cell.source for cell in source.cells}
            for cell in filled.cells:
                if _name(cell) in answers:
                    new = answers[_name(cell)]
                    cell.source = solved[_name(cell)] if new is None else new
            change(filled)
            nbformat.write(filled, file)
        (folder / "timestamp.txt").write_text(at)
        return folder

    def marked(self) -> tuple[dict[str, Marks], dict[str, Marks]]:
        """Mark both copies; give plain nbgrader's marks and ours, by person."""
        twin = self.home.with_name(f"{self.home.name}-twin")
        shutil.copytree(self.home, twin)
        self.plain_says = nbgrader("autograde", self.assignment, cwd=twin, check=False)
        self.kit_says = kit("autograde", self.assignment, "--json", cohort=self.home)
        self.twin = twin
        return marks(twin, self.assignment), marks(self.home, self.assignment)

    def told(self) -> dict[str, dict[str, Any]]:
        """Give what the kit said of each person, as it printed it."""
        lines = [json.loads(line) for line in self.kit_says.stdout.splitlines()]
        return {line["participant"]: line for line in lines}


def nbgrader(*arguments: str, cwd: Path, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run plain nbgrader."""
    return subprocess.run(
        [BIN / "nbgrader", *arguments],
        cwd=cwd,
        env=ENV,
        check=check,
        capture_output=True,
        text=True,
    )


def kit(*arguments: str, cohort: Path) -> subprocess.CompletedProcess[str]:
    """Run `grader` on a course, from elsewhere."""
    command = [sys.executable, "-m", "grader", *arguments, "--cohort", str(cohort)]
    root = Path(__file__).parents[2]
    return subprocess.run(command, cwd=root, env=ENV, check=False, capture_output=True, text=True)


def marks(home: Path, assignment: str) -> dict[str, Marks]:
    """Read what the checks earned, and whether a person has to mark, straight from a gradebook."""
    with opened(home) as gradebook:
        return {
            submission.student.id: {
                (notebook.name, grade.name): None if grade.needs_manual_grade else grade.auto_score
                for notebook in submission.notebooks
                for grade in notebook.grades
            }
            for submission in gradebook.assignment_submissions(assignment)
        }


def penalties(home: Path, assignment: str) -> dict[str, list[float | None]]:
    """Read what each person's notebooks lost for being late."""
    with opened(home) as gradebook:
        return {
            submission.student.id: [n.late_submission_penalty for n in submission.notebooks]
            for submission in gradebook.assignment_submissions(assignment)
        }


def differences(theirs: Mapping[str, Marks], ours: Mapping[str, Marks]) -> set[tuple[str, str]]:
    """Name (person, cell) where the two disagree, and whoever only one of them has marked."""
    people: Iterable[str] = {*theirs, *ours}
    return {
        (person, cell[1])
        for person in people
        for cell in {*theirs.get(person, {}), *ours.get(person, {})}
        if theirs.get(person, {}).get(cell, ...) != ours.get(person, {}).get(cell, ...)
    }


def _name(cell: Cell) -> str:
    return str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))
