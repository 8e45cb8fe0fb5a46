"""
The door to a week's specimens: sample answers that say what they must earn.

A specimen is a Python file that is read, never imported:

    \"\"\"
    Counts slight collisions as serious: the severity codes are read upside down.

    earns: t2 0 W01.T2.M1; outcome: finished
    \"\"\"
    # %% t2
    def count_ksi(df): ...
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path

from grader.errors import Complaint, CourseError
from grader.marks import Outcome

_EARNS = re.compile(
    r"^earns:\s*(?P<earns>[^;]+?)(?:;\s*outcome:\s*(?P<outcome>\w+))?\s*$", re.MULTILINE
)
_SHARE = re.compile(r"(?P<task>\w+)\s+(?P<points>\d+(?:\.\d+)?)(?:\s+(?P<hint>[A-Z][A-Z0-9_.]*))?")
_CELL = re.compile(r"^# %%[ \t]*(?P<name>\w+)[ \t]*$", re.MULTILINE)


@dataclass(frozen=True)
class Share:
    """Say what one task of a specimen must earn: points of the whole task, and the hint shown."""

    points: float
    hint: str | None = None


@dataclass(frozen=True)
class Specimen:
    """Be one sample answer: what it is, the cells it fills, and what it must earn."""

    name: str
    says: str
    cells: dict[str, str]
    earns: dict[str, Share]
    outcome: Outcome
    file: Path

    @property
    def task(self) -> str:
        """Name the (first) task it answers."""
        return next(iter(self.cells))


def read_specimens(folder: Path) -> tuple[Specimen, ...]:
    """Read every specimen in *folder*; raise one CourseError with all complaints."""
    found, complaints = look_through(folder)
    if complaints:
        raise CourseError(complaints)
    return found


def look_through(folder: Path) -> tuple[tuple[Specimen, ...], tuple[Complaint, ...]]:
    """Read the specimens in *folder* that can be read, and list the complaints about the others."""
    found: list[Specimen] = []
    complaints: list[Complaint] = []
    for file in sorted(folder.glob("*.py")):
        try:
            found.append(_read(file))
        except CourseError as error:
            complaints.extend(error.complaints)
    return tuple(found), tuple(complaints)


def _read(file: Path) -> Specimen:
    source = file.read_text(encoding="utf-8")
    try:
        head = ast.get_docstring(ast.parse(source)) or ""
    except SyntaxError:
        # A specimen may hold a syntax error on purpose, below its head.
        head = source.split('"""')[1] if source.count('"""') > 1 else ""
    cells = _cells(source)
    said = _EARNS.search(head)
    if not said or not cells:
        what = (
            "it has no line `earns: t1 2; outcome: finished`"
            if not said
            else "it has no cell `# %% t1`"
        )
        raise CourseError([Complaint(str(file), what, "Write it as the other specimens do.")])
    earns = {
        share["task"]: Share(float(share["points"]), share["hint"])
        for share in _SHARE.finditer(said["earns"])
    }
    try:
        outcome = Outcome(said["outcome"] or Outcome.FINISHED)
    except ValueError:
        raise CourseError(
            [
                Complaint(
                    str(file),
                    f"no such outcome: {said['outcome']}",
                    f"One of {', '.join(Outcome)}.",
                )
            ]
        ) from None
    return Specimen(
        file.stem, head.split("\n\n")[0].replace("\n", " "), cells, earns, outcome, file
    )


def _cells(source: str) -> dict[str, str]:
    marks = list(_CELL.finditer(source))
    ends = [*(mark.start() for mark in marks[1:]), len(source)][: len(marks)]
    cells = {
        mark["name"]: source[mark.end() : end].strip("\n")
        for mark, end in zip(marks, ends, strict=True)
    }
    return {
        name: _prose(text) if _is_prose(text) else text.rstrip() for name, text in cells.items()
    }


def _is_prose(text: str) -> bool:
    lines = [line for line in text.splitlines() if line.strip()]
    return bool(lines) and all(line.startswith("#") for line in lines)


def _prose(text: str) -> str:
    return "\n".join(line.removeprefix("#").removeprefix(" ") for line in text.splitlines()).strip()
