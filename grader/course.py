"""
The door to the course: `course/programme.toml`, the hints, and where a week's files lie.

*course* is always the folder that holds `course/`, `solutions/` and `exercises/`; *week* is a
week's name. Nothing here opens a notebook or knows nbgrader.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from grader import toml
from grader.errors import CourseError
from grader.programme import LearningOutcome, Programme, Week

PROGRAMME = Path("course/programme.toml")
TASK_HINT = re.compile(r"W\d\d\.T\d+\.M\d+")
OUTCOME_ID = re.compile(r"W\d\d\.O\d+")
GENERAL_HINT = re.compile(r"(?!W\d)[A-Z][A-Z0-9_.]*")


@dataclass(frozen=True)
class Hint:
    """Say what was seen, its likely cause and what to do next; *talking_point* is the mentor's."""

    code: str
    title: str
    saw: str
    cause: str
    next: str
    talking_point: str


def find(start: Path) -> Path:
    """Find the nearest folder with a course in it: *start* or one of its parents."""
    start = Path(os.path.abspath(start))
    if not os.path.isdir(start):
        raise CourseError(f"there is no folder {start}", do="Name the course with --course DIR.")
    for folder in (start, *start.parents):
        if os.path.isfile(folder / PROGRAMME):
            return folder
    what = f"there is no {PROGRAMME} in {start} or above it"
    raise CourseError(what, do="Go to the course's folder, or name it with --course DIR.")


def read_programme(course: Path) -> Programme:
    """Read `course/programme.toml`; every mistake in it is in the CourseError."""
    document = toml.read(course / PROGRAMME, PROGRAMME.as_posix())
    file, complaints = toml.check(document, _ProgrammeFile)
    complaints += toml.repeated(document, "week", "name")
    if file is None or complaints:
        raise CourseError(toml.in_order(complaints))
    weeks = (_week(number, written) for number, written in enumerate(file.week, 1))
    head = file.programme
    return Programme(head.name, head.title, tuple(weeks), head.pass_at)


def read_hints(course: Path, week: str) -> dict[str, Hint]:
    """Read the hints of *week* by code; every mistake in them is in the CourseError."""
    path = week_folder(course, week) / "hints.toml"
    document = toml.read(path, path.relative_to(course).as_posix())
    file, complaints = toml.check(document, _HintsFile)
    complaints += toml.repeated(document, "hint", "code")
    if file is None or complaints:
        raise CourseError(toml.in_order(complaints))
    return {written.code: Hint(**written.model_dump()) for written in file.hint}


def all_hints(course: Path, programme: Programme) -> dict[str, Hint]:
    """Read the hints of every week that has them, by code."""
    found: dict[str, Hint] = {}
    for week in programme.weeks:
        if (week_folder(course, week.name) / "hints.toml").is_file():
            found |= read_hints(course, week.name)
    return found


def solution(course: Path, week: str) -> Path:
    """Give the folder of the week's solution, nbgrader's source."""
    return course / "solutions" / week


def notebook(course: Path, week: str) -> Path:
    """Give the week's notebook, the one that authors edit."""
    return solution(course, week) / f"{week}.ipynb"


def exercise(course: Path, week: str) -> Path:
    """Give the folder of the week's exercise, which is generated."""
    return course / "exercises" / week


def week_folder(course: Path, week: str) -> Path:
    """Give the folder of what the week's checks and mentors need."""
    return course / "course" / "weeks" / week


def has_content(course: Path, week: str) -> bool:
    """Tell whether somebody has written the week's notebook yet."""
    return notebook(course, week).is_file()


# What the files may say.


def _code(value: str) -> str:
    if not (TASK_HINT.fullmatch(value) or GENERAL_HINT.fullmatch(value)):
        do = "Write W01.T3.M2 for a task's hint, or NAME_MISSING, say, for a general one."
        raise toml.wrong(f'is "{value}", which is not a code', do)
    return value


def _outcome_id(value: str) -> str:
    if not OUTCOME_ID.fullmatch(value):
        do = "Write W01.O2 for the second outcome of week 1."
        raise toml.wrong(f'is "{value}", which is not an id of an outcome', do)
    return value


class _Hours(toml.Table):
    notebook: float = Field(ge=0, le=100, examples=["3.5"])
    project: float = Field(ge=0, le=100, examples=["2"])


class _Outcome(toml.Table):
    id: Annotated[str, AfterValidator(_outcome_id)] = Field(examples=['"W01.O1"'])
    text: toml.Text = Field(examples=['"Count rows, not cells"'])
    tasks: list[toml.Name] = Field(default_factory=list, examples=['["t1", "t2"]'])


class _Week(toml.Table):
    name: toml.Name = Field(examples=['"week01"'])
    title: toml.Text = Field(examples=['"First honest numbers"'])
    question: toml.Text = Field(examples=['"How many people are hurt, and where?"'])
    data: toml.Text = Field(examples=['"collisions"'])
    hours: _Hours = Field(examples=["{ notebook = 3.5, project = 2 }"])
    outcomes: list[toml.Text | _Outcome] = Field(
        min_length=1, examples=['[{ id = "W01.O1", text = "Count rows", tasks = ["t1"] }]']
    )
    project: toml.Text = Field(examples=['"Write your project on a page"'])
    milestone: str = Field("", examples=['"Project on a page"'])


class _Programme(toml.Table):
    name: toml.Name = Field(examples=['"data-science-accelerator"'])
    title: toml.Text = Field(examples=['"Data Science Accelerator"'])
    pass_at: float = Field(0.6, ge=0, le=1, examples=["0.6"])


class _ProgrammeFile(toml.Table):
    format: toml.Format = Field(examples=[str(toml.FORMAT)])
    programme: _Programme
    week: list[_Week] = Field(min_length=1)


class _Hint(toml.Table):
    code: Annotated[str, AfterValidator(_code)] = Field(examples=['"W01.T3.M2"'])
    title: toml.Text = Field(examples=['"Rows counted, not people"'])
    saw: toml.Text = Field(examples=['"Your total is the number of rows."'])
    cause: toml.Text = Field(examples=['"Each row is a collision, not a person."'])
    next: toml.Text = Field(alias="try", examples=['"Sum the column of casualties."'])
    talking_point: toml.Text = Field(examples=['"What is one row of your own data?"'])


class _HintsFile(toml.Table):
    hint: list[_Hint] = Field(default_factory=list)


def _week(number: int, written: _Week) -> Week:
    return Week(
        name=written.name,
        number=number,
        title=written.title,
        question=written.question,
        data=written.data,
        notebook_hours=written.hours.notebook,
        project_hours=written.hours.project,
        outcomes=tuple(_outcome(number, *each) for each in enumerate(written.outcomes, 1)),
        project=written.project,
        milestone=written.milestone,
    )


def _outcome(week: int, number: int, written: str | _Outcome) -> LearningOutcome:
    """Give an outcome that is only a sentence its id by its place; no task is known to serve it."""
    if isinstance(written, str):
        return LearningOutcome(f"W{week:02}.O{number}", written)
    return LearningOutcome(written.id, written.text, tuple(written.tasks))
