"""
Is a week fit to teach? Every complaint at once, each with its place and what to do.

form      the notebook is canonical, prompts and checks agree
access    people with any screen, or none, can read it
released  participants get what they should and nothing more
earns     the solution earns all, the untouched exercise nothing, each specimen what it says
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from grader import build, course, notebooks
from grader.check import access, earns, form, released
from grader.errors import Complaint, GraderError
from grader.processes import Tier
from grader.programme import Week
from grader.progress import counted
from grader.specimens import Specimen, look_through


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


@notebooks.quiet()
def _check_week(
    root: Path,
    week: Week,
    tier: Tier,
    fix: bool,
    expect: Callable[[int], None],
    step: Callable[[str], None],
) -> Report:
    done: list[str] = []
    try:
        if fix:
            done += _mend(root, week)
        notebook = notebooks.read(course.notebook(root, week.name))
    except GraderError as error:
        done.append("not tried: anything else, because of what follows")
        return Report(week.name, tuple(done), error.complaints)
    seen = _look(root, week, notebook)
    complaints = list(seen.complaints)
    why_not = form.why_not_run(notebook)
    if why_not:
        done.append(f"not tried: the solution and the specimens, because {why_not}")
        return Report(week.name, tuple(done), tuple(complaints))
    if seen.left_out:
        done.append(f"not tried: {', '.join(seen.left_out)}")
    found, seconds = earns.complaints(
        root, week, notebook, seen.specimens, tier, expect=expect, step=step
    )
    done.append(_summary(notebook, seen.specimens, seconds))
    return Report(week.name, tuple(done), (*complaints, *found))


@dataclass(frozen=True)
class _Seen:
    """Hold what is seen without running a cell; *left_out* names specimens that cannot be run."""

    complaints: tuple[Complaint, ...]
    specimens: tuple[Specimen, ...]
    left_out: tuple[str, ...]


def _look(root: Path, week: Week, notebook: notebooks.Notebook) -> _Seen:
    place = _Place(root, week)
    specimens, unread = look_through(course.week_folder(root, week.name) / "specimens")
    strange = tuple(form.specimen_complaints(root, notebook, specimens))
    unread = tuple(replace(bad, where=_from(root, bad.where)) for bad in unread)
    complaints = [
        *form.complaints(place.notebook, course.notebook(root, week.name), notebook),
        *unread,
        *(complaint for _, complaint in strange),
        *access.complaints(place.notebook, notebook),
    ]
    try:
        hints = course.read_hints(root, week.name)
        complaints += form.hint_complaints(place.hints, notebook, hints, specimens)
        complaints += released.complaints(root, week)
    except GraderError as error:
        complaints += error.complaints
    odd = {specimen.name for specimen, _ in strange}
    left_out = sorted([Path(bad.where).name for bad in unread] + [f"{name}.py" for name in odd])
    kept = tuple(specimen for specimen in specimens if specimen.name not in odd)
    return _Seen(tuple(complaints), kept, tuple(left_out))


def _from(root: Path, file: str) -> str:
    return Path(file).relative_to(root).as_posix()


def _mend(root: Path, week: Week) -> list[str]:
    """Mend what is mechanical, and say what was mended."""
    mended = []
    path = course.notebook(root, week.name)
    tidy = notebooks.text(notebooks.canonical(notebooks.read(path)))
    if tidy != path.read_text(encoding="utf-8"):
        path.write_text(tidy, encoding="utf-8")
        mended.append(f"mended: {_from(root, str(path))}, now in canonical form")
    for built in build.build(root, [week]):
        if built.changed:
            mended.append(f"mended: {_from(root, str(built.exercise))}, made anew")
    return mended


def _summary(notebook: notebooks.Notebook, specimens: Sequence[Specimen], seconds: float) -> str:
    tasks = notebooks.tasks(notebook)
    points = sum(
        float(c.metadata.nbgrader["points"]) for c in notebook.cells if notebooks.is_graded(c)
    )
    return (
        f"{counted(len(tasks), 'task')}, {points:g} {'point' if points == 1 else 'points'}, "
        f"{counted(len(specimens), 'specimen')}; the solution runs in {seconds:.0f} s"
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
