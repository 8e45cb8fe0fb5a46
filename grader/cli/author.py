"""The author's verbs: build and check."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from grader.cli import show
from grader.cli.places import CourseOption, JsonOption, find_week
from grader.errors import Complaint
from grader.programme import Programme, Week

SomeWeek = Annotated[
    str | None,
    typer.Argument(metavar="[WEEK]", help="Such as week01; all with content if left out."),
]


def add_to(app: typer.Typer) -> None:
    """Put the verbs on the command line."""
    app.command(epilog="Example: `grader build week01`")(build)
    app.command(epilog="Example: `grader check week01`")(check)


def build(week: SomeWeek = None, course: CourseOption = None) -> None:
    """Make exercises/ from solutions/."""
    from grader.build import build as journey

    root, _, weeks = _meant(course, week)
    for built in journey(root, weeks):
        show.line(f"{built.week}: {'made anew' if built.changed else 'unchanged'}")


def check(
    week: SomeWeek = None,
    course: CourseOption = None,
    fix: Annotated[bool, typer.Option("--fix", help="Mend what is mechanical.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Say whether a week is fit to teach: every complaint, with its place and what to do."""
    from grader.check import check as composition
    from grader.processes import tier

    root, _, weeks = _meant(course, week)
    complaints: list[Complaint] = []
    with show.progress("Checking") as bar:
        for report in composition(root, weeks, tier(), fix=fix, expect=bar.expect, step=bar.step):
            complaints.extend(report.complaints)
            if as_json:
                show.json_line(report.as_json())
                continue
            for words in report.done:
                show.line(f"{report.week}: {words}")
    if not as_json:
        show.complain(complaints)
    if complaints:
        show.note(f"{show.count(len(complaints), 'complaint')}.")
        raise typer.Exit(1)


def _meant(course: Path | None, name: str | None) -> tuple[Path, Programme, tuple[Week, ...]]:
    from grader import course as door
    from grader.errors import CourseError

    root = door.find((course or Path()).resolve())
    programme = door.read_programme(root)
    if name is None:
        weeks = tuple(w for w in programme.weeks if door.has_content(root, w.name))
        if not weeks:
            do = "Write a week's notebook there, such as solutions/week01/week01.ipynb."
            raise CourseError("no week has a notebook yet", where="solutions", do=do)
        return root, programme, weeks
    week = find_week(programme, name)
    if not door.has_content(root, week.name):
        raise CourseError(
            f"{name} has no notebook yet",
            where=f"solutions/{name}/{name}.ipynb",
            do="Write it, or name another week.",
        )
    return root, programme, (week,)
