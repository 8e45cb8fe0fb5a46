"""Where the command works: which course, which cohort, which week and hubs were meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.errors import CohortError, CourseError
from grader.programme import Cohort, Hub, Programme, Week

if TYPE_CHECKING:
    from grader.course import Hint

CohortOption = Annotated[
    Path,
    typer.Option("--cohort", metavar="DIR", help="The cohort's directory.", show_default="here"),
]
CourseOption = Annotated[
    Path | None,
    typer.Option(
        "--course",
        metavar="DIR",
        help="The folder that holds course/ and solutions/.",
        show_default=False,
    ),
]
HubOption = Annotated[
    str | None, typer.Option("--hub", metavar="NAME", help="Only this hub.", show_default="all")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")]
WeekArgument = Annotated[str, typer.Argument(metavar="WEEK", help="Such as week01.")]


@dataclass(frozen=True)
class Place:
    """Hold the cohort and the course a command works on."""

    cohort: Cohort
    programme: Programme
    course: Path

    def solution(self, week: Week) -> Path:
        """Give the folder of the week's source."""
        from grader import course as door

        if self.cohort.is_ordinary:
            return self.course / "source" / week.name
        return door.solution(self.course, week.name)

    def hints(self) -> dict[str, Hint]:
        """Give the hints of the course by code; an ordinary nbgrader course has none."""
        from grader import course as door

        return {} if self.cohort.is_ordinary else door.all_hints(self.course, self.programme)

    def hubs(self, name: str | None) -> Sequence[Hub]:
        """Give the hub called *name*, or all."""
        if name is None:
            return self.cohort.hubs
        hub = self.cohort.hub(name)
        if hub is None:
            known = ", ".join(hub.name for hub in self.cohort.hubs)
            raise CohortError(
                f"there is no hub `{name}`", where="cohort.toml", do=f"The hubs are {known}."
            )
        return (hub,)


def now() -> datetime:
    """Ask for the time (UTC); nobody else does."""
    return datetime.now(UTC)


def place(directory: Path, course: Path | None = None) -> Place:
    """Find and read the cohort in *directory* and its course."""
    from grader import course as door
    from grader import roster

    if (directory / "nbgrader_config.py").is_file() and not (directory / "cohort.toml").exists():
        return _ordinary(directory)
    root = door.find(course or roster.course_of(directory))
    programme = door.read_programme(root)
    return Place(roster.read_cohort(directory, programme), programme, root)


def _ordinary(directory: Path) -> Place:
    from grader.engine import ordinary

    cohort, programme = ordinary.read(directory)
    return Place(cohort, programme, cohort.course)


def find_week(programme: Programme, name: str) -> Week:
    """Find the week called *name*, or say which was probably meant."""
    week = programme.week(name)
    if week is None:
        close = get_close_matches(name, [week.name for week in programme.weeks], n=1)
        raise CourseError(
            f"there is no week `{name}` in course/programme.toml",
            do=f"Did you mean {close[0]}?" if close else "The weeks are named week01, week02, …",
        )
    return week
