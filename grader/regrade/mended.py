"""A mended week at one hub: what changed in it, what may not change, and the change itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from grader import course, intake, notebooks, sources
from grader.engine import exchange, mending
from grader.engine import release as engine_release
from grader.engine.standing import remember
from grader.errors import Complaint, CourseError
from grader.examination import Kept, Record, Version, modules_in, read_record, version_of
from grader.notebooks import grade_id, is_answer
from grader.programme import Cohort, Hub, Week


@dataclass(frozen=True)
class Change:
    """
    Say one thing that changed since the hub marked by it.

    *what* is, say, check added, points changed or module changed; *where* names the cell or the
    file, *more* the rest.
    """

    hub: str
    what: str
    where: str
    more: str = ""


def _refuse_made_tests(record: Record) -> None:
    """Refuse AUTOTEST lines: nbgrader makes the tests when it releases, and only its gradebook has them."""
    sources = (cell.source for nb in record.notebooks.values() for cell in nb.cells)
    if any("AUTOTEST" in source for source in sources):
        raise CourseError(
            f"{record.week} has checks that nbgrader makes from AUTOTEST lines",
            do="Run `nbgrader generate_assignment`, and have the work collected and marked again.",
        )


class Mended:
    """Hold the week as the course has it now beside what *hub* has."""

    def __init__(self, cohort: Cohort, week: Week, hub: Hub, root: Path) -> None:
        self._cohort, self.week, self.hub = cohort, week, hub
        self.home = cohort.home(hub)
        self.kept = Kept(self.home, week.name)
        self._ordinary = cohort.is_ordinary
        self._solution = self.kept.source if self._ordinary else course.solution(root, week.name)
        self._modules = None if self._ordinary else course.week_folder(root, week.name)
        self.wanted: Version = version_of(self._solution, self._modules)
        self._release = Path()

    def build(self, scratch: Path) -> None:
        """Make in *scratch* what participants would get of the mended week; nothing else is written."""
        if not any(self._solution.glob("*.ipynb")):
            raise CourseError(
                f"{self.week.name} has no notebook",
                where=str(self._solution),
                do="Put the notebook back, then regrade.",
            )
        self._release = scratch / self.week.name
        engine_release.build(self._solution, self._release, self.home)

    def record(self) -> Record:
        """Read the mended week, as submissions would be rebuilt from it."""
        before = (*self.kept.replaced, self.kept.release)
        found = read_record(self.week.name, self._solution, self._release, self._modules, before)
        if self._ordinary:
            _refuse_made_tests(found)
        return replace(found, may_be_forged=self._cohort.lets_forge)

    @property
    def is_released(self) -> bool:
        """Tell whether the hub has the week at all."""
        return self._ordinary or self.kept.as_released is not None

    @property
    def is_in_place(self) -> bool:
        """Tell whether the hub has the mended week already."""
        if self._ordinary and self.kept.as_released is None:
            return sources.marked_by(self._cohort, self.week, self.hub) <= {self.wanted}
        return self.kept.as_released == self.wanted == self.kept.version

    def changes(self) -> Iterator[Change]:
        """List what changed; an ordinary course's old files are not known, its old cells are."""
        if self.is_in_place:
            return
        told = [*self._cells(), *self._files()]
        if not self.kept.is_as_released:
            more = "not what was released; it is kept in replaced/ when --apply takes its place"
            told.append(("edited by hand", f"{self.hub.name}/source/{self.week.name}", more))
        told = told or [("changed", "texts that no mark depends on", "")]
        for what, where, more in told:
            yield Change(self.hub.name, what, where, more)

    def refusals(self) -> Iterator[Complaint]:
        """Complain where the mended week asks something else than was handed out (G5)."""
        known = mending.recorded(self.home, self.week.name)
        if not known:
            return
        where = str(self._solution)
        do = "Put it back. A regrade mends checks, points and texts; a new question is a new week."
        new = self._new_cells()
        if {cell.notebook for cell in known} != set(new):
            yield Complaint(
                where, f"{self.week.name} has other notebooks than at {self.hub.title}", do
            )
            return
        was = {(cell.notebook, cell.name) for cell in known if cell.answer}
        now = {(nb, n) for nb, cells in new.items() for n, cell in cells.items() if _answers(cell)}
        for notebook, name in sorted(was ^ now):
            what = "gone" if (notebook, name) in was else "new"
            file = str(self._solution / f"{notebook}.ipynb")
            yield Complaint(
                file, f"the answer cell `{name}` is {what}, and people have handed in", do
            )
        yield from self._marked_by_hand(known, new)

    def put_in_place(self, now: datetime) -> None:
        """Put the mended week in the place of the hub's; what it replaces is kept (G7)."""
        if self.is_in_place:
            return
        known = self.kept.as_released
        for old in (
            {known, self.kept.version}
            if known
            else sources.marked_by(self._cohort, self.week, self.hub)
        ):
            if old is not None and old != self.wanted:
                self.kept.keep_replaced(old)
        if not self._ordinary:
            self.kept.put_source(self._solution)
            self.kept.put_checks(modules_in(self._modules) if self._modules else {})
        if mending.recorded(self.home, self.week.name):
            mending.mend(self.home, self.week.name, self._new_cells())
        engine_release.assign(self.home, self.week.name)
        if exchange.is_released(self.home, self.week.name):
            exchange.release(self.home, self.week.name, at=now)
        if self.kept.as_released is not None:
            self._remember(now)

    def _remember(self, now: datetime) -> None:
        at = now.astimezone(UTC).isoformat()
        told = {"digest": self.wanted.source, "checks": self.wanted.checks, "at": at}
        remember(self.home, self.week.name, told)

    def _marked_by_hand(
        self, known: tuple[mending.Recorded, ...], new: Mapping[str, Mapping[str, Any]]
    ) -> Iterator[Complaint]:
        gone = {(c.notebook, c.name) for c in known if c.points is not None} - {
            (notebook, name)
            for notebook, cells in new.items()
            for name, cell in cells.items()
            if _points(cell) is not None
        }
        for person, cells in sorted(mending.standing(self.home, self.week.name).items()):
            for cell in cells:
                if (cell.notebook, cell.cell) in gone and cell.by_hand is not None:
                    yield Complaint(
                        str(self._solution / f"{cell.notebook}.ipynb"),
                        f"the check `{cell.cell}` is gone, and {person} has a mark by hand on it",
                        "Leave the check in with 0 points, or take the mark out in formgrader first.",
                    )

    def _cells(self) -> Iterator[tuple[str, str, str]]:
        known = {(c.notebook, c.name): c for c in mending.recorded(self.home, self.week.name)}
        several = len({notebook for notebook, _ in known}) > 1
        new = {
            (nb, name): c for nb, cells in self._new_cells().items() for name, c in cells.items()
        }
        for place in dict.fromkeys((*known, *new)) if known else ():
            name = "/".join(place) if several else place[1]
            was, now = known.get(place), new.get(place)
            for what, more in _difference(was, now):
                yield what, name, more

    def _files(self) -> Iterator[tuple[str, str, str]]:
        if self._ordinary:
            return
        modules = modules_in(self._modules) if self._modules else {}
        there = modules_in(self.kept.checks) if self.kept.checks.is_dir() else {}
        yield from _file_changes("module", there, modules)
        yield from _file_changes("file", _beside(self.kept.source), _beside(self._solution))

    def _new_cells(self) -> dict[str, dict[str, Any]]:
        return {
            file.stem: {grade_id(c): c for c in notebooks.read(file).cells if _is_kept(c)}
            for file in sorted(self._solution.glob("*.ipynb"))
        }


def _is_kept(cell: Any) -> bool:
    """Tell whether the gradebook keeps the cell: it is graded, an answer, a task or locked."""
    own = cell.metadata.get("nbgrader", {})
    return bool(grade_id(cell)) and any(own.get(k) for k in ("grade", "solution", "task", "locked"))


def _answers(cell: Any) -> bool:
    return is_answer(cell) or bool(cell.metadata["nbgrader"].get("task"))


def _points(cell: Any) -> float | None:
    own = cell.metadata["nbgrader"]
    return float(own.get("points", 0)) if own.get("grade") or own.get("task") else None


def _difference(was: mending.Recorded | None, now: Any) -> Iterator[tuple[str, str]]:
    points = None if now is None else _points(now)
    if was is None or now is None:
        known = points if was is None else was.points
        kind = "locked cell" if known is None else "check"
        more = "" if known is None else f"{known:g} points"
        yield f"{kind} {'added' if was is None else 'taken out'}", more
        return
    if was.points != points:
        yield "points changed", f"{_said(was.points)} → {_said(points)}"
    if not was.answer and was.text != now.source.strip():
        yield "locked cell changed" if points is None else "check changed", ""


def _said(points: float | None) -> str:
    return "none" if points is None else f"{points:g}"


def _file_changes(
    kind: str, was: Mapping[str, bytes], now: Mapping[str, bytes]
) -> Iterator[tuple[str, str, str]]:
    for name in sorted({*was, *now}):
        if name not in now:
            yield f"{kind} taken out", name, ""
        elif name not in was:
            yield f"{kind} added", name, ""
        elif was[name] != now[name]:
            yield f"{kind} changed", name, ""


def _beside(folder: Path) -> dict[str, bytes]:
    if not folder.is_dir():
        return {}
    taken = intake.take_in(folder).files
    return {name: content for name, content in taken.items() if not name.endswith(".ipynb")}
