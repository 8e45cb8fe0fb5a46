"""Make exercises/ from solutions/: what participants get, generated and never edited."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import tomlkit

from grader import course, digests, notebooks
from grader.engine import release
from grader.programme import Week

SHOWN_HINTS = "hints.toml"
_ABOUT = "What the checks you can see may say. Made by `grader build`; edit course/weeks/{week}/hints.toml."


@dataclass(frozen=True)
class Built:
    """Say whether the week's exercise is new, changed or as it was."""

    week: str
    exercise: Path
    changed: bool


def build(home: Path, weeks: Sequence[Week]) -> Iterator[Built]:
    """Generate the exercise of each week that has a solution, in order."""
    for week in weeks:
        if not course.has_content(home, week.name):
            continue
        exercise = course.exercise(home, week.name)
        before = digests.of_folder(exercise) if exercise.exists() else ""
        share_hints(home, week)
        with notebooks.quiet():
            release.build(course.solution(home, week.name), exercise)
        yield Built(week.name, exercise, before != digests.of_folder(exercise))


def share_hints(home: Path, week: Week) -> None:
    """Write beside the notebook the hints that its visible checks cite, without what mentors read."""
    text = shown_hints(home, week)
    file = course.solution(home, week.name) / SHOWN_HINTS
    if not file.exists() or file.read_text(encoding="utf-8") != text:
        file.write_text(text, encoding="utf-8")


def shown_hints(home: Path, week: Week) -> str:
    """Give the text of the hints file that is released with *week*."""
    hints = course.read_hints(home, week.name)
    cited = cited_codes(notebooks.read(course.notebook(home, week.name)))
    document = tomlkit.document()
    document.add(tomlkit.comment(_ABOUT.format(week=week.name)))
    entries = tomlkit.aot()
    for code in sorted(cited & hints.keys()):
        hint = hints[code]
        entries.append(
            tomlkit.item(
                {
                    "code": code,
                    "title": hint.title,
                    "saw": hint.saw,
                    "cause": hint.cause,
                    "try": hint.next,
                }
            )
        )
    document.add("hint", entries)
    return tomlkit.dumps(document)


def cited_codes(notebook: notebooks.Notebook) -> set[str]:
    """List the hint codes in the visible part of the check cells."""
    return {
        code
        for cell in notebook.cells
        if notebooks.is_graded(cell)
        for code in course.TASK_HINT.findall(notebooks.visible(cell.source))
    }
