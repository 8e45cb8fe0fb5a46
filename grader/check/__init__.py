"""
Is a week fit to teach? Every complaint at once, each with its place and what to do.

form      the notebook is canonical, prompts and checks agree
access    people with any screen, or none, can read it
released  participants get what they should and nothing more
earns     the solution earns all, the untouched exercise nothing, each specimen what it says
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader import build, course, notebooks
from grader.check import access, earns, form, released
from grader.errors import Complaint, CourseError
from grader.processes import Tier
from grader.programme import Week
from grader.specimens import Specimen, read_specimens


@dataclass(frozen=True)
class Report:
    """Say what was looked at in one week, and every complaint."""

    week: str
    done: tuple[str, ...]
    complaints: tuple[Complaint, ...]

    def as_json(self) -> dict[str, Any]:
        """Give the report as plain data."""
        return {
            "week": self.week,
            "done": list(self.done),
            "complaints": [vars(complaint) for complaint in self.complaints],
        }


def check(
    root: Path,
    weeks: Sequence[Week],
    tier: Tier,
    *,
    fix: bool = False,
    expect: Callable[[int], None] = lambda total: None,
    step: Callable[[str], None] = lambda words: None,
) -> Iterator[Report]:
    """Check each of *weeks* in the course at *root*; with *fix*, mend what is mechanical first."""
    for week in weeks:
        yield _check_week(root, week, tier, fix, expect, step)


def _check_week(
    root: Path,
    week: Week,
    tier: Tier,
    fix: bool,
    expect: Callable[[int], None],
    step: Callable[[str], None],
) -> Report:
    try:
        if fix:
            _mend(root, week)
        notebook = notebooks.read(course.notebook(root, week.name))
        hints = course.read_hints(root, week.name)
        specimens = read_specimens(course.week_folder(root, week.name) / "specimens")
    except CourseError as error:
        return Report(week.name, (), error.complaints)
    place = _Place(root, week)
    complaints = [
        *form.complaints(place.notebook, course.notebook(root, week.name), notebook),
        *form.hint_complaints(place.hints, notebook, hints, specimens),
        *access.complaints(place.notebook, notebook),
        *released.complaints(root, week),
    ]
    # Running cells of a notebook that is not in order would only add noise.
    if complaints:
        return Report(week.name, ("not run: mend the complaints first",), tuple(complaints))
    found, seconds = earns.complaints(
        root, week, notebook, specimens, tier, expect=expect, step=step
    )
    return Report(week.name, (_summary(notebook, specimens, seconds),), tuple(found))


def _mend(root: Path, week: Week) -> None:
    path = course.notebook(root, week.name)
    tidy = notebooks.text(notebooks.canonical(notebooks.read(path)))
    if tidy != path.read_text(encoding="utf-8"):
        path.write_text(tidy, encoding="utf-8")
    for _ in build.build(root, [week]):
        pass


def _summary(notebook: notebooks.Notebook, specimens: Sequence[Specimen], seconds: float) -> str:
    tasks = notebooks.tasks(notebook)
    points = sum(
        float(c.metadata.nbgrader["points"]) for c in notebook.cells if notebooks.is_graded(c)
    )
    return (
        f"{len(tasks)} tasks, {points:g} points, {len(specimens)} specimens; "
        f"the solution runs in {seconds:.0f} s"
    )


@dataclass(frozen=True)
class _Place:
    """Name the files that complaints point at, from the course's root."""

    root: Path
    week: Week

    @property
    def notebook(self) -> str:
        return course.notebook(self.root, self.week.name).relative_to(self.root).as_posix()

    @property
    def hints(self) -> str:
        folder = course.week_folder(self.root, self.week.name)
        return (folder / "hints.toml").relative_to(self.root).as_posix()
