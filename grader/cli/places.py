"""Where the command works: which course, which cohort, which week and hubs were meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
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
ParticipantOption = Annotated[
    str | None,
    typer.Option("--participant", metavar="ID", help="Only this one.", show_default="all"),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")]
UnsandboxedOption = Annotated[
    bool,
    typer.Option(
        "--without-a-sandbox-although-the-code-can-then-do-anything",
        help="Where no sandbox can be made; the record says so for ever.",
    ),
]
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
            return self.cohort.folder(self.cohort.hubs[0], "source") / week.name
        return door.solution(self.course, week.name)

    def hints(self) -> dict[str, Hint]:
        """Give the hints of the course by code; an ordinary nbgrader course has none."""
        from grader import course as door

        return {} if self.cohort.is_ordinary else door.all_hints(self.course, self.programme)

    def hubs(self, name: str | None) -> Sequence[Hub]:
        """Give the hub called *name*, or all, when they are made and have their gradebooks."""
        from grader.engine.standing import require_hubs

        meant = [hub for hub in self.cohort.hubs if name in {None, hub.name}]
        if not meant:
            known = ", ".join(hub.name for hub in self.cohort.hubs)
            raise CohortError(
                f"there is no hub `{name}`", where="cohort.toml", do=f"The hubs are {known}."
            )
        require_hubs(self.cohort, meant)
        return meant

    def require_released(self, week: Week, hubs: Sequence[Hub]) -> None:
        """Refuse a week that was released at none of *hubs*; plain nbgrader may release as it likes."""
        from grader.engine.standing import released

        if not self.cohort.is_ordinary and not any(
            week.name in released(self.cohort.home(hub)) for hub in hubs
        ):
            where = hubs[0].title if len(hubs) == 1 else "any hub"
            do = f"Run `grader release {week.name}` first."
            raise CohortError(f"{week.name} was never released at {where}", do=do)

    def require_participant(self, person: str | None, hub: str | None) -> None:
        """Refuse somebody who is not on the roster, or not at the hub called *hub*."""
        if person is None:
            return
        participant = self.cohort.participant(person)
        if participant is None:
            do = "Correct the id; somebody new is added to roster.csv, then `grader cohort sync`."
            raise CohortError(f"{person} is not on the roster", where="roster.csv", do=do)
        if hub not in {None, participant.hub}:
            do = f"Write --hub {participant.hub}, or leave it out."
            raise CohortError(f"{person} is at {participant.hub}, not at {hub}", do=do)


def now() -> datetime:
    """Ask for the time (UTC); nobody else does."""
    return datetime.now(UTC)


def place(directory: Path, course: Path | None = None) -> Place:
    """Find and read the cohort in *directory* and its course."""
    from grader import course as door
    from grader import roster

    if not (directory / roster.COHORT).is_file():
        return _without_cohort(directory)
    root = door.find(course or roster.course_of(directory))
    programme = door.read_programme(root)
    cohort = replace(roster.read_cohort(directory, programme), course=root)
    return Place(cohort, programme, root)


def _without_cohort(directory: Path) -> Place:
    """Read an ordinary nbgrader course; say where the cohort is if it is one of its hubs."""
    from grader import roster

    if not any((directory / name).is_file() for name in ("nbgrader_config.py", "gradebook.db")):
        do = "Name its directory with --cohort DIR, or make one with `grader cohort new DIR`."
        raise CohortError(f"there is no cohort in {directory.resolve()}", do=do)
    home = directory.resolve()
    if home.name in roster.hubs_of(home.parent):
        cohort = directory / ".." if directory.name in {"", ".."} else directory.parent
        do = f"Go there, or add --cohort {cohort}; --hub {home.name} names this hub alone."
        raise CohortError(f"{home.name} is a hub of the cohort in {home.parent}", do=do)
    return _ordinary(directory)


def _ordinary(directory: Path) -> Place:
    from grader.engine import ordinary

    cohort, programme = ordinary.read(directory)
    return Place(cohort, programme, cohort.course)


def _named(programme: Programme) -> str:
    return f"The weeks are {', '.join(week.name for week in programme.weeks) or 'not written yet'}."


def find_week(programme: Programme, name: str) -> Week:
    """Find the week called *name*, or say which was probably meant."""
    week = programme.week(name)
    if week is None:
        probable = programme.probable_week(name)
        raise CourseError(
            f"there is no week `{name}` in course/programme.toml",
            do=f"Did you mean {probable.name}?" if probable else _named(programme),
        )
    return week
