"""What one hostile submission is, and the ways to make its folder."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.marks import Outcome
from tests.hostile.week import POINTS, RIGHT, WEEK, WRONG

ALL: Mapping[str, float | None] = POINTS
NOTHING: Mapping[str, float | None] = dict.fromkeys(POINTS, 0.0)
Json = Any


@dataclass(frozen=True)
class Place:
    """
    Say where a submission is made and what lies around it.

    *marker* is a word that occurs nowhere else on the machine, *port* a listener's on the loopback,
    *secret* a file of the instructor's, *home* the hub's course directory.
    """

    folder: Path
    marker: str
    port: int
    secret: Path
    home: Path
    exchange: Path

    @property
    def file(self) -> Path:
        return self.folder / f"{WEEK}.ipynb"

    def blank(self) -> Json:
        return json.loads(self.file.read_text(encoding="utf-8"))

    def filled(self, text: str) -> str:
        """Put what only the run knows into a source."""
        known = {"MARKER": self.marker, "PORT": self.port, "SECRET": self.secret, "HOME": self.home}
        for name, value in known.items():
            text = text.replace(f"@{name}@", str(value))
        return text


Make = Callable[[Place], None]


@dataclass(frozen=True)
class Submission:
    """
    Be one submission: *earns* is what its answers deserve, *ends* how its marking may end.

    *earns* maps checks to points. At the checks it *loses* it may get nothing instead, since chance
    or the machine decides whether they are reached; those it *leaves* a person may have to decide.
    """

    name: str
    make: Make
    earns: Mapping[str, float | None] = field(default_factory=lambda: dict(NOTHING))
    ends: tuple[Outcome, ...] = (Outcome.FINISHED,)
    loses: frozenset[str] = frozenset()
    leaves: frozenset[str] = frozenset()

    def wrongly(
        self, points: Mapping[str, float | None]
    ) -> dict[str, tuple[float | None, float | None]]:
        """Give what is not as it should be: for each check what it got and what it deserves."""
        return {
            check: (points.get(check), deserved)
            for check, deserved in self.earns.items()
            if not self._fits(check, points.get(check), deserved)
        }

    def _fits(self, check: str, got: float | None, deserved: float | None) -> bool:
        lost = check in self.loses and got == 0
        return got == deserved or lost or (check in self.leaves and got is None)


LAST = frozenset({"t5_score", "t5_predict"})


def but(earned: Mapping[str, float | None], **others: float | None) -> dict[str, float | None]:
    """Give *earned* with *others* in place."""
    return {**earned, **others}


def only(*checks: str) -> dict[str, float | None]:
    """Give what work earns that gets these checks right and no other."""
    return {name: points if name in checks else 0.0 for name, points in POINTS.items()}


def before(task: str) -> dict[str, float | None]:
    """Give what right work earns of which only the checks before *task* were reached."""
    return {name: points if name[:2] < task else 0.0 for name, points in POINTS.items()}


def work(
    answers: Mapping[str, str],
    *,
    first: str = "",
    after: Mapping[str, str] | None = None,
    files: Mapping[str, bytes] | None = None,
    change: Callable[[Json], None] | None = None,
) -> Make:
    """Make a notebook with *answers*, cells of one's own *first* or *after* a cell, and *files*."""

    def make(place: Place) -> None:
        notebook = place.blank()
        cells = [_own(place.filled(first))] if first else []
        for cell in notebook["cells"]:
            name = grade_id(cell)
            if name in answers:
                cell["source"] = place.filled(answers[name])
            cells.append(cell)
            if after and name in after:
                cells.append(_own(place.filled(after[name])))
        notebook["cells"] = cells
        if change:
            change(notebook)
        place.file.write_text(json.dumps(notebook), encoding="utf-8")
        for name, content in (files or {}).items():
            (place.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (place.folder / name).write_bytes(content)

    return make


def right(**named: Any) -> Make:
    """Make right work with something beside it; a task's name replaces its answer."""
    return _based(RIGHT, named)


def wrong(**named: Any) -> Make:
    """Make wrong work with something beside it; a task's name replaces its answer."""
    return _based(WRONG, named)


def _based(answers: Mapping[str, str], named: dict[str, Any]) -> Make:
    own = {name: named.pop(name) for name in list(named) if name in answers}
    return work({**answers, **own}, **named)


def raw(content: bytes) -> Make:
    """Make a file of these bytes instead of the notebook."""
    return lambda place: _written(place.file, content)


def _written(file: Path, content: bytes) -> None:
    file.write_bytes(content)


def grade_id(cell: Json) -> str:
    return str(cell.get("metadata", {}).get("nbgrader", {}).get("grade_id", ""))


def cells_named(notebook: Json, names: Iterable[str]) -> list[Json]:
    return [cell for cell in notebook["cells"] if grade_id(cell) in set(names)]


def _own(source: str) -> Json:
    return {
        "cell_type": "code",
        "source": source,
        "metadata": {},
        "outputs": [],
        "execution_count": None,
        "id": f"own-{abs(hash(source)) % 10**9}",
    }
