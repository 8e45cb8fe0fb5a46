"""Do participants get what they should, and nothing more? The released folder and the data."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from grader import build, course, notebooks, processes
from grader.engine import release
from grader.errors import Complaint
from grader.programme import Week

DATA_SECONDS = 120
_MARKERS = ("BEGIN SOLUTION", "BEGIN HIDDEN TESTS", "BEGIN MARK SCHEME", "END MARK SCHEME")


def complaints(root: Path, week: Week) -> Iterator[Complaint]:
    """Yield what is wrong with the week's data, its solution folder and its exercise."""
    solution, exercise = course.solution(root, week.name), course.exercise(root, week.name)
    made, said = _data(root, week)
    yield from said
    yield from _files(root, solution, {f"{week.name}.ipynb", build.SHOWN_HINTS, *made})
    for name, content in made.items():
        if (solution / name).exists() and (solution / name).read_bytes() != content:
            yield Complaint(
                f"solutions/{week.name}/{name}",
                "it differs from what the generator makes",
                f"Run `python course/weeks/{week.name}/{week.name}_data.py --to solutions/{week.name}`.",
            )
    if (solution / build.SHOWN_HINTS).exists() is False or (
        (solution / build.SHOWN_HINTS).read_text(encoding="utf-8") != build.shown_hints(root, week)
    ):
        yield Complaint(
            f"solutions/{week.name}/{build.SHOWN_HINTS}",
            "it is not what hints.toml and the visible checks say",
            "Run `grader build`.",
        )
    yield from _same_as_built(week, solution, exercise)
    yield from _leaks(root, week)


def _data(root: Path, week: Week) -> tuple[dict[str, bytes], list[Complaint]]:
    generator = course.week_folder(root, week.name) / f"{week.name}_data.py"
    if not generator.exists():
        return {}, []
    with tempfile.TemporaryDirectory(prefix="grader-data-") as scratch:
        ended = processes.run_python(
            [str(generator), "--to", scratch], cwd=generator.parent, seconds=DATA_SECONDS
        )
        if ended.status:
            last = (ended.err.strip().splitlines() or ["it says nothing"])[-1]
            where = generator.relative_to(root).as_posix()
            return {}, [Complaint(where, f"it ends with an error: {last}", "Run it and mend it.")]
        return {f.name: f.read_bytes() for f in sorted(Path(scratch).iterdir()) if f.is_file()}, []


def _files(root: Path, solution: Path, allowed: set[str]) -> Iterator[Complaint]:
    for file in sorted(solution.rglob("*")):
        name = file.relative_to(solution).as_posix()
        if file.is_file() and name not in allowed and ".ipynb_checkpoints" not in name:
            yield Complaint(
                file.relative_to(root).as_posix(),
                "nbgrader would give this file to every participant",
                "Move it to course/weeks/, or have the generator make it.",
            )


def _same_as_built(week: Week, solution: Path, exercise: Path) -> Iterator[Complaint]:
    with tempfile.TemporaryDirectory(prefix="grader-build-") as scratch:
        fresh = Path(scratch, week.name)
        release.build(solution, fresh)
        wanted, there = _bytes(fresh), _bytes(exercise)
    for name in sorted(wanted.keys() | there.keys()):
        if wanted.get(name) != there.get(name):
            what = (
                "missing"
                if name not in there
                else "unexpected"
                if name not in wanted
                else "out of date"
            )
            yield Complaint(f"exercises/{week.name}/{name}", f"it is {what}", "Run `grader build`.")


def _bytes(folder: Path) -> dict[str, bytes]:
    files = folder.rglob("*") if folder.exists() else ()
    return {f.relative_to(folder).as_posix(): f.read_bytes() for f in files if f.is_file()}


def _leaks(root: Path, week: Week) -> Iterator[Complaint]:
    path = course.exercise(root, week.name) / f"{week.name}.ipynb"
    if not path.exists():
        return
    source, exercise = notebooks.read(course.notebook(root, week.name)), notebooks.read(path)
    for cell in exercise.cells:
        for marker in _MARKERS:
            if marker in cell.source:
                yield Complaint(
                    f"exercises/{week.name} [{cell.id}]",
                    f"it holds `{marker}`",
                    "Close the region.",
                )
    kept = {line.strip() for cell in source.cells for line in _open_lines(cell.source)}
    shown = {line.strip() for cell in exercise.cells for line in cell.source.splitlines()}
    for line in sorted((notebooks.secrets(source) - kept) & shown):
        yield Complaint(
            f"exercises/{week.name}", f"it shows a line of the solution: {line}", "Hide it."
        )


def _open_lines(source: str) -> Iterator[str]:
    hidden = set(notebooks.secrets_of(source))
    return (line for line in source.splitlines() if line.strip() not in hidden)
